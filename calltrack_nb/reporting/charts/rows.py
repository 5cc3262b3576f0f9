"""Charts of one row a name: beside the row on a screen, above it on a telephone."""

from __future__ import annotations

import textwrap
from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from calltrack_nb.errors import ReportError
from calltrack_nb.reporting.style import BLUE, INK, PAPER, is_narrow

MOST_ROWS: Final = 12
_INCHES: Final = 0.42
_NARROW_INCHES: Final = 0.52
_LINE_INCHES: Final = 0.17
_HEAD_INCHES: Final = 1.0
_LONGEST_NAME: Final = 44


def height(count: int, width: float, lines: int = 1) -> float:
    """Return the height in inches of a chart with so many rows, whose names have so many lines."""
    row = _NARROW_INCHES + (lines - 1) * _LINE_INCHES if is_narrow(width) else _INCHES
    return _HEAD_INCHES + row * max(count, 2)


def new_figure(
    rows: int = 1, columns: int = 1, *, figsize: tuple[float, float], **arranged: Any
) -> tuple[Figure, Any]:
    """Make a figure and its axes as pyplot does, and take it off pyplot's list.

    So a cell that ends with a chart shows it once; from that list it would be shown again.
    """
    figure, axes = plt.subplots(rows, columns, figsize=figsize, **arranged)
    plt.close(figure)
    return figure, axes


def one_axes(ax: Axes | None, figsize: tuple[float, float]) -> tuple[Figure, Axes]:
    """Return `ax` with its figure; where none is given, those of a new figure."""
    if ax is None:
        return new_figure(figsize=figsize)
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ReportError("These axes have no figure any more", fix="Make them with plt.subplots")
    return figure, ax


def rows_axes(ax: Axes | None, count: int, width: float, lines: int = 1) -> tuple[Figure, Axes]:
    """Return axes for so many rows, whose names have so many lines on a telephone."""
    return one_axes(ax, (width, height(count, width, lines)))


def add_legend(axes: Axes, place: Any, columns: int = 1) -> None:
    """Put the legend outside of axes that are alone in their figure, else into them."""
    figure = axes.get_figure(root=True)
    if figure is not None and len(figure.axes) == 1:
        figure.legend(loc=place, ncols=columns)
    else:
        axes.legend(ncols=columns)


def name_rows(axes: Axes, names: list[str], width: float) -> None:
    """Write the rows' names, the first at the bottom; each line of a name is cut to what fits."""
    short = ["\n".join(map(_shortened, name.split("\n"))) for name in names]
    places = np.arange(len(names))
    if is_narrow(width):
        axes.set_yticks([])
        for place, name in zip(places, short, strict=True):
            axes.text(
                0.0, place + 0.22, name, transform=axes.get_yaxis_transform(), va="bottom",
                fontsize=9, color=INK, parse_math=False,
                # what a chart draws from top to bottom, such as a guide, passes behind the name
                bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1},
            )  # fmt: skip
        axes.spines["left"].set_visible(False)
    else:
        axes.set_yticks(places, short, parse_math=False)
    axes.set_ylim(-0.7, len(names) - (0.2 if is_narrow(width) else 0.3))
    axes.grid(visible=False, axis="y")


def _shortened(line: str) -> str:
    return textwrap.shorten(line, _LONGEST_NAME, placeholder="...") or line


def whiskers(
    axes: Axes,
    ends: tuple[np.ndarray, np.ndarray, np.ndarray],
    colours: list[str] | None = None,
) -> None:
    """Draw dots with their ranges, one row each."""
    point, low, high = ends
    rows = np.arange(len(point))
    chosen = colours or [BLUE] * len(point)
    axes.hlines(rows, low, high, colors=chosen, linewidth=2.4)
    axes.scatter(point, rows, c=chosen, s=52, zorder=3)


def nothing(figure: Figure, axes: Axes, why: str) -> Figure:
    """Leave the axes empty but for a reason."""
    axes.set_axis_off()
    axes.set_title(why)
    return figure
