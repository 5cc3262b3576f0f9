"""What a provider's columns are called, and which provider a file's columns are of.

No provider publishes the exact header of its export, so columns are matched by name
and alias, in any order, and a file need not have them all. Names are compared by their
letters and digits only: ``First-Time Caller`` is ``first_time_caller``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from calltrack_nb.errors import UnclearFile, UnknownProvider
from calltrack_nb.providers.files.sheets import Chunk, plain_name
from calltrack_nb.providers.values.duration_units import Unit
from calltrack_nb.settings import Settings

if TYPE_CHECKING:
    from calltrack_nb.providers.rows import Rows

_NEAR: Final = 2.0  # a telling column

Aliases = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ExportLayout:
    """One kind of file of one provider.

    Parameters
    ----------
    provider : str
        Such as ``callrail``; ``workspace`` for the files a user writes.
    kind : str
        What its rows are: ``calls``, ``leads``, ``spend``, ...
    fields : mapping of str to tuple of str
        For each field the reader asks for, its column names, most trusted first.
    needed : tuple of tuple of str
        Of each inner tuple at least one field must be in the file.
    telling : tuple of str
        Column names that no other provider uses.
    known : tuple of str
        Column names that are the provider's but are not carried over.
    read : callable
        From rows to canonical tables.
    footer : str
        A regular expression for the first cell of rows that are not data, such as totals.
    prepare : callable, optional
        What is done to a chunk before its rows are read.
    units : mapping of str to str
        For fields of durations, what their plain numbers count.
    timezone : str
        The zone of times without an offset, where the layout knows it.
    fits : mapping of str to str
        For some fields, the pattern that a value of this system has.
    """

    provider: str
    kind: str
    fields: Aliases
    needed: tuple[tuple[str, ...], ...]
    read: Callable[[Rows], dict[str, pd.DataFrame]]
    telling: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    footer: str = ""
    prepare: Callable[[Chunk], Chunk] | None = None
    units: Mapping[str, Unit] = field(default_factory=dict)
    timezone: str = ""
    fits: Mapping[str, str] = field(default_factory=dict)

    def names(self) -> frozenset[str]:
        """Return the plain names of every column this layout knows."""
        every = [name for names in self.fields.values() for name in names]
        return frozenset(map(plain_name, (*every, *self.telling, *self.known)))

    def extended(self, settings: Settings) -> ExportLayout:
        """Return the layout with the aliases of ``calltrack.toml`` before its own."""
        extra = settings.sources.aliases.get(self.provider, {})
        if not extra:
            return self
        fields = dict(self.fields)
        for name, columns in extra.items():
            more = (columns,) if isinstance(columns, str) else tuple(columns)
            fields[name] = (*more, *fields.get(name, ()))
        return replace(self, fields=fields)


@dataclass(frozen=True, slots=True)
class Match:
    """How a file's columns fit a layout.

    Parameters
    ----------
    layout : ExportLayout
    columns : mapping of str to tuple of str
        For each field found, the file's columns, most trusted first.
    unrecognised : tuple of str
        The file's columns that the layout does not know.
    recognised : int
        How many of the file's columns it knows.
    telling : tuple of str
        Those that no other system has.
    reasons : mapping of str to str
        For fields that were found by the values, why they have their column.
    own_numbers : frozenset of str
        The business's telephone numbers, as far as the file shows them.
    absent : tuple of str
        Fields whose columns a user's mapping names and the file lacks.
    proposal : str
        What was found by the values, as a ``[[mapping]]`` block to change.
    """

    layout: ExportLayout
    columns: Mapping[str, tuple[str, ...]]
    unrecognised: tuple[str, ...]
    recognised: int
    telling: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    own_numbers: frozenset[str] = frozenset()
    absent: tuple[str, ...] = ()
    proposal: str = ""

    @property
    def complete(self) -> bool:
        """Whether the fields without which no row can be read are there."""
        return all(any(name in self.columns for name in group) for group in self.layout.needed)

    @property
    def sure(self) -> bool:
        """Whether the columns can be no other system's.

        Two columns that only this system has, or one of them in a file most of whose
        columns it has too. For the files a user writes, whose columns are the tables' own
        names, every needed one and at least as many known as unknown.
        """
        if not self.complete:
            return False
        total = self.recognised + len(self.unrecognised)
        if not self.layout.telling:
            return self.recognised >= max(2, len(self.layout.needed), total - self.recognised)
        if len(self.telling) >= 2:
            return True
        return len(self.telling) == 1 and self.recognised >= max(min(3, total), 0.6 * total)

    @property
    def rank(self) -> tuple[float, int]:
        """What decides between layouts: telling columns, then how much is known."""
        known = self.recognised + 2 * len(self.telling) - 0.5 * len(self.unrecognised)
        return known, self.recognised


def match(layout: ExportLayout, columns: Sequence[str]) -> Match:
    """Match a file's columns with a layout."""
    by_plain: dict[str, list[str]] = {}
    for column in columns:
        by_plain.setdefault(_plain(column, columns), []).append(column)
    found = {}
    for name, aliases in layout.fields.items():
        here = dict.fromkeys(
            column for plain in map(plain_name, aliases) for column in by_plain.get(plain, ())
        )
        if here:
            found[name] = tuple(here)
    names = layout.names()
    unknown = tuple(column for column in columns if _plain(column, columns) not in names)
    plain = dict.fromkeys(map(plain_name, layout.telling))
    telling = tuple(by_plain[p][0] for p in plain if p in by_plain)
    return Match(layout, found, unknown, len(columns) - len(unknown), telling)


