"""Charts of the number audit: the wiring with its broken links, the days a log covers."""

from __future__ import annotations

import textwrap
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from calltrack_nb.audit import Wires
from calltrack_nb.phrasing import plural
from calltrack_nb.reporting.charts.rows import new_figure, one_axes
from calltrack_nb.reporting.style import (
    BLUE,
    GREY,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    RULE,
    SEQUENTIAL,
    WIDTH,
    is_narrow,
)

MOST_LINES: Final = 40
_COLUMNS: Final = (0.0, 1.0, 2.0)
_ROW_INCHES: Final = 0.44
_NARROW_LINE_INCHES: Final = 0.13
_NARROW_WORDS: Final = (18, 14)
"""Letters that fit a telephone's line beside a dot, and into a campaign's box."""
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEKS_A_ROW: Final = 53
_NARROW_WEEKS: Final = 20
_FEWEST_WEEKS: Final = 20


def wiring_chart(wires: Wires, *, width: float = WIDTH, ax: Axes | None = None) -> Figure:
    """Draw numbers, the campaigns they stand for and the telephones they ring.

    Parameters
    ----------
    wires : Wires
        From :func:`calltrack_nb.audit.wires`; beyond forty lines the sound ones with
        the fewest calls are left out.
    width : float
        In inches; on a telephone's, names are broken into short lines.
    ax : matplotlib.axes.Axes, optional
        Axes of your own to draw on.

    Returns
    -------
    matplotlib.figure.Figure
        Broken links are dashed, orange and crossed out, and named beside the number;
        a link's width grows with its calls.
    """
    table = _most_telling(wires.table)
    lines = _spread(list(dict.fromkeys(table["line"])))
    campaigns = _centred(table, "campaign", lines)
    destinations = _centred(table, "destination", lines)
    narrow = is_narrow(width)
    names = {line: _named(line, table, narrow=narrow) for line in lines}
    inches = _ROW_INCHES
    if narrow:
        most_lines = max(
            (over.count("\n") + below.count("\n") for over, below in names.values()), default=0
        )
        inches += most_lines * _NARROW_LINE_INCHES
    height = 1.4 + inches * max(len(lines), len(campaigns), len(destinations), 3)
    figure, axes = one_axes(ax, (width, height))
    most = max(int(table["calls"].max()), 1) if len(table) else 1
    links: list[Any] = list(table.itertuples(index=False))
    for row in links:
        where = (lines[row.line], campaigns[row.campaign], destinations[row.destination])
        _draw_link(axes, where, row, most)
    _draw_nodes(axes, names, lines, campaigns, destinations, narrow=narrow)
    axes.set_xlim(*((-1.3, 2.5) if narrow else (-0.95, 2.45)))
    axes.set_ylim(max(len(lines), 3) - 0.3, -1.2)
    axes.axis("off")
    return figure


