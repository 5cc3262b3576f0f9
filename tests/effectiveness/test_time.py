"""Goals, trend, rhythm, gaps, and what missed calls leave behind."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from calltrack_nb import schema
from calltrack_nb.calls import counted
from calltrack_nb.effectiveness import (
    goals_progress,
    missed_revenue,
    places,
    rhythm,
    scorecard,
    weekly_trend,
)
from calltrack_nb.effectiveness.days import days_with_data
from calltrack_nb.effectiveness.goal_pace import month_of
from calltrack_nb.effectiveness.platform_changes import shipped_changes
from calltrack_nb.effectiveness.trend import fit_trend
from calltrack_nb.periods import Period
from calltrack_nb.providers.recognition import LAYOUTS
from tests.effectiveness.frames import call, calls, definition_changes, outcomes, settings, spend
from tools.simulator.goal_months import KINDS, shop_month


def daily(first, last, per_day=3, **more):
    """Some calls on every day."""
    return [
        call(f"{day:%m%d}-{k}", f"{day:%Y-%m-%d} {10 + k}:00", **more)
        for day in pd.date_range(first, last)
        for k in range(per_day)
    ]


def test_a_finished_month_reaches_or_misses_its_goal():
    """93 calls against 90 and against 100: reached and not, with chance 1 and 0."""
    log = calls(*daily("2026-07-01", "2026-09-10"))
    august = Period.parse("2026-08")
    for target, state in ((90, "reached"), (100, "not reached")):
        table = goals_progress(log, spend(), settings(qualified_calls=target), august).table
        assert table.loc[0, "so_far"] == 93
        assert table.loc[0, "state"] == state
        assert table.loc[0, "chance"] == float(state == "reached")


def test_a_month_under_way_gets_a_chance_from_its_pace():
    """At three a day, 93 are expected: 70 is likely, 93 is open, 140 is out of reach."""
    log = calls(*daily("2026-06-01", "2026-08-15"))
    august = Period.parse("2026-08")
    chance = {}
    for target in (70, 93, 140):
        progress = goals_progress(log, spend(), settings(qualified_calls=target), august)
        row = progress.table.iloc[0]
        assert row["state"] == "under way"
        assert row["expected"] == pytest.approx(93, rel=0.01)
        chance[target] = row["chance"]
    assert chance[70] > 0.95
    assert 0.3 < chance[93] < 0.7
    assert chance[140] < 0.05


def on_days(days, per_day=2):
    """Some calls on each of these days."""
    return calls(
        *(
            call(f"{day:%m%d}-{k}", f"{day:%Y-%m-%d} {10 + k}:00")
            for day in days
            for k in range(per_day)
        )
    )


def test_a_weekend_that_is_left_brings_a_weekday_shop_nothing():
    """On Friday, one call short with a weekend to go, a Monday to Friday shop has no chance."""
    weekdays = pd.bdate_range("2026-03-02", "2026-05-29")
    may = 2 * sum(day.month == 5 for day in weekdays)
    wanted = settings(qualified_calls=may + 1)
    progress = goals_progress(on_days(weekdays), spend(), wanted, Period.parse("2026-05"))
    row = progress.table.iloc[0]
    assert row["state"] == "under way"
    assert row["so_far"] == may
    assert row["chance"] < 0.05
    assert row["expected"] == pytest.approx(may, abs=0.2)


def test_a_holiday_that_is_left_is_worth_a_closed_day_only_where_it_closes_the_business():
    """With Labor Day among the days left, less is expected by who keeps it than by who does not."""
    weekdays = pd.bdate_range("2026-06-01", "2026-09-04").drop(["2026-06-19", "2026-07-03"])
    expected = {}
    for closed in (True, False):
        wanted = settings(qualified_calls=60)
        business = wanted.business.model_copy(update={"closed_on_holidays": closed})
        wanted = wanted.model_copy(update={"business": business})
        found = goals_progress(on_days(weekdays), spend(), wanted, Period.parse("2026-09"))
        expected[closed] = found.table.loc[0, "expected"]
    assert expected[False] - expected[True] == pytest.approx(2, abs=0.5)


def test_a_falling_shop_is_not_promised_its_old_level():
    """Calls that halved every three weeks are foretold at the level they fell to."""
    days = pd.date_range("2026-06-01", "2026-08-15")
    falling = [
        call(f"{day:%m%d}-{k}", f"{day:%Y-%m-%d} {8 + k}:00")
        for place, day in enumerate(days)
        for k in range(round(10 * np.exp(-place / 30)))
    ]
    found = goals_progress(
        calls(*falling), spend(), settings(qualified_calls=45), Period.parse("2026-08")
    ).table.iloc[0]
    assert found["expected"] - found["so_far"] < 24
    assert found["chance"] < 0.3


def test_few_days_of_history_give_no_chance_and_say_why():
    """After two weeks nothing is known of a usual week; a goal that is reached stays certain."""
    log = calls(*daily("2026-08-02", "2026-08-15"))
    august = Period.parse("2026-08")
    progress = goals_progress(log, spend(), settings(qualified_calls=80), august)
    assert np.isnan(progress.table.loc[0, "chance"])
    assert any("14 days" in check.text and not check.passed for check in progress.checks)
    reached = goals_progress(log, spend(), settings(qualified_calls=40), august)
    assert reached.table.loc[0, "chance"] == 1.0


def test_the_chance_of_a_goal_happens_as_often_as_said():
    """Over simulated shop-months of four kinds, what is said likely and unlikely comes true so."""
    rng = np.random.default_rng(3)
    found = [shop_month(KINDS[place % len(KINDS)], rng) for place in range(120)]
    table = pd.DataFrame([one for one in found if one], columns=["said", "happened"], dtype=float)
    error = np.sqrt((table["said"] * (1 - table["said"])).sum())
    assert abs(table["said"].sum() - table["happened"].sum()) < 3.5 * error
    brier = ((table["said"] - table["happened"]) ** 2).mean()
    assert brier < 0.5 * table["happened"].var(ddof=0)


def test_lively_weeks_leave_a_chance_more_open_than_level_ones():
    """The same pace: where good and bad weeks alternate by months, more is still possible."""
    days = list(enumerate(pd.date_range("2026-06-15", "2026-08-15")))
    level = [(day, 4) for _, day in days]
    lively = [(day, 7 if place // 14 % 2 else 1) for place, day in days]

    def chance(counts, target):
        rows = [
            call(f"{day:%m%d}-{k}", f"{day:%Y-%m-%d} {9 + k}:00")
            for day, count in counts
            for k in range(count)
        ]
        found = goals_progress(
            calls(*rows), spend(), settings(qualified_calls=target), Period.parse("2026-08")
        ).table.iloc[0]
        assert found["state"] == "under way"
        return found["chance"], found["expected"]

    _, expected = chance(level, 1)
    _, restless = chance(lively, 1)
    assert chance(level, round(expected * 1.3))[0] < 0.05
    assert chance(lively, round(restless * 1.3))[0] > 0.08


def test_a_rate_of_few_repeat_callers_is_more_open_than_that_of_many():
    """Nine in ten answered, of two people or of sixty: the chance of nine in ten."""

    def chance(people):
        rows = [
            call(
                f"{place}", f"{day:%Y-%m-%d} {9 + k}:00", caller_key=f"p{(2 * place + k) % people}",
                status="missed" if (2 * place + k) % people < people / 10 else "answered",
                call_id=f"c{place}-{k}",
            )
            for place, day in enumerate(pd.date_range("2026-06-15", "2026-08-15"))
            for k in range(2)
        ]  # fmt: skip
        return goals_progress(
            calls(*rows), spend(), settings(answer_rate=0.8), Period.parse("2026-08")
        ).table.iloc[0]["chance"]

    assert chance(60) > chance(10)


def test_cost_and_answer_rate_are_judged_in_their_own_direction():
    """A cheaper call than the target is reached; a lower answer rate is not."""
    log = calls(
        *daily("2026-07-01", "2026-09-05"),
        *daily("2026-08-01", "2026-08-31", 1, status="missed", caller_key="m", call_id=None),
    )
    log["call_id"] = [f"c{place}" for place in range(len(log))]
    paid = spend(("2026-08-01", 31, "Weddings", "930", "USD"))
    wanted = settings(cost_per_qualified_call=15, answer_rate=0.9)
    table = goals_progress(log, paid, wanted, Period.parse("2026-08")).table.set_index("goal")
    assert table.loc["Paid cost per qualified call", "so_far"] == pytest.approx(10)
    assert table.loc["Paid cost per qualified call", "state"] == "reached"
    assert table.loc["Answer rate", "so_far"] == pytest.approx(0.75)
    assert table.loc["Answer rate", "state"] == "not reached"


def test_calls_of_which_the_log_does_not_tell_are_in_no_rate_of_answered_ones():
    """Three answered, one missed, four unknown: three of four, and one of four."""
    statuses = ["answered"] * 3 + ["missed"] + [None] * 4
    log = calls(
        *(call(k, f"2026-08-03 1{k}:00", status=status) for k, status in enumerate(statuses))
    )
    august = Period.parse("2026-08")
    goals = goals_progress(log, spend(), settings(answer_rate=0.5), august).table
    assert goals.loc[0, "so_far"] == pytest.approx(0.75)
    assert missed_revenue(log, outcomes(), settings(), august).table["miss_rate"].max() == 0.25
    total = scorecard(log, spend(), outcomes(), settings(), august).total
    assert total["answer_rate"] == pytest.approx(0.75)
    unknown = calls(*(call(k, f"2026-08-03 1{k}:00", status=None) for k in range(3)))
    goals = goals_progress(unknown, spend(), settings(answer_rate=0.5), august).table
    assert goals.loc[0, "state"] == "no data"


def test_what_is_still_to_be_paid_is_the_days_part_of_a_usual_week():
    """Ads run Monday to Friday: a weekend and a Monday to come cost what one day costs."""
    log = calls(*daily("2026-07-01", "2026-08-28", 1))
    weekdays = pd.bdate_range("2026-07-01", "2026-08-28")
    paid = spend(*((f"{day:%Y-%m-%d}", 1, "Weddings", "10", "USD") for day in weekdays))
    state = month_of(
        counted(log, settings()), paid, settings(), Period.parse("2026-08"), dt.date(2026, 8, 28)
    )
    assert state.cost == 200
    assert state.cost_left == pytest.approx(10, rel=0.05)


def test_the_purposes_not_known_are_those_of_the_months_that_are_judged():
    """A page about one month does not speak of the calls of another."""
    log = calls(*daily("2026-07-01", "2026-08-31", 1))
    goals = goals_progress(log, spend(), settings(sales_calls=5), Period.parse("2026-08"))
    assert "31 of 31 calls of these months" in goals.checks[0].text


def test_no_goals_and_no_data_are_said_in_words():
    """Nothing set: how to set it. Nothing logged: "no data", not a miss."""
    assert (
        "No goals are set"
        in goals_progress(calls(), spend(), settings(), Period.parse("2026-08")).text
    )
    empty = goals_progress(calls(), spend(), settings(qualified_calls=5), Period.parse("2026-08"))
    assert empty.table.loc[0, "state"] == "no data"


def test_the_purpose_heard_in_a_call_counts_towards_a_goal():
    """Where the log does not say what a call was for, the findings do."""
    log = calls(call(1, "2026-08-03 10:00"), call(2, "2026-09-02 10:00", purpose="sale"))
    heard = pd.DataFrame(
        [
            {
                "account": "main",
                "call_id": "c1",
                "family": "purpose",
                "kind": "sale",
                "confidence": 0.9,
            }
        ]
    )
    heard = schema.conform(heard, "findings")
    august, wanted = Period.parse("2026-08"), settings(sales_calls=1)
    assert goals_progress(log, spend(), wanted, august).table.loc[0, "so_far"] == 0
    assert goals_progress(log, spend(), wanted, august, findings=heard).table.loc[0, "so_far"] == 1


def test_a_rising_series_has_a_rising_trend():
    """Growth of 3 % a week is 12.7 % in four; its interval holds that and not zero."""
    rng = np.random.default_rng(2)
    week = np.arange(40.0)
    events = rng.poisson(60 * np.exp(0.03 * (week - 20))).astype(float)
    fit = fit_trend(events, np.full(40, 7.0), week, np.zeros(40, bool))
    assert 0 < fit.change_low < np.expm1(0.12) < fit.change_high
    assert not fit.season


def test_days_without_data_are_exposure_and_not_zeros():
    """Weeks with half their days missing have half the calls and the same rate: no trend."""
    days = np.array([7.0] * 10 + [4.0] * 10)
    fit = fit_trend(10 * days, days, np.arange(20.0), np.zeros(20, bool))
    assert fit.change == pytest.approx(0, abs=1e-9)


def test_a_gap_stays_a_gap_in_the_weekly_table():
    """A week without any row in the log has no rate, and the chart's mark is set."""
    rows = [
        row
        for row in daily("2026-03-02", "2026-06-28")
        if not "2026-05-04" <= str(row["started_at"])[:10] <= "2026-05-10"
    ]
    trend = weekly_trend(
        calls(*rows), settings(), Period(dt.date(2026, 3, 2), dt.date(2026, 6, 28))
    )
    hole = trend.table.set_index("week").loc["2026-05-04"]
    assert np.isnan(hole["rate"])
    assert hole["gap"]
    assert "7 days" in trend.checks[0].text
    assert trend.change == pytest.approx(0, abs=0.01)


