"""What is asked of a comparison before its effect is believed."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from calltrack_nb.effectiveness.comparison import Comparison
from calltrack_nb.effectiveness.verdicts import Verdict
from calltrack_nb.effectiveness.windows import FEWEST_WEEKS
from calltrack_nb.phrasing import agree, money, out_of, plural
from calltrack_nb.results import Check
from calltrack_nb.stats import ShareEffect, lasting_share, share_effect

Array = NDArray[np.float64]

_TREND_ALARM: Final = 0.01
_PLACEBO_SHARE: Final = 0.35
"""A campaign that nothing happened to has more such dates one time in twenty or so."""

_FEWEST_PLACEBOS: Final = 4


def parallel(comparison: Comparison) -> Check:
    """Ask whether the treated share was already moving before the change."""
    weeks = comparison.weeks
    before = weeks[~weeks["changed"]]
    if len(before) < 2 * FEWEST_WEEKS:
        return Check(
            "no trend before",
            None,
            f"{plural(len(before), 'week')} before {agree(len(before), 'is')} too few to see a "
            "trend.",
        )
    treated, control = (before[name].to_numpy(float) for name in ("treated", "control"))
    p_value = trend_before(treated, control, same_weeks=comparison.same_weeks)
    moving = bool(p_value < _TREND_ALARM)
    return Check(
        "no trend before",
        not moving,
        "The campaign was already gaining or losing against the control before the change, so the "
        "difference may be that trend."
        if moving
        else f"Before the change the campaign and the control moved alike (p = {p_value:.2f}).",
    )


def trend_before(treated: Array, control: Array, *, same_weeks: bool = True) -> float:
    """Return the p-value of a drift of the treated share over blocks of time.

    Weighted least squares of the share on time; its own dispersion, widened for the
    correlation of neighbouring residuals, and t. `same_weeks` as for
    :func:`~calltrack_nb.stats.share_effect`.
    """
    n = treated + control
    used = n > 0
    share, weight = treated[used] / n[used], n[used]
    time = np.flatnonzero(used).astype(float)
    time -= np.average(time, weights=weight)
    mean = np.average(share, weights=weight)
    slope = np.sum(weight * time * share) / np.sum(weight * time**2)
    residual = share - mean - slope * time
    df = int(used.sum()) - 2
    scaled = np.sqrt(weight) * residual
    squares = float(scaled @ scaled)
    raw = float(scaled[1:] @ scaled[:-1]) / squares if squares > 0 else 0.0
    _, lasting = lasting_share(raw, len(scaled), same_weeks=same_weeks)
    widened = squares / df * float(lasting)
    scale = max(widened, float(mean * (1 - mean)))
    error = np.sqrt(scale / np.sum(weight * time**2))
    return float(2 * stats.t.sf(abs(slope) / error, df)) if error > 0 else 1.0


def placebo_alarms(treated: Array, control: Array, *, same_weeks: bool = True) -> NDArray[np.bool_]:
    """Say at which weeks, on which nothing was changed, the same sum would show an effect.

    Parameters
    ----------
    treated, control : numpy.ndarray of float, shape (weeks,)
        The weeks before the change.
    same_weeks : bool
        As for :func:`~calltrack_nb.stats.share_effect`.

    Returns
    -------
    numpy.ndarray of bool
        One for each week with enough weeks on either side; empty where none has.
    """
    place = np.arange(len(treated))
    return np.array(
        [
            float(share_effect(treated, control, place >= cut, same_weeks=same_weeks).p_value)
            < 0.05
            for cut in range(FEWEST_WEEKS, len(treated) - FEWEST_WEEKS + 1)
        ],
        dtype=bool,
    )


def placebo_passed(alarms: NDArray[np.bool_]) -> bool | None:
    """Say whether few enough placebo dates show an effect; None where they are too few."""
    if len(alarms) < _FEWEST_PLACEBOS:
        return None
    return bool(alarms.sum() <= _PLACEBO_SHARE * len(alarms))


def placebo(comparison: Comparison) -> Check:
    """Ask the same question of dates on which nothing was changed."""
    before = comparison.weeks[~comparison.weeks["changed"]]
    treated, control = (before[name].to_numpy(float) for name in ("treated", "control"))
    alarms = placebo_alarms(treated, control, same_weeks=comparison.same_weeks)
    passed = placebo_passed(alarms)
    if passed is None:
        return Check(
            "placebo dates", None, "Too few weeks before for dates on which nothing happened."
        )
    return Check(
        "placebo dates",
        passed,
        f"At {out_of(alarms.sum(), len(alarms), 'earlier date')}, on which nothing was changed, "
        "the same sum would have shown an effect.",
    )


def scatter(effect: ShareEffect) -> Check:
    """Say how much the share scatters and how alike neighbouring weeks are."""
    return Check(
        "scatter",
        None,
        f"The campaign's share scatters {float(effect.dispersion):.1f} times as much from week to "
        f"week as chance alone would make it (Pearson's X² over {effect.df}), with a correlation "
        f"of {float(effect.correlation):.1f} between neighbours; the range is widened for both.",
    )


def steady_spend(spend: pd.DataFrame, verdict: Verdict, currency: str) -> tuple[Check, ...]:
    """Ask whether the money changed along with the tweak."""
    own = spend[spend["campaign"] == verdict.campaign]
    if own.empty or verdict.weeks.empty:
        return ()
    start = verdict.weeks["week"].iloc[0].date()
    stop = (verdict.weeks["week"].iloc[-1] + pd.Timedelta(days=6)).date()
    day = own["date"].astype("datetime64[s]").dt.date
    daily = own["cost"].astype("float64") / own["days"].astype("float64")
    before = daily[(day >= start) & (day < verdict.date)].mean()
    after = daily[(day >= verdict.date) & (day <= stop)].mean()
    if not before > 0 or not after > 0:
        return ()
    steady = bool(0.75 < after / before < 1.33)
    return (
        Check(
            "steady spend",
            steady,
            f"Spend on the campaign went from {money(before, currency)} to "
            f"{money(after, currency)} "
            "a day" + ("." if steady else ", so what changed may be the money and not the tweak."),
        ),
    )