def coverage_chart(coverage: pd.DataFrame, *, width: float = WIDTH) -> Figure:
    """Draw a calendar of the days that the log covers.

    Parameters
    ----------
    coverage : pandas.DataFrame
        From :func:`calltrack_nb.audit.daily_coverage`.
    width : float
        In inches.

    Returns
    -------
    matplotlib.figure.Figure
        Weeks from left to right, weekdays from top to bottom; a missing day is hatched,
        a day without calls is grey.
    """
    if coverage.empty:
        figure, axes = new_figure(figsize=(width, 1.6))
        axes.axis("off")
        axes.text(0.5, 0.5, "The log holds no calls", ha="center", color=MUTED)
        return figure
    days = pd.DatetimeIndex(coverage["day"])
    first = days[0] - pd.Timedelta(days=int(days[0].day_of_week))
    week = ((days - first).days // 7).to_numpy()
    narrow = is_narrow(width)
    weeks = int(week.max()) + 1
    rows = -(-weeks // (_NARROW_WEEKS if narrow else _WEEKS_A_ROW))
    # rows of one length, since a last one of a week or two would be drawn as tall as the others
    a_row = max(-(-weeks // rows), _FEWEST_WEEKS // 2 if narrow else _FEWEST_WEEKS)
    tall = 7 * (width - 0.5) / a_row + 0.45 if narrow else 1.7
    figure, panels = new_figure(
        rows, 1, figsize=(width, (1.1 if narrow else 0.6) + tall * rows), squeeze=False
    )
    most = max(int(coverage["calls"].max()), 1)
    for place, axes in enumerate(panels[:, 0]):
        here = week // a_row == place
        image = _draw_weeks(axes, coverage[here], week[here] - place * a_row, most)
        axes.set_xlim(0, a_row)
        axes.set_yticks(np.arange(7)[:: 2 if narrow else 1] + 0.5, _WEEKDAYS[:: 2 if narrow else 1])
        _name_months(axes, days[here], week[here] - place * a_row)
    beside: dict[str, Any] = {"location": "bottom", "aspect": 30} if narrow else {"shrink": 0.8}
    figure.colorbar(image, ax=list(panels[:, 0]), label="calls a day", **beside)
    figure.legend(
        handles=[
            Patch(facecolor=PAPER, edgecolor=ORANGE, hatch="////", label="missing from the log"),
            Patch(facecolor=RULE, label="no calls"),
        ],
        loc="outside lower left",
        ncols=2,
    )
    return figure


def _most_telling(table: pd.DataFrame) -> pd.DataFrame:
    by_line = table.groupby("line").agg(
        broken=("trouble", lambda words: words.ne("").any()), calls=("calls", "sum")
    )
    kept = by_line.sort_values(["broken", "calls"], ascending=False).head(MOST_LINES).index
    return table[table["line"].isin(kept)]


def _spread(names: list[str]) -> dict[str, float]:
    return {name: float(place) for place, name in enumerate(names)}


def _centred(table: pd.DataFrame, column: str, lines: dict[str, float]) -> dict[str, float]:
    """Place names beside the middle of the lines they belong to, a row apart at least."""
    heights = table.assign(y=table["line"].map(lines)).groupby(column)["y"].mean().sort_values()
    places: dict[str, float] = {}
    lowest = -1.0
    for name, wanted in heights.items():
        lowest = max(lowest + 1.0, float(wanted))
        places[str(name)] = lowest
    over = lowest - (len(lines) - 1)
    return {name: place - max(over, 0.0) for name, place in places.items()}


def _draw_link(axes: Axes, where: tuple[float, float, float], row: Any, most: int) -> None:
    broken = bool(row.trouble)
    width = 0.8 + 4.2 * np.sqrt(row.calls / most)
    look: dict[str, Any] = (
        {"color": ORANGE, "linestyle": (0, (3, 1.6)), "linewidth": max(width, 1.6), "zorder": 3}
        if broken
        else {"color": BLUE, "alpha": 0.45, "linewidth": width, "zorder": 2}
    )
    elsewhere = "elsewhere" in row.trouble or "another business" in row.trouble
    for left in (0, 1):
        along, height = _curve(_COLUMNS[left], where[left], where[left + 1])
        crossed = broken and (left == 1 if elsewhere else left == 0)
        axes.plot(
            along,
            height,
            solid_capstyle="butt",
            **(look if crossed or not broken else {**look, "alpha": 0.5, "linewidth": 1.2}),
        )
        if crossed:
            middle = len(along) // 2
            axes.plot(
                along[middle], height[middle], marker="X", markersize=9, color=ORANGE,
                markeredgecolor="white", zorder=4,
            )  # fmt: skip


def _curve(
    start: float, low: float, high: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    share = np.linspace(0, 1, 41)
    ease = share * share * (3 - 2 * share)
    return start + 0.03 + 0.94 * share, low + (high - low) * ease


def _named(line: str, table: pd.DataFrame, *, narrow: bool) -> tuple[str, str]:
    """Return what stands beside a number: its name with its calls, and what is wrong with it."""
    rows = table[table["line"] == line]
    # a number with two campaigns has its calls on both links
    calls = rows.groupby("destination")["calls"].max().sum()
    wrong = ", ".join(dict.fromkeys(word for word in rows["trouble"] if word))
    if not narrow:
        return f"{line}, {plural(calls, 'call')}", wrong
    fits = _NARROW_WORDS[0]
    short = textwrap.wrap(line, fits, max_lines=3, placeholder="…") or [line[:fits]]
    return "\n".join([*short, plural(calls, "call")]), "\n".join(textwrap.wrap(wrong, fits))


def _draw_nodes(
    axes: Axes,
    names: dict[str, tuple[str, str]],
    lines: dict[str, float],
    campaigns: dict[str, float],
    destinations: dict[str, float],
    *,
    narrow: bool,
) -> None:
    small = 7.5 if narrow else 9
    look: dict[str, Any] = {"va": "center", "fontsize": small, "parse_math": False}
    heads = zip(
        _COLUMNS, ("number", "campaign", "rings at"), ("right", "center", "left"), strict=True
    )
    for at, words, side in heads:
        axes.text(at, -0.95, words, ha=side, color=MUTED, **look)
    for name, height in lines.items():
        said, wrong = names[name]
        axes.plot(0, height, "o", color=ORANGE if wrong else INK, markersize=6, zorder=5)
        # several lines grow away from the dot's height: the name upwards, what is wrong downwards
        over, under = ("bottom", "top") if narrow and wrong else ("center", "center")
        axes.text(-0.06, height, said, ha="right", zorder=7, **{**look, "va": over})
        if wrong:
            axes.text(
                -0.06, height + (0.0 if narrow else 0.36), wrong, ha="right", color=ORANGE,
                zorder=7, **{**look, "va": under, "fontsize": small - 1},
            )  # fmt: skip
    fits, most = (_NARROW_WORDS[1], 2) if narrow else (30, 1)
    for name, height in campaigns.items():
        wrapped = textwrap.wrap(name, fits, max_lines=most, placeholder="…")
        short = "\n".join(wrapped) or name[:fits]
        axes.text(
            1, height, short, ha="center", zorder=6,
            bbox={"boxstyle": "round,pad=0.35", "facecolor": PAPER, "edgecolor": GREY}, **look,
        )  # fmt: skip
    for name, height in destinations.items():
        axes.plot(2, height, "s", color=INK, markersize=6, zorder=5)
        axes.text(2.06, height, name, ha="left", **look)


def _draw_weeks(axes: Axes, coverage: pd.DataFrame, week: npt.NDArray[np.int64], most: int) -> Any:
    grid = np.full((7, int(week.max()) + 1), np.nan)
    weekday = pd.DatetimeIndex(coverage["day"]).day_of_week.to_numpy()
    calls = coverage["calls"].to_numpy(float)
    missing = coverage["missing"].to_numpy(bool)
    grid[weekday, week] = np.where(missing | (calls == 0), np.nan, calls)
    image = axes.pcolormesh(
        grid, cmap=SEQUENTIAL, vmin=0, vmax=most, edgecolors="white", linewidth=1
    )
    for at, day, gone, count in zip(week, weekday, missing, calls, strict=True):
        if gone or count == 0:
            look: dict[str, Any] = (
                {"facecolor": PAPER, "edgecolor": ORANGE, "hatch": "////"}
                if gone
                else {"facecolor": RULE, "edgecolor": "white"}
            )
            axes.add_patch(Rectangle((at, day), 1, 1, linewidth=1, **look))
    axes.invert_yaxis()
    axes.set_anchor("W")
    axes.set_aspect("equal")
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0)
    return image


def _name_months(axes: Axes, days: pd.DatetimeIndex, week: npt.NDArray[np.int64]) -> None:
    """Write each month under its first week, and the year under the first and each January."""
    firsts = np.flatnonzero(days.day <= 7)
    months = {f"{days[at]:%Y-%m}": at for at in reversed(firsts)}
    first = min(months, default="")
    names = [
        f"{days[at]:%b}" + (f"\n{days[at]:%Y}" if month in (first, f"{days[at]:%Y}-01") else "")
        for month, at in months.items()
    ]
    axes.set_xticks([int(week[at]) + 0.5 for at in months.values()], names)
