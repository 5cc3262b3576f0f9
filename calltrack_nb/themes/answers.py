"""Twenty questions: what the user says of pairs of calls, and the pair to ask about next.

Nobody but the owner knows how fine the themes are to be. So the tree of
:mod:`~calltrack_nb.themes.clustering` is cut finer than needed, and the parts are joined by
average linkage of their likeness; what was answered is kept to: calls said to be about the
same thing end in one theme, others never. The likeness from which parts are joined is
learnt from the answers, too (logistic, drawn to where the cut without answers lies). The
next question is the join of which it is least sure, weighed by the calls that hang on it,
asked by the most central call of each side.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from calltrack_nb.errors import ListeningError
from calltrack_nb.themes.clustering import (
    Grouping,
    Labels,
    Tree,
    best_cut,
    centres,
    grouping,
    grow,
    rows_to_learn_from,
)
from calltrack_nb.themes.embedding import Vectors

# Chosen on finance chats, law, gym, dentist and simulated calls; see docs/architecture.md.
_PARTS_PER_GROUP: Final = 3
_FEWEST_PARTS: Final = 24
_MOST_PARTS: Final = 60
_SAME_GROUP: Final = 0.15
_SLOPE: Final = 0.1
_SPREAD: Final = 0.15

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Answers:
    """What the user said of pairs of calls.

    Attributes
    ----------
    same : tuple of (str, str)
        Ids of two calls about the same thing.
    different : tuple of (str, str)
        Ids of two calls about different things.
    """

    same: tuple[Pair, ...] = ()
    different: tuple[Pair, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything was answered."""
        return bool(self.same or self.different)

    def about(self, call_ids: Collection[str]) -> Answers:
        """Return the answers of which both calls are among these."""
        known = set(call_ids)
        return Answers(
            tuple(pair for pair in self.same if known.issuperset(pair)),
            tuple(pair for pair in self.different if known.issuperset(pair)),
        )

    def with_answer(self, first: str, second: str, *, same: bool) -> Answers:
        """Add an answer; an earlier one about the same two calls no longer counts.

        Raises
        ------
        ListeningError
            When the two calls are one, or the answer contradicts the others.

        Examples
        --------
        >>> Answers().with_answer("a", "b", same=True).with_answer("b", "a", same=False)
        Answers(same=(), different=(('b', 'a'),))
        """
        if first == second:
            raise ListeningError("A question needs two different calls", where=first)
        pair = {first, second}
        kept = Answers(
            tuple(p for p in self.same if set(p) != pair),
            tuple(p for p in self.different if set(p) != pair),
        )
        new = (first, second)
        added = (
            Answers((*kept.same, new), kept.different)
            if same
            else Answers(kept.same, (*kept.different, new))
        )
        added.check()
        return added

    def check(self) -> None:
        """Refuse answers that cannot all be true.

        Raises
        ------
        ListeningError
            When two calls said to differ are linked by calls said to be the same.
        """
        root = _roots(self.same)
        for first, second in self.different:
            if root.get(first, first) == root.get(second, second):
                raise ListeningError(
                    "Your answers contradict each other about these two calls",
                    where=f"{first}, {second}",
                    fix="Take one of the answers out of [answers] in themes.toml",
                )


@dataclass(frozen=True, slots=True)
class Settled:
    """Calls grouped so that every answer is kept, and what to ask next.

    Attributes
    ----------
    grouping : Grouping
        The groups; its stability is NaN.
    question : tuple of (int, int) or None
        Rows of the two calls whose answer settles most; None where nothing is open.
    calls_at_stake : int
        How many calls would change sides by that answer.
    """

    grouping: Grouping
    question: tuple[int, int] | None
    calls_at_stake: int


@dataclass(frozen=True, slots=True)
class _Join:
    """One step of the joining: two sides, each a tuple of parts, and how alike they are."""

    likeness: float
    sides: tuple[tuple[int, ...], tuple[int, ...]]
    smaller: float


