"""Ask whether the reports' tests and intervals keep their promises.

False alarms where nothing changed, coverage of every interval the reports print, and
the power to see +30 % and +50 %, on series with weekly and yearly rhythm, shared and own
ups and downs that last for days, and counts that scatter more than Poisson.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from calltrack_nb.effectiveness import goals_progress, left_on_the_table, scorecard
from calltrack_nb.effectiveness.budget import elasticity
from calltrack_nb.effectiveness.trend import fit_trend
from calltrack_nb.effectiveness.trials import draw_schedule
from calltrack_nb.effectiveness.tweak_checks import trend_before
from calltrack_nb.evidence import (
    paired_effect,
    share_effect,
    total_interval,
)
from calltrack_nb.periods import Period
from calltrack_nb.settings import Business, Goals, Settings
from calltrack_nb.testing.campaigns import FIRST, CampaignsSpec, simulate_campaigns
from calltrack_nb.testing.series import SeriesSpec, simulate_series

DESIGNS = ((28, 28), (56, 56), (182, 56))
DEFAULT_DESIGN = "182/56"
WEEKLY = (42.0, 84.0)
EFFECTS = {"power_30": 1.3, "power_50": 1.5}
NOMINAL = 0.05
GOAL_MONTHS = Period.parse("2026-02..2026-03")


@dataclass
class Tally:
    """Hits, and cases that were decided, of one promise; undecided ones are counted too."""

    hits: float = 0
    decided: int = 0
    cases: int = 0
    clusters: list[float] = field(default_factory=list)

    def add(self, hit: np.ndarray, decided: np.ndarray | None = None) -> None:
        """Add one run's answers."""
        hit = np.atleast_1d(hit)
        known = np.ones(hit.shape, bool) if decided is None else np.atleast_1d(decided)
        self.cases += hit.size
        self.decided += int(known.sum())
        self.hits += float(hit[known].sum())
        if known.any():
            self.clusters.append(float(hit[known].mean()))

    @property
    def rate(self) -> float:
        """Share of decided cases that hit."""
        return self.hits / self.decided if self.decided else float("nan")

    @property
    def error(self) -> float:
        """Monte-Carlo error: over runs, since the groups of one run are not independent."""
        runs = len(self.clusters)
        return float(np.std(self.clusters) / np.sqrt(runs)) if runs > 1 else float("nan")

    def record(self) -> dict[str, float]:
        """Return the figures of one line of the tables."""
        return {
            "value": round(self.rate, 4),
            "mc_error": round(self.error, 4),
            "runs": len(self.clusters),
            "too_few_to_say": round(1 - self.decided / max(self.cases, 1), 4),
        }


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks effects", description=__doc__)
    parser.add_argument("--runs", type=int, default=1000, help="runs of each simulation")
    parser.add_argument("--seed", type=int, default=20261)
    options = parser.parse_args(argv)
    began = time.perf_counter()
    rng = np.random.default_rng(options.seed)
    alarms: dict[str, Tally] = defaultdict(Tally)
    coverage: dict[str, Tally] = defaultdict(Tally)
    power: dict[str, Tally] = defaultdict(Tally)
    peers: dict[str, Tally] = defaultdict(Tally)
    for before, after in DESIGNS:
        tweak_design(before, after, options.runs, rng, alarms, coverage, power, peers)
    for weeks in (12, 26):
        trial_design(weeks, options.runs, rng, alarms, coverage, power)
    for weeks in (26, 104):
        trend_design(weeks, options.runs, rng, alarms, coverage)
    budget_design(options.runs, rng, alarms, coverage)
    scorecards(options.runs, rng, coverage, alarms)
    print_table("False alarms (nominal 5 %; one-sided claims 2.5 %)", alarms)
    print_table("Coverage of the printed 95 % intervals", coverage)
    print_table("Power", power)
    print_table("Peers on the same series", peers)
    worst_alarm = max(alarms, key=lambda name: alarms[name].rate)
    worst_cover = min(coverage, key=lambda name: coverage[name].rate)
    print(f"worst: {worst_alarm} (false alarms), {worst_cover} (coverage)")
    line = {
        "false_alarms_max": round(alarms[worst_alarm].rate, 4),
        "coverage_min": round(coverage[worst_cover].rate, 4),
        **{name: round(power[f"tweak {DEFAULT_DESIGN}, {name}"].rate, 4) for name in EFFECTS},
        "power_design": DEFAULT_DESIGN,
        "false_alarms": {name: tally.record() for name, tally in alarms.items()},
        "coverage": {name: tally.record() for name, tally in coverage.items()},
        "power": {name: tally.record() for name, tally in power.items()},
        "peers": {name: tally.record() for name, tally in peers.items()},
        "seconds": round(time.perf_counter() - began, 1),
    }
    print(json.dumps(line))


