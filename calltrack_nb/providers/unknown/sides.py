"""Which telephone numbers of an unknown file are the customers' and which the business's.

A business has few numbers, so they repeat; customers have many. Names tell as well, and
where a column of directions stands beside them, outbound rows show whether two columns
are *from* and *to* or *theirs* and *ours*.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import permutations
from typing import Any, Final

import numpy as np
import pandas as pd

from calltrack_nb import phrasing, schema
from calltrack_nb.providers.unknown.header_names import (
    name_score,
    speaks_of_references,
    speaks_of_staff,
    words,
)
from calltrack_nb.providers.unknown.kinds import Kind
from calltrack_nb.providers.unknown.roles import NAMED, Roles
from calltrack_nb.providers.values import phones
from calltrack_nb.providers.values.bare_numbers import (
    dials_out,
    lacks_plus,
    with_plus,
    without_outside_line,
)
from calltrack_nb.providers.values.column import Mask
from calltrack_nb.providers.values.phone_digits import EXTENSION
from calltrack_nb.providers.values.words import DIRECTIONS, read_words

_SOME: Final = 0.3
_ENOUGH_ROWS: Final = 8
_FEW: Final = 0.3
_CLEAR: Final = 0.4
_MOST: Final = 0.8
_MARKED: Final = 0.5
_SENDING: Final = frozenset(
    {"from", "von", "de", "da", "src", "source"} | {"calling", "caller", "sender", "originating"}
)
_INSIDE: Final = "extension "


@dataclass(frozen=True, slots=True)
class _Side:
    """One column of telephone numbers, read."""

    kind: Kind
    numbers: pd.Series[Any]

    @property
    def variety(self) -> float:
        """How many different numbers there are for each one that is given."""
        return _variety(self.numbers)

    @property
    def inside(self) -> pd.Series[Any]:
        """Which rows hold an extension of the business in place of a number."""
        return self.numbers.str.startswith(_INSIDE, na=False)

    def written_like(self, other: _Side) -> bool:
        """Whether the numbers are written with or without plus and marks as another's are."""
        return abs(_marked(self) - _marked(other)) < _MARKED

    @property
    def is_ours(self) -> bool:
        """Whether the name, or few numbers that repeat, speak for the business."""
        enough = int(self.numbers.notna().sum()) >= _ENOUGH_ROWS
        return self.score() < 0 or (enough and self.variety <= _FEW)

    @property
    def may_be_ours(self) -> bool:
        """Whether the numbers are the business's, or stand in most rows and are too few to tell."""
        few = int(self.numbers.notna().sum()) < _ENOUGH_ROWS
        return self.is_ours or (few and self.kind.filled >= _MARKED)

    def score(self) -> float:
        """Say how much the name speaks for the customer, below zero for the business."""
        return name_score("caller_number", self.kind.name) - name_score(
            "tracking_number", self.kind.name
        )


def give_sides(roles: Roles, country: str, own: Collection[str]) -> frozenset[str]:
    """Find the columns of the customers' and the business's numbers.

    Parameters
    ----------
    roles : Roles
        Changed in place; the direction has been given before.
    country : str
        Two letters.
    own : collection of str
        The business's numbers as far as they are known, E.164.

    Returns
    -------
    frozenset of str
        The business's numbers, those of the file added.
    """
    found = [
        _Side(kind, _read(kind.texts, country))
        for kind in roles.free()
        if _holds_numbers(roles, kind)
    ]
    found = _without_copies(found)
    if not found or not roles.wants("caller_number"):
        return frozenset(own)
    if len(found) == 1:
        return _give_one(roles, found[0], own)
    outbound = _outbound(roles, len(found[0].numbers))
    if _give_exchange(roles, found, outbound):
        return frozenset(own)
    theirs, ours = _pair(found, own, outbound)
    named = [side for side in found if side.score() >= _CLEAR]
    if (
        theirs is None
        and len(named) == 1
        and not any(side.may_be_ours for side in found if side is not named[0])
    ):
        return _give_one(roles, named[0], own)
    if theirs is None or ours is None:
        names = [side.kind.name for side in found]
        roles.ask("caller_number", "Which column holds the callers' numbers?", names)
        return frozenset(own)
    return _give_two(roles, theirs, ours, own, outbound)


