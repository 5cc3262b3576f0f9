"""Notebooks into reports: runs, checks, the HTML template, charts, the player, the index.

The shell's last room: it reads a workspace and never writes to its tables.
"""

from calltrack_nb.reporting.batches import EACH, prepare_each
from calltrack_nb.reporting.call_view import calls_html, show_calls
from calltrack_nb.reporting.catalogue import CLIENTS, find_notebook, report_names
from calltrack_nb.reporting.goals import goals_html, show_goals
from calltrack_nb.reporting.html import Cover, export_html
from calltrack_nb.reporting.index import list_reports, write_index
from calltrack_nb.reporting.kernels import Nursery
from calltrack_nb.reporting.parameters import Parameter, check_parameters, describe, inspect
from calltrack_nb.reporting.player import (
    player,
    quotes_html,
    read_turns,
    show_quotes,
    show_transcript,
    transcript_html,
)
from calltrack_nb.reporting.report_tables import show_table, table_html
from calltrack_nb.reporting.running import Job, ReportRun, prepare, run_report, run_reports
from calltrack_nb.reporting.sharing import check_share_safe, private_values
from calltrack_nb.reporting.showing import (
    show,
    show_answer,
    show_chart,
    show_definitions,
    show_html,
    show_lines,
    show_text,
    show_things_to_do,
)
from calltrack_nb.reporting.style import (
    BLUE,
    DIVERGING,
    GREEN,
    GREY,
    HATCHES,
    INK,
    MUTED,
    NARROW,
    ORANGE,
    PALETTE,
    PINK,
    RULE,
    SEQUENTIAL,
    WIDTH,
    style,
)
from calltrack_nb.reporting.trust import trust

__all__ = [
    "BLUE",
    "CLIENTS",
    "DIVERGING",
    "EACH",
    "GREEN",
    "GREY",
    "HATCHES",
    "INK",
    "MUTED",
    "NARROW",
    "ORANGE",
    "PALETTE",
    "PINK",
    "RULE",
    "SEQUENTIAL",
    "WIDTH",
    "Cover",
    "Job",
    "Nursery",
    "Parameter",
    "ReportRun",
    "calls_html",
    "check_parameters",
    "check_share_safe",
    "describe",
    "export_html",
    "find_notebook",
    "goals_html",
    "inspect",
    "list_reports",
    "player",
    "prepare",
    "prepare_each",
    "private_values",
    "quotes_html",
    "read_turns",
    "report_names",
    "run_report",
    "run_reports",
    "show",
    "show_answer",
    "show_calls",
    "show_chart",
    "show_definitions",
    "show_goals",
    "show_html",
    "show_lines",
    "show_quotes",
    "show_table",
    "show_text",
    "show_things_to_do",
    "show_transcript",
    "style",
    "table_html",
    "transcript_html",
    "trust",
    "write_index",
]
