"""Charts are drawn from whatever a log holds, from nothing to a full season."""

import datetime as dt

import matplotlib.pyplot as plt
import pytest

from calltrack_nb import reporting, schema
from calltrack_nb.briefing import campaign_advice
from calltrack_nb.effectiveness import (
    judge_tweaks,
    plan_trial,
    rhythm,
    scorecard,
    weekly_trend,
)
from calltrack_nb.periods import Period
from calltrack_nb.reporting.charts import effectiveness as charts
from tests.effectiveness.frames import call, calls, settings

WHOLE = Period.parse("2026-04..2026-09")
GOALS = settings(qualified_calls=75, cost_per_qualified_call=30, answer_rate=0.85)


def drawn(log, spend, outcomes, tweaks, definition_changes, campaign, *, width=reporting.WIDTH):
    """Draw every chart of the two reports."""
    card = scorecard(log, spend, outcomes, GOALS, WHOLE)
    verdicts = judge_tweaks(
        log, tweaks, GOALS, definition_changes=definition_changes, outcomes=outcomes, spend=spend
    )
    start = dt.date(2026, 10, 1)
    trend = weekly_trend(log, GOALS, WHOLE, definition_changes=definition_changes)
    return {
        "return": charts.return_chart(campaign_advice(card, 0.95), "USD", width=width),
        "scorecard": charts.scorecard_chart(card, width=width),
        "cost": charts.cost_chart(card, width=width),
        "trend": charts.trend_chart(trend, width=width),
        "rhythm": charts.rhythm_chart(rhythm(log, GOALS, WHOLE), width=width),
        "verdicts": charts.verdicts_chart(verdicts, width=width),
        "tweak": charts.tweak_chart(verdicts, width=width),
        "power": charts.power_chart(plan_trial(log, GOALS, campaign, start, runs=50), width=width),
    }


def test_every_chart_of_the_room_is_drawn_here(shop):
    """A chart that is added is drawn on nothing and on the sample too."""
    figures = drawn(
        shop.calls, shop.spend, shop.outcomes, shop.tweaks, shop.regimes, "Instagram bio"
    )
    made = {name.removesuffix("_chart") for name in vars(charts) if name.endswith("_chart")}
    assert made == set(figures), "add the chart to drawn()"


@pytest.mark.parametrize("rows", [[], [call(1, "2026-08-03 10:00", campaign=None)]])
@pytest.mark.parametrize("width", [reporting.WIDTH, reporting.NARROW])
def test_an_empty_log_and_a_single_call_can_be_drawn(rows, width):
    """No chart fails for want of data, on a screen or a telephone; it says so instead."""
    nothing = [schema.empty(name) for name in ("spend", "outcomes", "tweaks", "regimes")]
    for figure in drawn(calls(*rows), *nothing, "", width=width).values():
        figure.canvas.draw()
        plt.close(figure)


def test_the_samples_charts_show_what_the_tables_hold(shop):
    """One row per campaign, one dot per judged tweak, one line per change of definition."""
    figures = drawn(
        shop.calls, shop.spend, shop.outcomes, shop.tweaks, shop.regimes, "Instagram bio"
    )
    card = scorecard(shop.calls, shop.spend, shop.outcomes, GOALS, WHOLE)
    names = [text.get_text() for text in figures["scorecard"].axes[0].get_yticklabels()]
    assert names == card.table["campaign"].head(charts.MOST_ROWS).tolist()[::-1]
    words = [text.get_text() for text in figures["verdicts"].axes[0].texts]
    assert sorted(words) == ["can't tell", "looks like it helped"]
    dashed = [line for line in figures["trend"].axes[0].lines if line.get_linestyle() == "-."]
    marked = weekly_trend(shop.calls, GOALS, WHOLE, definition_changes=shop.regimes)
    assert len(dashed) == len(marked.definition_changes) > len(shop.regimes)
    assert len(figures["tweak"].axes) == 2
    for figure in figures.values():
        figure.canvas.draw()
        plt.close(figure)


def test_a_chart_of_one_panel_is_drawn_on_axes_of_ones_own(shop):
    """What an analyst lays out is drawn into, its legend too, and can be restyled after."""
    card = scorecard(shop.calls, shop.spend, shop.outcomes, GOALS, WHOLE)
    mine, (left, right) = plt.subplots(1, 2)
    assert charts.cost_chart(card, ax=left) is mine
    assert charts.return_chart(campaign_advice(card, 0.95), "USD", ax=right) is mine
    left.set_title("Mine")
    assert mine.axes == [left, right]
    assert len(left.lines) == 2
    assert left.get_legend() is not None
    assert mine.legends == []
    assert right.get_xlabel() == "USD of revenue for each USD spent"
    plt.close(mine)
