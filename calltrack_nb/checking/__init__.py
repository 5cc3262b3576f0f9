"""What people check of the machine's work: which calls, what they said, what follows.

A sample of calls is drawn at random; a person says what is true of each; every share that
the machine counts is then corrected, with a range that covers its errors too.
"""

from calltrack_nb.checking.agreement import agreement_text, kappa
from calltrack_nb.checking.check import CHOSEN, DRAWN, Check
from calltrack_nb.checking.checked import COVERED, ENOUGH, Checked, corrected
from calltrack_nb.checking.draw import (
    THEME,
    Draw,
    draw_calls,
    extend_draw,
    mark,
    marks_of,
)

__all__ = [
    "CHOSEN",
    "COVERED",
    "DRAWN",
    "ENOUGH",
    "THEME",
    "Check",
    "Checked",
    "Draw",
    "agreement_text",
    "corrected",
    "draw_calls",
    "extend_draw",
    "kappa",
    "mark",
    "marks_of",
]
