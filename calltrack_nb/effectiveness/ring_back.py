"""Whom to ring back: callers who were missed, reached another business or were promised a call.

Only those whom nobody has spoken to since.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from calltrack_nb.calls import SPOKEN_WITHIN, contacts, described, known_person
from calltrack_nb.effectiveness.broken import NOTHING_BROKEN, rang_elsewhere
from calltrack_nb.periods import Period
from calltrack_nb.phrasing import agree, days, harmless, listed, plural
from calltrack_nb.results import Check, Result
from calltrack_nb.settings import Settings


@dataclass(frozen=True, slots=True, repr=False, eq=False, kw_only=True)
class RingBack(Result):
    """Callers to ring back, those who rang last first.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a caller: ``caller_number`` and ``caller_name`` (private), ``account``,
        ``call_id`` (of the last try), ``at`` (local time of it), ``tries`` (missed calls
        since they were last spoken to), ``why`` (missed, abandoned, left to voicemail,
        rang at another business, promised a call), ``campaign``.
    text : str
        How many, of which days, and who cannot be rung.
    """

    def to_csv(self) -> str:
        """Return the list with numbers and names as CSV, for those who will ring."""
        rows = self.table.assign(at=self.table["at"].dt.strftime("%Y-%m-%d %H:%M"))
        rows["caller_name"] = rows["caller_name"].map(harmless, na_action="ignore")
        rows["campaign"] = rows["campaign"].map(harmless, na_action="ignore")
        return rows.to_csv(index=False)

    def display(self) -> pd.DataFrame:
        """Return the list without numbers and names, so that it may be shared."""
        rows = self.table
        return pd.DataFrame(
            {
                "Rang": rows["at"].dt.strftime("%a %d %b, %H:%M"),
                "Why": rows["why"],
                "Times missed": rows["tries"],
                "Campaign": rows["campaign"].fillna("no campaign"),
            }
        )


_WHY: Final = {
    "missed": "missed",
    "abandoned": "gave up while it rang",
    "voicemail": "left to voicemail",
}
_ELSEWHERE: Final = "rang at another business"
_KEPT: Final = [
    *("account", "call_id", "person", "started_at", "local", "campaign", "why", "tries"),
]
_COLUMNS: Final = [
    *("caller_number", "caller_name", "account", "call_id", "at", "tries", "why", "campaign"),
]
_NO_CALL: Final = "There is no call in the log."
_ENDED: Final = "The log goes on after this period: whom to ring back is in its newest report."
_PROMISED: Final = "promised a call (in the transcript)"


def ring_back(
    calls: pd.DataFrame,
    settings: Settings,
    period: Period,
    findings: pd.DataFrame | None = None,
    *,
    broken: pd.DataFrame = NOTHING_BROKEN,
    within: pd.Timedelta = SPOKEN_WITHIN,
) -> RingBack:
    """List callers of the log's last days who still wait for a call.

    Parameters
    ----------
    calls : pandas.DataFrame
        The whole table ``calls``.
    settings : Settings
    period : Period
        Local days of the report; one that ended before the log has no list.
    findings : pandas.DataFrame, optional
        The table ``findings``: promises to call back are read from it.
    broken : pandas.DataFrame, optional
        From :func:`calltrack_nb.audit.broken_days`: whoever reached another business has not
        been spoken to by this one.
    within : pandas.Timedelta
        How long before the end of the log somebody may have rung; later is no ringing
        back, and old calls are no work of today.

    Returns
    -------
    RingBack
    """
    end = calls["started_at"].max()
    if calls.empty or end.tz_convert(settings.business.timezone).date() > period.last:
        nobody = pd.DataFrame(columns=_COLUMNS).astype({"at": "datetime64[us]"})
        return RingBack(nobody, _ENDED if len(calls) else _NO_CALL)
    recent = end - within
    theirs = calls["call_id"][rang_elsewhere(described(calls, settings), broken)]
    calls = calls.assign(status=calls["status"].mask(calls["call_id"].isin(theirs), "missed"))
    missed = contacts(calls, settings, within)
    missed = missed[missed["started_at"] >= recent]
    waiting = missed[missed["known"] & missed["spoken_at"].isna()]
    waiting = waiting.assign(
        why=waiting["status"]
        .astype("str")
        .map(_WHY)
        .fillna("missed")
        .mask(waiting["call_id"].isin(theirs), _ELSEWHERE),
        tries=1,
    )
    if findings is not None:
        promised = _promised(calls, settings, findings)
        promised = promised[promised["started_at"] >= recent]
        waiting = pd.concat([waiting[_KEPT], promised[_KEPT]], ignore_index=True)
    waiting = waiting.sort_values("started_at", ascending=False, kind="stable")
    tries = waiting.groupby(["account", "person"])["tries"].transform("sum")
    last = waiting.assign(tries=tries).drop_duplicates(["account", "person"])
    private = calls.set_index("call_id")[["caller_number", "caller_name"]]
    table = last.join(private, on="call_id").rename(columns={"local": "at"})
    table = table[_COLUMNS].reset_index(drop=True)
    return RingBack(table, *_in_words(table, missed["known"], calls, settings, within))


def _promised(calls: pd.DataFrame, settings: Settings, findings: pd.DataFrame) -> pd.DataFrame:
    """Take the calls in which a call back was promised and after which nobody was spoken to."""
    said = described(calls, settings).assign(who=known_person(calls), why=_PROMISED, tries=0)
    spoken = said[said["answered"] & said["who"].notna()]
    last = spoken.sort_values("started_at").drop_duplicates(["account", "who"], keep="last")
    promise = findings["family"].eq("promise") & findings["kind"].eq("call_back")
    return last[last["counted"] & last["call_id"].isin(findings.loc[promise, "call_id"])]


def _in_words(
    table: pd.DataFrame,
    known: pd.Series[bool],
    calls: pd.DataFrame,
    settings: Settings,
    within: pd.Timedelta,
) -> tuple[str, tuple[Check, ...]]:
    end = calls["started_at"].max().tz_convert(settings.business.timezone)
    span = days((end - within).date(), end.date())
    withheld = int((~known).sum())
    if table.empty and known.any():
        who = "Everybody whose number is known" if withheld else "Everybody"
        text = f"{who} who was missed on {span} was spoken to by the end of the log."
    elif table.empty:
        text = f"On {span} nobody was missed" + (" whose number is known." if withheld else ".")
    else:
        why = table["why"].value_counts()
        parts = [f"{count} {reason}" for reason, count in why.items()]
        text = (
            f"{plural(len(table), 'caller')} of {span} {agree(len(table), 'was')} not spoken to by "
            f"the end of the log: {listed(parts)}."
        )
    checks = []
    if withheld:
        checks.append(
            Check(
                "withheld numbers",
                None,
                f"{plural(withheld, 'more call')} to return came from withheld numbers, which "
                "cannot be rung.",
            )
        )
    if not calls["direction"].eq("outbound").any():
        checks.append(
            Check(
                "outbound calls",
                False,
                "The log holds no outbound calls: some of these may have been rung back already.",
            )
        )
    return text, tuple(checks)
