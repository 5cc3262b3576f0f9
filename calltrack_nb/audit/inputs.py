"""What an audit reads: canonical tables, checked once, before any check runs."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cached_property, partial
from typing import Final

import pandas as pd

from calltrack_nb import schema
from calltrack_nb.calls import described, in_period
from calltrack_nb.errors import TableError
from calltrack_nb.periods import Period
from calltrack_nb.settings import Settings

NEEDS: Final = {
    "calls": "a call log (import an export of the call-tracking provider)",
    "numbers": "the list of tracking numbers (data/raw/numbers.csv)",
    "spend": "spend by campaign (data/raw/spend.csv)",
    "visits": "website visitors by hour (the visits table)",
    "utterances": "transcripts (run calltrack transcribe)",
    "talk": "measurements of the recordings (run calltrack transcribe)",
    "imports": "the list of imported files",
    "quarantine": "the list of rows that could not be read",
    "recordings": "the match of calls and recordings",
    "provider_calls": "every provider's own rows (the table provider_calls, written by an import)",
}

_READ: Final = {
    "recordings": ("call_id", "path", "transcript_key", "problem"),
    "provider_calls": (
        "account",
        "call_id",
        "provider",
        "started_at",
        "duration_s",
        "direction",
        "channel",
        "campaign",
    ),
}


def _none(table: str) -> pd.DataFrame:
    like = "calls" if table == "provider_calls" else table
    return schema.empty(like)


@dataclass(frozen=True)
class AuditInput:
    """The tables an audit looks at; each may be empty.

    Parameters
    ----------
    calls, numbers, spend, visits, utterances, talk, imports, quarantine : pandas.DataFrame
        The canonical tables of those names (see :mod:`calltrack_nb.schema`).
    recordings : pandas.DataFrame
        One row per call that names a recording: ``call_id``, ``path`` (missing where
        no file was found), ``transcript_key`` (missing where it is not transcribed),
        ``problem`` (missing where there is none).
    provider_calls : pandas.DataFrame
        Every provider's rows before those of one call by two of them were joined,
        in columns of ``calls``.
    settings : calltrack_nb.settings.Settings
        Opening hours, time zone, name, staff numbers.
    period : Period, optional
        Local days of which is said how calls were answered; the whole log where not
        given. The wiring is judged by the whole log in any case.

    Raises
    ------
    calltrack_nb.errors.TableError
        When a table lacks a column its schema promises.

    Examples
    --------
    >>> AuditInput().calls.empty
    True
    """

    calls: pd.DataFrame = field(default_factory=partial(_none, "calls"))
    numbers: pd.DataFrame = field(default_factory=partial(_none, "numbers"))
    spend: pd.DataFrame = field(default_factory=partial(_none, "spend"))
    visits: pd.DataFrame = field(default_factory=partial(_none, "visits"))
    utterances: pd.DataFrame = field(default_factory=partial(_none, "utterances"))
    talk: pd.DataFrame = field(default_factory=partial(_none, "talk"))
    imports: pd.DataFrame = field(default_factory=partial(_none, "imports"))
    quarantine: pd.DataFrame = field(default_factory=partial(_none, "quarantine"))
    recordings: pd.DataFrame = field(default_factory=partial(_none, "recordings"))
    provider_calls: pd.DataFrame = field(default_factory=partial(_none, "provider_calls"))
    settings: Settings = field(default_factory=Settings)
    period: Period | None = None

    def __post_init__(self) -> None:
        """Refuse tables that lack columns, before any check spends time."""
        for table in (item.name for item in fields(self)):
            if table in ("settings", "period"):
                continue
            promised = _READ.get(table) or schema.columns(table)
            missing = [name for name in promised if name not in getattr(self, table).columns]
            if missing:
                raise TableError(
                    f"The table {table} lacks columns that the audit reads",
                    where=", ".join(missing),
                    fix="Pass tables as the workspace gives them (ws.table)",
                )

    @property
    def zone(self) -> str:
        """The business's IANA time zone."""
        return self.settings.business.timezone

    def holds(self, table: str) -> bool:
        """Tell whether a table has rows to look at; of the calls, inbound ones."""
        rows: pd.DataFrame = self.inbound if table == "calls" else getattr(self, table)
        return not rows.empty

    @cached_property
    def described(self) -> pd.DataFrame:
        """Every call and what it is; see :func:`calltrack_nb.calls.described`."""
        return described(self.calls, self.settings)

    @cached_property
    def inbound(self) -> pd.DataFrame:
        """The inbound calls, described, with the log's own index.

        Spam and the staff's calls too: any call shows how a number is wired.
        """
        return self.described[self.described["direction"].eq("inbound").to_numpy(bool)]

    @cached_property
    def counted(self) -> pd.DataFrame:
        """The inbound calls that are neither spam nor from the staff."""
        return self.inbound[self.inbound["counted"].to_numpy(bool)]

    @cached_property
    def counted_in_period(self) -> pd.DataFrame:
        """The counted calls of the period."""
        return in_period(self.counted, self.zone, self.period)

    @property
    def log_end(self) -> pd.Timestamp:
        """The start of the last call in the log, UTC; NaT where it is empty."""
        end: pd.Timestamp = self.calls["started_at"].max()
        return end