def test_a_short_log_gets_no_trend():
    """Three weeks are too few, and the text says how many it takes."""
    trend = weekly_trend(
        calls(*daily("2026-08-03", "2026-08-23")), settings(), Period.parse("2026-08")
    )
    assert "too few" in trend.text
    assert np.isnan(trend.change)


def test_changes_of_definition_are_handed_on_to_the_chart():
    """Only those within the period, and with them what ships for the log's platforms."""
    trend = weekly_trend(
        calls(*daily("2026-06-01", "2026-08-30")),
        settings(),
        Period.parse("2026-06..2026-08"),
        definition_changes=definition_changes("2026-07-20", "2026-01-01"),
    )
    assert [f"{day:%Y-%m-%d}" for day, _ in trend.definition_changes] == [
        "2026-07-01",
        "2026-07-20",
    ]
    said = next(check for check in trend.checks if check.name == "changes of definition")
    assert said.passed is None
    assert "1 Jul 2026: Google Ads records calls by default" in said.text
    assert "it can move call conversions that Google reports" in said.text
    assert "https://" in said.text
    assert "20 Jul 2026: what counts." in said.text


def test_a_platform_that_is_not_in_the_log_changes_nothing():
    """Calls from flyers: no change of a platform is marked, and no word is said of any."""
    log = calls(*daily("2026-06-01", "2026-08-30")).assign(channel="print")
    log = schema.conform(log, "calls")
    trend = weekly_trend(log, settings(), Period.parse("2026-06..2026-08"))
    assert trend.definition_changes == ()
    assert "changes of definition" not in [check.name for check in trend.checks]