def settle(
    vectors: Vectors,
    call_ids: Sequence[str],
    answers: Answers,
    *,
    passed: Collection[Pair] = (),
    most: int = 40,
    seed: int = 0,
) -> Settled:
    """Group calls by their vectors and by what the user answered.

    Parameters
    ----------
    vectors : numpy.ndarray
        Unit rows, shape (n, d), n at least 2.
    call_ids : sequence of str
        Of the calls, in the order of `vectors`; answers about others are passed over.
    answers : Answers
        What was answered so far.
    passed : collection of (str, str)
        Pairs that are not to be asked about: the user could not tell.
    most : int
        Largest number of groups to find where there are no answers.
    seed : int
        Of every random choice.

    Returns
    -------
    Settled

    Raises
    ------
    ListeningError
        When the answers contradict each other.
    """
    answers.check()
    answers = answers.about(call_ids)
    spot = {call_id: row for row, call_id in enumerate(call_ids)}
    known = {pair: (spot[pair[0]], spot[pair[1]]) for pair in (*answers.same, *answers.different)}
    asked = tuple(row for pair in known.values() for row in pair)
    rows = rows_to_learn_from(vectors, np.random.default_rng(seed), asked)
    place = {int(row): i for i, row in enumerate(rows)}
    same, different = (
        [(place[known[pair][0]], place[known[pair][1]]) for pair in pairs]
        for pairs in (answers.same, answers.different)
    )
    tree = grow(vectors[rows])
    base, curve = best_cut(tree, most, seed)
    parts = _parts(tree, int(base.max()) + 1, different)
    likeness, sizes = _likeness(tree, parts, base)
    linked = [(int(parts[a]), int(parts[b])) for a, b in same]
    parted = [(int(parts[a]), int(parts[b])) for a, b in different]
    limit = _limit(likeness, sizes, int(base.max()) + 1, linked, parted)
    joins, owner = _joins(likeness, sizes, linked, parted)
    found = base
    if known:
        for join in joins:
            if join.likeness < limit:
                break
            owner[np.isin(owner, owner[list(join.sides[1])])] = owner[join.sides[0][0]]
        found = np.unique(owner[parts], return_inverse=True)[1].ravel()
    question, stake = None, 0
    skipped = {frozenset(pair) for pair in passed}
    for join in sorted(joins, key=lambda join: -_worth(join, limit)):
        pair = tuple(
            int(rows[_most_central(tree.drawn, np.flatnonzero(np.isin(parts, side)))])
            for side in join.sides
        )
        if frozenset(call_ids[row] for row in pair) not in skipped:
            question, stake = (pair[0], pair[1]), int(join.smaller)
            break
    groups = grouping(vectors, rows, found, tree, float("nan"), curve)
    return Settled(groups, question, stake)


