"""Tweaks, trials, budget and attribution: verdicts against known truths, and refusals in words."""

import datetime as dt
from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from calltrack_nb import schema
from calltrack_nb.effectiveness import (
    MODELS,
    attribution,
    busiest_campaign,
    draw_schedule,
    judge_tweaks,
    marginal_return,
    plan_trial,
    read_trial,
    reconcile,
)
from calltrack_nb.effectiveness.budget import elasticity
from calltrack_nb.effectiveness.comparison import Log, compare
from calltrack_nb.errors import EvidenceError
from calltrack_nb.periods import Period
from calltrack_nb.settings import Business, Settings
from tests.effectiveness.frames import (
    call,
    calls,
    definition_changes,
    outcomes,
    settings,
    spend,
    tweaks,
)
from tools.simulator.shop import simulate_shop
from tools.simulator.shop_spec import TWEAKS, ShopSpec

NEW_YORK = Settings(business=Business(timezone="America/New_York"))


def judge(shop, **more):
    """Judge a simulated shop's own tweaks."""
    given = {
        "definition_changes": shop.regimes,
        "outcomes": shop.outcomes,
        "spend": shop.spend,
        **more,
    }
    return judge_tweaks(shop.calls, given.pop("tweaks", shop.tweaks), NEW_YORK, **given)


def two_campaigns(weeks, treated, control, first="2026-01-05"):
    """Whole weeks of callers, evenly over weekdays; `treated` and `control` per week."""
    start = pd.Timestamp(first)
    rows = []
    for week in range(weeks):
        for name, counts in (("Weddings", treated), ("Flyer", control)):
            rows += [
                call(
                    f"{name}-{week}-{k}",
                    f"{start + pd.Timedelta(days=7 * week + k % 7):%Y-%m-%d} "
                    f"{9 + k % 8}:{k % 60:02d}",
                    caller_key=f"{name}{week}-{k}",
                    campaign=name,
                )
                for k in range(counts[week])
            ]
    return calls(*rows)


def verdict_of(log, when, *, cuts=(), campaign="Weddings"):
    """Judge one tweak of a hand-made log."""
    found = judge_tweaks(
        log,
        tweaks((when, campaign)),
        settings(),
        definition_changes=definition_changes(*cuts),
        outcomes=outcomes(),
        spend=spend(),
    )
    return found.verdicts[0]


def test_the_samples_tweaks_get_the_verdicts_that_are_true(shop):
    """The one that worked helped, with its true effect in the range; the others: can't tell."""
    worked = judge(shop).verdicts[1]
    assert [verdict.word for verdict in judge(shop).verdicts] == [
        "can't tell",
        "helped",
        "can't tell",
    ]
    assert worked.low <= 1.9 <= worked.high
    assert worked.extra_low < worked.extra < worked.extra_high
    assert worked.money_low < worked.money < worked.money_high


def wrong_and_found(seeds):
    """Count verdicts by the true effect, and which true effects lie within their range."""
    words, covered = Counter(), []
    for seed in seeds:
        for tweak, verdict in zip(
            TWEAKS, judge(simulate_shop(ShopSpec(seed=seed))).verdicts, strict=True
        ):
            words[tweak.rate_ratio, verdict.word] += 1
            if np.isfinite(verdict.ratio):
                covered.append(verdict.low <= tweak.rate_ratio <= verdict.high)
    return words, covered


def test_eight_shops_get_no_verdict_that_is_the_wrong_way_round():
    """The few seeds of every run: nothing called hurt, and most true effects in the range."""
    words, covered = wrong_and_found(range(8))
    assert words[1.9, "hurt"] == 0
    assert words[1.9, "helped"] >= 2
    assert words[1.0, "helped"] + words[1.0, "hurt"] <= 3
    assert np.mean(covered) >= 0.7