@pytest.mark.parametrize(
    ("day", "platform", "marked"),
    [
        ("2026-06-27", "google_ads", ["2026-06-27"]),
        ("2026-06-27", "facebook", ["2026-06-27", "2026-07-01"]),
        ("2026-06-10", "google_ads", ["2026-06-10", "2026-07-01"]),
    ],
)
def test_a_users_line_takes_the_place_of_what_ships(day, platform, marked):
    """The same platform within a week is one change; another platform's is another."""
    known = schema.conform(definition_changes(day).assign(platform=platform), "regimes")
    log = calls(*daily("2026-06-01", "2026-08-30"))
    trend = weekly_trend(
        log, settings(), Period.parse("2026-06..2026-08"), definition_changes=known
    )
    assert [f"{at:%Y-%m-%d}" for at, _ in trend.definition_changes] == marked


def test_every_change_that_ships_is_whole():
    """Platforms are channels or providers, and each change has its words, figures and source."""
    changes = shipped_changes()
    providers = {layout.provider for layout in LAYOUTS}
    assert set(changes["platform"]) <= set(schema.CHANNELS) | providers
    assert changes.notna().all().all()
    assert changes["source"].str.startswith("https://").all()
    assert changes["date"].is_monotonic_increasing


def test_a_single_empty_day_is_no_gap_for_a_quiet_shop():
    """With a call every other day, a day without one is chance; two silent weeks are not."""
    days = pd.date_range("2026-03-01", "2026-07-31", freq="2D")
    kept = [
        day for day in days if not pd.Timestamp("2026-05-01") <= day <= pd.Timestamp("2026-05-20")
    ]
    log = calls(*(call(f"{day:%j}", f"{day:%Y-%m-%d} 10:00") for day in kept))
    covered = days_with_data(log, settings(), Period.parse("2026-03..2026-07"))
    assert covered["2026-03-02"]
    assert not covered["2026-05-10"]


