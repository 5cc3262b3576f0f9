"""Listening: what callers want, hold back over and ask for, in their own words.

Redaction comes first; nothing else here reads a text that has not gone through it.
"""

from calltrack_nb.listening.book import BookTheme, ThemeBook, ThemeNames, read_theme_names
from calltrack_nb.listening.campaigns import (
    Crossing,
    findings_by_campaign,
    themes_by_campaign,
)
from calltrack_nb.listening.embedding import (
    Embedder,
    MiniLM,
    TfidfSvd,
    forget_cached,
    open_embedder,
)
from calltrack_nb.listening.findings import find_findings, find_in_text, sentences_to_compare
from calltrack_nb.listening.likeness import Alike, Likeness, likeness_to
from calltrack_nb.listening.odds import theme_odds
from calltrack_nb.listening.patterns import Example, Pattern, read_examples, read_patterns
from calltrack_nb.listening.queue import calls_to_read, listening_queue
from calltrack_nb.listening.redaction import (
    PrivateSpan,
    Redacted,
    private_times,
    redact,
    redact_call,
    redact_text,
)
from calltrack_nb.listening.searching import search
from calltrack_nb.listening.summary import (
    Summary,
    coverage,
    finding_quotes,
    finding_summary,
    heard_calls,
    talk_summary,
    theme_months,
    theme_quotes,
    theme_summary,
)
from calltrack_nb.listening.tagging import Themes, tag_themes, warm_cache
from calltrack_nb.listening.talk import talk_measures
from calltrack_nb.listening.themes import ThemeModel
from calltrack_nb.listening.trends import monthly_themes, theme_states

__all__ = [
    "Alike",
    "BookTheme",
    "Crossing",
    "Embedder",
    "Example",
    "Likeness",
    "MiniLM",
    "Pattern",
    "PrivateSpan",
    "Redacted",
    "Summary",
    "TfidfSvd",
    "ThemeBook",
    "ThemeModel",
    "ThemeNames",
    "Themes",
    "calls_to_read",
    "coverage",
    "find_findings",
    "find_in_text",
    "finding_quotes",
    "finding_summary",
    "findings_by_campaign",
    "forget_cached",
    "heard_calls",
    "likeness_to",
    "listening_queue",
    "monthly_themes",
    "open_embedder",
    "private_times",
    "read_examples",
    "read_patterns",
    "read_theme_names",
    "redact",
    "redact_call",
    "redact_text",
    "search",
    "sentences_to_compare",
    "tag_themes",
    "talk_measures",
    "talk_summary",
    "theme_months",
    "theme_odds",
    "theme_quotes",
    "theme_states",
    "theme_summary",
    "themes_by_campaign",
    "warm_cache",
]