@pytest.mark.slow
def test_fifty_shops_keep_the_stated_error_rates():
    """Over 50 seeds: coverage 95 %, false alarms 5 %, each within three Monte-Carlo errors."""
    words, covered = wrong_and_found(range(50))
    wrong = sum(
        count for (true, word), count in words.items() if true == 1 and word in ("helped", "hurt")
    )
    assert wrong <= 50 * 0.05 + 3 * np.sqrt(50 * 0.05 * 0.95)
    assert words[1.9, "hurt"] == 0
    assert words[1.9, "helped"] >= 25
    assert len(covered) == 100
    assert np.mean(covered) >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / len(covered))


def test_a_change_of_definition_cuts_the_window():
    """No week on either side of a verdict lies beyond a regime."""
    log = two_campaigns(24, [20] * 12 + [40] * 12, [20] * 24)
    free = verdict_of(log, "2026-03-30")
    assert (free.word, len(free.weeks)) == ("helped", 20)
    cut = verdict_of(log, "2026-03-30", cuts=("2026-02-23",))
    assert cut.weeks["week"].min() >= pd.Timestamp("2026-02-23")
    assert "change of definition on 23 Feb 2026" in cut.checks[0].text


@pytest.mark.parametrize("day", ["2026-03-30", "2026-03-20", "2026-04-10"])
def test_a_change_of_definition_at_the_tweak_is_refused(day):
    """On its day or within four weeks of it: the comparison would measure the definition."""
    log = two_campaigns(24, [20] * 12 + [40] * 12, [20] * 24)
    verdict = verdict_of(log, "2026-03-30", cuts=(day,))
    assert verdict.word == "can't tell"
    assert np.isnan(verdict.ratio)
    assert "measure the definition" in verdict.text


def test_a_control_that_shares_the_season_keeps_the_season_out():
    """Both campaigns doubling is no effect; raw totals would have called it one."""
    rise = [20] * 12 + [40] * 12
    verdict = verdict_of(two_campaigns(24, rise, rise), "2026-03-30")
    assert verdict.ratio == pytest.approx(1)
    assert verdict.word in ("can't tell", "no sign of change")


def test_one_campaign_only_is_refused():
    """Without a control, the season cannot be told from the change."""
    log = two_campaigns(24, [20] * 12 + [40] * 12, [0] * 24)
    verdict = verdict_of(log, "2026-03-30")
    assert verdict.word == "can't tell"
    assert "no other campaign" in verdict.text


def alone(effect, seed=1):
    """A campaign without another, over 100 weeks: a summer of double, a tweak in the second."""
    rng = np.random.default_rng(seed)
    week = np.arange(100)
    usual = 20 * np.where((week % 52 >= 22) & (week % 52 < 40), 2.0, 1.0)
    counts = rng.poisson(usual * np.where(week >= 74, effect, 1.0)).tolist()
    return two_campaigns(100, counts, [0] * 100, first="2024-12-30"), "2026-06-01"


def test_a_campaign_alone_is_judged_by_its_own_year_before():
    """Summer doubles the calls every year: that is no effect, and half as many again is one."""
    log, day = alone(1.0)
    same = verdict_of(log, day)
    assert same.control == ("its own weeks a year before",)
    assert same.word in ("can't tell", "no sign of change")
    assert same.low < 1 < same.high
    assert "in only one of the two years" in same.checks[0].text
    assert next(check for check in same.checks if check.name == "placebo dates").passed
    more = verdict_of(*alone(1.6))
    assert more.word == "helped"
    assert more.low < 1.6 < more.high


@pytest.mark.parametrize("cut", ["2025-06-02", "2025-05-19", "2025-06-16", "2026-05-18"])
def test_a_change_of_definition_in_either_year_is_refused_for_a_campaign_alone(cut):
    """Near the day itself or near the same day a year before, neither side may be used."""
    log, day = alone(1.6)
    verdict = verdict_of(log, day, cuts=(cut,))
    assert verdict.word == "can't tell"
    assert np.isnan(verdict.ratio)


def test_a_change_of_definition_between_the_two_years_does_no_harm():
    """It moves the whole of the second year alike."""
    log, day = alone(1.6)
    assert verdict_of(log, day, cuts=("2025-10-06",)).word == "helped"


