"""Who answers the phone: how many calls each takes, how fast, and what comes of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy import stats as distributions

from calltrack_nb import stats
from calltrack_nb.calls import agent_names, counted, outcome_known
from calltrack_nb.effectiveness.rates import day_of, rate_ends
from calltrack_nb.periods import Period
from calltrack_nb.phrasing import NONE, agree, between, listed, number, percent, plural
from calltrack_nb.results import Check, Result
from calltrack_nb.settings import Settings

_FEWEST: Final = 20
_FEWEST_DIGITS: Final = 6
"""Of a telephone number; an extension has fewer."""
_CLEARLY: Final = 0.05
_MOSTLY: Final = 0.9


@dataclass(frozen=True, slots=True, repr=False, eq=False, kw_only=True)
class Agents(Result):
    """One row a person who answers, those with most calls first.

    Parameters
    ----------
    table : pandas.DataFrame
        ``agent``, ``calls`` that name the person, of these ``answered`` and ``missed``,
        ``answer_rate``, ``ring_s`` (middle time to answer), ``qualified_rate`` of the
        answered calls, each with its ends; ``talk_share`` (middle share of the talking,
        of recorded calls), ``heard`` (how many of these there are), ``enough`` (bool:
        twenty calls or more).
    """

    def display(self) -> pd.DataFrame:
        """Return the table as a reader sees it; of few calls no rate is given."""
        rows = self.table

        def told(name: str, write: Any) -> list[str]:
            return [
                between(value, low, high, write) if enough else "too few calls to say"
                for value, low, high, enough in zip(
                    rows[name],
                    rows[f"{name}_low"],
                    rows[f"{name}_high"],
                    rows["enough"],
                    strict=True,
                )
            ]

        return pd.DataFrame(
            {
                "Who": rows["agent"],
                "Answered": rows["answered"].map(number),
                "Missed": rows["missed"].map(number),
                "Answer rate (range)": told("answer_rate", percent),
                "Seconds to answer (range)": told("ring_s", number),
                "Qualified of answered (range)": told("qualified_rate", percent),
                "Share of the talking": [
                    f"{percent(share)} of {plural(heard, 'call')}" if heard else NONE
                    for share, heard in zip(rows["talk_share"], rows["heard"], strict=True)
                ],
            }
        )


def agents(
    calls: pd.DataFrame,
    settings: Settings,
    period: Period,
    talk: pd.DataFrame | None = None,
) -> Agents:
    """Set the people who answer side by side.

    Parameters
    ----------
    calls : pandas.DataFrame
        The table ``calls``; its ``agent`` says who answered, or whose telephone rang.
    settings : Settings
    period : Period
        Local days.
    talk : pandas.DataFrame, optional
        The table ``talk``: measured from two-channel recordings.

    Notes
    -----
    Rates have Wilson's interval at the effective number of calls; the middle time to
    answer has the exact interval of a median by its order statistics (Conover 1999,
    Practical Nonparametric Statistics, section 3.2). Somebody's rate is named as another
    than the others' where Fisher's exact test says so after Holm's correction.
    """
    log = counted(calls, settings, period)
    kept = log.assign(agent=agent_names(log["agent"]).map(_shown, na_action="ignore"))
    machines = log.loc[log["agent"].notna() & kept["agent"].isna(), "agent"]
    named = kept[kept["agent"].notna()]
    # where missed calls name nobody, those who answer would have answered all of theirs
    told = bool(named["missed"].sum() > _MOSTLY * kept["missed"].sum())
    named = named if told else named[named["answered"]]
    if named.empty:
        return Agents(pd.DataFrame(columns=_COLUMNS), _NOBODY)
    shares, level = _talk_shares(talk), settings.evidence.level
    rows = [_row(str(name), rows, shares, level) for name, rows in named.groupby("agent")]
    table = pd.DataFrame(rows, columns=_COLUMNS)
    table = table.sort_values(["calls", "agent"], ascending=[False, True], ignore_index=True)
    text, checks = _in_words(table, named, kept, machines)
    return Agents(table, text, checks)


def _shown(name: str) -> str:
    """Write a person's name; a number that stands in its place is no name to print."""
    digits = re.sub(r"\D", "", name)
    if len(digits) < _FEWEST_DIGITS:
        return name
    return f"the telephone ending in {digits[-4:]}"


_SHARES: Final = {
    "answered": ("answer_rate", "answered"),
    "qualified": ("qualified_rate", "of answered calls that qualified"),
}
_NOBODY: Final = "No call of this period names who answered."
_COLUMNS: Final = [
    *("agent", "calls", "answered", "missed"),
    *("answer_rate", "answer_rate_low", "answer_rate_high"),
    *("ring_s", "ring_s_low", "ring_s_high"),
    *("qualified_rate", "qualified_rate_low", "qualified_rate_high"),
    *("talk_share", "heard", "enough"),
]


