"""What a workspace still lacks, report by report, and how to get it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from calltrack_nb import phrasing, providers
from calltrack_nb.results import BaseResult, page
from calltrack_nb.workspace.store import Workspace

# report, what it needs, the table that must have rows, what is missing without it, how to get it
_NEEDS: Final = (
    ("every report", "a log of calls", "calls", "nothing to report on", "calltrack import FILE"),
    (
        "campaign_effectiveness",
        "ad spend",
        "spend",
        "no cost per call and no return",
        "put spend.csv into data/raw",
    ),
    (
        "campaign_effectiveness",
        "outcomes of calls",
        "outcomes",
        "no bookings and no revenue",
        "put outcomes.csv or the CRM's export into data/raw",
    ),
    (
        "listen_and_learn",
        "recordings",
        "recordings",
        "nothing to listen to",
        "put the audio into data/recordings and run calltrack transcribe",
    ),
    (
        "tweak_adjust_repeat",
        "a log of tweaks",
        "tweaks",
        "no tweak to judge",
        "put tweaks.csv into data/raw",
    ),
    (
        "tweak_adjust_repeat",
        "a log of redefinitions",
        "regimes",
        "changes of definition cannot be told from effects",
        "put regimes.csv into data/raw",
    ),
    (
        "number_audit",
        "the inventory of numbers",
        "numbers",
        "the wiring cannot be compared with anything",
        "put numbers.csv into data/raw",
    ),
    (
        "number_audit",
        "visits by hour",
        "visits",
        "pool sizes cannot be judged",
        "put visits.csv into data/raw",
    ),
)

_PRICES: Final = "the prices of leads"


@dataclass(frozen=True, slots=True)
class Diagnosis(BaseResult):
    """What is there and what is missing.

    Attributes
    ----------
    table : pandas.DataFrame
        Columns ``report``, ``needs``, ``rows`` (int), ``without_it``, ``how``.
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
        lacking = int((self.table["rows"] == 0).sum())
        said = f"{lacking} of {len(self.table)} kinds of data are missing."
        # the last lines of the text are of what is no table: transcripts, spend given twice
        return page(said, problems=self.text.splitlines()[len(self.table) :], table=self.table)


def diagnose(workspace: Workspace) -> Diagnosis:
    """Say what a workspace still lacks for which report.

    Parameters
    ----------
    workspace : Workspace
        The workspace.
    """
    counts = {table: workspace.rows(table) for _, _, table, _, _ in _NEEDS}
    rows = [(report, needs, counts[table], lost, how) for report, needs, table, lost, how in _NEEDS]
    lines = [
        f"ok       {report}: {needs} ({phrasing.plural(count, 'row')})"
        if count
        else f"missing  {report}: {needs}; {lost} ({how})"
        for report, needs, count, lost, how in rows
    ]
    frame = pd.DataFrame(rows, columns=["report", "needs", "rows", "without_it", "how"])
    lines.append(_transcripts_in_words(workspace))
    lines += _spend_said_twice(workspace)
    return Diagnosis(frame, "\n".join(lines))


def _transcripts_in_words(workspace: Workspace) -> str:
    known = workspace.table("recordings")
    ready = int(known["transcript_key"].notna().sum())
    wanted = workspace.settings.listening.min_calls
    if ready >= wanted:
        return (
            f"ok       listen_and_learn: {phrasing.plural(ready, 'transcript')}, enough for themes"
        )
    return (
        f"missing  listen_and_learn: {phrasing.plural(ready, 'transcript')}; themes need {wanted} "
        "(calltrack transcribe, or set listening.min_calls)"
    )


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
        f"both give the cost of {campaign} of {phrasing.days(first, last)}; the costs add up, so "
        "take one of them out"
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