def _parts(tree: Tree, groups: int, different: Sequence[tuple[int, int]]) -> Labels:
    """Cut the tree finer than needed, and apart where two calls are said to differ."""
    size = len(tree.drawn)
    number = min(size // 2, max(_PARTS_PER_GROUP * groups, _FEWEST_PARTS), _MOST_PARTS)
    number = min(number + len(different) // 2, size * 3 // 4)  # finer, as the owner wants it
    labels = tree.cut(max(number, 1)).copy()
    for first, second in different:
        if labels[first] == labels[second]:
            rows = np.flatnonzero(labels == labels[first])
            nearer = tree.drawn[rows] @ (tree.drawn[second] - tree.drawn[first]) > 0
            moved = rows[nearer | (rows == second)]
            labels[moved[moved != first]] = labels.max() + 1
    return np.unique(labels, return_inverse=True)[1].ravel()


def _likeness(
    tree: Tree, parts: Labels, base: Labels
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the cosine of each pair of parts, more within a group of the cut; and their sizes."""
    means = centres(tree.drawn, parts).astype(np.float64)
    shares = np.zeros((len(means), int(base.max()) + 1))
    np.add.at(shares, (parts, base), 1.0)
    sizes = shares.sum(axis=1)
    shares /= sizes[:, None]
    return means @ means.T + _SAME_GROUP * (2 * shares @ shares.T - 1), sizes


def _joins(
    likeness: npt.NDArray[np.float64],
    sizes: npt.NDArray[np.float64],
    linked: Sequence[tuple[int, int]],
    parted: Sequence[tuple[int, int]],
) -> tuple[list[_Join], npt.NDArray[np.intp]]:
    """Join parts by average linkage as far as the answers allow.

    Returns
    -------
    joins : list of _Join
        In their order, down to the least alike.
    owner : numpy.ndarray
        For each part, the first of those linked to it by answers, shape (k,).
    """
    between, weight = likeness.copy(), sizes.copy()
    np.fill_diagonal(between, -np.inf)
    owner = np.arange(len(weight))
    members: list[tuple[int, ...]] = [(part,) for part in range(len(weight))]
    for first, second in parted:
        between[first, second] = between[second, first] = -np.inf

    def join(first: int, second: int) -> None:
        mean = weight[first] * between[first] + weight[second] * between[second]
        mean /= weight[first] + weight[second]
        between[first] = between[:, first] = mean
        between[second] = between[:, second] = -np.inf
        between[first, first] = -np.inf
        weight[first] += weight[second]
        members[first] += members[second]

    for pair in linked:
        first, second = owner[pair[0]], owner[pair[1]]
        if first != second:
            join(int(first), int(second))
            owner[owner == second] = first
    joins = []
    for _ in range(len(weight) - 1):
        first, second = (int(i) for i in np.unravel_index(np.argmax(between), between.shape))
        alike = float(between[first, second])
        if not np.isfinite(alike):
            break
        sides = (members[first], members[second])
        joins.append(_Join(alike, sides, float(min(weight[first], weight[second]))))
        join(first, second)
    return joins, owner


def _limit(
    likeness: npt.NDArray[np.float64],
    sizes: npt.NDArray[np.float64],
    groups: int,
    linked: Sequence[tuple[int, int]],
    parted: Sequence[tuple[int, int]],
) -> float:
    """Return how alike parts must be to be joined, as the answers have it.

    The most probable place of a logistic curve, given the answers and a normal prior about
    the likeness between the last join that the cut without answers makes and the first that
    it does not.
    """
    joins, _ = _joins(likeness, sizes, (), ())
    last = len(sizes) - groups
    inside = joins[last - 1].likeness if last else 1.0
    outside = joins[last].likeness if last < len(joins) else -0.5
    middle = (inside + outside) / 2
    grid = np.linspace(middle - 4 * _SPREAD, middle + 4 * _SPREAD, 121)
    fit = -0.5 * ((grid - middle) / _SPREAD) ** 2
    for pairs, sign in ((linked, 1.0), (parted, -1.0)):
        for first, second in pairs:
            if first != second:
                fit -= np.logaddexp(0.0, -sign * (likeness[first, second] - grid) / _SLOPE)
    return float(grid[np.argmax(fit)])


def _worth(join: _Join, limit: float) -> float:
    """Return how many calls an answer is expected to move: those at stake, if it surprises."""
    return join.smaller / (1.0 + float(np.exp(abs(join.likeness - limit) / _SLOPE)))


def _most_central(vectors: Vectors, rows: Labels) -> int:
    return int(rows[np.argmax(vectors[rows] @ vectors[rows].mean(axis=0))])


def _roots(pairs: Sequence[Pair]) -> dict[str, str]:
    """Return for each call the first one of those it is linked to."""
    root: dict[str, str] = {}
    for first, second in pairs:
        one, other = root.setdefault(first, first), root.setdefault(second, second)
        if one != other:
            root.update({call: one for call, known in root.items() if known == other})
    return root
