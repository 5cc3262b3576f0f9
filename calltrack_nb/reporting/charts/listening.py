"""Charts of themes and findings: what callers ask about, hold back over and want.

A chart of one panel is drawn on axes of your own where you give them: ``ax=``.
"""

from __future__ import annotations

import datetime as dt
import textwrap

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from calltrack_nb.checking import COVERED
from calltrack_nb.phrasing import number, percent, plural
from calltrack_nb.reporting.charts.rows import MOST_ROWS, name_rows, new_figure, one_axes, rows_axes
from calltrack_nb.reporting.style import (
    BLUE,
    DIVERGING,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PAPER,
    WIDTH,
    is_narrow,
)
from calltrack_nb.results import Result

_WHITE = "#fefefe"  # no colour that a page in the dark replaces
_STATE_COLOURS = {"new": GREEN, "growing": GREEN, "returning": GREEN, "fading": ORANGE}


def themes_chart(summary: Result, *, width: float = WIDTH, ax: Axes | None = None) -> Figure:
    """Draw how many of the calls each theme is in, with its range; colour says its course."""
    table = summary.table.head(MOST_ROWS)
    colours = [_STATE_COLOURS.get(str(state), BLUE) for state in table["state"]]
    notes = [str(state) if state in _STATE_COLOURS else "" for state in table["state"]]
    return _shares(table, colours, notes, corrected=_corrected(summary), width=width, ax=ax)


def findings_chart(summary: Result, *, width: float = WIDTH, ax: Axes | None = None) -> Figure:
    """Draw in how many of the calls each kind of finding was heard, with its range."""
    table = summary.table.head(MOST_ROWS)
    return _shares(
        table,
        [BLUE] * len(table),
        [""] * len(table),
        corrected=_corrected(summary),
        width=width,
        ax=ax,
    )


