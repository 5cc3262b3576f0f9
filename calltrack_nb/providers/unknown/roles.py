"""The columns of an unknown file, and the fields they have been given so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from calltrack_nb import schema
from calltrack_nb.providers.unknown.header_names import name_score
from calltrack_nb.providers.unknown.kinds import Kind
from calltrack_nb.providers.values import numbers
from calltrack_nb.providers.values.words import STATUSES, read_words
from calltrack_nb.settings import FieldSource

NAMED: Final = 0.6
"""The name score from which on a column's name speaks for a field."""

SURE_NAME: Final = 0.75
"""The score from which on it speaks for no other."""

_FLAGS: Final = {
    "answered": {True: "answered", False: "missed"},
    "missed": {True: "missed", False: "answered"},
}


@dataclass(frozen=True, slots=True)
class Question:
    """What has to be known before a file can be read.

    Parameters
    ----------
    field : str
        The field in doubt.
    text : str
        The question, in words.
    choices : tuple of str or FieldSource
        Columns, or units, or what a field would be; empty where the answer is free.
    column : str
        The column whose unit is asked for; empty where a column is asked for.
    """

    field: str
    text: str
    choices: tuple[str | FieldSource, ...] = ()
    column: str = ""


@dataclass(slots=True)
class Roles:
    """Which column is which, while it is being worked out.

    Parameters
    ----------
    kinds : mapping of str to Kind
        The columns that are still free to be used, in the file's order.
    given : mapping of str to str
        Fields that something else has settled, and their columns.
    """

    kinds: Mapping[str, Kind]
    given: Mapping[str, str] = field(default_factory=dict)
    fields: dict[str, FieldSource] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    only: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def free(self) -> list[Kind]:
        """Return the columns that have no field yet."""
        return [kind for name, kind in self.kinds.items() if name not in self.used]

    def wants(self, name: str) -> bool:
        """Tell whether a field is still to be found."""
        return name not in self.fields and name not in self.given

    def give(self, name: str, columns: Iterable[str], reason: str, **how: Any) -> None:
        """Give a field its column, or several to be joined."""
        chosen = tuple(columns)
        source = {"column": chosen[0]} if len(chosen) == 1 else {"join": chosen}
        self.fields[name] = FieldSource.model_validate({**source, **how})
        self.reasons[name] = reason
        self.used |= set(chosen)

    def statuses(self) -> pd.Series[Any] | None:
        """Read the column of status, or the flag that stands for it; None where there is none."""
        for name, meant in _FLAGS.items():
            if name in self.fields:
                texts = self.kinds[str(self.fields[name].columns[0])].texts
                said = numbers.to_flag(texts).series.astype(object)
                return said.map(meant, na_action="ignore")
        source = self.fields.get("status")
        if source is None:
            return None
        texts = self.kinds[str(source.columns[0])].texts
        given = source.values  # noqa: PD011 - a mapping of words
        plain = {word.strip().casefold(): meant for word, meant in given.items()}
        told = texts.str.strip().str.casefold().map(plain).fillna(texts) if plain else texts
        return read_words(told, STATUSES, schema.STATUSES).series.astype(object)

    def ask(
        self, name: str, text: str, choices: Iterable[str | FieldSource] = (), column: str = ""
    ) -> None:
        """Leave a field open and ask for it."""
        self.questions.append(Question(name, text, tuple(choices), column))


def best_named(
    kinds: Iterable[Kind], name: str, low: float = NAMED
) -> tuple[Kind | None, list[Kind]]:
    """Return the column whose name fits a field best, and those that fit as well.

    Returns
    -------
    best : Kind or None
        None where no name scores `low` or more.
    rivals : list of Kind
        Other columns with the same score.
    """
    scored = [(name_score(name, kind.name), kind) for kind in kinds]
    top = max((score for score, _ in scored), default=0.0)
    if top < low:
        return None, []
    first, *rest = [kind for score, kind in scored if score == top]
    return first, rest
