"""What the weeks around a change say of it, by every way of reading them that counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calltrack_nb.effectiveness.comparison import Comparison
from calltrack_nb.stats import Step, step_in_share, wander_among

Extreme = Literal["", "lowest", "highest"]

LAST_WEEKS: Final = 4
"""So many weeks before a change are looked at for a slump or a peak."""

_USUAL_EFFECT: Final = 0.3
"""Standard deviation of the logarithm of what changes of an advertisement usually do."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The effect of a change, and what it was read from.

    Parameters
    ----------
    step : Step
        From all weeks.
    extreme : {"", "lowest", "highest"}
        What the last weeks before the change were among all weeks before.
    ratio, low, high : float
        Callers with the change, as a multiple of those without, and the range.
    p_value : float
        Of no effect, by the reading that is least sure.
    likely, likely_low, likely_high : float
        The same drawn towards no effect, as far as most changes have little.
    family : numpy.ndarray of float or None
        How the controls wander among themselves.
    """

    step: Step
    extreme: Extreme
    ratio: float
    low: float
    high: float
    p_value: float
    likely: float
    likely_low: float
    likely_high: float
    family: NDArray[np.float64] | None

    @property
    def up(self) -> bool:
        """Whether there are more than without the change."""
        return self.ratio > 1


def read(comparison: Comparison, level: float = 0.95) -> Reading:
    """Read the effect off whole weeks.

    Parameters
    ----------
    comparison : Comparison
        With weeks on both sides.
    level : float
        Of the range.

    Notes
    -----
    Whoever changes something because it went badly sees it get better by itself
    (regression to the mean). So where the last four weeks before were the lowest or the
    highest of all four in a row, the effect must show without them too, at twice the error,
    and the range is the hull of both.

    What is picked out because it is large is too large on average. The likely effect has a
    normal prior around none, with a standard deviation of 0.3 of the logarithm: two changes
    of three move callers by no more than about a third (van Zwet and Cator 2021, The
    significance filter, the winner's curse and the need to shrink, Statistica Neerlandica
    75, 437-452).
    """
    weeks = comparison.weeks
    family = wander_among(comparison.each.to_numpy(), weeks["place"].to_numpy())
    step = step_of(weeks, family=family)
    tail = (1 - level) / 2
    low, high = step.effect.quantile(tail), step.effect.quantile(1 - tail)
    p_value = step.effect.two_sided
    extreme = last_weeks(weeks)
    if extreme:
        rest = step_of(weeks[~weeks["place"].between(-LAST_WEEKS, -1)], family=family).effect
        low, high = min(low, rest.quantile(2 * tail)), max(high, rest.quantile(1 - 2 * tail))
        p_value = max(p_value, rest.two_sided / 2)
    likely = step.effect.drawn_to_zero(_USUAL_EFFECT)
    return Reading(
        step=step,
        extreme=extreme,
        ratio=float(np.exp(step.effect.average)),
        low=float(np.exp(low)),
        high=float(np.exp(high)),
        p_value=p_value,
        likely=float(np.exp(likely.average)),
        likely_low=float(np.exp(likely.quantile(tail))),
        likely_high=float(np.exp(likely.quantile(1 - tail))),
        family=family,
    )


def step_of(
    weeks: pd.DataFrame,
    *,
    change: int = 0,
    without: NDArray[np.int64] | None = None,
    family: NDArray[np.float64] | None = None,
) -> Step:
    """Estimate the step of the changed campaign in some weeks.

    Parameters
    ----------
    weeks : pandas.DataFrame
        As :class:`Comparison` holds them.
    change : int
        First week of the step, counted from the change.
    without : numpy.ndarray of int, shape (weeks,), optional
        Callers to take out of the control.
    family : numpy.ndarray of float, optional
        As :func:`~calltrack_nb.stats.wander_among` gives it.
    """
    treated, control, place = (
        weeks[name].to_numpy(dtype=float) for name in ("treated", "control", "place")
    )
    rest = control if without is None else control - without
    return step_in_share(treated, rest, place, change, family)


def last_weeks(weeks: pd.DataFrame) -> Extreme:
    """Say whether the campaign's share was lowest or highest right before the change."""
    before = weeks[~weeks["changed"]]
    if len(before) < 2 * LAST_WEEKS:
        return ""
    treated, control = (
        np.convolve(before[name].to_numpy(dtype=float), np.ones(LAST_WEEKS), mode="valid")
        for name in ("treated", "control")
    )
    share = treated / np.maximum(treated + control, 1)
    if share[-1] <= share.min():
        return "lowest"
    return "highest" if share[-1] >= share.max() else ""