def _plain(column: str, columns: Sequence[str]) -> str:
    """Return a column's plain name; the second of one name counts as the first."""
    first, _, number = column.rpartition(" (")
    again = first in columns and number[:-1].isdigit()
    return plain_name(first if again else column)


def sure_match(
    layouts: Sequence[ExportLayout], columns: Sequence[str], where: object = None
) -> Match | None:
    """Return the layout that a file's columns can only be of, None where none is.

    Parameters
    ----------
    layouts : sequence of ExportLayout
        Those to choose from.
    columns : sequence of str
        The file's header.
    where : object, optional
        The file, for the message.

    Raises
    ------
    UnclearFile
        When the columns are as much another system's.
    """
    fitting = [found for found in (match(layout, columns) for layout in layouts) if found.sure]
    if not fitting:
        return None
    best = max(fitting, key=lambda found: found.rank)
    others = {
        found.layout.provider
        for found in fitting
        if found.layout.provider != best.layout.provider and found.rank[0] >= best.rank[0] - _NEAR
    }
    if others:
        both = " or ".join(sorted({best.layout.provider, *others}))
        raise UnclearFile(
            f"The columns are those of {both}",
            where=f"{where} ({', '.join(columns[:8])})",
            fix="Name the provider with --provider",
        )
    return best


def match_of_provider(
    layouts: Sequence[ExportLayout], columns: Sequence[str], provider: str, where: object
) -> Match:
    """Match a file with the layouts of the provider that the user named.

    Raises
    ------
    UnknownProvider
        When the file lacks the columns without which no row can be read.
    """
    matches = [match(layout, columns) for layout in layouts if layout.provider == provider]
    fitting = [found for found in matches if found.complete]
    if fitting:
        return max(fitting, key=lambda found: found.rank)
    nearest = max(matches, key=lambda found: found.rank)
    lacking = next(
        (group for group in nearest.layout.needed if not set(group) & set(nearest.columns)), ()
    )
    wanted = [plain for name in lacking[:2] for plain in nearest.layout.fields.get(name, ())[:1]]
    raise UnknownProvider(
        f"The file lacks columns of {provider}",
        where=f"{where} ({', '.join(columns[:8])}{', …' if len(columns) > 8 else ''})",
        fix=(
            f"{provider} {nearest.layout.kind} needs a column such as "
            f"{' or '.join(wanted) or 'its time'}; name yours under "
            f"[sources.aliases.{provider}] in calltrack.toml, or leave out --provider"
        ),
    )


def in_words(found: Match) -> str:
    """Say which system's file this is taken for, and why."""
    total = found.recognised + len(found.unrecognised)
    if found.reasons and not found.telling:
        return f"{found.recognised} of {total} columns are read by their names and values"
    names = found.telling or tuple(columns[0] for columns in found.columns.values())
    return (
        f"{found.recognised} of {total} columns are known of {found.layout.provider} "
        f"{found.layout.kind} ({', '.join(names[:4])})"
    )
