"""Charts of the number audit: the wiring with its broken links, the days a log covers."""

from __future__ import annotations

import textwrap
from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from calltrack_nb.audit import Wires
from calltrack_nb.phrasing import plural
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
_NARROW_ROW_INCHES: Final = 0.62
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEKS_A_ROW: Final = 53
_FEWEST_WEEKS: Final = 20


def wiring_chart(wires: Wires, *, width: float = WIDTH) -> Figure:
    """Draw numbers, the campaigns they stand for and the telephones they ring.

    Parameters
    ----------
    wires : Wires
        From :func:`calltrack_nb.audit.wires`; beyond forty lines the sound ones with
        the fewest calls are left out.
    width : float
        In inches; on a telephone's, names stand over their lines.

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
    row = _NARROW_ROW_INCHES if narrow else _ROW_INCHES
    height = 1.4 + row * max(len(lines), len(campaigns), len(destinations), 3)
    figure, axes = plt.subplots(figsize=(width, height))
    most = max(int(table["calls"].max()), 1) if len(table) else 1
    links: list[Any] = list(table.itertuples(index=False))
    for row in links:
        where = (lines[row.line], campaigns[row.campaign], destinations[row.destination])
        _draw_link(axes, where, row, most)
    _draw_nodes(axes, table, lines, campaigns, destinations, narrow=narrow)
    axes.set_xlim(*((-0.05, 2.55) if narrow else (-0.95, 2.45)))
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
        figure, axes = plt.subplots(figsize=(width, 1.6))
        axes.axis("off")
        axes.text(0.5, 0.5, "The log holds no calls", ha="center", color=MUTED)
        return figure
    days = pd.DatetimeIndex(coverage["day"])
    first = days[0] - pd.Timedelta(days=int(days[0].day_of_week))
    week = ((days - first).days // 7).to_numpy()
    a_row = _WEEKS_A_ROW // 2 if is_narrow(width) else _WEEKS_A_ROW
    rows = int(week.max()) // a_row + 1
    figure, panels = plt.subplots(rows, 1, figsize=(width, 0.6 + 1.7 * rows), squeeze=False)
    most = max(int(coverage["calls"].max()), 1)
    for place, axes in enumerate(panels[:, 0]):
        here = week // a_row == place
        image = _draw_weeks(axes, coverage[here], week[here] - place * a_row, most)
        _name_months(axes, days[here], week[here] - place * a_row, short=is_narrow(width))
    figure.colorbar(image, ax=list(panels[:, 0]), label="calls a day", shrink=0.8)
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


def _draw_nodes(
    axes: Axes,
    table: pd.DataFrame,
    lines: dict[str, float],
    campaigns: dict[str, float],
    destinations: dict[str, float],
    *,
    narrow: bool,
) -> None:
    trouble = table.groupby("line")["trouble"].agg(
        lambda words: ", ".join(dict.fromkeys(word for word in words if word))
    )
    # A number with two campaigns has its calls on both links.
    calls = table.groupby(["line", "destination"])["calls"].max().groupby("line").sum()
    small = 7.5 if narrow else 9
    look: dict[str, Any] = {"va": "center", "fontsize": small, "parse_math": False}
    sides = ("left", "center", "left") if narrow else ("right", "center", "left")
    for at, words, side in zip(_COLUMNS, ("number", "campaign", "rings at"), sides, strict=True):
        axes.text(at, -0.95, words, ha=side, color=MUTED, **look)
    # on a telephone there is no room beside the dots: names stand over them
    beside, side, over = (0.0, "left", -0.27) if narrow else (-0.04, "right", 0.0)
    for name, height in lines.items():
        wrong = trouble[name]
        axes.plot(0, height, "o", color=ORANGE if wrong else INK, markersize=6, zorder=5)
        said = f"{name}, {plural(calls[name], 'call')}"
        axes.text(beside, height + over, said, ha=side, zorder=7, **look)
        if wrong:
            axes.text(
                beside, height + (0.27 if narrow else 0.36), wrong, ha=side, color=ORANGE, zorder=7,
                **{**look, "fontsize": small - 1},
            )  # fmt: skip
    for name, height in campaigns.items():
        short = textwrap.shorten(name, 18 if narrow else 30, placeholder="…") or name[:18]
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
    axes.set_xlim(0, max(int(week.max()) + 1, _FEWEST_WEEKS))
    axes.invert_yaxis()
    axes.set_anchor("W")
    axes.set_aspect("equal")
    axes.set_yticks(np.arange(7) + 0.5, _WEEKDAYS)
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0)
    return image


def _name_months(
    axes: Axes, days: pd.DatetimeIndex, week: npt.NDArray[np.int64], *, short: bool
) -> None:
    firsts = np.flatnonzero(days.day <= 7)
    months = {f"{days[at]:%b %Y}": int(week[at]) for at in reversed(firsts)}
    names = [month[:3] if short else month for month in months]
    axes.set_xticks([at + 0.5 for at in months.values()], names)