def _read(texts: pd.Series[Any], country: str) -> pd.Series[Any]:
    """Read numbers; an extension stands for the business, so it counts as one of its numbers."""
    if dials_out(texts, country):
        plain = without_outside_line(texts)
    else:
        plain = with_plus(texts) if lacks_plus(texts, country) else texts
    read = phones.read_phones(plain, country)
    inside = read.problems.get(EXTENSION)
    return read.series if inside is None else read.series.mask(inside, _INSIDE + texts)


def _holds_numbers(roles: Roles, kind: Kind) -> bool:
    """Tell whether a column holds telephone numbers, or numbers and extensions."""
    if kind.share("moment") >= _SOME or speaks_of_references(kind.name):
        return False
    if name_score("caller_number", kind.name) < NAMED and _counts_on(kind.texts):
        return False
    staffed = speaks_of_staff(kind.name) or name_score("agent", kind.name) > 0
    if staffed and kind.share("extension") < _SOME:
        return False  # the telephone of somebody who works here
    named = max(name_score(field, kind.name) for field in ("caller_number", "tracking_number"))
    if kind.share("phone") >= _SOME or (named >= NAMED and kind.share("possible") >= 0.6):
        return True
    mixed = kind.share("phone") + kind.share("extension")
    told = "direction" in roles.fields or name_score("tracking_number", kind.name) >= NAMED
    return kind.share("phone") > 0.02 and mixed >= (0.8 if told else 0.95)


def _counts_on(texts: pd.Series[Any]) -> bool:
    """Tell whether bare numbers go up, or down, from row to row, as those of records do."""
    filled = texts.dropna()
    if len(filled) < _ENOUGH_ROWS or not filled.str.fullmatch(r"\d{1,18}").all():
        return False
    counted = filled.astype("int64")
    strict = counted.is_unique
    return bool(strict and (counted.is_monotonic_increasing or counted.is_monotonic_decreasing))


def _give_one(roles: Roles, side: _Side, own: Collection[str]) -> frozenset[str]:
    """Give the only column of numbers to the customer, unless it is plainly the business's."""
    known = side.numbers.dropna()
    inside = float(known.isin(own).mean()) if len(known) and own else 0.0
    repeats = len(known) >= _ENOUGH_ROWS and side.variety <= 0.15
    if inside > 0.5 or (side.score() < 0 and (repeats or len(known) < _ENOUGH_ROWS)):
        roles.give("tracking_number", [side.kind.name], "telephone numbers, few and repeated")
        return frozenset(own) | set(known)
    if repeats and side.score() <= 0:
        text = f"{side.kind.name} holds a few numbers many times. Are they the callers'?"
        roles.ask("caller_number", text, [side.kind.name])
        return frozenset(own)
    if side.score() < 0:
        text = f"Does {side.kind.name} hold the callers' numbers?"
        roles.ask("caller_number", text, [side.kind.name])
        return frozenset(own)
    reason = f"{phrasing.percent(side.kind.share('phone'))} of its cells are telephone numbers"
    roles.give("caller_number", [side.kind.name], reason)
    return frozenset(own)


def _give_exchange(roles: Roles, found: list[_Side], outbound: Mask) -> bool:
    """Give *from* and *to* where extensions change sides with the direction, and *ours* beside.

    Some such logs tell in a column of its own which of the business's numbers was called.
    """
    pairs = [
        (sender, receiver)
        for sender, receiver in permutations(found, 2)
        if _mostly(sender.inside, outbound) and _mostly(receiver.inside, ~outbound)
    ]
    if not outbound.any() and "direction" not in {*roles.fields, *roles.given}:
        turns = [pair for pair in permutations(found, 2) if _takes_turns(*pair)]
        pairs = [pair for pair in turns if _named_from(pair[0])]
        if turns and not pairs:
            names = [side.kind.name for side in turns[0]]
            text = f"Extensions are in {' and in '.join(names)}. Which of them holds the caller?"
            roles.ask("from_number", text, names)
            return True
    if not pairs or len({sender.kind.name for sender, _ in pairs}) > 1:
        return False
    # several receivers are the one that was called and those it was passed on to
    receivers = {receiver.kind.name for _, receiver in pairs}
    others = [
        side
        for side in found
        if side not in pairs[0] and side.kind.name not in receivers and side.may_be_ours
    ]
    for name, side in zip(("from_number", "to_number"), pairs[0], strict=True):
        roles.give(name, [side.kind.name], "extensions change sides with the direction")
    if len(others) == 1:
        roles.give("tracking_number", [others[0].kind.name], "the other numbers, few and repeated")
    return True


