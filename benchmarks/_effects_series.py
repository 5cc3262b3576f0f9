"""Simulations on series of counts: tweaks, trials, trends, budgets."""

from __future__ import annotations

import numpy as np
import statsmodels.api as sm
from scipy import stats

from benchmarks._tally import Book
from calltrack_nb.effectiveness.budget import callers_for, elasticity
from calltrack_nb.effectiveness.trend import fit_trend
from calltrack_nb.effectiveness.trials import draw_schedule
from calltrack_nb.effectiveness.tweak_checks import placebo_alarms, placebo_passed, trend_before
from calltrack_nb.stats import ShareEffect, explained, paired_effect, share_effect, total_interval
from tools.simulator.campaigns import FIRST
from tools.simulator.series import SeriesSpec, simulate_series

DESIGNS = ((28, 28), (56, 56), (182, 56))
WEEKLY = (42.0, 84.0)
EFFECTS = {"power_30": 1.3, "power_50": 1.5}
SIZES = {"no effect": 1.0, **EFFECTS}
NOMINAL = 0.05
YEAR = 364


def tweaks(runs: int, rng: np.random.Generator, book: Book) -> None:
    """Judge a changed campaign against a control, in whole weeks, as the report does."""
    for before, after in DESIGNS:
        for name, true in SIZES.items():
            spec = SeriesSpec(days=before + after, weekly=WEEKLY, changed_from=before, effect=true)
            drawn = simulate_series(spec, runs, rng)
            weeks = drawn.counts.reshape(runs, 2, -1, 7).sum(axis=-1)
            design = f"tweak {before}/{after}"
            judge(weeks[:, 0], weeks[:, 1], before // 7, design, name, rng, book)
            for counts in drawn.counts[:, 0]:
                raw, step = naive(counts, before)
                book.peers[f"raw totals, Poisson {before}/{after}, {name}"].add(raw < NOMINAL)
                book.peers[f"quasi-Poisson + weekday + step {before}/{after}, {name}"].add(
                    step < NOMINAL
                )


def tweaks_alone(runs: int, rng: np.random.Generator, book: Book) -> None:
    """Judge a campaign without a control against its own weeks a year before."""
    for before, after in DESIGNS:
        span = before + after
        for name, true in SIZES.items():
            spec = SeriesSpec(
                days=YEAR + span, weekly=WEEKLY[:1], changed_from=YEAR + before, effect=true
            )
            counts = simulate_series(spec, runs, rng).counts[:, 0]
            now, past = (
                part.reshape(runs, -1, 7).sum(axis=-1)
                for part in (counts[:, YEAR:], counts[:, :span])
            )
            judge(
                now, past, before // 7, f"tweak alone {before}/{after}", name, rng, book,
                same_weeks=False,
            )  # fmt: skip


def judge(
    treated: np.ndarray,
    control: np.ndarray,
    before: int,
    design: str,
    name: str,
    rng: np.random.Generator,
    book: Book,
    *,
    same_weeks: bool = True,
) -> None:
    """Count alarms, coverage and power of one design at one size of the effect."""
    true = SIZES[name]
    on = np.arange(treated.shape[-1]) >= before
    effect = share_effect(treated, control, on, same_weeks=same_weeks)
    seen = np.asarray(treated[:, on].sum(axis=-1), dtype=int)
    said = np.isfinite(effect.ratio)
    # Of the callers seen, those that would not have rung without the change.
    extra = rng.binomial(seen, 1 - 1 / true)
    low, high = explained(seen, effect)
    found = effect.p_value < NOMINAL
    (book.alarms if true == 1 else book.power)[design + ("" if true == 1 else f", {name}")].add_all(
        found, said
    )
    book.coverage[f"{design}: change in callers"].add_all(
        (effect.low <= true) & (true <= effect.high), said
    )
    book.coverage[f"{design}: callers more"].add_all((low <= extra) & (extra <= high), said)
    worth((low, high), extra, said, f"{design}: worth", rng, book)
    verdicts(treated[:, ~on], control[:, ~on], effect, design, name, book, same_weeks=same_weeks)


def verdicts(
    treated: np.ndarray,
    control: np.ndarray,
    effect: ShareEffect,
    design: str,
    name: str,
    book: Book,
    *,
    same_weeks: bool,
) -> None:
    """Ask the checks too: a verdict is only given where none of them fails."""
    days = 7 * treated.shape[-1]
    for run in range(len(treated)):
        passed = True
        mine, theirs = treated[run].astype(float), control[run].astype(float)
        if days >= 56:
            moving = trend_before(mine, theirs, same_weeks=same_weeks) < 0.01
            placebo = placebo_passed(placebo_alarms(mine, theirs, same_weeks=same_weeks))
            passed = not moving and placebo is not False
            if SIZES[name] == 1:
                kind = design.rpartition("/")[0]
                book.alarms[f"no trend before, {kind} days (nominal 1 %)"].add(moving)
                book.alarms[f"placebo dates, {kind} days (no nominal; costs power only)"].add(
                    placebo is False, placebo is not None
                )
        given = passed and effect.p_value[run] < NOMINAL
        target = book.alarms if SIZES[name] == 1 else book.power
        target[f"{design}, verdict" + ("" if SIZES[name] == 1 else f", {name}")].add(given)


def worth(
    ends: tuple[np.ndarray, np.ndarray],
    extra: np.ndarray,
    said: np.ndarray,
    name: str,
    rng: np.random.Generator,
    book: Book,
) -> None:
    """Callers more, in money: each end at the end of the value per caller that widens it."""
    people, chance, spread = 500, 0.1, 0.8
    value = 100 * np.exp(spread**2 / 2) * chance
    for run in range(len(extra)):
        sales = 100 * np.exp(spread * rng.standard_normal(rng.binomial(people, chance)))
        low, high = total_interval(sales.sum(), (sales**2).sum(), sales.max(initial=0))
        least = ends[0][run] * float(low if ends[0][run] > 0 else high) / people
        most = ends[1][run] * float(high if ends[1][run] > 0 else low) / people
        book.coverage[name].add(
            least <= extra[run] * value <= most, bool(said[run]) and len(sales) >= 8
        )


def naive(counts: np.ndarray, before: int) -> tuple[float, float]:
    """Two usual tests of one series: raw totals, and a step beside weekdays."""
    first, second = int(counts[:before].sum()), int(counts[before:].sum())
    share = (len(counts) - before) / len(counts)
    raw = stats.binomtest(second, first + second, share).pvalue if first + second else 1.0
    day = np.arange(len(counts))
    weekday = (day[:, None] % 7 == np.arange(7)).astype(float)
    design = np.column_stack([weekday, day >= before])
    fit = sm.GLM(counts, design, family=sm.families.Poisson()).fit()
    df = len(counts) - design.shape[1]
    scale = float(np.sum((counts - fit.fittedvalues) ** 2 / fit.fittedvalues) / df)
    error = float(np.sqrt(scale * np.asarray(fit.normalized_cov_params)[-1, -1]))
    return raw, float(2 * stats.t.sf(abs(fit.params[-1]) / error, df))


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
            slope = elasticity(callers, spend, counts[run, 1].astype(float))
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
