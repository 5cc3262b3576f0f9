"""What a workspace still lacks, report by report, and how to get it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import pandas as pd

from calltrack_nb import audio, phrasing, providers
from calltrack_nb.calls import by_provider, counted_for
from calltrack_nb.calls.recording_lengths import FAR_LONGER, unlike
from calltrack_nb.errors import CalltrackError
from calltrack_nb.findings import left_out
from calltrack_nb.findings.provided import MUCH
from calltrack_nb.results import BaseResult, page
from calltrack_nb.transcription import options_from
from calltrack_nb.workspace.failures import Failures
from calltrack_nb.workspace.provided import agreement_lines
from calltrack_nb.workspace.store import Workspace
from calltrack_nb.workspace.workload import plans_of, workload_of

_NAMED: Final = 3
_BY_CLIENT: Final = (
    ("spend", "rows of spend"),
    ("outcomes", "orders"),
    ("leads", "forms"),
    ("numbers", "numbers"),
    ("tweaks", "tweaks"),
    ("visits", "visits"),
)


class _Need(NamedTuple):
    """What a report needs, the table that must have rows, and what is missing without it."""

    report: str
    what: str
    table: str
    without_it: str
    how: str
    state: str = "missing"


_OPTIONAL: Final = "optional"
_NEEDS: Final = (
    _Need("every report", "a call log", "calls", "nothing to report on", "calltrack import FILE"),
    _Need(
        "campaign_effectiveness",
        "ad spend",
        "spend",
        "no cost per call and no return",
        "put spend.csv into data/raw",
    ),
    _Need(
        "campaign_effectiveness",
        "orders",
        "outcomes",
        "no orders and no revenue",
        "put outcomes.csv or the CRM's export into data/raw",
    ),
    _Need(
        "listen_and_learn",
        "recordings or transcripts",
        "recordings",
        "nothing to listen to",
        "put recordings or transcripts, named after calls, into data/recordings",
    ),
    _Need(
        "tweak_adjust_repeat",
        "a log of tweaks",
        "tweaks",
        "no tweak to judge",
        "put tweaks.csv into data/raw",
    ),
    _Need(
        "tweak_adjust_repeat",
        "a list of changes of definition",
        "regimes",
        "only needed where you changed what counts as a qualified call",
        "put regimes.csv into data/raw",
        _OPTIONAL,
    ),
    _Need(
        "number_audit",
        "the list of numbers",
        "numbers",
        "there is nothing to compare the wiring with",
        "put numbers.csv into data/raw",
    ),
    _Need(
        "number_audit",
        "visits by hour",
        "visits",
        "only needed to see whether the website has enough numbers",
        "put visits.csv into data/raw",
        _OPTIONAL,
    ),
)

_PRICES: Final = "the prices of leads"


@dataclass(frozen=True, slots=True)
class Diagnosis(BaseResult):
    """What is there and what is missing.

    Attributes
    ----------
    table : pandas.DataFrame
        Columns ``report``, ``needs``, ``state`` (ok, missing, optional), ``rows`` (int),
        ``without_it``, ``how``.
    text : str
        The same as lines for the terminal.
    """

    table: pd.DataFrame
    text: str

    @property
    def can_report(self) -> bool:
        """Whether there is a log of calls, without which no report can be made."""
        return bool(self.table["rows"].iloc[0])

    def _repr_html_(self) -> str:
        needed = self.table[self.table["state"] != _OPTIONAL]
        lacking = int((needed["rows"] == 0).sum())
        kinds = phrasing.out_of(lacking, len(needed), "kind", "kinds")
        said = f"{kinds} of data {phrasing.agree(lacking, 'is')} missing."
        # the last lines of the text are of what is no table: transcripts, spend given twice
        return page(said, problems=self.text.splitlines()[len(self.table) :], table=self.table)


def diagnose(workspace: Workspace) -> Diagnosis:
    """Say what a workspace still lacks for which report.

    Parameters
    ----------
    workspace : Workspace
        The workspace.
    """
    counts = {need.table: workspace.rows(need.table) for need in _NEEDS}
    states = ["ok" if counts[need.table] else need.state for need in _NEEDS]
    lines = [
        f"{state:<9}{need.report}: {need.what} ({phrasing.plural(counts[need.table], 'row')})"
        if counts[need.table]
        else f"{state:<9}{need.report}: {need.what}; {need.without_it} ({need.how})"
        for state, need in zip(states, _NEEDS, strict=True)
    ]
    frame = pd.DataFrame(
        {
            "report": [need.report for need in _NEEDS],
            "needs": [need.what for need in _NEEDS],
            "state": states,
            "rows": [counts[need.table] for need in _NEEDS],
            "without_it": [need.without_it for need in _NEEDS],
            "how": [need.how for need in _NEEDS],
        }
    )
    matched = audio.match(workspace.table("calls"), workspace.recordings)
    lines += _left_out(workspace)
    lines += _recordings_in_words(workspace, matched)
    lines.append(_transcripts_in_words(workspace))
    lines += _to_transcribe(workspace, matched)
    lines += _of_providers(workspace)
    if apart := left_out(workspace.table("talk")):
        lines.append(f"note     listen_and_learn: {apart}")
    lines += _without_status(workspace)
    lines += _own_numbers(workspace)
    lines += _unknown_sources(workspace)
    lines += _clients(workspace)
    lines += _spend_said_twice(workspace)
    return Diagnosis(frame, "\n".join(lines))


def _left_out(workspace: Workspace) -> list[str]:
    """Name the exports that could not be read, and say why."""
    inside = workspace.raw.relative_to(workspace.folder).as_posix() + "/"
    return [
        f"check    every report: {name} is left out until it changes or is imported --again: "
        f"{one.problem}"
        for name, one in Failures.read(workspace).of.items()
        if name.startswith(inside) and (workspace.folder / name).is_file()
    ]


def _recordings_in_words(workspace: Workspace, matched: pd.DataFrame) -> list[str]:
    """Count the recordings that are there, lacking, unreadable or nobody's, and name some."""
    calls = workspace.table("calls")
    found = matched.dropna(subset="path")
    away = matched["problem"].str.startswith(audio.NOT_FETCHED, na=False)
    lacking = matched[matched["path"].isna() & ~away]
    known = workspace.table("recordings")[["call_id", "transcript_key", "problem", "recorded_s"]]
    read = found[["call_id", "path"]].merge(known, on="call_id", how="left")
    not_its = read["problem"].str.startswith(FAR_LONGER, na=False)
    unreadable = read[read["transcript_key"].isna() & read["problem"].notna() & ~not_its]
    stray = audio.unmatched(calls, workspace.recordings)
    owners = counted_for(read, calls)
    shared = [call_id for call_id, owner in owners.items() if call_id != owner]
    odd = unlike(read[~not_its & ~read["call_id"].isin(shared)], calls)
    told = (
        ("ok", found["call_id"], "call", ("has", "a recording in data/recordings"), ""),
        (
            "missing",
            matched.loc[away, "call_id"],
            "recording",
            ("is", "still with the provider"),
            "calltrack fetch downloads them",
        ),
        (
            "missing",
            [f"{row.call_id} ({row.problem})" for row in lacking.itertuples()],
            "recording",
            ("is", "missing or cannot be told from others"),
            "name the file as in the log, or by the call's id",
        ),
        (
            "check",
            unreadable["path"],
            "recording",
            ("cannot", "be read"),
            "calltrack transcribe says why",
        ),
        (
            "check",
            read.loc[not_its, "path"],
            "recording",
            ("is", "far longer than the call it is named after, and left out"),
            "if it does belong to the call, name it in the log",
        ),
        (
            "check",
            [
                f"{row['call_id']} ({phrasing.number(row['recorded_s'])} s, the call "
                f"{phrasing.number(row['call_s'])} s)"
                for row in odd.to_dict("records")
            ],
            "recording",
            ("is", "much longer or shorter than the call"),
            "check which calls they belong to",
        ),
        (
            "check",
            stray,
            "recording",
            ("belongs", "to no call"),
            "name them as in the log, or by a call's id",
        ),
        (
            "check",
            shared,
            "call",
            ("has", "the recording of another call"),
            "its words count once",
        ),
    )
    return [
        f"{state:<9}listen_and_learn: {phrasing.plural(len(names), what)} "
        f"{phrasing.agree(len(names), verb)} {rest}"
        # of what is all right nobody needs the names
        + (f": {phrasing.listed(map(str, names), _NAMED)}; {how}" if how else "")
        for state, names, what, (verb, rest), how in told
        if len(names)
    ]


