"""The scorecard: counted by hand, and through everything a real log lacks."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as budget
from hypothesis import strategies as st

from calltrack_nb import schema
from calltrack_nb.calls import counted
from calltrack_nb.effectiveness import goals_progress, score_figures, scorecard
from calltrack_nb.effectiveness.rates import rate_ends
from calltrack_nb.errors import EvidenceError
from calltrack_nb.periods import Period
from calltrack_nb.settings import Business, Evidence
from tests.effectiveness.frames import call, calls, outcomes, settings, spend

AUGUST = Period.parse("2026-08")
NOTHING = schema.empty("outcomes")


def log():
    """Three campaigns, one person who rang twice, spam, staff, and a call of July."""
    return calls(
        call(1, "2026-08-03 10:00"),
        call(2, "2026-08-03 11:00", duration_s=30.0),
        call(3, "2026-08-04 10:00", status="missed"),
        call(4, "2026-08-05 10:00", caller_key="p1"),
        call(5, "2026-08-05 11:00", campaign="Flyer", channel="print", lead_status="not_qualified"),
        call(
            6,
            "2026-08-31 23:30",
            campaign="Flyer",
            channel="print",
            lead_status="qualified",
            duration_s=5,
        ),
        call(7, "2026-08-06 10:00", spam_score=4),
        call(8, "2026-08-06 11:00", caller_number="+12125550101"),
        call(9, "2026-08-06 12:00", direction="outbound"),
        call(10, "2026-07-30 12:00"),
        call(11, "2026-08-07 12:00", campaign=None, channel="organic"),
    )


def test_the_qualified_rule_counts_what_it_says():
    """Answered and marked, or unknown and long enough; spam, staff and outbound never count."""
    found = counted(log(), settings(), AUGUST).set_index("call_id")["qualified"]
    assert found.to_dict() == {
        "c1": True, "c2": False, "c3": False, "c4": True, "c5": False, "c6": True, "c11": True,
    }  # fmt: skip


def test_a_marked_call_is_not_taken_for_spam():
    """The provider's or the user's word beats the score."""
    marked = calls(call(1, "2026-08-03 10:00", spam_score=9, lead_status="qualified"))
    assert counted(marked, settings()).loc[0, "qualified"]


def test_groups_are_counted_as_by_hand():
    """Calls, people, missed, qualified, period before, and 280 over 2 qualified calls."""
    card = scorecard(
        log(), spend(("2026-07-27", 10, "Weddings", "560", "USD")), NOTHING, settings(), AUGUST
    )
    row = card.table.set_index("campaign").loc["Weddings"]
    assert row[["calls", "people", "missed", "qualified", "calls_before"]].tolist() == [
        4,
        3,
        1,
        2,
        1,
    ]
    # Five of the ten days paid for lie in August.
    assert row["cost"] == pytest.approx(280)
    assert row["cost_per_qualified"] == pytest.approx(140)
    assert row["qualified_rate"] == pytest.approx(0.5)
    assert card.total["calls"] == 7


def test_orders_go_to_the_callers_last_call_before_them():
    """A caller of two campaigns who then bought: the second one gets the revenue."""
    rows = calls(
        call(1, "2026-08-03 10:00"),
        call(2, "2026-08-05 10:00", caller_key="p1", campaign="Flyer"),
        call(3, "2026-08-20 10:00", caller_key="p1"),
    )
    won = outcomes(("p1", "2026-08-06 10:00", "250.50"), ("nobody", "2026-08-06 10:00", "99"))
    card = scorecard(rows, spend(), won, settings(), AUGUST)
    revenue = card.table.set_index("campaign")["revenue"]
    assert revenue["Flyer"] == pytest.approx(250.5)
    assert revenue["Weddings"] == 0
    assert any("could not be tied" in check.text for check in card.checks)


@pytest.mark.parametrize(
    ("closed", "campaign"),
    [
        # only the day is known: the call of that day led to the order
        ("2026-08-05 00:00", "Flyer"),
        # the last call up to the end of the day, not one after it
        ("2026-08-06 00:00", "Flyer"),
        # a moment is a moment, also one just past midnight
        ("2026-08-05 00:01", "Weddings"),
        ("2026-08-05 09:59", "Weddings"),
    ],
)
def test_an_order_of_a_day_goes_to_the_last_call_of_that_day(closed, campaign):
    """An order at exactly local midnight is of the whole day; any other is of its moment."""
    rows = calls(
        call(1, "2026-08-03 10:00"),
        call(2, "2026-08-05 10:00", caller_key="p1", campaign="Flyer"),
        call(3, "2026-08-07 00:00", caller_key="p1", campaign="Radio"),
    )
    card = scorecard(rows, spend(), outcomes(("p1", closed, "250.50")), settings(), AUGUST)
    revenue = card.table.set_index("campaign")["revenue"]
    assert revenue[revenue > 0].to_dict() == {campaign: 250.5}


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        # a day of 25 hours, and one that begins at one o'clock
        ("America/New_York", "2026-11-01"),
        ("Africa/Cairo", "2026-04-24"),
    ],
)
def test_an_order_of_a_day_on_which_the_clocks_change_is_tied(zone, day):
    """The day's last call counts, whether the day is longer or begins without a midnight."""
    here = settings().model_copy(update={"business": Business(timezone=zone)})
    start = pd.Timestamp(day).tz_localize(zone, nonexistent="shift_forward")
    end = (pd.Timestamp(day) + pd.Timedelta(days=1)).tz_localize(zone)
    rows = calls(call(1, "2026-08-03 10:00"))
    rows["started_at"] = [(end - pd.Timedelta(minutes=1)).tz_convert("UTC")]
    won = outcomes(("p1", "2026-08-03 10:00", "10"))
    won["closed_at"] = [start.tz_convert("UTC")]
    card = scorecard(rows, spend(), won, here, Period.parse(day[:7]))
    assert card.table["revenue"].sum() == 10


