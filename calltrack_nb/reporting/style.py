"""How every chart of the reports looks: one theme, and colours that everyone can tell apart.

The colours are those five of seaborn's ``colorblind`` palette that reach a contrast of
3:1 against white; the others vanish in print and on bright screens.
"""

from __future__ import annotations

import warnings
from typing import Final

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


def style() -> None:
    """Set the theme of the charts for this process.

    Call it once, before the first chart of a notebook.

    Examples
    --------
    >>> import matplotlib as mpl
    >>> with mpl.rc_context():
    ...     style()
    ...     mpl.rcParams["axes.spines.top"]
    False
    """
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
            "svg.hashsalt": "calltrack",
        },
    )