def theme_months_chart(monthly: pd.DataFrame, *, width: float = WIDTH) -> Figure:
    """Draw the share of each month's calls that each theme is in, one panel per theme."""
    sizes = monthly.groupby("theme_id")["calls"].sum().sort_values(ascending=False, kind="stable")
    shown = list(sizes.index[:MOST_ROWS])
    columns = min(2 if is_narrow(width) else 3, max(1, len(shown)))
    rows = max(1, -(-len(shown) // columns))
    figure, grid = new_figure(
        rows, columns, figsize=(width, 0.6 + 1.9 * rows), sharex=True, sharey=True, squeeze=False
    )
    for axes, theme_id in zip(grid.flat, shown, strict=False):
        _month_panel(axes, monthly[monthly["theme_id"] == theme_id], width / columns)
    for axes in grid.flat[len(shown) :]:
        axes.set_axis_off()
    return figure


def crossing_chart(crossing: Result, *, width: float = WIDTH, ax: Axes | None = None) -> Figure:
    """Draw how far each combination is from what chance would give.

    Numbers are calls; an empty cell has too few to show. A dark colour is a standardised
    residual of three or more.
    """
    table = crossing.table
    if table.empty:
        figure, axes = one_axes(ax, (width, 1.2))
        axes.set_axis_off()
        axes.text(0.5, 0.5, "Too few calls to cross", ha="center", color=INK)
        return figure
    order = table.groupby("theme_id")["calls"].sum().sort_values(ascending=False, kind="stable")
    table = table[table["theme_id"].isin(order.index[:MOST_ROWS])]
    residual = table.pivot_table(
        index="theme_id", columns="campaign", values="residual", sort=False, dropna=False
    ).reindex(order.index[:MOST_ROWS])
    calls = table.pivot_table(
        index="theme_id", columns="campaign", values="calls", sort=False, dropna=False
    ).reindex(index=residual.index, columns=residual.columns)
    labels = table.drop_duplicates("theme_id").set_index("theme_id")["label"]
    words = calls.map(lambda count: "" if pd.isna(count) else number(count))
    figure, axes = one_axes(ax, (width, 1.6 + 0.42 * len(residual)))
    narrow = is_narrow(width)
    sns.heatmap(
        residual.astype(float),
        annot=words,
        fmt="",
        cmap=DIVERGING,
        center=0,
        vmin=-3,
        vmax=3,
        linewidths=0.5,
        cbar=not narrow,
        cbar_kws=None if narrow else {"label": "fewer ← than expected → more"},
        annot_kws={"fontsize": 7 if narrow else 10},
        ax=axes,
    )
    for count in axes.texts:
        if to_hex(count.get_color()) == PAPER:  # on a dark cell, which stays dark in the dark
            count.set_color(_WHITE)
    axes.set_yticklabels(
        [_wrapped(labels[theme], 16 if narrow else 34) for theme in residual.index],
        rotation=0,
        fontsize=7 if narrow else 9,
        parse_math=False,
    )
    axes.set_xticklabels(
        [_wrapped(str(name), 16) for name in residual.columns],
        rotation=60 if narrow else 35,
        ha="right",
        rotation_mode="anchor",
        fontsize=7 if narrow else 9,
        parse_math=False,
    )
    axes.set_xlabel("")
    axes.set_ylabel("")
    return figure


def talk_chart(summary: Result, *, width: float = WIDTH, ax: Axes | None = None) -> Figure:
    """Draw each measure's middle call and the middle half of all calls, by unit."""
    table = summary.table[summary.table["unit"] == "seconds"]
    figure, axes = rows_axes(ax, len(table), width)
    places = np.arange(len(table))[::-1]
    axes.hlines(places, table["quarter"], table["three_quarters"], color=GREY, linewidth=7)
    axes.plot(table["median"], places, "o", color=BLUE, markersize=8)
    name_rows(axes, table["measure"].astype(str).tolist()[::-1], width)
    axes.set_xlim(left=0)
    axes.set_xlabel("seconds")
    return figure


def _shares(
    table: pd.DataFrame,
    colours: list[str],
    notes: list[str],
    *,
    corrected: bool,
    width: float,
    ax: Axes | None,
) -> Figure:
    figure, axes = rows_axes(ax, len(table), width)
    places = np.arange(len(table))[::-1]
    rows = table.to_dict("records")
    for place, row, colour, note in zip(places, rows, colours, notes, strict=True):
        axes.barh(place, row["share"], color=colour, height=0.3 if is_narrow(width) else 0.55)
        axes.hlines(place, row["low"], row["high"], color=INK, linewidth=1.4)
        said = plural(row["calls"], "call")
        if corrected:
            said = f"{percent(row['share'])} ({number(row['calls'])} heard)"
        said += f", {note}" if note else ""
        axes.annotate(
            said, (row["high"], place), (6, 0), textcoords="offset points", va="center", fontsize=9
        )
    name_rows(axes, table["label"].astype(str).tolist()[::-1], width)
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    axes.set_xlim(0, max(0.05, float(table["high"].max()) * 1.3) if len(table) else 1)
    axes.set_xlabel("share of the calls listened to")
    return figure


def _corrected(summary: Result) -> bool:
    """Tell whether shares are corrected by checked calls, so that ranges cover errors too."""
    return any(check.name == COVERED and check.passed is True for check in summary.checks)


def _month_panel(axes: Axes, theme: pd.DataFrame, width: float) -> None:
    places = np.arange(len(theme))
    share, low, high = (theme[name].to_numpy(dtype=float) for name in ("share", "low", "high"))
    axes.fill_between(places, low, high, color=BLUE, alpha=0.18, linewidth=0)
    axes.plot(places, share, "o-", color=BLUE, markersize=4)
    axes.set_title(_wrapped(str(theme["label"].iloc[0]), round(11 * width)), fontsize="small")
    axes.set_xticks(places, [_short_month(month) for month in theme["month"]])
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.set_ylim(bottom=0)


def _short_month(month: str) -> str:
    """Write a month of a small panel: its first letters, and the year with each January."""
    at = dt.date.fromisoformat(f"{month}-01")
    return f"{at:%b}" if at.month > 1 else f"{at:%b}\n{at:%Y}"


def _wrapped(text: str, width: int = 34) -> str:
    return "\n".join(textwrap.wrap(text, width)) or text