def test_few_sales_carry_no_interval():
    """Two orders give a sum and the words "too few orders to say", not a range."""
    rows = calls(call(1, "2026-08-03 10:00"), call(2, "2026-08-03 11:00"))
    won = outcomes(("p1", "2026-08-06 10:00", "100"), ("p2", "2026-08-06 10:00", "100"))
    card = scorecard(
        rows, spend(("2026-08-01", 31, "Weddings", "50", "USD")), won, settings(), AUGUST
    )
    assert card.table.loc[0, "revenue"] == 200
    assert np.isnan(card.table.loc[0, "revenue_low"])
    assert "too few orders" in card.display_cost()["Revenue (range)"][0]


def test_spend_of_days_outside_the_period_is_said():
    """A month's cost in a report of 24 of its days loses a week's, and the reader is told."""
    paid = spend(("2026-08-01", 31, "Weddings", "310", "USD"))
    card = scorecard(log(), paid, NOTHING, settings(), Period.parse("2026-08-01..2026-08-24"))
    assert card.total["cost"] == 240
    assert any("USD 70.00 of spend is for days" in check.text for check in card.checks)
    whole = scorecard(log(), paid, NOTHING, settings(), AUGUST)
    assert not any("of spend is for days" in check.text for check in whole.checks)


def test_spend_without_calls_and_calls_without_spend_are_shown():
    """Neither is lost: one has a lower cost only, the other no cost at all."""
    paid = spend(
        ("2026-08-01", 31, "Radio", "500", "USD"), ("2026-08-01", 31, "Weddings", "50", "USD")
    )
    adjusted = scorecard(log(), paid, NOTHING, settings(), AUGUST).display_cost()
    adjusted = adjusted.set_index("Campaign")["Adjusted for small samples (range)"]
    assert adjusted["Radio"] == "-"  # of no qualified call there is no cost to adjust
    assert adjusted["Weddings"].startswith("USD")
    card = scorecard(log(), paid.iloc[:1], NOTHING, settings(), AUGUST)
    table = card.table.set_index("campaign")
    assert table.loc["Radio", "calls"] == 0
    assert np.isnan(table.loc["Radio", "cost_per_call"])
    assert table.loc["Radio", "cost_per_call_low"] == pytest.approx(500 / 3.689, rel=1e-3)
    assert np.isnan(table.loc["Radio", "cost_per_call_high"])
    assert np.isnan(table.loc["Weddings", "cost_per_call"])
    assert "Radio" in card.cost_text
    assert any(check.name == "calls without spend" for check in card.checks)


