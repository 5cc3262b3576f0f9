"""What works, how sure that is, and what to do next.

Every function takes canonical tables and gives a frozen result that holds its numbers
and its words together.
"""

from calltrack_nb.effectiveness.goals import GoalsProgress, goals_progress
from calltrack_nb.effectiveness.qualified import counted_calls, rule_in_words
from calltrack_nb.effectiveness.rhythm import (
    LeftOnTheTable,
    Places,
    Rhythm,
    left_on_the_table,
    places,
    rhythm,
)
from calltrack_nb.effectiveness.scorecard import Scorecard, scorecard
from calltrack_nb.effectiveness.trend import Trend, weekly_trend

__all__ = [
    "GoalsProgress",
    "LeftOnTheTable",
    "Places",
    "Rhythm",
    "Scorecard",
    "Trend",
    "counted_calls",
    "goals_progress",
    "left_on_the_table",
    "places",
    "rhythm",
    "rule_in_words",
    "scorecard",
    "weekly_trend",
]
