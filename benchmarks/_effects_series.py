"""Simulations on series of counts: trials, trends, budgets."""

from __future__ import annotations

import numpy as np

from benchmarks._tally import Book
from calltrack_nb.effectiveness.budget import callers_for, carried_over, elasticity
from calltrack_nb.effectiveness.trend import fit_trend
from calltrack_nb.effectiveness.trials import draw_schedule
from calltrack_nb.stats import paired_effect
from tools.simulator.campaigns import FIRST
from tools.simulator.series import SeriesSpec, simulate_series

WEEKLY = (42.0, 84.0)
EFFECTS = {"power_30": 1.3, "power_50": 1.5}
SIZES = {"no effect": 1.0, **EFFECTS}
NOMINAL = 0.05


def trials(runs: int, rng: np.random.Generator, book: Book) -> None:
    """Read weeks on and off, by lot within pairs, by their pairs."""
    for weeks in (12, 26):
        for name, true in SIZES.items():
            drawn = simulate_series(SeriesSpec(days=7 * weeks, weekly=WEEKLY), runs, rng)
            counts = drawn.counts.reshape(runs, 2, weeks, 7).sum(axis=-1)
            for run in range(runs):
                on = draw_schedule(weeks, FIRST, seed=run)["on"].to_numpy()
                treated = counts[run, 0] + np.where(on, rng.poisson(counts[run, 0] * (true - 1)), 0)
                both = np.stack([treated, counts[run, 1]], axis=-1)
                effect = paired_effect(both[on], both[~on])
                book.coverage[f"trial of {weeks} weeks: change in callers"].add(
                    effect.low <= true <= effect.high
                )
                target = book.alarms if true == 1 else book.power
                label = f"trial of {weeks} weeks" + ("" if true == 1 else f", {name}")
                target[label].add(effect.p_value < NOMINAL)


def trends(runs: int, rng: np.random.Generator, book: Book) -> None:
    """Fit the line through weekly counts; its truth is the line through the expected ones."""
    for weeks in (12, 26, 104):
        time_ = np.arange(weeks, dtype=float)
        full, none = np.full(weeks, 7.0), np.zeros(weeks, bool)
        for slope in (0.0, 0.01):
            yearly = 0.25 if weeks >= 78 else 0.0
            spec = SeriesSpec(days=7 * weeks, weekly=(42.0,), yearly=yearly)
            drawn = simulate_series(spec, runs, rng)
            trend = np.exp(slope * (time_ - weeks / 2))
            for run in range(runs):
                counts = rng.poisson(drawn.counts[run, 0].reshape(weeks, 7).sum(axis=-1) * trend)
                fit = fit_trend(counts.astype(float), full, time_, none)
                true = np.expm1(4 * slope)
                name = f"trend over {weeks} weeks"
                book.coverage[f"{name}: change"].add(fit.change_low <= true <= fit.change_high)
                level = drawn.usual[run, 0].reshape(weeks, 7).sum(axis=-1) * trend
                book.coverage[f"{name}: line"].add(
                    (fit.line_low <= level) & (level <= fit.line_high)
                )
                if slope == 0:
                    book.alarms[name].add(fit.change_low > 0 or fit.change_high < 0)


def budgets(runs: int, rng: np.random.Generator, book: Book) -> None:
    """Check callers for the next money, where spend varied enough to tell."""
    weeks = 26
    for true in (0.0, 0.5, 0.8):
        drawn = simulate_series(SeriesSpec(days=7 * weeks, weekly=WEEKLY), runs, rng)
        counts = drawn.counts.reshape(runs, 2, weeks, 7).sum(axis=-1)
        for run in range(runs):
            spend = 200 * np.exp(0.35 * rng.standard_normal(weeks))
            callers = rng.poisson(counts[run, 0] * (spend / 200) ** true).astype(float)
            slope = elasticity(callers, carried_over(spend), counts[run, 1].astype(float))
            _, low, high = slope
            if true == 0:
                book.alarms["budget: says that money helps (one-sided, nominal 2.5 %)"].add(low > 0)
            else:
                usual = float(np.mean(drawn.usual[run, 0])) * 7 * (spend.mean() / 200) ** true
                more = 100 * true * usual / float(spend.mean())
                # The report is silent where the low end is not above 0.
                _, least, most = callers_for(100, callers, spend, slope)
                book.coverage["budget: callers for the next 100"].add(
                    least <= more <= most, low > 0
                )
                book.coverage["budget: elasticity, said or not"].add(low <= true <= high)
