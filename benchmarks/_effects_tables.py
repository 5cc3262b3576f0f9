"""Simulations on whole tables: scorecard, missed calls, places, goals, themes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks._tally import Book
from calltrack_nb.effectiveness import (
    Scorecard,
    goals_progress,
    judge_tweaks,
    missed_revenue,
    places,
    scorecard,
)
from calltrack_nb.periods import Period
from calltrack_nb.settings import Business, Goals, Settings
from calltrack_nb.themes import themes_by_campaign
from calltrack_nb.themes.trends import theme_states
from tools.simulator.campaigns import CampaignsSpec, SimulatedCampaigns, simulate_campaigns
from tools.simulator.shop import simulate_shop
from tools.simulator.shop_spec import TWEAKS, ShopSpec

GOAL_MONTHS = Period.parse("2026-02..2026-03")
MARCH = Period.parse("2026-03")
CITIES = np.array(["Brooklyn", "Queens", "Yonkers"])
ALWAYS_CLOSED = Business(timezone="UTC", hours={})


def scorecards_alike(runs: int, rng: np.random.Generator, book: Book) -> None:
    """Campaigns alike in quality and cost; with them the panels beside the scorecard."""
    settings = Settings(
        business=ALWAYS_CLOSED,
        goals=Goals(qualified_calls=50, answer_rate=0.5, cost_per_qualified_call=20),
    )
    spec = CampaignsSpec(cost=tuple(10 * weekly for weekly in CampaignsSpec().weekly))
    for _ in range(runs):
        drawn = simulate_campaigns(spec, rng)
        card = score(drawn, settings, book)
        book.alarms["scorecard: one campaign clearly cheapest"].add("lies clear" in card.cost_text)
        money_left(drawn, settings, spec, book)
        goal_ranges(drawn, settings, spec, book)
        by_place(drawn, settings, spec, rng, book)


def scorecards_unlike(runs: int, rng: np.random.Generator, book: Book) -> None:
    """Campaigns whose quality and cost differ."""
    settings = Settings(business=ALWAYS_CLOSED)
    for _ in range(runs):
        spec = CampaignsSpec(
            qualified=tuple(rng.beta(6, 6, 5)), cost=tuple(rng.uniform(40, 300, 5))
        )
        score(simulate_campaigns(spec, rng), settings, book)


def score(drawn: SimulatedCampaigns, settings: Settings, book: Book) -> Scorecard:
    """Check every interval of a scorecard and of its last row."""
    card = scorecard(drawn.calls, drawn.spend, drawn.outcomes, settings, drawn.period)
    table = card.table.set_index("campaign")
    for name, true in figures(drawn.truth.loc[table.index], table["cost"]).items():
        low, high = table[f"{name}_low"], table[f"{name}_high"]
        hit = (low <= true) & ((true <= high) | high.isna())
        book.coverage[f"scorecard: {name.replace('_', ' ')}"].add(hit, low.notna())
    whole = drawn.truth.sum().to_frame().T
    whole["qualified_rate"] = whole["qualified"] / whole["calls"]
    for name, true in figures(whole, pd.Series([float(card.total["cost"])])).items():
        if "shrunken" not in name:
            low, high = card.total[f"{name}_low"], card.total[f"{name}_high"]
            book.coverage[f"scorecard, all: {name.replace('_', ' ')}"].add(
                low <= true.iloc[0] <= high, np.isfinite(low)
            )
    return card


def figures(truth: pd.DataFrame, cost: pd.Series) -> dict[str, pd.Series]:
    """Return what each printed figure should be."""
    return {
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


def money_left(
    drawn: SimulatedCampaigns, settings: Settings, spec: CampaignsSpec, book: Book
) -> None:
    """Check the share missed, and what unreached people are worth: a count, a value each."""
    left = missed_revenue(drawn.calls, drawn.outcomes, settings, drawn.period).table
    answered = drawn.calls.loc[drawn.calls["status"] == "answered", "caller_key"].nunique()
    people = drawn.calls["caller_key"].nunique()
    value = 100 * np.exp(spec.sale_spread**2 / 2) * spec.sale * people / answered
    missed = 1 - drawn.truth["qualified"].sum() / drawn.truth["calls"].sum()
    for row in left[left["calls"] > 0].itertuples():
        book.coverage["missed calls: share missed"].add(
            row.miss_rate_low <= missed <= row.miss_rate_high
        )
        book.coverage["missed calls: worth"].add(
            row.money_low <= row.unreached * value <= row.money_high, np.isfinite(row.money_low)
        )


def by_place(
    drawn: SimulatedCampaigns,
    settings: Settings,
    spec: CampaignsSpec,
    rng: np.random.Generator,
    book: Book,
) -> None:
    """Check the qualified rate of each city; where people live has nothing to do with it."""
    person, _ = pd.factorize(drawn.calls["caller_key"])
    city = rng.choice(CITIES, person.max() + 1, p=[0.6, 0.3, 0.1])
    table = places(drawn.calls.assign(caller_city=city[person]), settings, drawn.period).table
    book.coverage["places: qualified rate"].add(
        (table["qualified_rate_low"] <= spec.qualified[0])
        & (spec.qualified[0] <= table["qualified_rate_high"])
    )


def goal_ranges(
    drawn: SimulatedCampaigns, settings: Settings, spec: CampaignsSpec, book: Book
) -> None:
    """Check the ranges of the goals panel, month by month."""
    progress = goals_progress(drawn.calls, drawn.spend, settings, GOAL_MONTHS).table
    for row in progress.itertuples():
        good, calls, cost = expected(drawn, spec, row.month)
        kind, true = {
            "Qualified calls": ("count", good),
            "Answer rate": ("rate", good / calls),
            "Paid cost per qualified call": ("cost", cost / good),
        }[row.goal]
        book.coverage[f"goals: {kind}"].add(row.low <= true <= row.high)


def expected(
    drawn: SimulatedCampaigns, spec: CampaignsSpec, month: str
) -> tuple[float, float, float]:
    """Return the qualified calls, the calls and the cost that a month should bring."""
    people = drawn.people.loc[month]
    calls = people.sum() / (1 - spec.again)
    good = float((calls * np.asarray(spec.qualified)).sum())
    return good, float(calls.sum()), float(sum(spec.cost)) / 7 * len(people)


def goal_chances(runs: int, rng: np.random.Generator, book: Book) -> None:
    """Cut a log within a month and set the chance then said beside what came of it."""
    spec = CampaignsSpec()
    for run in range(runs):
        if run % 2 == 0:
            drawn = simulate_campaigns(spec, rng)
            # The target knows nothing of the month's own ups and downs.
            calls = sum(spec.weekly) / 7 * MARCH.days / (1 - spec.again)
            good, cost = calls * spec.qualified[0], sum(spec.cost) / 7 * MARCH.days
        near = np.exp(rng.normal(0, 0.12, 3))
        settings = Settings(
            business=ALWAYS_CLOSED,
            goals=Goals(
                qualified_calls=max(1, round(good * near[0])),
                answer_rate=min(0.99, good / calls * near[1]),
                cost_per_qualified_call=round(cost / good * near[2], 2),
            ),
        )
        cut = pd.Timestamp("2026-03-06", tz="UTC") + pd.Timedelta(days=int(rng.integers(0, 22)))
        early = drawn.calls[drawn.calls["started_at"] < cut]
        said = goals_progress(early, drawn.spend, settings, MARCH).table
        became = goals_progress(drawn.calls, drawn.spend, settings, MARCH).table
        for before, after in zip(said.itertuples(), became.itertuples(), strict=True):
            if before.state == "under way" and np.isfinite(before.chance):
                book.chances[f"goal: {before.goal.lower()}"].append(
                    (float(before.chance), after.state == "reached")
                )


def shops(runs: int, rng: np.random.Generator, book: Book) -> None:
    """Judge the tweaks of whole simulated shops: one shop for twenty runs of the rest."""
    settings = Settings(business=Business(timezone="America/New_York"))
    for seed in rng.integers(0, 2**31, -(-runs // 20)):
        shop = simulate_shop(ShopSpec(seed=int(seed)))
        verdicts = judge_tweaks(
            shop.calls, shop.tweaks, settings, definition_changes=shop.regimes,
            outcomes=shop.outcomes, spend=shop.spend,
        ).verdicts  # fmt: skip
        for tweak, verdict in zip(TWEAKS, verdicts, strict=True):
            said = np.isfinite(verdict.ratio)
            book.coverage["shop's tweaks: change in callers"].add(
                verdict.low <= tweak.rate_ratio <= verdict.high, said
            )
            if tweak.rate_ratio == 1:
                book.alarms["shop's tweaks that did nothing: (looks like it) helped or hurt"].add(
                    verdict.word.endswith(("helped", "hurt")), said
                )
            else:
                book.power["shop's tweak that worked (+90 %): (looks like it) helped"].add(
                    verdict.word.endswith("helped")
                )


CALLS_EACH = (1.0, 1.2, 1.5, 2.0)
MONTHS = pd.period_range("2026-01", periods=12, freq="M").astype(str)
RARE = 1 / np.arange(1, 21)
"""Themes by size: the second half as large as the first, the third a third of it."""


def themes(runs: int, rng: np.random.Generator, book: Book) -> None:
    """Themes that have nothing to do with the campaign nor the month, of callers who ring again."""
    for run in range(runs):
        calls_each = CALLS_EACH[run % len(CALLS_EACH)]
        heard = matters(600, calls_each, rng)
        name = f"{calls_each} calls a caller"
        table = themes_by_campaign(heard, heard).table
        book.alarms[f"themes by campaign, {name}: anything stands out"].add(
            bool((table["p_corrected"] < 0.05).any())
        )
        who = heard.set_index("call_id")["caller_key"]
        for last in MONTHS[1:]:
            known = heard[heard["month"] <= last]
            states = theme_states(known, known.set_index("call_id")["month"], who=who)
            moved = states["state"]
            book.alarms[f"themes by month, {name}: one said to be new"].add(
                bool(moved.eq("new").any())
            )
            book.alarms[f"themes by month, {name}: one said to move"].add(
                bool(moved.ne("steady").any())
            )
        book.coverage["themes: growth"].add(
            (states["low"] <= 1) & (states["high"] >= 1), states["ratio"].notna()
        )


def matters(callers: int, calls_each: float, rng: np.random.Generator) -> pd.DataFrame:
    """Draw callers, each with a matter, a campaign and a month of his own, and their calls."""
    who = np.repeat(np.arange(callers), rng.geometric(1 / calls_each, callers))
    theme = rng.choice(len(RARE), callers, p=RARE / RARE.sum())
    campaign = rng.choice(list("ABCDE"), callers, p=[0.4, 0.25, 0.2, 0.1, 0.05])
    return pd.DataFrame(
        {
            "call_id": [f"c{place}" for place in range(len(who))],
            "caller_key": [f"p{caller}" for caller in who],
            "caller_number": None,
            "campaign": campaign[who],
            "theme_id": [f"t{place}" for place in theme[who]],
            "month": rng.choice(MONTHS, callers)[who],
        }
    )
