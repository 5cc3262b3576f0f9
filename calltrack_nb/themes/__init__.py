"""Themes: what callers want, in their own words, with names that last from month to month.

It reads redacted text only.
"""

from calltrack_nb._moved import old_names
from calltrack_nb.themes.answers import Answers
from calltrack_nb.themes.apart import calls_set_apart
from calltrack_nb.themes.campaigns import themes_by_campaign
from calltrack_nb.themes.embedding import Embedder, MiniLM, TfidfSvd, forget_cached, open_embedder
from calltrack_nb.themes.loose import loose, loose_in_words, mostly_loose, without_loose
from calltrack_nb.themes.model import ThemeModel
from calltrack_nb.themes.odds import theme_odds
from calltrack_nb.themes.questions import Question, next_question
from calltrack_nb.themes.registry import (
    RegisteredTheme,
    ThemeNames,
    ThemeRegistry,
    read_theme_names,
)
from calltrack_nb.themes.summary import theme_months, theme_quotes, theme_summary
from calltrack_nb.themes.tagging import Themes, tag_themes, warm_cache
from calltrack_nb.themes.trends import monthly_themes, theme_states

__all__ = [
    "Answers",
    "Embedder",
    "MiniLM",
    "Question",
    "RegisteredTheme",
    "TfidfSvd",
    "ThemeModel",
    "ThemeNames",
    "ThemeRegistry",
    "Themes",
    "calls_set_apart",
    "forget_cached",
    "loose",
    "loose_in_words",
    "monthly_themes",
    "mostly_loose",
    "next_question",
    "open_embedder",
    "read_theme_names",
    "tag_themes",
    "theme_months",
    "theme_odds",
    "theme_quotes",
    "theme_states",
    "theme_summary",
    "themes_by_campaign",
    "warm_cache",
    "without_loose",
]

__getattr__ = old_names(__name__, "calltrack_nb.results")