def test_other_currencies_are_named_and_not_added():
    """Dollars are scored; euros stand in a note with their sum."""
    rows = spend(
        ("2026-08-01", 31, "Weddings", "100", "USD"), ("2026-08-01", 31, "Weddings", "300", "EUR")
    )
    card = scorecard(log(), rows, NOTHING, settings(), AUGUST)
    assert card.total["cost"] == pytest.approx(100)
    assert any("EUR 300" in check.text for check in card.checks)


def test_small_groups_are_pooled():
    """Campaigns below the set minimum stand together, unless money was spent on them."""
    cautious = settings().model_copy(update={"evidence": Evidence(min_group=4)})
    rows = calls(
        *(call(k, "2026-08-03 10:00") for k in range(6)),
        *(call(10 + k, "2026-08-03 11:00", campaign=name) for k, name in enumerate("XYZ")),
    )
    card = scorecard(rows, spend(("2026-08-01", 31, "Z", "5", "USD")), NOTHING, cautious, AUGUST)
    assert card.table["campaign"].tolist() == ["Weddings", "other (2 small groups)", "Z"]


def test_repeat_callers_widen_the_range():
    """Twelve calls from two people say less than twelve from twelve."""
    alone = scorecard(
        calls(*(call(k, f"2026-08-{k + 1:02d} 10:00") for k in range(12))),
        spend(),
        NOTHING,
        settings(),
        AUGUST,
    )
    same = [call(k, f"2026-08-{k + 1:02d} 10:00", caller_key=f"p{k % 2}") for k in range(12)]
    pair = scorecard(calls(*same), spend(), NOTHING, settings(), AUGUST)
    assert pair.table.loc[0, "calls_high"] > alone.table.loc[0, "calls_high"]
    assert pair.table.loc[0, "people"] == 2


def test_days_on_which_nobody_answers_widen_the_range_of_the_answer_rate():
    """Where whole days fail, the range holds the true rate about as often as it says."""
    rng = np.random.default_rng(5)
    day = pd.Series(np.repeat(np.arange(90), 8))
    held = {"calls": 0, "days": 0}
    for _ in range(100):
        staffed = rng.random(90) < 0.85
        answered = pd.Series((rng.random(720) < 0.95) & staffed[day])
        for name, alike in (("calls", pd.Series(range(720))), ("days", day)):
            low, high = rate_ends(answered, 0.95, alike)
            held[name] += low <= 0.85 * 0.95 <= high
    assert held["calls"] < 70
    assert held["days"] >= 89


def test_an_empty_log_says_so():
    """No calls, no spend, no orders: words, and an empty table."""
    card = scorecard(calls(), spend(), NOTHING, settings(), AUGUST)
    assert card.table.empty
    assert "no call" in card.text
    assert card.display().shape[0] == 1


def test_a_period_in_the_future_says_so():
    """Nothing has happened there yet."""
    card = scorecard(log(), spend(), NOTHING, settings(), Period.parse("2031"))
    assert "no call" in card.text
    assert any(check.name == "days with data" and check.passed is False for check in card.checks)


def test_one_campaign_only_has_nothing_to_be_compared_with():
    """It is scored, and the words say that there is no comparison."""
    card = scorecard(
        calls(*(call(k, "2026-08-03 10:00") for k in range(9))),
        spend(),
        NOTHING,
        settings(),
        AUGUST,
    )
    assert "only one campaign" in card.text


def test_a_month_missing_from_the_log_is_a_gap():
    """A year of daily calls without June: the days are named, not counted as zeros."""
    days = [day for day in pd.date_range("2026-03-01", "2026-08-31") if day.month != 6]
    rows = [call(f"{day:%j}-{k}", f"{day:%Y-%m-%d} {10 + k}:00") for day in days for k in range(3)]
    card = scorecard(calls(*rows), spend(), NOTHING, settings(), Period.parse("2026-03..2026-08"))
    gap = next(check for check in card.checks if check.name == "days with data")
    assert gap.passed is False
    assert "30 days (1 to 30 Jun 2026)" in gap.text