@pytest.mark.parametrize("day", ["2026-01-05", "2026-01-12", "2027-05-01", "2025-01-01"])
def test_a_tweak_at_or_beyond_the_ends_of_the_log_is_refused(day):
    """The first day, the second week, the future and the past: words, no figure."""
    verdict = verdict_of(two_campaigns(24, [20] * 24, [20] * 24), day)
    assert verdict.word == "can't tell"
    assert np.isnan(verdict.ratio)
    assert verdict.text


def test_too_few_callers_are_refused():
    """One caller a week is too few to say anything."""
    assert "Too few to say" in verdict_of(two_campaigns(24, [1] * 24, [20] * 24), "2026-03-30").text


def test_an_empty_log_and_no_tweaks_are_said_in_words():
    """Nothing logged, nothing changed."""
    assert "no calls" in verdict_of(calls(), "2026-03-30").text
    none = judge_tweaks(
        calls(),
        tweaks(),
        settings(),
        definition_changes=definition_changes(),
        outcomes=outcomes(),
        spend=spend(),
    )
    assert "No tweaks are on record" in none.text
    assert none.display().empty
    assert none.checks_table().empty


def test_a_trend_before_the_change_forbids_a_verdict():
    """A campaign that gained every week before goes on gaining: not the tweak's doing."""
    log = two_campaigns(30, [10 + 3 * week for week in range(30)], [40] * 30)
    verdict = verdict_of(log, "2026-06-01")
    assert verdict.low > 1
    assert verdict.word == "can't tell"
    assert not next(check for check in verdict.checks if check.name == "no trend before").passed


def test_placebo_dates_raise_the_alarm_on_a_jumpy_campaign():
    """A step long before the tweak makes other dates look like effects too."""
    log = two_campaigns(30, [20] * 10 + [45] * 11 + [90] * 9, [40] * 30)
    verdict = verdict_of(log, "2026-06-01")
    assert not next(check for check in verdict.checks if check.name == "placebo dates").passed
    assert verdict.word == "can't tell"


def test_spend_that_moved_with_the_tweak_fails_the_check():
    """Twice the money from the same day on: what changed may be the money."""
    paid = spend(
        ("2026-01-05", 84, "Weddings", "840", "USD"), ("2026-03-30", 84, "Weddings", "1680", "USD")
    )
    log = two_campaigns(24, [20] * 12 + [40] * 12, [20] * 24)
    verdict = judge_tweaks(
        log,
        tweaks(("2026-03-30", "Weddings")),
        settings(),
        definition_changes=definition_changes(),
        outcomes=outcomes(),
        spend=paid,
    ).verdicts[0]
    assert not next(check for check in verdict.checks if check.name == "steady spend").passed
    assert verdict.word == "can't tell"


def test_a_silent_campaign_is_no_control():
    """A number that goes dead in the weeks after would have faked a gain of the other."""
    log = two_campaigns(24, [20] * 24, [20] * 12 + [0] * 12)
    day = dt.date(2026, 3, 30)
    comparison = compare(Log.of(log, settings()), "Weddings", day, before=12, after=12)
    assert comparison.control == ()
    assert "Flyer (fell silent" in comparison.dropped[0]
    assert "fell silent" in verdict_of(log, "2026-03-30").text


def test_a_robot_that_rings_forty_times_is_one_caller_a_week():
    """People are counted, not rings."""
    log = two_campaigns(3, [7, 7, 7], [7, 7, 7])
    robot = calls(
        *(
            call(f"r{k}", "2026-01-06 10:00", caller_key="robot", campaign="Flyer")
            for k in range(40)
        )
    )
    both = pd.concat([log, robot], ignore_index=True)
    weeks = compare(
        Log.of(both, settings()), "Weddings", dt.date(2026, 1, 12), before=1, after=1
    ).weeks
    assert weeks["control"].tolist() == [8, 7]


def test_schedules_are_balanced_drawn_by_lot_and_repeatable():
    """One week on in each pair; the same seed gives the same schedule, another another."""
    first, again, other = (draw_schedule(26, dt.date(2026, 10, 1), seed=seed) for seed in (1, 1, 2))
    assert first.equals(again)
    assert not first.equals(other)
    assert first["on"].to_numpy().reshape(-1, 2).sum(axis=1).tolist() == [1] * 13
    assert first["week"].dt.day_name().unique().tolist() == ["Monday"]
    with pytest.raises(EvidenceError):
        draw_schedule(7, dt.date(2026, 10, 1))


