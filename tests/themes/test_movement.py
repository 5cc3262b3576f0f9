"""What themes do from month to month, and which campaign brings which: by callers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calltrack_nb.themes import theme_states, themes_by_campaign

MONTHS = ("2026-05", "2026-06", "2026-07", "2026-08")


def log(**monthly: tuple[int, ...]) -> tuple[pd.DataFrame, pd.Series]:
    """Calls of each theme in each month, each by a caller of its own."""
    rows = [
        (f"{theme}-{month}-{place}", theme, month)
        for theme, counts in monthly.items()
        for month, count in zip(MONTHS, counts, strict=True)
        for place in range(count)
    ]
    marks = pd.DataFrame(rows, columns=["call_id", "theme_id", "month"])
    return marks, marks.set_index("call_id")["month"]


@pytest.mark.parametrize(
    ("counts", "state"),
    [
        ((0, 0, 0, 12), "new"),
        ((0, 1, 0, 14), "new"),
        ((9, 0, 0, 14), "returning"),
        ((8, 8, 8, 30), "growing"),
        ((30, 30, 30, 6), "fading"),
        ((20, 20, 20, 20), "steady"),
        ((0, 0, 0, 2), "steady"),
        ((1, 0, 2, 3), "steady"),
    ],
)
def test_a_theme_moves_where_its_share_is_shown_to_differ(
    counts: tuple[int, ...], state: str
) -> None:
    """Each movement has its word; a few calls of a rare matter are none of them."""
    states = theme_states(*log(it=counts, other=(300, 300, 300, 300)))
    assert states.loc["it", "state"] == state
    assert states.loc["other", "state"] == "steady"


def test_one_caller_who_rings_often_is_no_movement() -> None:
    """Twelve calls of one person do not make a theme new; of twelve persons they do."""
    marks, months = log(it=(0, 0, 0, 12), other=(300, 300, 300, 300))
    ids = pd.Series(months.index, index=months.index)
    same = ids.mask(ids.str.startswith("it-"), "one")
    assert theme_states(marks, months, who=same).loc["it", "state"] == "steady"
    assert theme_states(marks, months, who=ids).loc["it", "state"] == "new"


def repeat_callers(rng: np.random.Generator, calls_each: float) -> tuple[pd.DataFrame, pd.Series]:
    """Callers whose matter, campaign and month have nothing to do with one another."""
    each = rng.geometric(1 / calls_each, 300)
    who = np.repeat(np.arange(300), each)
    frame = pd.DataFrame(
        {
            "call_id": [f"c{place}" for place in range(len(who))],
            "caller_key": [f"p{caller}" for caller in who],
            "caller_number": None,
            "campaign": rng.choice(list("ABC"), 300)[who],
            "theme_id": rng.choice([f"t{place}" for place in range(6)], 300)[who],
            "month": rng.choice(MONTHS, 300)[who],
        }
    )
    return frame, frame.set_index("call_id")["month"]


@pytest.mark.parametrize("calls_each", [1.0, 2.0])
def test_repeat_callers_are_not_taken_for_a_pattern(calls_each: float) -> None:
    """Where nothing goes with anything, few tables say so, however often callers ring."""
    rng = np.random.default_rng(7)
    stands_out = moves = 0
    for _ in range(20):
        frame, months = repeat_callers(rng, calls_each)
        table = themes_by_campaign(frame, frame).table
        stands_out += bool((table["p_corrected"] < 0.05).any())
        who = frame.set_index("call_id")["caller_key"]
        moves += bool(theme_states(frame, months, who=who)["state"].ne("steady").any())
    # at 5 % more than 4 of 20 come by chance in about one of four hundred such tests
    assert stands_out <= 4
    assert moves <= 4
