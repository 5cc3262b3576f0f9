"""The rows of a chunk while a provider's reader turns them into a table.

A reader asks for fields by name and kind (``rows.time("started_at")``) and hands back
the finished columns. What cannot be read on the way is noted: a value that a row can do
without is left empty and noted as such; a row that cannot do without it is lost to the
table and stands in quarantine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from calltrack_nb import schema
from calltrack_nb.providers.context import DIGITS, Context
from calltrack_nb.providers.files.sheets import Chunk
from calltrack_nb.providers.values import durations, numbers, phones, times
from calltrack_nb.providers.values.bare_numbers import with_plus, without_outside_line
from calltrack_nb.providers.values.channels import to_channels
from calltrack_nb.providers.values.clocks import clocks_in
from calltrack_nb.providers.values.column import Mask, ReadColumn
from calltrack_nb.providers.values.duration_units import Unit, header_unit
from calltrack_nb.providers.values.numbers import DecimalMark
from calltrack_nb.providers.values.placeholders import blank_names
from calltrack_nb.providers.values.stages import read_stages
from calltrack_nb.providers.values.web_addresses import CLICK_IDS, clicks_in, parameter
from calltrack_nb.providers.values.words import STATUSES, marks_spam, read_words

FLAGGED: Final = 3
"""The provider's own mark of spam: it reaches the usual threshold alone."""


_WITHOUT: Final = " (the row is kept without it)"
_ANYWAY: Final = " (the row is kept)"
_PARAMETERS: Final = {
    "source": "utm_source",
    "medium": "utm_medium",
    "campaign": "utm_campaign",
    "keyword": "utm_term",
}

_KEYS: Final = {
    "leads": "lead_id",
    "outcomes": "outcome_id",
    "tweaks": "tweak_id",
}