def _row(name: str, rows: pd.DataFrame, shares: pd.Series, level: float) -> dict[str, object]:
    told = rows[outcome_known(rows)]
    taken = rows[rows["answered"]]
    mine = shares.reindex(rows["call_id"]).dropna()
    row: dict[str, object] = {
        "agent": name,
        "calls": len(rows),
        "answered": len(taken),
        "missed": int(rows["missed"].sum()) if told["missed"].any() else np.nan,
        "talk_share": float(mine.median()) if len(mine) else np.nan,
        "heard": len(mine),
        "enough": len(rows) >= _FEWEST,
    }
    rates = {
        # who is named on answered calls alone has no answer rate
        "answer_rate": (told, "answered") if told["missed"].any() else (told.head(0), "answered"),
        "qualified_rate": (taken, "qualified"),
    }
    for rate, (of, column) in rates.items():
        row[rate] = of[column].mean() if len(of) else np.nan
        alike = (of["person"], day_of(of)) if column == "answered" else (of["person"],)
        ends = rate_ends(of[column], level, *alike) if len(of) else (np.nan, np.nan)
        row[f"{rate}_low"], row[f"{rate}_high"] = ends
    row["ring_s"], row["ring_s_low"], row["ring_s_high"] = _median(taken["ring_s"].dropna(), level)
    return row


def _median(values: pd.Series, level: float) -> tuple[float, float, float]:
    """Return the middle value and its exact interval; NaN where there are too few for one."""
    ordered = np.sort(values.to_numpy(dtype=float))
    place = int(distributions.binom.ppf((1 - level) / 2, len(ordered), 0.5))
    if not len(ordered) or place < 1:
        return (float(np.median(ordered)) if len(ordered) else np.nan), np.nan, np.nan
    return float(np.median(ordered)), float(ordered[place - 1]), float(ordered[-place])


def _talk_shares(talk: pd.DataFrame | None) -> pd.Series:
    if talk is None or talk.empty:
        return pd.Series(dtype="float64")
    both = talk.set_index("call_id")[["agent_talk_s", "caller_talk_s"]].astype("float64").dropna()
    both = both[both.sum(axis=1) > 0]
    return both["agent_talk_s"] / both.sum(axis=1)


def _in_words(
    table: pd.DataFrame, named: pd.DataFrame, kept: pd.DataFrame, machines: pd.Series
) -> tuple[str, tuple[Check, ...]]:
    answered = "" if named["missed"].any() else "answered "
    text = (
        f"{plural(len(table), 'person', 'people')} {agree(len(table), 'is', 'are')} named on "
        f"{plural(len(named), answered + 'call')}."
    )
    enough = table[table["enough"]]
    if len(enough) > 1:
        apart = filter(None, (_apart(enough, named, hit) for hit in _SHARES))
        text += " " + (
            " ".join(apart)
            or "Their rates differ by no more than chance explains, so this is no ranking."
        )
    return text, tuple(_checks(table, named, kept, machines))


def _checks(
    table: pd.DataFrame, named: pd.DataFrame, kept: pd.DataFrame, machines: pd.Series
) -> Iterator[Check]:
    yield Check(
        "callers differ",
        None,
        "Who works evenings, or takes the calls of one campaign, gets other callers: a difference "
        "between people is a question, not a grade.",
    )
    few = table.loc[~table["enough"], "agent"]
    if len(few):
        yield Check("few calls", None, f"No rate is given below {_FEWEST} calls: {listed(few)}.")
    if kept["missed"].any() and not named["missed"].any():
        text = "Missed calls do not name whose telephone rang, so who missed them is not known."
        yield Check("missed calls", None, text)
    if len(machines):
        text = f"{plural(len(machines), 'call')} {agree(len(machines), 'names', 'name')} no person "
        yield Check("no person", None, text + f"but {listed(sorted(machines.unique()), 4)}.")
    nobody = int(kept["agent"].isna()[kept["answered"]].sum())
    if nobody:
        text = f"{plural(nobody, 'answered call')} {agree(nobody, 'names', 'name')} nobody."
        yield Check("answered calls", None, text)


def _apart(enough: pd.DataFrame, named: pd.DataFrame, hit: str) -> str:
    """Name those whose share is another than that of the others together."""
    rate, what = _SHARES[hit]
    pool = named[outcome_known(named)] if hit == "answered" else named[named["answered"]]
    if hit == "answered" and not pool["missed"].any():
        return ""
    pool = pool.drop_duplicates(["agent", "person"])  # several calls of one caller are no several
    counts = pd.crosstab(pool["agent"], pool[hit]).reindex(columns=[True, False], fill_value=0)
    # who missed all of theirs has no answered call that could have qualified
    names = [name for name in enough["agent"] if name in counts.index]
    clear = enough[enough["agent"].isin(_other_than_the_rest(counts, names))]
    rates = clear[rate].map(percent)
    told = [f"{name} ({share})" for name, share in zip(clear["agent"], rates, strict=True)]
    return f"The share {what} differs clearly for {listed(told)}." if told else ""


def _other_than_the_rest(counts: pd.DataFrame, names: list[str]) -> list[str]:
    """Take out who differs most, until those who are left are alike.

    Beside one who differs, everybody else does: so each is compared with those left.
    """
    found: list[str] = []
    while len(left := [name for name in names if name not in found]) > 1:
        rest = counts.drop(found)
        p_values = [
            float(distributions.fisher_exact([rest.loc[name], rest.drop(name).sum()]).pvalue)
            for name in left
        ]
        adjusted = stats.corrected(p_values, "holm").adjusted
        if adjusted.min() >= _CLEARLY / len(_SHARES):
            break
        found.append(left[int(adjusted.argmin())])
    return found
