"""What the listening report answers: no share of bookings that nobody has measured."""

import pandas as pd
import pytest

from calltrack_nb import schema
from calltrack_nb.briefing import listening_answer
from calltrack_nb.findings import order_agreement, outcome_summary
from calltrack_nb.results import Result

COLUMNS = ["kind", "label", "calls", "share", "low", "high"]


def counted(*rows):
    return Result(pd.DataFrame(rows, columns=COLUMNS), "", ())


ENDS = counted(
    ("booked", "booked", 6, 0.12, 0.05, 0.22),
    ("lost", "lost (not measured)", 15, 0.27, 0.17, 0.4),
    ("unclear", "unclear", 15, 0.27, 0.17, 0.4),
)
THEMES = Result(
    counted(("t1", "Wedding cake", 9, 0.16, 0.09, 0.28)).table.assign(separation=0.9), "", ()
)


@pytest.mark.parametrize("checked", [False, True])
def test_how_calls_ended_is_a_share_only_once_people_checked_it(checked):
    """Before, counts and a caveat; after, the corrected share of what the checks measure."""
    told = listening_answer(THEMES, counted(), ENDS, heard=56, calls=200, checked=checked)
    ended = told.sentences[-1]
    assert not any(figure.label == "Lost" for figure in told.figures)
    if checked:
        assert ended == "Of 56 calls 12 % (5 % to 22 %) were booked, corrected by checks."
    else:
        assert "6 were booked and 15 were lost; 15 stay unclear" in ended
        assert ended.endswith("Too few calls are checked to say how often this is right.")
        assert "%" not in ended


def test_a_measured_loss_is_a_figure():
    """With checks that measure it, the share of lost calls stands among the figures."""
    ends = counted(("lost", "lost", 15, 0.3, 0.2, 0.4))
    told = listening_answer(THEMES, counted(), ends, heard=56, calls=200, checked=True)
    lost = next(figure for figure in told.figures if figure.label == "Lost")
    assert (lost.value, lost.detail) == ("30 %", "20 % to 40 %")


def test_what_callers_want_is_a_hint_where_themes_are_loose():
    """Groups that hardly stand apart are no figure, and the sentence calls them a hint."""
    loose = Result(THEMES.table.assign(separation=0.3), "", ())
    told = listening_answer(loose, counted(), ENDS, heard=56, calls=200, checked=False)
    assert "no clear groups" in told.sentences[0]
    assert "hint only: Wedding cake (9)" in told.sentences[0]
    assert not any("Wedding cake" in figure.label for figure in told.figures)
    firm = listening_answer(THEMES, counted(), ENDS, heard=56, calls=200, checked=False)
    assert any("Wedding cake" in figure.label for figure in firm.figures)


def test_a_clear_theme_behind_a_loose_one_is_not_the_most_asked_about():
    """The figure of the largest clear theme says that it is of the clear ones."""
    rows = [("t1", "Hum", 12), ("t2", "Wedding cake", 9), ("t3", "Delivery", 8)]
    table = counted(*((*row, row[2] / 56, 0.05, 0.3) for row in rows)).table
    themes = Result(table.assign(separation=[0.05, 0.9, 0.9]), "", ())
    told = listening_answer(themes, counted(), ENDS, heard=56, calls=200, checked=False)
    assert "Hum is a loose group" in told.sentences[0]
    labels = [figure.label for figure in told.figures]
    assert "Most asked about, of clear themes: Wedding cake" in labels


def test_a_tie_is_no_order():
    """Of several that as many calls name none is called the most, or named while others are not."""
    rows = [("A", 9), ("B", 9), ("C", 7), ("D", 7)]
    themes = counted(*((name, name, calls, calls / 56, 0.05, 0.3) for name, calls in rows))
    firm = Result(themes.table.assign(separation=0.9), "", ())
    told = listening_answer(firm, counted(), ENDS, heard=56, calls=200, checked=False)
    assert told.sentences[0].endswith("most about A (9) and B (9) of 56 calls listened to.")
    assert "Most asked about: A and B" in {figure.label for figure in told.figures}


@pytest.mark.parametrize("checked", [False, True])
def test_calls_whose_end_nobody_heard_are_answered_of(checked):
    """Where no call's outcome was heard, nothing is said of how calls ended."""
    heard = ["a", "b"]
    empty = {name: schema.empty(name) for name in ("findings", "calls", "outcomes")}
    agreement = order_agreement(
        empty["findings"], heard, empty["calls"], empty["outcomes"], "America/New_York"
    )
    ends = outcome_summary(empty["findings"], heard, agreement)
    told = listening_answer(THEMES, counted(), ends, heard=2, calls=2, checked=checked)
    assert told.sentences[-1] == "No hesitation was found."