@dataclass(slots=True)
class Rows:
    """Some rows of one file; see the module.

    Parameters
    ----------
    chunk : Chunk
    columns : mapping of str to tuple of str
        For each field found, the file's columns, most trusted first.
    context : Context
    units : mapping of str to str
        For a field of durations, what its plain numbers count where that is known.
    """

    chunk: Chunk
    columns: Mapping[str, tuple[str, ...]]
    context: Context
    units: Mapping[str, Unit] = field(default_factory=dict)
    lost: Mask = field(init=False)
    repeated: int = field(init=False, default=0)
    _notes: list[pd.DataFrame] = field(init=False, default_factory=list)
    _left_out: list[pd.DataFrame] = field(init=False, default_factory=list)
    _unread: dict[str, Mask] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Start with no row lost, and note the records that were broken already."""
        self.lost = np.zeros(len(self.chunk.frame), dtype=bool)
        if self.chunk.broken:
            told = [(broken.row, broken.text, broken.reason) for broken in self.chunk.broken]
            places, texts, reasons = zip(*told, strict=True)
            self._notes.append(_notes(places, None, texts, reasons))
        for note in self.chunk.notes:
            self._notes.append(
                _notes([note.row], note.column, [note.text], note.reason, kept=_WITHOUT)
            )

    def __len__(self) -> int:
        return len(self.chunk.frame)

    def has(self, *names: str) -> bool:
        """Tell whether the file has a column for any of these fields."""
        return any(name in self.columns for name in names)

    # -- fields by kind ---------------------------------------------------------------

    def text(self, *names: str) -> pd.Series[Any]:
        """Return the first of some fields that says something, row by row."""
        columns = [column for name in names for column in self.columns.get(name, ())]
        if not columns:
            return pd.Series([None] * len(self), dtype="str")
        column = self.chunk.frame[columns[0]]
        for other in columns[1:]:
            column = column.fillna(self.chunk.frame[other])
        return column

    def person(self, *names: str) -> pd.Series[Any]:
        """Return the names of people; what telephone networks write for none is missing."""
        return blank_names(self.text(*names))

    def joined(self, *names: str) -> pd.Series[Any]:
        """Return the texts of some fields joined with a space, as far as they are there."""
        both = self.constant("")
        for name in names:
            both = (both + " " + self.text(name).fillna("")).str.strip()
        return both.where(both != "")

    def constant(self, value: str | None) -> pd.Series[Any]:
        """Return one text for every row."""
        return pd.Series([value] * len(self), dtype="str")

    def time(self, *names: str, zone: pd.Series[Any] | None = None) -> pd.Series[Any]:
        """Read instants; `zone` names the zone of each row where it is known."""
        local = self.local_zone()
        zones = local if zone is None or zone.isna().all() else self._zones(zone, local)
        read = times.read_times(self.text(*names), zones, self._order(names))
        self._note_days(read.series, names)
        return self._noted(read, names[0]).rename(names[0])

    def local_zone(self) -> str | pd.Series[Any]:
        """Return the zone of times without an offset: the file's, else the client's."""
        return self.context.said_zone or self.of_client("timezone")

    def of_client(self, name: Literal["timezone", "currency"]) -> str | pd.Series[Any]:
        """Return what the settings say of the business, row by row where clients differ."""
        settings = self.context.settings
        if not any(name in own.business.model_fields_set for own in settings.accounts.values()):
            return str(getattr(settings.business, name))
        accounts = self.account()
        said = {one: getattr(settings.of_account(one).business, name) for one in accounts.unique()}
        return accounts.map(said)

    def _note_days(self, read: pd.Series[Any], names: Sequence[str]) -> None:
        """Note the moments that are a day only, in a column that has times of day."""
        if self.context.holds_days(self._columns(names)):
            return
        sharp = ((read.dt.minute % 15 == 0) & (read.dt.second == 0)).to_numpy(dtype=bool)
        texts = self.text(*names)[sharp]
        days = texts.notna() & clocks_in(texts).isna() & ~texts.str.fullmatch(DIGITS)
        mask = np.zeros(len(self), dtype=bool)
        mask[np.flatnonzero(sharp)] = days.to_numpy(dtype=bool)
        self.note(mask, names[0], "only the day is known; placed at midnight", kept=_ANYWAY)

    def date(self, *names: str) -> pd.Series[Any]:
        """Read calendar days."""
        days = self._noted(times.read_dates(self.text(*names), self._order(names)), names[0])
        read: pd.Series[Any] = days.dt.date.astype(object).where(days.notna(), None)
        return read.astype(schema.DATE).rename(names[0])

    def month(self, *names: str) -> pd.Series[Any]:
        """Read months into their first days."""
        days = self._noted(times.read_months(self.text(*names)), names[0])
        read: pd.Series[Any] = days.dt.date.astype(object).where(days.notna(), None)
        return read.astype(schema.DATE).rename(names[0])

    def phone(self, *names: str, ours: bool = False) -> pd.Series[Any]:
        """Read telephone numbers into E.164.

        Parameters
        ----------
        *names : str
            Fields.
        ours : bool
            Whether they are the business's: an extension or a queue's name is then no
            mistake, and nothing is noted.
        """
        read = self.read_phone(*names)
        return read.series if ours else self._noted(read, names[0])

    def read_phone(self, *names: str) -> ReadColumn:
        """Read telephone numbers and leave it to the caller what to note."""
        texts = self.text(*names)
        columns = self._columns(names)
        if self.context.dials_out(columns):
            texts = without_outside_line(texts)
        elif self.context.lacks_plus(columns):
            texts = with_plus(texts)
        return phones.read_phones(texts, self.context.settings.business.country)

    def seconds(self, *names: str) -> pd.Series[Any]:
        """Read durations into seconds, in the unit that the layout or the header names."""
        columns = self._columns(names)
        unit: Unit | None = next((self.units[name] for name in names if name in self.units), None)
        unit = unit or next(filter(None, map(header_unit, columns)), None)
        read = durations.to_seconds(self.text(*names), self._mark(names), unit=unit or "s")
        return self._noted(read, names[0])

    def money(self, *names: str) -> pd.Series[Any]:
        """Read amounts of money."""
        return self._noted(numbers.to_money(self.text(*names), self._mark(names)), names[0])

    def currency(self, *amount: str) -> pd.Series[Any]:
        """Return the currency of an amount: its own column, its sign, or the business's."""
        texts = self.text(*amount)
        named = self.text("currency").str.strip().where(texts.notna())
        named = named.mask(named == "")
        signs = numbers.currency_signs(texts)
        read = numbers.currencies(signs, named, self.of_client("currency"))
        return self._noted(read, "currency").where(texts.notna())

    def count(self, *names: str) -> pd.Series[Any]:
        """Read whole numbers."""
        return self._noted(numbers.to_count(self.text(*names), self._mark(names)), names[0])

    def number(self, *names: str) -> pd.Series[Any]:
        """Read numbers and percentages."""
        return self._noted(numbers.to_number(self.text(*names), self._mark(names)), names[0])

    def flag(self, *names: str) -> pd.Series[Any]:
        """Read yes and no."""
        return self._noted(numbers.to_flag(self.text(*names)), names[0])

    def word(
        self, name: str, meanings: Mapping[str, str | None], kinds: Sequence[str]
    ) -> pd.Series[Any]:
        """Read a word of a provider's vocabulary into ours.

        Parameters
        ----------
        name : str
            The field.
        meanings : mapping of str to str or None
            By lower-case word; a text means what its first known word, or the text as a
            whole, means. None where the provider's word says nothing.
        kinds : sequence of str
            Our words.
        """
        return self._noted(read_words(self.text(name), meanings, kinds), name)

    def stage(self, named: Mapping[str, str], *, settled: Mask | None = None) -> pd.Series[Any]:
        """Read the stages of deals; `settled` are rows of which something else tells it."""
        said = self.text("stage")
        return self._noted(
            read_stages(said if settled is None else said.mask(settled), named), "stage"
        )

    def status(self) -> pd.Series[Any]:
        """Read the status from its word, or from the flags ``answered`` and ``voicemail``."""
        said = self.word("status", STATUSES, schema.STATUSES)
        if self.has("answered"):
            answered = self.flag("answered")
            flags = answered.map({True: "answered", False: "missed"}, na_action="ignore")
            said = said.fillna(flags.astype(said.dtype))
        if self.has("voicemail"):
            # Elsewhere the column holds the address of the message.
            left = self.text("voicemail").str.lower().isin(("true", "yes", "1"))
            left |= self.text("voicemail").str.startswith("http", na=False)
            said = said.mask(left.fillna(False).astype(bool), "voicemail")
        return said

    def channel(self, given: Mapping[str, pd.Series[Any]] | None = None) -> pd.Series[Any]:
        """Name the channel by the rule table; see :mod:`calltrack_nb.providers.values.channels`."""
        fields = given or {
            **self.attribution(),
            "label": self.text("label"),
            "click_id": self.click_id(),
        }
        return to_channels(fields, self.context.settings.sources.channels)

    def attribution(self) -> dict[str, pd.Series[Any]]:
        """Return where rows came from, by the columns of the table ``calls``.

        What the file has no column for is taken from the address of the landing page.
        """
        page = self.text("landing_page")
        found = {
            name: parameter(page, said) if not self.has(name) else self.text(name)
            for name, said in _PARAMETERS.items()
        }
        return {**found, "ad_group": self.text("ad_group"), "landing_page": page}

    def click_id(self) -> pd.Series[Any]:
        """Return ``gclid:…`` or another kind of click id, Google's first.

        Where no column holds one, it is that of the landing page's address, else of the last
        page's.
        """
        found = self._own_click_id()
        for page in ("landing_page", "last_page"):
            there = clicks_in(self.text(page))
            kinds = [ids.str.extract(r"^(\w+):", expand=False) for ids in (found, there)]
            unlike = ((kinds[0] == kinds[1]) & (found != there)).to_numpy(dtype=bool)
            self.note(unlike, page, "holds another click id than the one taken", kept=_ANYWAY)
            found = found.fillna(there)
        return found

    def _own_click_id(self) -> pd.Series[Any]:
        found = pd.Series([None] * len(self), dtype="str")
        for kind in CLICK_IDS:
            if self.has(kind):
                given = self.text(kind)
                # some systems write the whole parameter, or the address it stood in
                value = given.str.extract(rf"\b{kind}=([^&#\s]+)", expand=False).fillna(given)
                found = found.fillna(kind + ":" + value)
        if self.has("click_id"):
            given = self.text("click_id")
            bare = ~given.str.contains(":", regex=False).fillna(False).astype(bool)
            found = found.fillna(given.mask(bare, "gclid:" + given))
        return found

    def account(self) -> pd.Series[Any]:
        """Return the account: what a user named for it, a client of several, or the business.

        A company column becomes the account where the file holds several companies: one
        alone is the business under another name.
        """
        named = self.text("account")
        if self.has("company") and self.context.several(self._columns(("company",))):
            named = named.fillna(self.text("company"))
        return named.fillna(self.context.settings.business.account)

    def named_channel(self) -> pd.Series[Any]:
        """Read a channel by its own name, or by the rule table where it is a source's name."""
        said = self.text("channel")
        named = said.str.lower().str.replace(r"[\s-]+", "_", regex=True)
        exact = named.where(named.isin(schema.CHANNELS)).astype(
            pd.CategoricalDtype(list(schema.CHANNELS))
        )
        return exact.fillna(to_channels({"source": said}, self.context.settings.sources.channels))

    def spam_mark(self) -> pd.Series[Any]:
        """Return the mark of calls that the provider says are spam, the staff's or tests."""
        said = np.zeros(len(self), dtype=bool)
        for name in ("spam", "tags", "lead_status", "status", "direction"):
            if self.has(name):
                said |= marks_spam(self.text(name))
        if self.has("spam"):
            said |= numbers.to_flag(self.text("spam")).series.fillna(False).to_numpy(dtype=bool)
        mark: pd.Series[Any] = pd.Series(FLAGGED, index=pd.RangeIndex(len(self)), dtype="Int64")
        return mark.where(said)

    # -- what came of it --------------------------------------------------------------

    def note(self, mask: Mask, name: str | None, reason: str, *, kept: str = _WITHOUT) -> None:
        """Note a reason for some rows, with the value that field has in them.

        `kept` is added where the row is not lost for another reason.
        """
        if not mask.any():
            return
        if name and kept == _WITHOUT:
            self._unread[name] = self._unread.get(name, np.zeros(len(self), dtype=bool)) | mask
        columns = self.columns.get(name, ()) if name else ()
        value = self.text(name) if columns and name else self.constant(None)
        # a translated column has the field's name behind its own
        column = columns[0].removesuffix(f" as {name}") if columns else name
        self._notes.append(_notes(self.chunk.rows[mask], column, value[mask], reason, kept=kept))

    def _noted(self, read: ReadColumn, name: str) -> pd.Series[Any]:
        """Note what could not be read and what is worth a check; return the values."""
        for reason, mask in read.problems.items():
            self.note(mask, name, reason)
        for reason, mask in read.remarks.items():
            self.note(mask, name, reason, kept=_ANYWAY)
        return read.series

    def _columns(self, names: Sequence[str]) -> tuple[str, ...]:
        return tuple(column for name in names for column in self.columns.get(name, ()))

    def _mark(self, names: Sequence[str]) -> DecimalMark:
        return self.context.decimal_mark(self._columns(names))

    def _order(self, names: Sequence[str]) -> times.DateOrder:
        return self.context.date_order(self._columns(names))

    def leave_out(self, mask: Mask, column: str, reason: str) -> None:
        """Leave some rows out of every table because of what stands in a column of the file."""
        mask = mask & ~self.lost
        if mask.any():
            values = self.chunk.frame[column][mask]
            self._left_out.append(_notes(self.chunk.rows[mask], column, values, reason))
        self.lost |= mask

    def lose(self, mask: Mask, name: str | None, reason: str) -> None:
        """Leave some rows out of every table, for a reason."""
        told = self._unread.get(name or "", np.zeros(len(self), dtype=bool))
        self.note(mask & ~self.lost & ~told, name, reason, kept="")
        self.lost |= mask

    def table(
        self,
        name: str,
        data: Mapping[str, Any],
        *,
        only: Mask | None = None,
        needed: Mapping[str, str],
    ) -> pd.DataFrame:
        """Finish a table.

        Parameters
        ----------
        name : str
            A canonical table.
        data : mapping of str to Series
            Its columns.
        only : numpy.ndarray of bool, optional
            The rows that belong in it.
        needed : mapping of str to str
            Columns without which a row is lost, and the reason to give.

        Returns
        -------
        pandas.DataFrame
            Conformed and valid; each lead, outcome and tweak once, calls with all their legs.
        """
        wanted = np.ones(len(self), dtype=bool) if only is None else only
        for column, reason in needed.items():
            read = data[column]
            self.lose(wanted & read.isna().to_numpy(), str(read.name or column), reason)
        keep = wanted & ~self.lost
        frame = pd.DataFrame({**data, "row": self.chunk.rows}, index=pd.RangeIndex(len(self)))
        frame = frame[keep]
        if key := _KEYS.get(name):
            again = frame[key].duplicated(keep="last")
            self.repeated += int(again.sum())
            frame = frame[~again]
        table = schema.conform(frame, name)
        failures = schema.failures(table, name)
        if name == "calls":  # legs of one call share its id until the whole file is read
            failures = failures[failures["check"] != "field_uniqueness"]
        if len(failures):
            places = failures["index"].dropna().astype("int64")
            first = failures.loc[places.index].drop_duplicates("index")
            at = frame.index[first["index"].to_numpy(dtype="int64")]
            reasons = "does not follow the rule " + first["check"]
            self._notes.append(
                _notes(self.chunk.rows[at], first["column"], first["value"], reasons)
            )
            self.lost[at] = True
            table = table[~table.index.isin(places)].reset_index(drop=True)
        return table

    def quarantine(self) -> pd.DataFrame:
        """Return the notes: ``row``, ``column``, ``value``, ``reason``."""
        if not self._notes and not self._left_out:
            return pd.DataFrame({"row": [], "column": [], "value": [], "reason": []})
        notes = pd.concat([*self._notes, *self._left_out], ignore_index=True)
        for outside in self._left_out:  # nothing else is asked of these rows
            others = notes["row"].isin(outside["row"]) & (
                notes["reason"] != outside["reason"].iloc[0]
            )
            notes = notes[~others]
        kept = ~notes["row"].isin([*self.chunk.rows[self.lost], *self._broken_rows()])
        notes["reason"] += notes.pop("kept").fillna("").where(kept, "")
        return notes.drop_duplicates(["row", "column", "reason"]).sort_values(
            "row", kind="stable", ignore_index=True
        )

    def _broken_rows(self) -> list[int]:
        return [broken.row for broken in self.chunk.broken]

    def _zones(self, names: pd.Series[Any], default: str | pd.Series[Any]) -> pd.Series[Any]:
        named = self.context.settings.sources.timezones
        read = {
            text: times.zone_name(named.get(str(text), str(text)))
            for text in names.dropna().unique()
        }
        unknown = names.notna() & names.map(read).isna()
        self.note(
            unknown.to_numpy(),
            "timezone",
            "not a time zone; the business's is used",
            kept=_ANYWAY,
        )
        return names.map(read).fillna(default)


def _notes(rows: Any, column: Any, values: Any, reasons: Any, *, kept: str = "") -> pd.DataFrame:
    """Make notes of some rows; a column or a reason may be one for all of them."""
    parts = {"column": column, "reason": reasons}
    several = {
        name: part if part is None or isinstance(part, str) else np.asarray(part, dtype=object)
        for name, part in parts.items()
    }
    texts = pd.Series(np.asarray(values, dtype=object), dtype="str").str.slice(0, 500)
    noted = {"row": rows, "column": several["column"], "value": texts, "reason": several["reason"]}
    return pd.DataFrame({**noted, "kept": kept})