def test_a_plan_needs_fewer_weeks_for_a_larger_effect_and_alarms_seldom():
    """Doubling shows sooner than +50 %; without an effect at most one trial in twenty alarms."""
    shop = simulate_shop(ShopSpec(faults=False, tweaks=(), volume=3))
    name = busiest_campaign(shop.calls, NEW_YORK)
    small, large = (
        plan_trial(shop.calls, NEW_YORK, name, dt.date(2026, 10, 1), effect=effect)
        for effect in (0.5, 1.0)
    )
    assert large.weeks < small.weeks
    assert len(small.schedule) == small.weeks
    assert (small.table["false_alarms"] < 0.05 + 4 * np.sqrt(0.05 * 0.95 / 1000)).all()


def test_a_plan_says_when_it_cannot_be_done(shop):
    """A change of 2 % is beyond a year; no change, an unknown campaign and an empty log."""
    start = dt.date(2026, 10, 1)
    tiny = plan_trial(shop.calls, NEW_YORK, "Instagram bio", start, effect=0.02, runs=200)
    assert tiny.weeks is None
    assert tiny.schedule.empty
    assert "bolder" in tiny.text
    with pytest.raises(EvidenceError, match="Instagram"):
        plan_trial(shop.calls, NEW_YORK, "Insta", start)
    with pytest.raises(EvidenceError):
        plan_trial(shop.calls, NEW_YORK, "Instagram bio", start, effect=0)
    assert "no campaign with calls" in plan_trial(calls(), NEW_YORK, "", start).text
    nameless = calls(call(1, "2026-08-03 10:00", campaign=None))
    assert busiest_campaign(nameless, NEW_YORK) == ""
    assert "no campaign with calls" in plan_trial(nameless, NEW_YORK, "", start).text


def test_a_finished_trial_is_read_by_its_design():
    """Forty callers in weeks on, twenty in weeks off, a steady control: doubled."""
    schedule = draw_schedule(12, dt.date(2026, 1, 5), seed=3)
    log = two_campaigns(12, np.where(schedule["on"], 40, 20).tolist(), [30] * 12)
    reading = read_trial(log, schedule, settings(), "Weddings")
    assert reading.low < 2 < reading.high
    assert "it helped" in reading.text
    early = read_trial(log, draw_schedule(12, dt.date(2026, 3, 9)), settings(), "Weddings")
    assert "cannot be read" in early.text


def test_credit_is_shared_as_each_rule_says():
    """One person: flyer, Instagram, flyer, then a qualified call by search. By hand."""

    def touch(number, at, name):
        return call(number, at, campaign=name, caller_key="p", duration_s=10.0)

    log = calls(
        touch(1, "2026-08-01 10:00", "Flyer"),
        touch(2, "2026-08-02 10:00", "Instagram"),
        touch(3, "2026-08-03 10:00", "Flyer"),
        call(4, "2026-08-04 10:00", campaign="Search", caller_key="p"),
        touch(5, "2026-08-05 10:00", "Radio"),
    )
    found = attribution(log, schema.empty("touchpoints"), settings(), Period.parse("2026-08"))
    table = found.table.set_index("campaign")[list(MODELS)]
    assert table.loc["Flyer"].tolist() == pytest.approx([1, 0, 1, 0.5, 0.8 + 0.2 / 3, 0.5])
    assert table.loc["Search"].tolist() == pytest.approx([0, 1, 0, 0.25, 0.2 / 3, 0.4])
    assert "Radio" not in table.index
    assert table.sum().tolist() == pytest.approx([1] * len(MODELS))
    assert found.journeys.loc[0, "path"] == "Flyer > Instagram > Flyer > Search"


