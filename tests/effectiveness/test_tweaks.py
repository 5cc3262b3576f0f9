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
from calltrack_nb.effectiveness.budget import carried_over, elasticity, why_confounded
from calltrack_nb.effectiveness.comparison import Log, compare
from calltrack_nb.effectiveness.trials import power_by_length
from calltrack_nb.errors import EvidenceError
from calltrack_nb.periods import Period
from calltrack_nb.settings import Business, Settings
from calltrack_nb.stats import paired_effect
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

FOUND = ("helped", "hurt", "looks like it helped", "looks like it hurt")
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
    """The one that worked looks so, on six weeks before; its true effect is in the range."""
    worked = judge(shop).verdicts[1]
    assert [verdict.word for verdict in judge(shop).verdicts] == [
        "can't tell",
        "looks like it helped",
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
    assert words[1.9, "hurt"] == words[1.9, "looks like it hurt"] == 0
    assert words[1.9, "looks like it helped"] >= 2
    assert sum(words[1.0, word] for word in FOUND) <= 3
    assert np.mean(covered) >= 0.7


@pytest.mark.slow
def test_fifty_shops_keep_the_stated_error_rates():
    """Over 50 seeds: coverage 95 %, false alarms 5 %, each within three Monte-Carlo errors."""
    words, covered = wrong_and_found(range(50))
    wrong = sum(words[1.0, word] for word in FOUND)
    assert wrong <= 50 * 0.05 + 3 * np.sqrt(50 * 0.05 * 0.95)
    assert words[1.9, "hurt"] == words[1.9, "looks like it hurt"] == 0
    assert words[1.9, "helped"] + words[1.9, "looks like it helped"] >= 25
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
    """On its day or within four weeks of it: the comparison would measure the new definition."""
    log = two_campaigns(24, [20] * 12 + [40] * 12, [20] * 24)
    verdict = verdict_of(log, "2026-03-30", cuts=(day,))
    assert verdict.word == "can't tell"
    assert np.isnan(verdict.ratio)
    assert "measure the new definition" in verdict.text


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
    assert (
        "Too few callers" in verdict_of(two_campaigns(24, [1] * 24, [20] * 24), "2026-03-30").text
    )


def test_two_changes_of_one_day_are_not_told_apart():
    """A headline and a bid of one campaign on one day: neither is said to have helped."""
    found = judge_tweaks(
        drawn([20] * 26 + [40] * 8, LEVEL),
        tweaks((CHANGED, "Weddings"), (CHANGED, "Weddings")),
        settings(),
        definition_changes=definition_changes(),
        outcomes=outcomes(),
        spend=spend(),
    )
    assert [verdict.word for verdict in found.verdicts] == ["can't tell"] * 2
    assert "on record for one day (headline and headline)" in found.verdicts[0].text


def test_everything_changed_on_one_day_leaves_no_control():
    """All four campaigns changed together: no verdict on any, and the reason is said."""
    found = judge_tweaks(
        drawn([20] * 26 + [40] * 8, LEVEL),
        tweaks(*((CHANGED, name) for name in ("Weddings", *LEVEL))),
        settings(),
        definition_changes=definition_changes(),
        outcomes=outcomes(),
        spend=spend(),
    )
    assert [verdict.word for verdict in found.verdicts] == ["can't tell"] * 4
    assert all("changed itself in these weeks" in verdict.text for verdict in found.verdicts)


def test_no_call_before_the_change_is_said_as_that():
    """Not a single caller in 26 weeks before: the reason is the silence, not missing days."""
    verdict = verdict_of(drawn([0] * 26 + [30] * 8, LEVEL), CHANGED)
    assert verdict.word == "can't tell"
    assert "It had no calls before the change (5 Jan to 5 Jul 2026)" in verdict.text


def test_a_handful_of_callers_is_too_few_and_not_silence():
    """Three callers, two of them after the change: few, where "not at all" would be false."""
    few = [1] + [0] * 25 + [1, 1] + [0] * 6
    log = pd.concat(
        [two_campaigns(34, few, [20] * 34), two_campaigns(34, [0] * 34, [0] * 34)],
        ignore_index=True,
    )
    verdict = verdict_of(log, CHANGED)
    assert "Too few callers: 1 caller before and 2 after" in verdict.text
    beside = verdict_of(log, CHANGED, campaign="Flyer")
    assert "Weddings (too few callers)" in beside.text


@pytest.mark.parametrize("weeks", [3, 8])
def test_a_log_of_a_few_weeks_is_refused_without_a_word_on_definitions(weeks):
    """Too few weeks on a side, and nothing was redefined: neither a verdict nor that reason."""
    verdict = verdict_of(drawn([20] * weeks, {"Flyer": [20] * weeks}), "2026-01-19")
    assert verdict.word == "can't tell"
    assert "it takes 4 on each side" in verdict.text
    assert "definition" not in verdict.text


def test_controls_that_begin_later_are_not_compared_with():
    """The only other campaign begins after twenty weeks: it is named, and no verdict is given."""
    verdict = verdict_of(drawn([20] * 26 + [40] * 8, {"Flyer": [0] * 20 + [30] * 14}), CHANGED)
    assert verdict.word == "can't tell"
    assert "Flyer (fell silent or had not begun)" in verdict.text


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


def drawn(treated, control, seed=3):
    """Whole weeks by chance around what is expected; controls by name."""
    rng = np.random.default_rng(seed)
    start = pd.Timestamp("2026-01-05")
    rows = []
    for name, expected in {"Weddings": treated, **control}.items():
        rows += [
            call(
                f"{name}-{week}-{k}",
                f"{start + pd.Timedelta(days=7 * week + k % 7):%Y-%m-%d} {9 + k % 8}:{k % 60:02d}",
                caller_key=f"{name}{week}-{k}",
                campaign=name,
            )
            for week, mean in enumerate(expected)
            for k in range(rng.poisson(mean))
        ]
    return calls(*rows)


LEVEL = {"Flyer": [20] * 34, "Radio": [20] * 34, "Search": [20] * 34}
CHANGED = "2026-07-06"  # after 26 weeks


def failed(verdict):
    """The names of the checks that failed."""
    return [check.name for check in verdict.checks if check.passed is False]


def test_an_effect_among_steady_campaigns_is_seen_and_put_in_words():
    """Twice as many callers: helped, the truth in the range, a likely figure below the raw."""
    verdict = verdict_of(drawn([20] * 26 + [40] * 8, LEVEL), CHANGED)
    assert verdict.word == "helped"
    assert verdict.low < 2 < verdict.high
    assert 1 < verdict.likely < verdict.ratio
    assert "a likely figure is" in verdict.text


def test_a_trend_before_the_change_forbids_a_verdict():
    """A campaign that gained 4 % every week goes on gaining: already rising, and said so."""
    verdict = verdict_of(drawn([12 * 1.04**week for week in range(34)], LEVEL), CHANGED)
    assert verdict.word == "can't tell"
    assert failed(verdict) == ["no trend before"]
    assert "already rising" in verdict.text


def test_what_began_weeks_before_the_change_is_not_the_changes():
    """Twice as many callers from six weeks before on: no verdict, and the week is told."""
    verdict = verdict_of(drawn([20] * 20 + [40] * 14, LEVEL), CHANGED)
    assert verdict.word == "can't tell"
    assert failed(verdict) == ["nothing began earlier"]
    assert "about 6 weeks before" in verdict.text


def test_an_earlier_step_does_no_harm_where_the_change_made_its_own():
    """Doubled twelve weeks before, and again by the change: the second doubling is found."""
    verdict = verdict_of(drawn([20] * 14 + [40] * 12 + [80] * 8, LEVEL), CHANGED)
    assert verdict.word == "helped"
    assert verdict.low < 2 < verdict.high


def test_a_change_after_the_lowest_weeks_has_to_show_without_them():
    """Four weeks of half the callers, then the usual number again: that comes by itself."""
    verdict = verdict_of(drawn([20] * 22 + [8] * 4 + [20] * 8, LEVEL), CHANGED)
    assert verdict.word == "can't tell"
    assert "right after its lowest weeks" in verdict.text or "began about" in verdict.text
    assert verdict.low < 1 < verdict.high


def test_calls_that_moved_from_a_sibling_are_no_gain():
    """What one campaign wins the other loses: can't tell, and where they may come from."""
    control = {**LEVEL, "Radio": [20] * 26 + [5] * 8}
    verdict = verdict_of(drawn([20] * 26 + [35] * 8, control), CHANGED)
    assert verdict.word == "can't tell"
    assert "Radio fell" in verdict.text
    assert "calls may have moved from there" in verdict.text


def test_an_effect_that_hangs_on_one_control_is_not_believed():
    """One of two controls dies away on the day itself: without it nothing is left."""
    control = {"Flyer": [20] * 34, "Radio": [60] * 26 + [15] * 8}
    verdict = verdict_of(drawn([40] * 34, control), CHANGED)
    assert verdict.word == "can't tell"
    assert {"no single control", "calls did not move"} & set(failed(verdict))


def test_before_all_weeks_are_in_it_looks_like_at_most():
    """Six of eight weeks and a p-value above .001: said as a look, with the reason."""
    steady = {name: [20] * 32 for name in LEVEL}
    verdict = verdict_of(drawn([20] * 26 + [34] * 6, steady), CHANGED)
    assert verdict.word == "looks like it helped"
    assert "Only 6 weeks of 8" in verdict.text
    sure = verdict_of(drawn([40] * 26 + [100] * 6, {n: [60] * 32 for n in LEVEL}), CHANGED)
    assert sure.word == "helped"


def test_with_few_weeks_before_it_looks_like_at_most():
    """Eight weeks before leave no dates to try: looks like, and said."""
    few = {name: [40] * 16 for name in LEVEL}
    verdict = verdict_of(drawn([40] * 8 + [90] * 8, few), "2026-03-02")
    assert verdict.word == "looks like it helped"
    assert "too few to try dates" in verdict.text


def test_a_shop_that_is_closed_at_weekends_gets_its_verdict():
    """Thirty-five callers a week, Monday to Friday: no campaign is silent on Saturdays."""
    rng = np.random.default_rng(4)
    usual = {"Weddings": 7, "Flyer": 7, "Radio": 7}
    rows = [
        call(
            f"{name}{day:%m%d}{k}", f"{day:%Y-%m-%d} {9 + k % 8}:{k:02d}",
            caller_key=f"{name}{day:%m%d}{k}", campaign=name,
        )
        for day in pd.bdate_range("2026-01-05", "2026-08-30")
        for name, mean in (usual | {"Weddings": 14 if day >= pd.Timestamp(CHANGED) else 7}).items()
        for k in range(rng.poisson(mean))
    ]  # fmt: skip
    verdict = verdict_of(calls(*rows), CHANGED)
    assert verdict.control == ("Flyer", "Radio")
    assert verdict.word == "helped"


def test_the_user_chooses_what_to_compare_with():
    """By the column of the tweak, else by the parameter; who was struck out is named."""
    log = drawn([20] * 26 + [40] * 8, LEVEL)

    def control(said=None, **more):
        given = tweaks((CHANGED, "Weddings")).assign(controls=said)
        return judge_tweaks(
            log, given, settings(), definition_changes=definition_changes(),
            outcomes=outcomes(), spend=spend(), **more,
        ).verdicts[0]  # fmt: skip

    assert control("not Radio").control == ("Flyer", "Search")
    assert "Radio (struck out by you)" in control("not Radio").checks[0].text
    assert control("Flyer; Search").control == ("Flyer", "Search")
    assert control(controls="Flyer").control == ("Flyer",)
    assert control("Radio", controls="Flyer").control == ("Radio",)
    nobody = control("Television")
    assert nobody.word == "can't tell"
    assert "Television (no calls in these weeks)" in nobody.text


def test_a_broken_number_after_the_change_is_not_called_its_effect():
    """No ring at all for weeks is silence, not harm: refused, with the days."""
    verdict = verdict_of(drawn([20] * 28 + [0] * 6, LEVEL), CHANGED)
    assert verdict.word == "can't tell"
    assert "had no calls at all (20 Jul to 30 Aug 2026)" in verdict.text


def test_a_gap_across_the_change_is_refused():
    """Days missing from the whole log on both sides of the day: nothing shows when it changed."""
    gone = {name: [20] * 25 + [0] * 2 + [20] * 7 for name in LEVEL}
    verdict = verdict_of(drawn([20] * 25 + [0] * 2 + [40] * 7, gone), CHANGED)
    assert verdict.word == "can't tell"
    assert np.isnan(verdict.ratio)
    assert "both lack days of data" in verdict.text


def test_everything_changed_on_one_day_and_late_controls_are_refused():
    """No campaign was left alone; none had begun: words, no figure."""
    log = drawn([20] * 34, LEVEL)
    same = judge_tweaks(
        log, tweaks(*((CHANGED, name) for name in ("Weddings", *LEVEL))), settings(),
        definition_changes=definition_changes(), outcomes=outcomes(), spend=spend(),
    )  # fmt: skip
    assert {verdict.word for verdict in same.verdicts} == {"can't tell"}
    assert "changed itself in these weeks" in same.verdicts[0].text
    late = verdict_of(drawn([20] * 34, {"Flyer": [0] * 24 + [20] * 10}), CHANGED)
    assert late.word == "can't tell"
    assert "had not begun" in late.text


def test_a_worth_is_that_of_the_callers_counted():
    """Every second caller qualified, ten orders of 100: a qualified caller is worth twice."""
    log = drawn([20] * 26 + [40] * 8, LEVEL)
    log["duration_s"] = np.where(np.arange(len(log)) % 2, 120.0, 5.0)
    buyers = log.iloc[1:200:2]
    days = (buyers["started_at"] + pd.Timedelta(days=2)).dt.strftime("%Y-%m-%d 12:00")
    each = zip(buyers["caller_key"], days, strict=True)
    won = outcomes(*((who, day, "100") for who, day in each))

    def worth(outcome):
        found = judge_tweaks(
            log, tweaks((CHANGED, "Weddings")), settings(), outcome=outcome,
            definition_changes=definition_changes(), outcomes=won, spend=spend(),
        )  # fmt: skip
        verdict = found.verdicts[0]
        return verdict.money / verdict.extra, found

    each, found = worth("callers")
    qualified, counted = worth("qualified")
    assert qualified == pytest.approx(2 * each, rel=0.02)
    assert "Callers more (range)" in found.display().columns
    assert "Qualified callers more (range)" in counted.display().columns


@pytest.mark.parametrize(("buyers", "whose"), [(10, "Weddings"), (6, "all")])
def test_a_worth_is_the_campaigns_own_where_it_has_orders_enough(buyers, whose):
    """Orders of 300 from Weddings, of 100 from Flyer: Weddings' callers bring what they bring."""
    log = drawn([20] * 26 + [60] * 8, LEVEL)
    rows = [
        (call.caller_key, f"{call.started_at + pd.Timedelta(days=2):%Y-%m-%d 12:00}", amount)
        for campaign, size, amount in (("Weddings", buyers, "300"), ("Flyer", 30, "100"))
        for call in log[log["campaign"] == campaign].head(size).itertuples()
    ]
    verdict = judge_tweaks(
        log, tweaks((CHANGED, "Weddings")), settings(), outcomes=outcomes(*rows),
        definition_changes=definition_changes(), spend=spend(),
    ).verdicts[0]  # fmt: skip
    of = log[log["campaign"] == "Weddings"] if whose == "Weddings" else log
    brought = 300 * buyers if whose == "Weddings" else 300 * buyers + 3000
    assert verdict.money / verdict.extra == pytest.approx(brought / len(of), rel=0.02)
    assert f"by what callers of {whose}" in verdict.text
    told = [check.text for check in verdict.checks if check.name == "worth"]
    assert len(told) == 1
    assert told[0].startswith(f"Taken from {whose}")


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


def test_weeks_after_a_switch_are_left_out_where_it_works_on():
    """A week on brings half of its callers in the week after: without wash-out it reads as less."""
    schedule = draw_schedule(24, dt.date(2026, 1, 5), seed=3, wash_out=1)
    on = schedule["on"].to_numpy()
    works = (on.astype(float) + np.r_[False, on[:-1]]) / 2
    log = two_campaigns(24, (20 + 20 * works).astype(int).tolist(), [30] * 24)
    washed = read_trial(log, schedule, settings(), "Weddings")
    plain = read_trial(log, schedule.drop(columns="counts"), settings(), "Weddings")
    assert washed.ratio == pytest.approx(2, rel=0.05)
    assert plain.ratio < 1.8
    assert len(washed.table) == 12


def test_a_plan_for_what_is_not_searched_for_leaves_weeks_out(shop):
    """A flyer works on, so it is washed out; a search campaign is not, and both say so."""
    start = dt.date(2026, 10, 1)
    flyer = plan_trial(shop.calls, NEW_YORK, "Instagram bio", start, effect=9.0, runs=200)
    search = plan_trial(shop.calls, NEW_YORK, "Wedding Cakes - Search", start, effect=9.0, runs=200)
    assert "after each switch does not count" in flyer.text
    assert flyer.schedule["counts"].sum() * 2 == len(flyer.schedule) == flyer.weeks
    assert "call in the week" in search.text
    with pytest.raises(EvidenceError, match="wash_out=9"):
        plan_trial(shop.calls, NEW_YORK, "Instagram bio", start, wash_out=9)


def test_a_plan_promises_no_more_than_trials_of_such_shops_have():
    """Shops by chance alone whose past may look steadier than it is have what was promised."""
    rng = np.random.default_rng(5)
    promised, had = [], []
    for seed in range(80):
        table = power_by_length(rng.poisson([20, 60], (52, 2)), 0.5, runs=120, seed=seed)
        chosen = table[table["power"] >= 0.8].iloc[0]
        promised.append(chosen["power"])
        pairs = int(chosen["weeks"]) // 2
        on, off = rng.poisson([30, 60], (pairs, 2)), rng.poisson([20, 60], (pairs, 2))
        had.append(paired_effect(on, off).p_value < 0.05)
    assert np.mean(had) > np.mean(promised) - 0.08


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


def test_milestones_of_one_visit_are_one_touch():
    """A flyer, then three steps of one visit from the ad: half the credit each, not a quarter."""
    log = calls(
        call(1, "2026-08-01 10:00", caller_key="p", campaign="Flyer", duration_s=10.0),
        call(2, "2026-08-04 10:20", caller_key="p", campaign="Ad"),
    )
    steps = [("first", "10:00"), ("lead_created", "10:10")]
    seen = pd.DataFrame(
        [
            {
                "account": "main",
                "person_key": "p",
                "at": pd.Timestamp(f"2026-08-04 {at}", tz="America/New_York").tz_convert("UTC"),
                "kind": kind,
                "campaign": "Ad",
            }
            for kind, at in steps
        ]
    )
    found = attribution(
        log, schema.conform(seen, "touchpoints"), settings(), Period.parse("2026-08")
    )
    table = found.table.set_index("campaign")
    assert table["linear"].to_dict() == pytest.approx({"Ad": 0.5, "Flyer": 0.5})
    assert found.journeys.loc[0, "path"] == "Flyer > Ad"


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
    slope, low, high = elasticity(callers, carried_over(paid), np.full(40, 50.0))
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
    """Budgets of 50 to 800, kept for three weeks, callers with their root: a range."""
    rng = np.random.default_rng(6)
    paid = [int(200 * np.exp(0.6 * step)) for step in np.repeat(rng.standard_normal(9), 3)[:26]]
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


def test_money_that_works_on_for_weeks_is_not_read_as_less():
    """Budgets kept for four weeks, six tenths carried over: the range holds all that money does."""
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(40):
        paid = np.repeat(200 * np.exp(0.45 * rng.standard_normal(10)), 4)
        works = [paid[0]]
        for cost in paid[1:]:
            works.append(0.6 * works[-1] + 0.4 * cost)
        callers = rng.poisson(40 * (np.array(works) / 200) ** 0.8).astype(float)
        _, low, high = elasticity(callers, carried_over(paid), np.full(40, 80.0))
        held += low <= 0.8 <= high
    assert held >= 36


def _spoken_for(kind: str, runs: int) -> float:
    """Share of simulated campaigns of which the budget says what more money would bring."""
    rng = np.random.default_rng(11)
    weeks, spoken = 40, 0
    shocks = 0.1 if kind == "by hand" else 0.18
    for _ in range(runs):
        demand = np.zeros(weeks)
        for week in range(1, weeks):
            demand[week] = 0.8 * demand[week - 1] + rng.normal(0, shocks)
        effect = 0.0
        if kind == "clicks":
            paid = 100 * np.exp(demand)
        elif kind == "last week":
            paid = 100 * np.exp(np.r_[0, demand[:-1]])
        elif kind == "after good weeks":
            seen = np.array([demand[max(0, at - 3) : at].mean() for at in range(5, weeks, 5)])
            paid = np.repeat(100 * np.exp(np.r_[0, 1.2 * seen]), 5)
        else:
            paid, effect = np.repeat(100 * np.exp(rng.normal(0, 0.4, weeks // 5)), 5), 0.7
        paid = paid * np.exp(rng.normal(0, 0.02, weeks))
        callers = rng.poisson(25 * np.exp(demand) * (paid / 100) ** effect).astype(float)
        others = rng.poisson(60, weeks).astype(float)
        silent = why_confounded(callers, paid, others)
        spoken += not silent and elasticity(callers, carried_over(paid), others)[1] > 0
    return spoken / runs


@pytest.mark.parametrize("kind", ["clicks", "last week", "after good weeks"])
def test_spend_that_follows_demand_is_no_effect(kind):
    """Where money changes nothing and follows the calls, at most 7 % of budgets say it does."""
    assert _spoken_for(kind, 150) <= 0.07


def test_a_budget_set_by_hand_still_speaks():
    """A true effect under budgets that somebody kept and changed is seen in four of five."""
    assert _spoken_for("by hand", 100) >= 0.8


def test_the_platforms_counts_stand_beside_the_logs():
    """By month, never by day: two against three, a difference of minus one."""
    rows = [call(k, "2026-08-03 10:00") for k in range(3)]
    rows += [call(10 + k, "2026-08-04 10:00", provider="google_ads") for k in range(2)]
    found = reconcile(calls(*rows), settings(), Period.parse("2026-08"))
    assert found.table.iloc[0].tolist()[:4] == ["2026-08", 2, 3, -1]
    for alone in (calls(), calls(*rows[:3])):
        nothing = reconcile(alone, settings(), Period.parse("2026-08"))
        assert "no call report" in nothing.text.lower()
        assert nothing.table.empty


def test_verdicts_of_many_tweaks_are_corrected_together():
    """Two judged tweaks form a family: adjusted p-values are no smaller, and the name is said."""
    shop = simulate_shop(replace(ShopSpec(), seed=5))
    found = judge(shop)
    judged = [verdict for verdict in found.verdicts if np.isfinite(verdict.p_value)]
    assert len(judged) == 2
    assert all(verdict.p_adjusted >= verdict.p_value for verdict in judged)
    assert "Benjamini-Hochberg" in found.text


def broken_days(*rows):
    """Return rows of a campaign, its first and its last broken day."""
    days = pd.DataFrame(rows, columns=["campaign", "first", "last"])
    return days.astype({"first": "datetime64[ns]", "last": "datetime64[ns]"})


def judged_with(log, broken, when="2026-05-04"):
    """Judge one tweak of Weddings, some days of the log being broken."""
    return judge_tweaks(
        log,
        tweaks((when, "Weddings")),
        settings(),
        definition_changes=definition_changes(),
        outcomes=outcomes(),
        spend=spend(),
        broken=broken,
    ).verdicts[0]


def test_weeks_with_broken_days_are_not_compared():
    """A number nearly dead for three weeks looks like harm; without them there is none."""
    treated = [30] * 17 + [30, 30, 3, 3, 3, 30, 30, 30]
    log = two_campaigns(25, treated, [30] * 25)
    days = broken_days(("Weddings", "2026-05-19", "2026-06-03"))
    spoiled, sound = judged_with(log, None), judged_with(log, days)
    assert spoiled.ratio < 0.8
    assert sound.ratio == pytest.approx(1, abs=0.1)
    assert len(sound.weeks) == len(spoiled.weeks) - 3
    weeks = pd.to_datetime(sound.weeks["week"])
    assert not weeks.between("2026-05-18", "2026-06-01").any()


def test_a_control_that_was_broken_is_no_control():
    """It is named with the reason; where it is the only one, its weeks are left out instead."""
    control = [30] * 17 + [30, 30, 3, 3, 3, 30, 30, 30]
    log = two_campaigns(25, [30] * 25, control)
    days = broken_days(("Flyer", "2026-05-19", "2026-06-03"))
    alone = judged_with(log, days)
    assert alone.ratio == pytest.approx(1, abs=0.1)
    assert alone.control == ("Flyer",)
    other = two_campaigns(25, [0] * 25, [30] * 25)
    radio = other.assign(campaign="Radio", call_id="r" + other["call_id"].astype(str))
    radio = radio.assign(caller_key="r" + other["caller_key"].astype(str))
    both = judged_with(pd.concat([log, radio], ignore_index=True), days)
    assert both.control == ("Radio",)
    assert "Flyer (its number was broken in these weeks)" in both.checks[0].text


def test_a_campaign_broken_since_its_change_is_refused_with_the_days():
    """What is left is too little to say anything of, and why is said."""
    log = two_campaigns(25, [30] * 25, [30] * 25)
    refused = judged_with(log, broken_days(("Weddings", "2026-05-10", "2026-06-25")))
    assert refused.word == "can't tell"
    assert np.isnan(refused.ratio)
    assert "its number was broken (10 May to 25 Jun 2026)" in refused.text


def test_a_trial_is_planned_without_broken_days_and_says_so():
    """Weeks of a dead number do not make a plan; one that is dead still is mended first."""
    treated = [30] * 20 + [0] * 3 + [30] * 7
    log = two_campaigns(30, treated, [30] * 30)
    days = broken_days(("Weddings", "2026-05-25", "2026-06-14"))
    plan = plan_trial(log, settings(), "Weddings", "2026-08-03", runs=50, broken=days)
    sound = two_campaigns(30, [30] * 30, [30] * 30)
    same = plan_trial(sound, settings(), "Weddings", "2026-08-03", runs=50, broken=days)
    assert plan.table.equals(same.table)
    assert "was broken on 25 May to 14 Jun 2026" in plan.text
    assert "Mend it" not in plan.text
    late = broken_days(("Weddings", "2026-07-20", "2026-08-30"))
    assert (
        "Repair it before the trial begins"
        in plan_trial(sound, settings(), "Weddings", "2026-08-03", runs=50, broken=late).text
    )
