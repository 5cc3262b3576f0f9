"""Notebooks into reports: runs, checks, the HTML template, charts, the player, the index.

The shell's last room: it reads a workspace and never writes to its tables.
"""

from calltrack_nb.reporting.report_tables import show_table, table_html
from calltrack_nb.reporting.showing import show, show_html, show_text
from calltrack_nb.reporting.style import (
    BLUE,
    DIVERGING,
    GREEN,
    GREY,
    HATCHES,
    INK,
    MUTED,
    ORANGE,
    PALETTE,
    PINK,
    RULE,
    SEQUENTIAL,
    WIDTH,
    style,
)

__all__ = [
    "BLUE",
    "DIVERGING",
    "GREEN",
    "GREY",
    "HATCHES",
    "INK",
    "MUTED",
    "ORANGE",
    "PALETTE",
    "PINK",
    "RULE",
    "SEQUENTIAL",
    "WIDTH",
    "show",
    "show_html",
    "show_table",
    "show_text",
    "style",
    "table_html",
]
