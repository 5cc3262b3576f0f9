"""How every chart of the reports looks: one theme, and colours that everyone can tell apart.

The colours are those five of seaborn's ``colorblind`` palette that reach a contrast of
3:1 against white; the others vanish in print and on bright screens.
"""

from __future__ import annotations

import re
import warnings
from functools import cache
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import seaborn as sns

BLUE: Final = "#0173b2"
ORANGE: Final = "#d55e00"
GREEN: Final = "#029e73"
PINK: Final = "#cc78bc"
GREY: Final = "#949494"

PALETTE: Final = (BLUE, ORANGE, GREEN, PINK, GREY)
HATCHES: Final = ("", "//", "..", "xx", "\\\\")

INK: Final = "#1c2733"
MUTED: Final = "#5a6673"
RULE: Final = "#d9dee3"
SEQUENTIAL: Final = "cividis"
DIVERGING: Final = "PuOr_r"

WIDTH: Final = 8.0
"""Width of a chart in inches: what fits the column of a report."""

NARROW: Final = 3.6
"""Width of the same chart in inches for a telephone."""

PAPER: Final = "#ffffff"
"""What marks stand on; a page in the dark replaces it."""


def is_narrow(width: float) -> bool:
    """Tell whether a chart of so many inches is drawn for a telephone."""
    return width <= NARROW


def style() -> None:
    """Set the theme of the charts for this process, and show the outputs' style sheet.

    Call it once, before the first chart of a notebook.

    Examples
    --------
    >>> import matplotlib as mpl
    >>> with mpl.rc_context():
    ...     style()
    ...     mpl.rcParams["axes.spines.top"]
    False
    """
    _show_style_sheet()
    # seaborn's boxplot still passes an argument that matplotlib renames in 3.13
    warnings.filterwarnings("ignore", category=mpl.MatplotlibDeprecationWarning, module="seaborn")
    # no reader of a notebook can do anything about a missing progress widget
    warnings.filterwarnings("ignore", message="IProgress not found")
    sns.set_theme(
        context="notebook",
        style="ticks",
        palette=list(PALETTE),
        font="DejaVu Sans",
        rc={
            "figure.figsize": (WIDTH, 4.2),
            "figure.dpi": 110,
            "figure.constrained_layout.use": True,
            "text.parse_math": False,  # a campaign's name is no formula, whatever stands in it
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": MUTED,
            "axes.labelcolor": INK,
            "axes.titlecolor": INK,
            "axes.titlelocation": "left",
            "axes.titlesize": 12,
            "axes.titleweight": "bold",
            "axes.titlepad": 12,
            "axes.labelsize": 10,
            "axes.grid": True,
            "axes.axisbelow": True,
            "grid.color": RULE,
            "grid.linewidth": 0.7,
            "legend.frameon": False,
            "legend.fontsize": 9,
            "lines.linewidth": 2.0,
            "text.color": INK,
            "xtick.color": MUTED,
            "ytick.color": MUTED,
            "xtick.labelsize": 9,
            "ytick.labelsize": 9,
            "hatch.linewidth": 0.6,
            "image.cmap": SEQUENTIAL,
            "figure.facecolor": PAPER,  # a notebook in the dark would swallow the words
            "axes.facecolor": "none",
            "svg.hashsalt": "calltrack",
            "svg.fonttype": "none",
        },
    )


def page_style() -> str:
    """Return the style sheet of a page: in the dark where its reader's screen is."""
    return (
        f":root {{ {_sheet('light')} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {_sheet('dark')} }} }}\n"
        f"{_sheet('parts')}{_sheet('report')}"
    )


@cache
def dark_colours() -> dict[str, str]:
    """Return the colours of a page in the dark, by the names that the style sheet gives them.

    Examples
    --------
    >>> dark_colours()["ink"]
    '#e8ecf0'
    """
    return dict(re.findall(r"--(\w+): (#\w+)", _sheet("dark")))


def notebook_style() -> str:
    """Return the same rules for what cells show in JupyterLab, in whose dark they are dark.

    They are nested, so that they come before JupyterLab's own for lists and paragraphs.
    """
    return (
        f":root {{ {_sheet('light')} }}\n"
        f'body[data-jp-theme-light="false"] {{ {_sheet("dark")} }}\n'
        f"{_OUTPUTS} {{\n{_AS_ON_A_PAGE}\n{_sheet('parts')}}}"
    )


_OUTPUTS: Final = ":is(.jp-RenderedHTML.jp-RenderedHTMLCommon, .ct-widget.ct-widget)"
_AS_ON_A_PAGE: Final = (
    '> [class^="ct-"], > :where(.mathjax_ignore) > [class^="ct-"] '
    "{ font-size: 1rem; line-height: 1.6; color: var(--ink); }\n"
    '[class^="ct-"], [class^="ct-"] * { box-sizing: border-box; }\n'
    ':where([class^="ct-"]) p { margin: 1em 0; }\n'
    ':where([class^="ct-"]) a:is(:link, :visited) '
    "{ color: var(--blue); text-decoration: underline; }"
)


def _sheet(name: str) -> str:
    return (Path(__file__).parent / "templates" / "calltrack" / f"{name}.css").read_text("utf-8")


def _show_style_sheet() -> None:
    """Give a notebook the rules that a report's page has of itself."""
    from IPython import display, get_ipython  # noqa: PLC0415 - heavy

    if get_ipython() is None:
        return
    untyped: Any = display
    sheet = untyped.HTML(f"<style>{notebook_style()}</style>")
    untyped.display(sheet, metadata={"text/html": {"calltrack": "style"}})
