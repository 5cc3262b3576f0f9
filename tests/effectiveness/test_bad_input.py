"""What a real log lacks: both reports' figures, words and charts through all of it."""

import datetime as dt
import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from calltrack_nb import schema
from calltrack_nb.briefing import campaign_advice
from calltrack_nb.effectiveness import (
    attribution,
    busiest_campaign,
    goals_progress,
    judge_tweaks,
    marginal_return,
    missed_revenue,
    places,
    plan_trial,
    reconcile,
    rhythm,
    scorecard,
    weekly_trend,
)
from calltrack_nb.periods import Period
from calltrack_nb.reporting import goals_html
from calltrack_nb.reporting.charts import effectiveness as charts
from calltrack_nb.reporting.charts import places as maps
from calltrack_nb.settings import Business
from tests.effectiveness.frames import (
    call,
    calls,
    definition_changes,
    outcomes,
    settings,
    spend,
    tweaks,
)

WHOLE = Period.parse("2026-03..2026-08")
GOALS = settings(qualified_calls=75, cost_per_qualified_call=30, answer_rate=0.85).model_copy(
    update={"business": Business(timezone="America/New_York", city="New York", region="NY")}
)
PAID = spend(
    ("2026-03-01", 184, "Weddings", "1840", "USD"), ("2026-03-01", 184, "Flyer", "400", "USD")
)
WON = outcomes(
    *((f"Weddings-2026-04-{day:02d}", "2026-05-01 10:00", "250") for day in range(1, 11))
)


def log(*names, without=()):
    """A call a day and campaign over half a year, less the months in `without`."""
    days = [day for day in pd.date_range("2026-03-01", "2026-08-31") if day.month not in without]
    return calls(
        *(
            call(
                f"{name}-{day:%Y-%m-%d}",
                f"{day:%Y-%m-%d} {9 + place}:00",
                caller_key=f"{name}-{day:%Y-%m-%d}",
                campaign=name,
                caller_city="Yonkers",
                caller_region="NY",
                status="missed" if day.day % 7 == 0 else "answered",
            )
            for day in days
            for place, name in enumerate(names)
        )
    )


def both_reports(rows, *, paid=PAID, won=WON, changed=(), cuts=(), period=WHOLE):
    """Everything the two notebooks of effectiveness show of a log: words, tables, charts."""
    tweaked, redefined = tweaks(*changed), definition_changes(*cuts)
    verdicts = judge_tweaks(
        rows, tweaked, GOALS, definition_changes=redefined, outcomes=won, spend=paid
    )
    goals = goals_progress(rows, paid, GOALS, period)
    card = scorecard(rows, paid, won, GOALS, period)
    trend = weekly_trend(rows, GOALS, period, definition_changes=redefined)
    found = places(rows, GOALS, period)
    plan = plan_trial(rows, GOALS, busiest_campaign(rows, GOALS), dt.date(2026, 9, 7), runs=50)
    shape = rhythm(rows, GOALS, period)
    results = {
        "goals": goals, "card": card, "trend": trend, "places": found, "plan": plan,
        "verdicts": verdicts, "rhythm": shape,
        "keyword": scorecard(rows, paid, won, GOALS, period, by="keyword"),
        "left": missed_revenue(rows, won, GOALS, period),
        "budget": marginal_return(rows, paid, GOALS, period),
        "credit": attribution(rows, schema.empty("touchpoints"), GOALS, period),
        "sides": reconcile(rows, GOALS, period),
    }  # fmt: skip
    figures = [
        charts.return_chart(campaign_advice(card, 0.95), "USD"),
        charts.scorecard_chart(card), charts.cost_chart(card),
        charts.trend_chart(trend), charts.rhythm_chart(shape), charts.verdicts_chart(verdicts),
        charts.tweak_chart(verdicts), charts.power_chart(plan), maps.places_chart(found),
    ]  # fmt: skip
    for figure in figures:
        figure.canvas.draw()
        plt.close(figure)
    shown = [goals_html(goals), maps.places_caption(found), card.cost_text]
    shown += [verdicts.checks_table().to_string(), card.display_cost().to_string()]
    for result in results.values():
        shown += [result.text, result.display().to_string(na_rep="-"), result._repr_html_()]
        shown += [check.text for check in getattr(result, "checks", ())]
    return results, "\n".join(shown)


def assert_sane(results, shown):
    """Nothing infinite, no cost below zero, no NaN in the words."""
    assert not re.search(r"\binf\b|\bnan\b", shown, re.IGNORECASE)
    costs = results["card"].display_cost().to_string() + results["goals"].display().to_string()
    assert "USD -" not in costs
    for name in ("card", "keyword"):
        figures = results[name].table.select_dtypes("number")
        assert not np.isinf(figures.to_numpy(dtype=float)).any()
        assert not (figures.filter(like="cost").to_numpy(dtype=float) < 0).any()
    assert all(result.text for result in results.values())