def test_an_unknown_grouping_is_refused():
    """The error names the groupings there are."""
    with pytest.raises(EvidenceError, match="landing_page"):
        scorecard(log(), spend(), NOTHING, settings(), AUGUST, by="mood")


@budget(max_examples=12, deadline=None)
@given(
    counts=st.lists(st.integers(0, 6), min_size=1, max_size=5),
    costs=st.lists(st.integers(0, 400), min_size=5, max_size=5),
)
def test_costs_are_never_infinite_or_negative(counts, costs):
    """Whatever was rung and paid, every figure of money is a number from 0 up, or missing."""
    rows = [
        call(f"{place}-{k}", f"2026-08-{k + 1:02d} 10:00", campaign=f"C{place}")
        for place, count in enumerate(counts)
        for k in range(count)
    ]
    paid = spend(*(("2026-08-01", 31, f"C{k}", str(cost), "USD") for k, cost in enumerate(costs)))
    card = scorecard(calls(*rows), paid, NOTHING, settings(), AUGUST)
    figures = (
        pd.concat([card.table, card.total.to_frame().T]).filter(regex="cost|return").to_numpy(float)
    )
    known = figures[~np.isnan(figures)]
    assert np.isfinite(known).all()
    assert (known >= 0).all()


def test_a_qualified_call_costs_paid_over_paid_and_blended_beside_it():
    """100 on Weddings, whose calls are two of five: 50 paid and 20 blended, in total and by row."""
    rows = calls(
        call(1, "2026-08-03 10:00"),
        call(2, "2026-08-04 10:00"),
        *(call(n, f"2026-08-0{n} 10:00", campaign="Brand") for n in (5, 6, 7)),
        call(8, "2026-08-31 10:00", campaign="Brand", duration_s=10.0),
    )
    money = spend(("2026-08-01", 31, "Weddings", "100", "USD"))
    card = scorecard(rows, money, outcomes(), settings(), AUGUST)
    assert card.total["cost_per_qualified"] == pytest.approx(50)
    assert card.total["blended_cost_per_qualified"] == pytest.approx(20)
    assert card.total["cost_per_qualified_low"] < 50 < card.total["cost_per_qualified_high"]
    shown = card.display_cost().iloc[-1]
    assert "50" in shown["Paid, per qualified call (range)"]
    assert "20" in shown["Blended, per qualified call (range)"]
    channel = scorecard(rows, money, outcomes(), settings(), AUGUST, by="channel").table.iloc[0]
    assert channel[["cost_per_qualified", "blended_cost_per_qualified"]].tolist() == [50, 20]
    goal = goals_progress(rows, money, settings(cost_per_qualified_call=30), AUGUST)
    assert goal.table.loc[0, ["so_far", "state"]].tolist() == [50, "not reached"]
    assert "Paid" in goal.table.loc[0, "goal"]
    assert any("paid cost" in check.text for check in goal.checks)


def test_orders_tied_to_no_call_are_named_with_the_reason():
    """One order of a stranger, one without a caller, one before its caller's first call."""
    rows = calls(call(1, "2026-08-10 10:00"))
    won = outcomes(
        ("nobody", "2026-08-12 10:00", "10"),
        (None, "2026-08-12 10:00", "20"),
        ("p1", "2026-08-09 10:00", "30"),
    )
    said = " ".join(
        check.text for check in scorecard(rows, spend(), won, settings(), AUGUST).checks
    )
    assert "3 of 3 orders" in said
    assert "1 no caller and no call on record" in said
    assert "1 no call from that caller" in said
    assert "1 before the caller's first call" in said