def _transcripts_in_words(workspace: Workspace) -> str:
    known = workspace.table("recordings")
    ready = int(known["transcript_key"].notna().sum())
    theirs = int(by_provider(known).sum())
    counted = phrasing.plural(ready, "transcript")
    if theirs:
        counted += f" ({phrasing.number(theirs)} made by a provider)"
    wanted = workspace.settings.listening.min_calls
    if ready >= wanted:
        return f"ok       listen_and_learn: {counted}, enough for themes"
    return (
        f"missing  listen_and_learn: {counted}; themes need {wanted} "
        "(calltrack transcribe, or set listening.min_calls)"
    )


def _to_transcribe(workspace: Workspace, matched: pd.DataFrame) -> list[str]:
    """Say what the next run will transcribe, and how long that takes."""
    choice = workspace.settings.transcription
    try:
        plans = plans_of(workspace, matched, choice, options_from(choice), unread=True)
    except CalltrackError as error:  # an engine that is not installed, a model that is not there
        return [f"missing  listen_and_learn: {error}"]
    ahead = workload_of(workspace, plans)
    return [f"note     listen_and_learn: {ahead.text}"] if ahead.recordings else []


def _of_providers(workspace: Workspace) -> list[str]:
    """Say how far our transcripts and the providers' agree, and which of theirs were left out."""
    known = workspace.table("recordings")
    lines = [f"check    listen_and_learn: {line}" for line in agreement_lines(known, least=MUCH)]
    unread = known.dropna(subset="transcript_problem")
    if len(unread):
        reasons = unread["transcript_problem"].str.extract(r"^([^:.]+)")[0].value_counts()
        told = "; ".join(f"{phrasing.number(count)}x {why}" for why, count in reasons.items())
        lines.append(
            f"check    listen_and_learn: {phrasing.plural(len(unread), 'transcript')} of a "
            f"provider left out (calltrack transcribe says why of each): {told}"
        )
    return lines


