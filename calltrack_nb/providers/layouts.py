"""What a provider's columns are called, and which provider a file's columns are of.

No provider publishes the exact header of its export, so columns are matched by name
and alias, in any order, and a file need not have them all. Names are compared by their
letters and digits only: ``First-Time Caller`` is ``first_time_caller``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from calltrack_nb.errors import UnknownProvider
from calltrack_nb.providers.files.sheets import plain_name
from calltrack_nb.settings import Settings

if TYPE_CHECKING:
    from calltrack_nb.providers.rows import Rows

Aliases = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Layout:
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
    """

    provider: str
    kind: str
    fields: Aliases
    needed: tuple[tuple[str, ...], ...]
    read: Callable[[Rows], dict[str, pd.DataFrame]]
    telling: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    footer: str = ""

    def names(self) -> frozenset[str]:
        """Return the plain names of every column this layout knows."""
        every = [name for names in self.fields.values() for name in names]
        return frozenset(map(plain_name, (*every, *self.telling, *self.known)))

    def extended(self, settings: Settings) -> Layout:
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
    layout : Layout
    columns : mapping of str to tuple of str
        For each field found, the file's columns, most trusted first.
    unrecognised : tuple of str
        The file's columns that the layout does not know.
    recognised : int
        How many of the file's columns it knows.
    """

    layout: Layout
    columns: Mapping[str, tuple[str, ...]]
    unrecognised: tuple[str, ...]
    recognised: int
    telling: tuple[str, ...] = field(default=())

    @property
    def complete(self) -> bool:
        """Whether the fields without which no row can be read are there."""
        return all(any(name in self.columns for name in group) for group in self.layout.needed)

    @property
    def likely(self) -> bool:
        """Whether more than one column speaks for the layout, or none against it."""
        return self.recognised > 1 or not self.unrecognised

    @property
    def rank(self) -> tuple[float, int]:
        """What decides between layouts: telling columns, then how much is known."""
        known = self.recognised + 2 * len(self.telling) - 0.5 * len(self.unrecognised)
        return known, self.recognised


def match(layout: Layout, columns: Sequence[str]) -> Match:
    """Match a file's columns with a layout."""
    by_plain: dict[str, str] = {}
    for column in columns:
        by_plain.setdefault(plain_name(column), column)
    found = {}
    for name, aliases in layout.fields.items():
        here = dict.fromkeys(by_plain[p] for p in map(plain_name, aliases) if p in by_plain)
        if here:
            found[name] = tuple(here)
    names = layout.names()
    unknown = tuple(column for column in columns if plain_name(column) not in names)
    telling = tuple(by_plain[p] for p in map(plain_name, layout.telling) if p in by_plain)
    return Match(layout, found, unknown, len(columns) - len(unknown), telling)


def choose(
    layouts: Sequence[Layout],
    columns: Sequence[str],
    *,
    provider: str | None = None,
    where: object = None,
) -> Match:
    """Choose the layout that a file's columns are of.

    Parameters
    ----------
    layouts : sequence of Layout
        Those to choose from.
    columns : sequence of str
        The file's header.
    provider : str, optional
        The provider, where the user has said so.
    where : object, optional
        The file, for the message.

    Raises
    ------
    UnknownProvider
        When no layout has its needed fields in the file.
    """
    asked = [layout for layout in layouts if provider in (None, layout.provider)]
    if not asked:
        raise UnknownProvider(
            "There is no such provider",
            where=provider,
            fix=f"Use one of {', '.join(sorted({layout.provider for layout in layouts}))}",
        )
    matches = [match(layout, columns) for layout in asked]
    fitting = [found for found in matches if found.complete and (provider or found.likely)]
    if fitting:
        return max(fitting, key=lambda found: found.rank)
    nearest = max(matches, key=lambda found: found.rank)
    lacking = next(
        (group for group in nearest.layout.needed if not set(group) & set(nearest.columns)), ()
    )
    wanted = [plain for name in lacking[:2] for plain in nearest.layout.fields.get(name, ())[:1]]
    raise UnknownProvider(
        "No provider's columns match the file",
        where=f"{where} ({', '.join(columns[:8])}{', …' if len(columns) > 8 else ''})",
        fix=(
            f"Nearest is {nearest.layout.provider} {nearest.layout.kind}, which needs a column "
            f"such as {' or '.join(wanted) or 'its time'}; name yours under "
            f"[sources.aliases.{nearest.layout.provider}] or [sources.spreadsheet] in "
            "calltrack.toml"
        ),
    )


def in_words(found: Match) -> str:
    """Say which provider was chosen and why."""
    total = found.recognised + len(found.unrecognised)
    names = found.telling or tuple(columns[0] for columns in found.columns.values())
    return (
        f"{found.recognised} of {total} columns are known of {found.layout.provider} "
        f"{found.layout.kind} ({', '.join(names[:4])})"
    )