def test_touchpoints_of_the_provider_come_before_the_first_call():
    """A visit from an ad, then a call by the web number: the ad has the first touch."""
    log = calls(call(1, "2026-08-04 10:00", caller_key="p", campaign="Website"))
    seen = pd.DataFrame(
        [
            {
                "account": "main",
                "person_key": "p",
                "at": pd.Timestamp("2026-08-01", tz="UTC"),
                "kind": "first",
                "campaign": "Ad",
            }
        ]
    )
    found = attribution(
        log, schema.conform(seen, "touchpoints"), settings(), Period.parse("2026-08")
    )
    table = found.table.set_index("campaign")
    assert table.loc["Ad", ["first", "last", "lead_creation"]].tolist() == [1, 0, 0]
    assert table.loc["Website", "lead_creation"] == 1
    assert table["rank_changes"].all()


def test_no_qualified_call_leaves_no_credit():
    """Words, and an empty table."""
    found = attribution(calls(), schema.empty("touchpoints"), settings(), Period.parse("2026-08"))
    assert "no credit" in found.text
    assert found.table.empty


def test_spend_that_varied_by_itself_shows_what_money_does():
    """Callers growing with the square root of spend: an elasticity of 0.5, within its range."""
    rng = np.random.default_rng(5)
    paid = 200 * np.exp(0.4 * rng.standard_normal(40))
    callers = rng.poisson(40 * np.sqrt(paid / 200)).astype(float)
    slope, low, high = elasticity(callers, paid, np.full(40, 50.0))
    assert low < 0.5 < high
    assert low > 0
    assert slope == pytest.approx(0.5, abs=0.2)


def test_the_budget_is_silent_where_spend_hardly_varied(shop):
    """The sample spends the same every week, so nothing is recommended, in words."""
    found = marginal_return(shop.calls, shop.spend, NEW_YORK, Period.parse("2026-04..2026-09"))
    assert (found.table["silent"] != "").all()
    assert "cannot say" in found.text
    assert (
        "No spend" in marginal_return(shop.calls, spend(), NEW_YORK, Period.parse("2026-08")).text
    )


def test_the_budget_speaks_where_spend_varied():
    """Weekly spend between 50 and 800, callers with its root: a range for the next hundred."""
    rng = np.random.default_rng(6)
    paid = [int(200 * np.exp(0.6 * step)) for step in rng.standard_normal(26)]
    treated = [int(30 * np.sqrt(cost / 200)) for cost in paid]
    log = two_campaigns(26, treated, [30] * 26)
    monday = pd.Timestamp("2026-01-05")
    rows = [
        (f"{monday + pd.Timedelta(weeks=week):%Y-%m-%d}", 7, "Weddings", str(cost), "USD")
        for week, cost in enumerate(paid)
    ]
    found = marginal_return(
        log, spend(*rows), settings(), Period(dt.date(2026, 1, 5), dt.date(2026, 7, 5))
    )
    row = found.table.iloc[0]
    assert row["silent"] == ""
    assert row["elasticity_low"] < 0.5 < row["elasticity_high"]
    assert "would bring" in found.text


def test_the_platforms_counts_stand_beside_the_logs():
    """By month, never by day: two against three, a difference of minus one."""
    rows = [call(k, "2026-08-03 10:00") for k in range(3)]
    rows += [call(10 + k, "2026-08-04 10:00", provider="google_ads") for k in range(2)]
    found = reconcile(calls(*rows), settings(), Period.parse("2026-08"))
    assert found.table.iloc[0].tolist()[:4] == ["2026-08", 2, 3, -1]
    assert "no call report" in reconcile(calls(), settings(), Period.parse("2026-08")).text.lower()


def test_verdicts_of_many_tweaks_are_corrected_together():
    """Two judged tweaks form a family: adjusted p-values are no smaller, and the name is said."""
    shop = simulate_shop(replace(ShopSpec(), seed=5))
    found = judge(shop)
    judged = [verdict for verdict in found.verdicts if np.isfinite(verdict.p_value)]
    assert len(judged) == 2
    assert all(verdict.p_adjusted >= verdict.p_value for verdict in judged)
    assert "Benjamini-Hochberg" in found.text