def _clients(workspace: Workspace) -> list[str]:
    """Say which clients there are, and what is said of none of them or of one that is not there."""
    known, settings = workspace.accounts(), workspace.settings
    lines = []
    if len(known) > 1:
        lines.append(
            f"note     every report: the log holds {phrasing.plural(len(known), 'client')} "
            f"({phrasing.listed(known, 6)}); pass --account NAME or --each account"
        )
        own = settings.business.account
        for table, what in (("calls", "calls"), *_BY_CLIENT):
            frame = workspace.table(table)
            nobody = int((frame["account"] == own).sum())
            if nobody and own not in settings.accounts:
                lines.append(
                    f"check    every report: {phrasing.number(nobody)} {what} under {own}, because "
                    "no client is named; add an account column, or an alias for it"
                )
    named = [("settings", set(settings.accounts))]
    for table, what in _BY_CLIENT:
        theirs = set(workspace.table(table)["account"].dropna()) - {settings.business.account}
        named.append((what, theirs))
    for what, names in named:
        strange = sorted(names - set(known)) if known else []
        lines += [f"check    {what} of {name}, but no call names this client" for name in strange]
    return lines


def _without_status(workspace: Workspace) -> list[str]:
    """Name the logs of which no call says whether it was answered."""
    logs = workspace.sql(
        "select provider, count(*) as calls, count(status) as told from provider_calls "
        "group by provider order by provider"
    )
    return [
        f"check    every report: none of the {phrasing.plural(log['calls'], 'call')} of "
        f"{log['provider']} has a status or counts as answered or missed; name the column in a "
        "[[mapping]] (status)"
        for log in logs[(logs["told"] == 0) & (logs["calls"] > 0)].to_dict("records")
    ]


def _own_numbers(workspace: Workspace) -> list[str]:
    """Say how many calls show a number of the business's own in the caller's place."""
    shown = workspace.sql(
        "select count(*) as calls from provider_calls where direction = 'inbound' and "
        "caller_number in (select tracking_number from provider_calls)"
    )
    count = int(shown["calls"].iloc[0])
    if not count:
        return []
    line = (
        f"note     every report: {phrasing.plural(count, 'call')} "
        f"{phrasing.agree(count, 'shows', 'show')} one of your own numbers as the caller's, as "
        "forwarded calls do; the real caller is not known"
    )
    return [line]


def _unknown_sources(workspace: Workspace) -> list[str]:
    """Name the sources that no rule gives a channel to: their calls stand under "other"."""
    found = workspace.sql(
        "select source, count(*) as calls from calls where channel = 'other' and source is not "
        "null and direction = 'inbound' group by source order by calls desc, source"
    )
    if found.empty:
        return []
    count = int(found["calls"].sum())
    named = [f"{source!r} ({phrasing.number(n)})" for source, n in found.itertuples(index=False)]
    line = (
        f"check    campaign_effectiveness: {phrasing.plural(count, 'call')} "
        f'{phrasing.agree(count, "is")} in the channel "other", because no rule '
        f"knows the source: {phrasing.listed(named, _NAMED)}; give them a channel under "
        "[[sources.channels]] in calltrack.toml"
    )
    return [line]


def _spend_said_twice(workspace: Workspace) -> list[str]:
    """Name campaigns of which two files give the cost of the same days.

    A later file corrects an earlier one where it is cut into the same days; a month's
    total beside the month's days adds up, and the campaign looks twice as dear.
    """
    spend = workspace.table("spend")
    days = spend.loc[spend.index.repeat(spend["days"].astype("int64"))]
    files = workspace.table("imports").drop_duplicates("import_id").set_index("import_id")["file"]
    named = days["campaign"].fillna(days["channel"].astype("str")).fillna("an unnamed campaign")
    days = days.assign(
        day=pd.to_datetime(days["date"].astype("datetime64[s]"))
        + pd.to_timedelta(days.groupby(level=0).cumcount(), unit="D"),
        # Google Ads' own reports of cost hold Local Services under a name of Google's.
        of=providers.local_services_named(named),
        # A lead has one price, however many exports it is in.
        by=days["import_id"].mask(days["lead_id"].notna(), _PRICES),
    )
    twice = days[days.groupby(["account", "of", "day"])["by"].transform("nunique") > 1]
    return [
        f"check    campaign_effectiveness: {phrasing.listed(sorted(both), len(both))} "
        f"both give the cost of {campaign} of {phrasing.days(first, last)}; they are added up, so "
        "remove one of them"
        for (_, campaign), both, first, last in (
            (
                key,
                [files.get(by, by) for by in rows["by"].unique()],
                rows["day"].min(),
                rows["day"].max(),
            )
            for key, rows in twice.groupby(["account", "of"])
        )
    ]
