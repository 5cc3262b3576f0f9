"""Themes against campaigns and against what became of the calls."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calltrack_nb.findings import findings_by_campaign
from calltrack_nb.themes import theme_odds, themes_by_campaign

THEMES = pd.DataFrame({"theme_id": ["T001", "T002"], "label": ["Weddings", "Delivery"]})


def log(cells):
    """Return calls and their themes from {(campaign, theme): number of calls}."""
    rows = [
        (f"{campaign}-{theme}-{i}", campaign, theme)
        for (campaign, theme), count in cells.items()
        for i in range(count)
    ]
    frame = pd.DataFrame(rows, columns=["call_id", "campaign", "theme_id"])
    return callers_apart(frame[["call_id", "campaign"]]), frame[["call_id", "theme_id"]]


def callers_apart(calls):
    """Give each call a caller of its own."""
    return calls.assign(caller_key=calls["call_id"], caller_number=None)


def cell(crossing, theme, campaign):
    """Return one row of a crossing."""
    table = crossing.table
    return table[(table["theme_id"] == theme) & (table["campaign"] == campaign)].iloc[0]


def test_a_campaign_that_brings_more_of_a_theme_is_named():
    """Forty of fifty against ten of fifty is called more, with counts and residual."""
    calls, marks = log(
        {("Ads", "T001"): 40, ("Ads", "T002"): 10, ("Flyer", "T001"): 10, ("Flyer", "T002"): 40}
    )
    crossing = themes_by_campaign(marks, calls, THEMES)
    row = cell(crossing, "T001", "Ads")
    assert (row["calls"], row["of"], row["expected"]) == (40, 50, 25)
    assert row["residual"] == pytest.approx(6.0)
    assert "Ads brings more “Weddings” than expected" in crossing.text


def test_marks_of_calls_outside_the_period_count_nowhere():
    """A theme of other months only is in no row, and adds nothing to calls without a campaign."""
    calls, marks = log({("Ads", "T001"): 20, ("Flyer", "T001"): 10, ("Ads", "T002"): 6})
    inside = calls[calls["call_id"].isin(marks.loc[marks["theme_id"] == "T001", "call_id"])]
    table = themes_by_campaign(marks, inside, THEMES).table
    assert set(table["theme_id"]) == {"T001"}
    assert dict(zip(table["campaign"], table["of"], strict=True)) == {"Ads": 20, "Flyer": 10}


def test_chance_alone_names_few_campaigns():
    """Of a hundred logs without any difference, at most a tenth name a campaign."""
    rng = np.random.default_rng(0)
    named = 0
    for _ in range(100):
        theme = rng.choice(["T001", "T002", "T003"], 200)
        calls = pd.DataFrame(
            {"call_id": range(200), "campaign": rng.choice(list("abcd"), 200)}
        ).astype({"call_id": str})
        calls = callers_apart(calls)
        marks = pd.DataFrame({"call_id": calls["call_id"], "theme_id": theme})
        named += "than expected" in themes_by_campaign(marks, calls).text
    assert named <= 10


def test_small_cells_are_not_shown_and_small_campaigns_are_pooled():
    """A cell of three calls shows no number; campaigns of fewer than five are one."""
    calls, marks = log(
        {
            ("Ads", "T001"): 40,
            ("Ads", "T002"): 3,
            ("x", "T001"): 2,
            ("y", "T001"): 2,
            ("z", "T002"): 2,
        }
    )
    crossing = themes_by_campaign(marks, calls, THEMES)
    assert np.isnan(cell(crossing, "T002", "Ads")["calls"])
    assert set(crossing.table["campaign"]) == {"Ads", "all others"}


def test_hesitations_are_shares_of_all_calls_that_were_listened_to():
    """Calls without a hesitation count in the denominator."""
    calls, _ = log({("Ads", "T001"): 20, ("Flyer", "T001"): 20})
    findings = pd.DataFrame(
        {"call_id": calls["call_id"].head(10), "family": "hesitation", "kind": "price"}
    )
    crossing = findings_by_campaign(findings, calls, calls["call_id"])
    assert cell(crossing, "price", "Ads")["share"] == 0.5
    assert cell(crossing, "price", "Flyer")["of"] == 20


def test_no_calls_are_no_error():
    """Empty tables give an empty crossing that says so."""
    calls, marks = log({})
    assert "too few calls" in themes_by_campaign(marks, calls, THEMES).text


def test_few_calls_are_drawn_towards_the_whole():
    """Three of three is no certainty, and a theme of many calls keeps its own share."""
    calls, marks = log({("Ads", "T001"): 3, ("Ads", "T002"): 200})
    good = [*calls["call_id"].head(3), *calls["call_id"].iloc[3:63]]
    table = theme_odds(marks, THEMES, calls["call_id"], good).table.set_index("theme_id")
    assert table.loc["T001", "share"] == 1.0
    assert table.loc["T001", "shrunken"] < 0.9
    assert table.loc["T001", "low"] < 0.5
    assert table.loc["T002", "shrunken"] == pytest.approx(0.3, abs=0.03)


def test_a_clear_difference_is_said_and_unknown_calls_do_not_count():
    """Eighty of a hundred against twenty of a hundred; calls without a word on it are out."""
    calls, marks = log({("Ads", "T001"): 150, ("Ads", "T002"): 150})
    one, two = (calls.loc[calls["call_id"].str.contains(t), "call_id"] for t in ("T001", "T002"))
    known, good = [*one[:100], *two[:100]], [*one[:80], *two[:20]]
    found = theme_odds(marks, THEMES, known, good)
    assert found.table["calls"].tolist() == [100, 100]
    assert found.text.startswith("Calls are qualified more often: Weddings (80 of 100)")
    assert "less often: Delivery" in found.text
    assert theme_odds(marks, THEMES, [], []).table.empty
