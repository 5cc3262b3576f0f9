"""How far people who checked the same calls agree."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from calltrack_nb.checking.check import Check
from calltrack_nb.phrasing import agree, listed, number, out_of, plural


def kappa(pairs: Iterable[tuple[bool, bool]]) -> float:
    """Return Cohen's kappa: agreement beyond what chance would give, 1 where it is whole.

    NaN where there is no pair, or both said the same of all.

    Notes
    -----
    Cohen 1960, A coefficient of agreement for nominal scales, Educational and Psychological
    Measurement 20, 37-46.

    Examples
    --------
    >>> round(kappa([(True, True), (True, False), (False, False), (False, False)]), 2)
    0.5
    """
    answers = list(pairs)
    if not answers:
        return float("nan")
    seen = sum(one == other for one, other in answers) / len(answers)
    first = sum(one for one, _ in answers) / len(answers)
    second = sum(other for _, other in answers) / len(answers)
    chance = first * second + (1 - first) * (1 - second)
    return (seen - chance) / (1 - chance) if chance < 1 else float("nan")


def agreement_text(checks: Iterable[Check]) -> str:
    """Say how far reviewers agree on the calls that several of them checked.

    Returns
    -------
    str
        Empty where no call was checked by two.
    """
    of_call: dict[str, list[Check]] = {}
    for check in checks:
        if not check.cannot_tell:
            of_call.setdefault(check.call_id, []).append(check)
    pairs: list[tuple[bool, bool]] = []
    several = differing = 0
    marks: dict[str, int] = {}
    for own in of_call.values():
        several += len(own) > 1
        apart = set()
        for one, other in combinations(own, 2):
            # what neither found in any call would make the agreement look better than it is
            both = one.asked & other.asked
            pairs += [(mark in one.found, mark in other.found) for mark in sorted(both)]
            apart |= {mark for mark in both if (mark in one.found) != (mark in other.found)}
        differing += bool(apart)
        for mark in apart:
            marks[mark] = marks.get(mark, 0) + 1
    if not several:
        return ""
    text = f"{plural(several, 'call')} {agree(several, 'was')} checked by more than one person"
    found = kappa(pairs)
    if found == found:  # noqa: PLR0124 - not NaN
        text += f", with a kappa of {number(found, 2)} (1 is full agreement, 0 is chance)"
    text += "."
    if differing:
        most = sorted(marks, key=lambda mark: (-marks[mark], mark))
        named = [mark.replace(":", " ").replace("_", " ") for mark in most]
        text += (
            f" They disagree about {out_of(differing, several, 'call')}, most often on "
            f"{listed(named, 3)}. There each answer counts by the share of reviewers who gave it."
        )
    return text