@pytest.mark.parametrize(
    ("at", "other", "campaign", "closed", "row"),
    [
        # two campaigns rung three minutes apart: neither; half an hour apart: the last
        ("10:03", "p1", "Flyer", "2026-08-06 10:00", None),
        ("10:30", "p1", "Flyer", "2026-08-06 10:00", "Flyer"),
        # only the day is known, and two campaigns were rung on it
        ("15:00", "p1", "Flyer", "2026-08-05 00:00", None),
        # of one campaign, or of two callers, there is nothing to tell apart
        ("15:00", "p1", "Weddings", "2026-08-05 00:00", "Weddings"),
        ("15:00", "p2", "Flyer", "2026-08-05 00:00", "Weddings"),
    ],
)
def test_revenue_that_several_campaigns_may_have_brought_is_none_of_theirs(
    at, other, campaign, closed, row
):
    """Where nothing tells which call brought an order, its amount stands apart, with the reason."""
    rows = calls(
        call(1, "2026-08-05 10:00"),
        call(2, f"2026-08-05 {at}", caller_key=other, campaign=campaign),
    )
    card = scorecard(rows, spend(), outcomes(("p1", closed, "50")), settings(), AUGUST)
    revenue = card.table.set_index("campaign")["revenue"]
    assert revenue[revenue > 0].to_dict() == ({row: 50.0} if row else {})
    said = " ".join(check.text for check in card.checks)
    assert ("came from different sources (USD 50.00)" in said) is (row is None)
    assert card.total["revenue"] == 50


@pytest.mark.parametrize(
    ("closed", "tied"), [("2026-08-31 10:00", True), ("2026-08-31 12:00", False)]
)
def test_an_order_comes_of_a_call_of_the_ninety_days_before(closed, tied):
    """Two hours make the difference; what comes later is said, and how much it is."""
    rows = calls(call(1, "2026-06-02 11:00"))
    card = scorecard(rows, spend(), outcomes(("p1", closed, "50")), settings(), AUGUST)
    said = " ".join(check.text for check in card.checks)
    assert card.total["revenue"] == (50 if tied else 0)
    assert ("more than 90 days after the caller's last call (USD 50.00)" in said) is not tied


def test_orders_still_to_come_are_said():
    """Orders come up to ten days after the call, of young calls the quick ones: that is said."""
    rows, won = [], []
    for day in range(1, 31):
        rows.append(call(day, f"2026-08-{day:02} 10:00", caller_key=f"p{day}"))
        after = 1 if day % 2 else 10
        if day + after <= 31:
            won.append((f"p{day}", f"2026-08-{day + after:02} 09:00", "10"))
    card = scorecard(calls(*rows), spend(), outcomes(*won), settings(), AUGUST)
    (said,) = [check.text for check in card.checks if "may still come" in check.text]
    assert "nine in ten within 10 days" in said
    assert "calls since 20 Aug 2026" in said


def test_orders_of_the_same_day_are_not_waited_for():
    """Where orders come within the day of the call, nothing is still to come."""
    rows = [call(day, f"2026-08-{day:02} 10:00", caller_key=f"p{day}") for day in range(1, 31)]
    won = [(f"p{day}", f"2026-08-{day:02} 12:00", "10") for day in range(1, 31)]
    card = scorecard(calls(*rows), spend(), outcomes(*won), settings(), AUGUST)
    assert not any("may still come" in check.text for check in card.checks)


def test_what_moves_all_campaigns_alike_widens_the_range_of_their_sum():
    """Weeks of 42 and 84 calls, shared out alike: no share moves, but the sum does."""
    days = pd.date_range("2026-03-02", periods=56, freq="D")
    each = np.where(np.arange(56) // 7 % 2, 12, 6)
    log = pd.DataFrame({"local": np.repeat(days, each)})
    group = np.arange(len(log)) % 3
    assert score_figures.weekly_dispersion(log, group, 3) == 1
    covered = pd.Series(data=True, index=days)
    assert score_figures.total_dispersion(log, covered) == pytest.approx(42**2 / 126)
    gap = covered.where(covered.index < days[28], other=False)
    assert score_figures.total_dispersion(log, gap) == pytest.approx(42**2 / 126)
    assert score_figures.total_dispersion(log, ~covered) == 1