def test_no_spend():
    """Costs are dashes, and the words say that there is no spend on record."""
    results, shown = both_reports(log("Weddings", "Flyer"), paid=spend())
    assert_sane(results, shown)
    assert "No spend is on record" in shown
    assert results["card"].table["cost_per_call"].isna().all()
    assert (results["goals"].table["state"] == "no cost").any()


def test_a_campaign_without_a_call():
    """Paid for and silent: a lower end of its cost, no upper one, and its name in the words."""
    paid = pd.concat([PAID, spend(("2026-03-01", 184, "Radio", "900", "USD"))], ignore_index=True)
    results, shown = both_reports(
        log("Weddings", "Flyer"), paid=paid, changed=(("2026-06-01", "Radio"),)
    )
    assert_sane(results, shown)
    assert "Spend without a call: Radio" in shown
    row = results["card"].table.set_index("campaign").loc["Radio"]
    assert row["cost_per_call_low"] > 0
    assert np.isnan(row["cost_per_call_high"])
    assert results["verdicts"].verdicts[0].word == "can't tell"


def test_one_campaign_only():
    """No comparison, and no verdict: half a year is too short for its own year before."""
    results, shown = both_reports(
        log("Weddings"),
        paid=PAID[PAID["campaign"] == "Weddings"],
        changed=(("2026-06-01", "Weddings"),),
    )
    assert_sane(results, shown)
    assert "only one campaign" in shown
    assert "There is no other campaign" in shown
    assert results["verdicts"].verdicts[0].word == "can't tell"
    assert results["plan"].weeks is None


def test_costs_in_two_currencies():
    """The business's own is scored; the other is named with its sum and added to nothing."""
    paid = pd.concat([PAID, spend(("2026-03-01", 184, "Flyer", "777", "EUR"))], ignore_index=True)
    results, shown = both_reports(log("Weddings", "Flyer"), paid=paid)
    assert_sane(results, shown)
    assert "EUR 777" in shown
    assert results["card"].total["cost"] == pytest.approx(2240)


def test_a_credit_does_not_make_a_cost_negative():
    """A refund larger than the spend is left out, in words."""
    paid = pd.concat([PAID, spend(("2026-06-01", 1, "Flyer", "-5000", "USD"))], ignore_index=True)
    results, shown = both_reports(log("Weddings", "Flyer"), paid=paid)
    assert_sane(results, shown)
    assert "credit" in shown


@pytest.mark.parametrize("day", ["2026-03-01", "2026-08-31"])
def test_a_tweak_on_the_first_or_last_day(day):
    """Nothing before it, or nothing after: can't tell, with the reason."""
    results, shown = both_reports(log("Weddings", "Flyer"), changed=((day, "Weddings"),))
    assert_sane(results, shown)
    verdict = results["verdicts"].verdicts[0]
    assert verdict.word == "can't tell"
    assert "There is data for only" in verdict.text


def test_a_period_in_the_future():
    """No call yet: said by every part, with nothing divided by nothing."""
    results, shown = both_reports(log("Weddings", "Flyer"), period=Period.parse("2031-01"))
    assert_sane(results, shown)
    assert "no call in this period" in shown.lower()
    assert set(results["goals"].table["state"]) == {"no data", "no cost"}


def test_a_month_missing_from_the_log():
    """June is a gap: named, left out of the trend, and no tweak is judged on it as zeros."""
    results, shown = both_reports(
        log("Weddings", "Flyer", without=(6,)), changed=(("2026-06-29", "Weddings"),)
    )
    assert_sane(results, shown)
    assert "1 to 30 Jun 2026" in shown
    weeks = results["trend"].table
    assert weeks.loc[weeks["week"].dt.month == 6, "rate"].isna().any()
    assert abs(results["trend"].change) < 0.05
    june = results["goals"].table.set_index("month").loc["2026-06", "state"]
    assert (june == "no data").all()
    judged = results["verdicts"].verdicts[0].weeks
    assert not (judged["treated"] == 0).any()


def test_nothing_at_all():
    """An empty workspace: both reports say so."""
    results, shown = both_reports(calls(), paid=spend(), won=outcomes())
    assert_sane(results, shown)
    assert results["card"].table.empty


def test_hours_with_a_break_and_past_midnight():
    """Half past twelve is closed; one in the morning belongs to the evening before."""
    split = GOALS.model_copy(
        update={
            "business": Business(hours={"mon": "09:00-12:00, 13:00-17:00", "tue": "18:00-02:00"})
        }
    )
    rows = calls(
        call(1, "2026-08-03 12:30", status="missed"),
        call(2, "2026-08-03 13:30", status="missed"),
        call(3, "2026-08-05 01:00", status="missed"),
    )
    found = missed_revenue(rows, outcomes(), split, Period.parse("2026-08")).table
    assert found.set_index("when")["missed"].to_dict() == {"in opening hours": 2, "after hours": 1}