def tweak_design(before, after, runs, rng, alarms, coverage, power, peers):  # noqa: ANN001, ANN201
    """Treated against control, in whole weeks, as the tweak report judges them."""
    design = f"{before}/{after}"
    on = np.arange((before + after) // 7) >= before // 7
    for name, true in {"no effect": 1.0, **EFFECTS}.items():
        spec = SeriesSpec(days=before + after, weekly=WEEKLY, changed_from=before, effect=true)
        drawn = simulate_series(spec, runs, rng)
        weeks = drawn.counts.reshape(runs, 2, -1, 7).sum(axis=-1)
        effect = share_effect(weeks[:, 0], weeks[:, 1], on)
        seen = np.asarray(weeks[:, 0][:, on].sum(axis=-1), dtype=float)
        said = np.isfinite(effect.ratio)
        # Of the callers seen, those that the change explains: its mean given their number.
        extra = seen * (1 - 1 / true)
        for run in range(runs):
            coverage[f"tweak {design}: change in callers"].add(
                effect.low[run] <= true <= effect.high[run], said[run]
            )
            ends = seen[run] * (1 - 1 / effect.low[run]), seen[run] * (1 - 1 / effect.high[run])
            coverage[f"tweak {design}: callers more"].add(
                ends[0] <= extra[run] <= ends[1], said[run]
            )
            found = effect.p_value[run] < NOMINAL
            if true == 1:
                alarms[f"tweak {design}"].add(found)
                if before >= 56:
                    drift = trend_before(
                        weeks[run, 0][~on].astype(float), weeks[run, 1][~on].astype(float)
                    )
                    alarms[f"no trend before, {before} days (nominal 1 %)"].add(drift < 0.01)
            else:
                power[f"tweak {design}, {name}"].add(found)
            raw, step = naive(drawn.counts[run, 0], before)
            peers[f"raw totals, Poisson {design}, {name}"].add(raw < NOMINAL)
            peers[f"quasi-Poisson + weekday + step {design}, {name}"].add(step < NOMINAL)
        worth(seen, effect, extra, design, rng, coverage)


def worth(seen, effect, extra, design, rng, coverage):  # noqa: ANN001, ANN201
    """Callers more, in money: each end at the end of the value per caller that widens it."""
    people, chance, spread = 500, 0.1, 0.8
    value = 100 * np.exp(spread**2 / 2) * chance
    for run in range(len(seen)):
        sales = 100 * np.exp(spread * rng.standard_normal(rng.binomial(people, chance)))
        low, high = total_interval(sales.sum(), (sales**2).sum(), sales.max(initial=0))
        ends = seen[run] * (1 - 1 / effect.low[run]), seen[run] * (1 - 1 / effect.high[run])
        least = ends[0] * float(low if ends[0] > 0 else high) / people
        most = ends[1] * float(high if ends[1] > 0 else low) / people
        coverage[f"tweak {design}: worth"].add(
            least <= extra[run] * value <= most, np.isfinite(effect.ratio[run]) and len(sales) >= 8
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


def trial_design(weeks, runs, rng, alarms, coverage, power):  # noqa: ANN001, ANN201
    """Weeks on and off by lot within pairs, read by pairs."""
    for name, true in {"no effect": 1.0, **EFFECTS}.items():
        drawn = simulate_series(SeriesSpec(days=7 * weeks, weekly=WEEKLY), runs, rng)
        counts = drawn.counts.reshape(runs, 2, weeks, 7).sum(axis=-1)
        for run in range(runs):
            on = draw_schedule(weeks, FIRST, seed=run)["on"].to_numpy()
            treated = counts[run, 0] + np.where(on, rng.poisson(counts[run, 0] * (true - 1)), 0)
            both = np.stack([treated, counts[run, 1]], axis=-1)
            effect = paired_effect(both[on], both[~on])
            coverage[f"trial of {weeks} weeks: change in callers"].add(
                effect.low <= true <= effect.high
            )
            target = alarms if true == 1 else power
            label = f"trial of {weeks} weeks" + ("" if true == 1 else f", {name}")
            target[label].add(effect.p_value < NOMINAL)


def trend_design(weeks, runs, rng, alarms, coverage):  # noqa: ANN001, ANN201
    """Fit the line through weekly counts; its truth is the line through the expected ones."""
    time_ = np.arange(weeks, dtype=float)
    full, none = np.full(weeks, 7.0), np.zeros(weeks, bool)
    for slope in (0.0, 0.01):
        yearly = 0.25 if weeks >= 78 else 0.0
        spec = SeriesSpec(days=7 * weeks, weekly=(42.0,), yearly=yearly)
        drawn = simulate_series(spec, runs, rng)
        for run in range(runs):
            trend = np.exp(slope * (time_ - weeks / 2))
            counts = rng.poisson(drawn.counts[run, 0].reshape(weeks, 7).sum(axis=-1) * trend)
            fit = fit_trend(counts.astype(float), full, time_, none)
            true = np.expm1(4 * slope)
            coverage[f"trend over {weeks} weeks: change"].add(
                fit.change_low <= true <= fit.change_high
            )
            if slope == 0:
                alarms[f"trend over {weeks} weeks"].add(fit.change_low > 0 or fit.change_high < 0)
                if not fit.season:
                    level = np.full(weeks, 42.0)
                    middle = weeks // 2
                    coverage[f"trend over {weeks} weeks: line"].add(
                        fit.line_low[middle] <= level[middle] <= fit.line_high[middle]
                    )


def budget_design(runs, rng, alarms, coverage):  # noqa: ANN001, ANN201
    """Check callers for the next money, where spend varied enough to tell."""
    weeks = 26
    for true in (0.0, 0.5, 0.8):
        drawn = simulate_series(SeriesSpec(days=7 * weeks, weekly=WEEKLY), runs, rng)
        counts = drawn.counts.reshape(runs, 2, weeks, 7).sum(axis=-1)
        for run in range(runs):
            spend = 200 * np.exp(0.35 * rng.standard_normal(weeks))
            callers = rng.poisson(counts[run, 0] * (spend / 200) ** true).astype(float)
            _, low, high = elasticity(callers, spend, counts[run, 1].astype(float))
            if true == 0:
                alarms["budget: says that money helps (one-sided)"].add(low > 0)
            else:
                coverage["budget: callers for the next 100"].add(low <= true <= high, low > 0)


def scorecards(runs, rng, coverage, alarms):  # noqa: ANN001, ANN201
    """Every interval of the scorecard, on tables with repeat callers and lively weeks."""
    settings = Settings(
        business=Business(timezone="UTC", hours={}),
        goals=Goals(qualified_calls=50, answer_rate=0.5, cost_per_qualified_call=20),
    )
    for equal in (True, False):
        for _ in range(runs):
            spec = CampaignsSpec()
            if not equal:
                spec = CampaignsSpec(
                    qualified=tuple(rng.beta(6, 6, 5)), cost=tuple(rng.uniform(40, 300, 5))
                )
            else:
                spec = CampaignsSpec(cost=tuple(10 * weekly for weekly in spec.weekly))
            drawn = simulate_campaigns(spec, rng)
            card = scorecard(drawn.calls, drawn.spend, drawn.outcomes, settings, drawn.period)
            score(card, drawn, coverage)
            if equal:
                alarms["scorecard: one campaign clearly cheapest"].add(
                    "lies clear" in card.cost_text
                )
                money_left(drawn, settings, spec, coverage)
                goal_ranges(drawn, spec, settings, coverage)


def score(card, drawn, coverage):  # noqa: ANN001, ANN201
    table = card.table.set_index("campaign")
    truth = drawn.truth.loc[table.index]
    cost = table["cost"]
    wanted = {
        "calls": truth["calls"],
        "people": truth["people"],
        "qualified": truth["qualified"],
        "answer_rate": truth["qualified_rate"],
        "qualified_rate": truth["qualified_rate"],
        "qualified_rate_shrunken": truth["qualified_rate"],
        "cost_per_call": cost / truth["calls"],
        "cost_per_person": cost / truth["people"],
        "cost_per_qualified": cost / truth["qualified"],
        "cost_per_qualified_shrunken": cost / truth["qualified"],
        "revenue": truth["revenue"],
        "return": truth["revenue"] / cost,
    }
    for name, true in wanted.items():
        low, high = table[f"{name}_low"], table[f"{name}_high"]
        hit = (low <= true) & ((true <= high) | high.isna())
        coverage[f"scorecard: {name.replace('_', ' ')}"].add(hit.to_numpy(), low.notna().to_numpy())
    whole = drawn.truth.sum()
    for name in ("calls", "people", "qualified", "revenue"):
        low, high = card.total[f"{name}_low"], card.total[f"{name}_high"]
        coverage[f"scorecard, all: {name}"].add(low <= whole[name] <= high, np.isfinite(low))
    rate = whole["qualified"] / whole["calls"]
    coverage["scorecard, all: qualified rate"].add(
        card.total["qualified_rate_low"] <= rate <= card.total["qualified_rate_high"]
    )


def money_left(drawn, settings, spec, coverage):  # noqa: ANN001, ANN201
    """Check what unreached people are worth: counted people, an estimated value each."""
    left = left_on_the_table(drawn.calls, drawn.outcomes, settings, drawn.period).table
    answered = drawn.calls.loc[drawn.calls["status"] == "answered", "caller_key"].nunique()
    people = drawn.calls["caller_key"].nunique()
    value = 100 * np.exp(spec.sale_spread**2 / 2) * spec.sale * people / answered
    for row in left[left["unreached"] > 0].itertuples():
        coverage["missed calls: worth"].add(
            row.money_low <= row.unreached * value <= row.money_high, np.isfinite(row.money_low)
        )


def goal_ranges(drawn, spec, settings, coverage):  # noqa: ANN001, ANN201
    """Check the ranges of the goals panel, month by month."""
    progress = goals_progress(drawn.calls, drawn.spend, settings, GOAL_MONTHS).table
    for row in progress.itertuples():
        people = drawn.people.loc[row.month].sum()
        rate = np.asarray(spec.qualified)
        calls = people / (1 - spec.again)
        good = float((calls * rate).sum())
        cost = float(sum(spec.cost)) / 7 * len(drawn.people.loc[row.month])
        kind, true = {
            "Qualified calls": ("count", good),
            "Answer rate": ("rate", good / float(calls.sum())),
            "Cost per qualified call": ("cost", cost / good),
        }[row.goal]
        coverage[f"goals: {kind}"].add(row.low <= true <= row.high)


def print_table(title: str, tallies: dict[str, Tally]) -> None:
    rows = [{"": name, **tally.record()} for name, tally in tallies.items()]
    print(f"\n{title}\n{pd.DataFrame(rows).to_string(index=False)}", flush=True)