def _takes_turns(sender: _Side, receiver: _Side) -> bool:
    """Tell whether of two columns now the one and now the other holds an extension."""
    one = sender.inside ^ receiver.inside
    out, back = (sender.inside & one).sum(), (receiver.inside & one).sum()
    return bool(min(out, back) > 1 and (one | (sender.inside & receiver.inside)).mean() >= _MOST)


def _mostly(said: pd.Series[Any], rows: Mask) -> bool:
    return bool(rows.any()) and float(said[rows].mean()) >= _MOST


@dataclass(frozen=True, slots=True)
class _Split:
    """Two columns taken for the customers' and the business's, and how that fits.

    `crossing` says that outbound rows have them the other way round.
    """

    theirs: _Side
    ours: _Side
    crossing: bool
    customers: float
    business: float

    @property
    def fits(self) -> bool:
        """Whether the business's numbers are few and the customers' many."""
        filled = self.ours.kind.filled >= _MARKED
        return filled and self.business <= _FEW and self.customers >= 2 * self.business

    def exchanges(self, outbound: Mask) -> bool:
        """Whether the business's numbers of inbound rows stand on the other side outbound."""
        back = self.theirs.numbers[outbound].dropna()
        return len(back) > 1 and float(back.isin(self.ours.numbers[~outbound]).mean()) >= _MOST


def _splits(found: list[_Side], outbound: Mask) -> list[_Split]:
    """Try every pair of columns as the customers' and the business's, best first."""
    ways = (False, True) if outbound.any() and not outbound.all() else (False,)
    splits = [
        _split(theirs, ours, outbound, crossing=crossing)
        for theirs, ours in permutations(found, 2)
        for crossing in ways
    ]
    return sorted(splits, key=lambda split: (split.business, -split.customers))


def _split(theirs: _Side, ours: _Side, outbound: Mask, *, crossing: bool) -> _Split:
    out = outbound & crossing
    customers = theirs.numbers.where(~out, ours.numbers)
    business = ours.numbers.where(~out, theirs.numbers)
    return _Split(theirs, ours, crossing, _variety(customers), _variety(business))


def _pair(
    found: list[_Side], own: Collection[str], outbound: Mask
) -> tuple[_Side | None, _Side | None]:
    """Choose the customers' column and the business's; None where nothing settles it."""
    return (
        _pair_by_inventory(found, own)
        or _pair_by_names(found)
        or _pair_by_values(found, outbound)
        or (None, None)
    )


def _pair_by_inventory(found: list[_Side], own: Collection[str]) -> tuple[_Side, _Side] | None:
    if not own:
        return None
    inside = {side.kind.name: float(side.numbers.dropna().isin(own).mean()) for side in found}
    ours = max(found, key=lambda side: inside[side.kind.name])
    theirs = min(found, key=lambda side: (inside[side.kind.name], -side.score()))
    clear = inside[ours.kind.name] > 0.5 and inside[theirs.kind.name] < 0.5
    return (theirs, ours) if clear else None


def _pair_by_names(found: list[_Side]) -> tuple[_Side, _Side] | None:
    """Choose by the names, where each speaks clearly for its side."""
    ranked = sorted(found, key=_Side.score, reverse=True)
    top, low = ranked[0], ranked[-1]
    first = top.score() >= _CLEAR and (len(found) == 2 or top.score() > ranked[1].score())
    last = low.score() <= -_CLEAR and (len(found) == 2 or low.score() < ranked[-2].score())
    apart = top.score() - low.score() >= _CLEAR
    alone = len(found) == 2 and (first or last) and apart and low.is_ours
    return (top, low) if (first and last) or alone else None


def _pair_by_values(found: list[_Side], outbound: Mask) -> tuple[_Side, _Side] | None:
    """Choose by the numbers: a business has few, customers are many."""
    if any(side.numbers.notna().sum() < _ENOUGH_ROWS for side in found):
        return None
    splits = _splits(found, outbound)
    crossing = [split for split in splits if split.crossing and split.exchanges(outbound)]
    fitting = [split for split in (crossing or splits) if split.fits]
    if not fitting:
        return None
    best = fitting[0]
    alike = [split for split in fitting if split.theirs.written_like(best.ours)]
    if len({split.ours.kind.name for split in fitting}) > 1:
        return None
    choice = {split.theirs.kind.name: split for split in (alike or fitting)}
    return (best.theirs, best.ours) if [*choice] == [best.theirs.kind.name] else None