def test_a_quiet_holiday_is_no_gap_where_the_business_is_closed_on_holidays():
    """Seven calls a day; none on Memorial Day and Independence Day, none on three days in June."""
    away = {*pd.to_datetime(["2026-05-25", "2026-06-19", "2026-07-03", "2026-07-04"])}
    lost = {*pd.date_range("2026-06-09", "2026-06-11")}
    days = [day for day in pd.date_range("2026-05-01", "2026-07-31") if day not in away | lost]
    log = calls(
        *(call(f"{day:%j}-{k}", f"{day:%Y-%m-%d} {10 + k}:00") for day in days for k in range(7))
    )
    covered = days_with_data(log, settings(), Period.parse("2026-05..2026-07"))
    assert set(covered.index[~covered]) == lost


def test_hours_are_those_of_the_local_clock_on_both_sides_of_the_change_of_time():
    """Ten in the morning is ten, before and after 1 November, when clocks go back."""
    found = rhythm(
        calls(call(1, "2026-10-31 10:00"), call(2, "2026-11-02 10:00", status="missed")),
        settings(),
        Period.parse("2026-10..2026-11"),
    )
    busy = found.table[found.table["calls"] > 0]
    assert busy["hour"].tolist() == [10, 10]
    assert sorted(busy["weekday"]) == ["Mon", "Sat"]
    assert found.table["missed"].sum() == 1


