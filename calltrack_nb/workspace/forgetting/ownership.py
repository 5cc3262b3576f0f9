"""Whose a row of a raw file is.

A row is the caller's where its column of customers, as an import reads the file, holds the
number. Where that column holds another caller, or the number stands in somebody's words only,
the row is another's. A row that has no other caller's number is the caller's as well where it
names an e-mail address or a click of theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final, TypeAlias

import pandas as pd

from calltrack_nb import providers
from calltrack_nb.errors import CalltrackError
from calltrack_nb.settings import Settings
from calltrack_nb.workspace.forgetting.person import Person

Place: TypeAlias = int | str
#: The cells of a row, by column; of JSON by the names that lead to them, with dots between.
Row: TypeAlias = Mapping[Place, str]

LONGEST_CELL: Final = 80
"""A cell longer than this is somebody's words, in which a number is only mentioned."""

_ROWS_LOOKED_AT: Final = 1_000
_FEWEST_FIGURES: Final = 6
#: How many times more callers stand in the column of callers than in any other.
_CLEARLY: Final = 1.5
_OF_NOBODY: Final = ("spend", "tweaks", "regimes", "visits", "numbers")
_WORKBOOKS: Final = (".xlsx", ".xlsm", ".xls", ".ods")
_CUSTOMERS: Final = ("caller_number", "from_number", "to_number")


@dataclass(frozen=True)
class ReadAs:
    """As what an import reads a file.

    Parameters
    ----------
    customers : tuple of str
        The columns in which it reads the numbers of customers; none if unsure.
    of_nobody : bool
        Whether the rows are days or changes, and no person's. A workbook has other sheets
        besides the one that is read.
    """

    customers: tuple[str, ...] = ()
    of_nobody: bool = False


@dataclass(frozen=True)
class Sought:
    """Whose rows are looked for.

    Parameters
    ----------
    person : Person
        The caller.
    others : frozenset of str
        Numbers of other callers who are known, E.164.
    read_as : callable
        Tells as what a file is read; see :func:`read_as`.
    owning : bool
        Whether rows may be a person's.
    """

    person: Person
    others: frozenset[str] = frozenset()
    read_as: Callable[[Path], ReadAs] = field(default=lambda _: ReadAs())
    owning: bool = True

    def owns(self, row: Row, customers: Collection[Place] = ()) -> bool:
        """Tell whether a row is the caller's.

        Parameters
        ----------
        row : mapping
        customers : collection
            Where customers' numbers stand in the file; see :meth:`places_of_customers`.
        """
        if not self.owning:
            return False
        number = self.person.number
        chosen = [row[place] for place in customers if place in row]
        if any(map(number.is_cell, chosen)):
            return True
        if self._others_among(chosen):
            return False
        short = [cell for cell in row.values() if len(cell) <= LONGEST_CELL]
        mine = [cell for cell in short if number.is_cell(cell) or number.stands_in(cell)]
        if any(number.is_cell(cell, alone=True) for cell in mine) or (mine and not self.others):
            return True
        meant = bool(mine) or any(self.person.is_meant_by(cell) for cell in _identifying(row))
        return meant and not self._others_among(short)

    def has_another(self, row: Row) -> bool:
        """Tell whether a row holds the number of another caller who is known."""
        return self._others_among([cell for cell in row.values() if len(cell) <= LONGEST_CELL])

    def _others_among(self, cells: Collection[str]) -> bool:
        numbered = [cell for cell in cells if sum(map(str.isdigit, cell)) >= _FEWEST_FIGURES]
        if not numbered or not self.others:
            return False
        texts = pd.Series(numbered, dtype="str")
        read = providers.read_phones(texts, self.person.number.country).series
        return not self.others.isdisjoint(read.dropna())

    def places_of_customers(
        self, columns: Collection[str], rows: Iterable[Row]
    ) -> frozenset[Place]:
        """Find where customers' numbers stand in a file: by its columns, else by how many.

        Parameters
        ----------
        columns : collection of str
            Those in which an import reads them.
        rows : iterable
            The file's, a header among them; the first thousand are enough.
        """
        if not self.others:
            return frozenset()
        looked_at = list(islice(rows, _ROWS_LOOKED_AT))
        names = set(columns)
        named = {
            place
            for row in looked_at
            for place, cell in row.items()
            if cell in names or (isinstance(place, str) and _ends_in(place, names))
        }
        return frozenset(named) or self._by_count(looked_at)

    def _by_count(self, rows: Iterable[Row]) -> frozenset[Place]:
        """Find the column in which the known callers' numbers stand; none where two have many."""
        cells = [
            (place, cell)
            for row in rows
            for place, cell in row.items()
            if sum(map(str.isdigit, cell)) >= _FEWEST_FIGURES and len(cell) <= LONGEST_CELL
        ]
        texts = pd.Series([cell for _, cell in cells], dtype="str")
        read = providers.read_phones(texts, self.person.number.country).series
        callers = self.others | {self.person.number.e164}
        counts = Counter(
            place for (place, _), found in zip(cells, read, strict=True) if found in callers
        )
        (first, many), (_, fewer) = [*counts.most_common(2), (-1, 0), (-1, 0)][:2]
        return frozenset({first}) if many > _CLEARLY * fewer else frozenset()


def read_as(path: Path, settings: Settings) -> ReadAs:
    """Tell as what an import reads a file."""
    try:
        match = providers.open_source(path, settings).match
    except CalltrackError:
        return ReadAs()
    customers = tuple(name for field in _CUSTOMERS for name in match.columns.get(field, ()))
    of_nobody = match.layout.kind in _OF_NOBODY and path.suffix.lower() not in _WORKBOOKS
    return ReadAs(customers, of_nobody)


def _identifying(row: Row) -> list[str]:
    """Return the cells that may tell whose a row is: no words, but addresses of pages."""
    return [cell for cell in row.values() if len(cell) <= LONGEST_CELL or len(cell.split()) == 1]


def _ends_in(place: str, names: Collection[str]) -> bool:
    parts = place.split(".")
    return any(".".join(parts[start:]) in names for start in range(len(parts)))