def _give_two(
    roles: Roles, theirs: _Side, ours: _Side, own: Collection[str], outbound: Mask
) -> frozenset[str]:
    """Give both columns, as *from* and *to* where outbound rows swap them."""
    mine = frozenset(own) | set(ours.numbers[~outbound].dropna())
    if outbound.any():
        crossing = _crosses(theirs, ours, mine, outbound)
        mine |= set(theirs.numbers[outbound].dropna()) if crossing else set()
    elif "direction" in {*roles.fields, *roles.given}:
        crossing = _named_from(theirs)
    else:
        recurring = _recurring(theirs, ours)
        called_out = theirs.inside & ours.numbers.notna() & ~ours.inside
        crossing = bool(recurring) or bool(called_out.any())
        mine = recurring | frozenset(own) if crossing else mine
    fields = ("from_number", "to_number") if crossing else ("caller_number", "tracking_number")
    for name, side in zip(fields, (theirs, ours), strict=True):
        roles.give(
            name, [side.kind.name], f"telephone numbers, {phrasing.percent(side.variety)} different"
        )
    return frozenset(mine)


def _crosses(theirs: _Side, ours: _Side, mine: Collection[str], outbound: Mask) -> bool:
    """Tell whether outbound rows have the customer in the other column."""
    back = theirs.numbers[outbound].dropna()
    if not len(back):
        return bool(ours.numbers[outbound].notna().any()) or _named_from(theirs)
    if float(back.isin(mine).mean()) >= 0.5:
        return True
    swapped = _split(theirs, ours, outbound, crossing=True)
    straight = _split(theirs, ours, outbound, crossing=False)
    return swapped.business < straight.business and swapped.fits


def _marked(side: _Side) -> float:
    return float(side.kind.texts[side.numbers.notna()].str.contains(r"[^\d.]", regex=True).mean())


def _variety(given: pd.Series[Any]) -> float:
    known = given.dropna()
    return known.nunique() / len(known) if len(known) else 0.0


def _outbound(roles: Roles, rows: int) -> Mask:
    """Return which rows of the sample are outbound, by the column of directions."""
    source = roles.fields.get("direction")
    name = str(source.columns[0]) if source else roles.given.get("direction")
    if name is None or name not in roles.kinds:
        return np.zeros(rows, dtype=bool)
    read = read_words(roles.kinds[name].texts, DIRECTIONS, schema.DIRECTIONS)
    return (read.series == "outbound").to_numpy(dtype=bool)


def _named_from(side: _Side) -> bool:
    return not _SENDING.isdisjoint(words(side.kind.name))


def _recurring(theirs: _Side, ours: _Side) -> frozenset[str]:
    """Return the numbers that stand on both sides, many times: the business's own.

    Without a column of directions they tell which rows are outbound.
    """
    left, right = theirs.numbers.dropna(), ours.numbers.dropna()
    if len(right) < _ENOUGH_ROWS:
        return frozenset()
    counts = right.value_counts()
    often = counts[counts >= max(3, 0.1 * len(right))].index.astype(str)
    back = left.value_counts()
    return frozenset(str(number) for number in often if back.get(number, 0) >= 2)


def _without_copies(found: list[_Side]) -> list[_Side]:
    """Leave out columns that say the same as another whose name says more."""
    kept: list[_Side] = []
    for side in sorted(found, key=lambda side: abs(side.score()), reverse=True):
        if any(_says_the_same(side, other) for other in kept):
            continue
        kept.append(side)
    order = {side.kind.name: place for place, side in enumerate(found)}
    return sorted(kept, key=lambda side: order[side.kind.name])


def _says_the_same(side: _Side, other: _Side) -> bool:
    both = side.numbers.notna() & other.numbers.notna()
    if not both.any():
        return False
    covered = both.sum() >= 0.9 * side.numbers.notna().sum()
    return bool(covered and (side.numbers[both] == other.numbers[both]).all())