def test_missed_callers_who_rang_again_are_not_lost():
    """Three missed: one was answered next day, one called back, one never reached."""
    log = calls(
        call(1, "2026-08-03 10:00", status="missed"),
        call(2, "2026-08-04 10:00", caller_key="p1"),
        call(3, "2026-08-03 11:00", status="voicemail"),
        call(4, "2026-08-03 15:00", caller_key="p3", direction="outbound"),
        call(5, "2026-08-03 22:00", status="missed"),
        call(6, "2026-08-14 10:00"),
    )
    left = missed_revenue(log, schema.empty("outcomes"), settings(), Period.parse("2026-08"))
    table = left.table.set_index("when")
    assert table["unreached"].to_dict() == {"in opening hours": 0, "after hours": 1}
    assert "Too few orders" in left.text


def test_the_price_of_a_lost_caller_is_that_of_an_answered_one():
    """Ten of forty answered people bought for 200: a lost one is worth 50, with a range."""
    log = [call(k, f"2026-08-{k % 20 + 3:02d} 10:00") for k in range(40)]
    won = [(f"p{k}", "2026-08-28 10:00", "200") for k in range(10)]
    lost = call(99, "2026-08-03 12:00", status="missed")
    left = missed_revenue(calls(*log, lost), outcomes(*won), settings(), Period.parse("2026-08"))
    row = left.table.set_index("when").loc["in opening hours"]
    assert row["money"] == pytest.approx(50)
    assert row["money_low"] < 50 < row["money_high"]
    assert left.display()["Worth, if like the others (range)"].iloc[1] == "-"  # nobody, no money


def test_where_everybody_was_reached_nobody_is_priced():
    """A missed caller who was spoken to next day costs nothing, and no sum is named."""
    log = [call(k, f"2026-08-{k % 20 + 3:02d} 10:00") for k in range(40)]
    won = [(f"p{k}", "2026-08-28 10:00", "200") for k in range(10)]
    lost = call(39, "2026-08-21 12:00", status="missed")
    back = call(39, "2026-08-22 12:00", call_id="back")
    left = missed_revenue(
        calls(*log, lost, back), outcomes(*won), settings(), Period.parse("2026-08")
    )
    assert left.table["unreached"].sum() == 0
    assert left.table["missed"].sum() == 1
    assert "USD" not in left.text


def test_places_are_counted_with_a_range():
    """Cities as the provider names them, whatever their case; unknown ones stay out."""
    log = calls(
        call(1, "2026-08-03 10:00", caller_city="NEW YORK"),
        call(2, "2026-08-03 10:00", caller_city="New York"),
        call(3, "2026-08-03 10:00"),
    )
    found = places(log, settings(), Period.parse("2026-08"))
    assert found.table["place"].tolist() == ["New York"]
    assert found.table.loc[0, "calls"] == 2
    assert found.table.loc[0, "qualified_rate_low"] < 1
    assert "does not say" in places(calls(), settings(), Period.parse("2026-08")).text
