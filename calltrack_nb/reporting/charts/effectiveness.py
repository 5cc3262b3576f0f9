"""Charts of the effectiveness room: figures with their ranges, never without.

A chart of one panel is drawn on axes of your own where you give them: ``ax=``.
"""

from __future__ import annotations

import textwrap
from typing import Any

import matplotlib.dates
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, PercentFormatter

from calltrack_nb.briefing.advice import RAISE, STOP, Advice
from calltrack_nb.effectiveness import (
    Rhythm,
    Scorecard,
    Trend,
    TrialPlan,
    Verdict,
    Verdicts,
)
from calltrack_nb.effectiveness.scorecard import BROKEN_MARK
from calltrack_nb.phrasing import changed, day, number
from calltrack_nb.reporting.charts.rows import (
    MOST_ROWS,
    add_legend,
    height,
    name_rows,
    new_figure,
    nothing,
    one_axes,
    rows_axes,
    whiskers,
)
from calltrack_nb.reporting.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    MUTED,
    ORANGE,
    RULE,
    SEQUENTIAL,
    WIDTH,
    is_narrow,
)

_DATES: Any = matplotlib.dates  # matplotlib leaves this module untyped
# by what the dates tell apart: years, months, days, hours, minutes, seconds
_BESIDE_THE_DATES = ["", "%Y", "%Y", *["%b %Y"] * 3]


def scorecard_chart(card: Scorecard, *, width: float = WIDTH) -> Figure:
    """Draw qualified calls and the qualified rate of each group, with their ranges."""
    table = _largest(card)
    narrow = is_narrow(width)
    tall = height(len(table), width)
    grid, size = ((2, 1), (width, 2 * tall)) if narrow else ((1, 2), (width, tall))
    figure, (left, right) = new_figure(*grid, figsize=size, sharey=not narrow)
    whiskers(left, _columns(table, "qualified"))
    whiskers(right, _columns(table, "qualified_rate_shrunken"))
    right.plot(
        table["qualified_rate"],
        np.arange(len(table)),
        "x",
        color=ORANGE,
        markersize=7,
        label="as counted",
    )
    right.axvline(
        card.total["qualified_rate"], color=MUTED, linestyle=":", linewidth=1.2, label="all calls"
    )
    name_rows(left, table[card.by].astype(str).tolist(), width)
    if narrow:
        name_rows(right, table[card.by].astype(str).tolist(), width)
    left.set_xlim(left=0)
    left.set_xlabel("qualified calls")
    left.set_title("How many")
    right.set_xlim(0, 1)
    right.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    right.set_xlabel("share of calls that qualified")
    right.set_title("How good")
    figure.legend(*right.get_legend_handles_labels(), loc="outside upper right", ncols=2)
    return figure


def cost_chart(card: Scorecard, *, width: float = WIDTH, ax: Axes | None = None) -> Figure:
    """Draw the cost per qualified call of each group that money was spent on."""
    table = _largest(card)
    table = table[
        table["cost_per_qualified_shrunken"].notna() | table["cost_per_qualified_low"].notna()
    ]
    table = table.iloc[::-1].sort_values("cost_per_qualified", ascending=False, na_position="first")
    figure, axes = rows_axes(ax, len(table), width)
    if table.empty:
        return nothing(figure, axes, "No spend to divide")
    high = table["cost_per_qualified_high"].to_numpy(dtype=float)
    low = table["cost_per_qualified_low"].to_numpy(dtype=float)
    point = table["cost_per_qualified"].to_numpy(dtype=float)
    edge = float(np.nanmax([*high, *point, *low])) * 1.6
    whiskers(axes, (point, low, np.where(np.isnan(high), edge, high)))
    axes.plot(
        table["cost_per_qualified_shrunken"],
        np.arange(len(table)) - 0.22,
        "D",
        color=ORANGE,
        markersize=5,
        label="adjusted for small samples",
    )
    axes.axvline(
        card.total["cost_per_qualified"],
        color=MUTED,
        linestyle=":",
        linewidth=1.2,
        label="all paid campaigns",
    )
    name_rows(axes, table[card.by].astype(str).tolist(), width)
    axes.set_xscale("log")
    axes.set_xlim(right=edge)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    axes.xaxis.set_major_locator(LogLocator(base=10, subs=(1, 2, 5)))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel(f"{card.currency} per qualified call")
    add_legend(axes, "outside upper right", 1 if is_narrow(width) else 2)
    return figure


def return_chart(
    advice: Advice, currency: str, *, width: float = WIDTH, ax: Axes | None = None
) -> Figure:
    """Draw what a unit spent on each campaign brings back, with its range."""
    table = advice.table[advice.table["return_low"].notna()].iloc[::-1]
    figure, axes = rows_axes(ax, len(table), width)
    if table.empty:
        return nothing(figure, axes, "Too few orders to say what comes back")
    colours = {RAISE: BLUE, STOP: ORANGE}
    point, low, high = (
        table[name].to_numpy(float) for name in ("return", "return_low", "return_high")
    )
    whiskers(axes, (point, low, high), [colours.get(each, GREY) for each in table["advice"]])
    name_rows(axes, table[advice.by].astype(str).tolist(), width)
    axes.axvline(1, color=INK, linewidth=1.2, linestyle="--")
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(base=10, subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel(f"{currency} of revenue for each {currency} spent")
    return figure


def trend_chart(trend: Trend, *, width: float = WIDTH, ax: Axes | None = None) -> Figure:
    """Draw the weekly counts, the line through them, gaps, holidays and redefinitions."""
    table = trend.table
    figure, axes = one_axes(ax, (width, 4.2 if width == WIDTH else 3.4))
    axes.fill_between(
        table["week"], table["line_low"], table["line_high"], color=BLUE, alpha=0.18, linewidth=0
    )
    axes.plot(table["week"], table["line"], color=BLUE)
    sns.scatterplot(data=table, x="week", y="rate", color=INK, s=28, ax=axes)
    for week in table.loc[table["gap"], "week"]:
        axes.axvspan(week, week + pd.Timedelta(days=7), color=RULE, zorder=0)
    marked = table[(table["holidays"] != "") & table["rate"].notna()]
    axes.plot(
        marked["week"], marked["rate"], "s", color=ORANGE, markersize=6, label="week with a holiday"
    )
    top = float(np.nanmax([1, *table["rate"], *table["line_high"]])) * 1.15
    _definition_changes(axes, trend.definition_changes, top, words=not is_narrow(width))
    axes.set_ylim(0, top)
    axes.set_xlabel("")
    noun = "qualified calls" if trend.measure == "qualified" else "calls"
    axes.set_ylabel(f"{noun} a week")
    if len(marked):
        add_legend(axes, "outside upper right")
    _dates(axes, width)
    return figure


def rhythm_chart(rhythm: Rhythm, *, width: float = WIDTH) -> Figure:
    """Draw calls by weekday and hour, with the missed ones beside."""
    figure, panels = new_figure(2, 1, figsize=(width, 5.6), sharex=True)
    for axes, what, title in zip(
        panels, ("calls", "missed"), ("All calls", "Missed calls"), strict=True
    ):
        # seaborn's heat map would draw the figure to see whether its labels fit, twice a chart
        grid = rhythm.grid(what)
        mesh = axes.pcolormesh(
            grid.to_numpy(float), cmap=SEQUENTIAL, vmin=0, linewidth=0.4, edgecolor="white"
        )
        axes.invert_yaxis()
        bar = figure.colorbar(mesh, ax=axes, label=what)
        bar.outline.set_visible(False)
        axes.set_yticks(np.arange(len(grid.index)) + 0.5, [str(day) for day in grid.index])
        step = 1 if width == WIDTH else 2
        hours = [str(hour) for hour in grid.columns]
        axes.set_xticks(np.arange(len(hours))[::step] + 0.5, hours[::step])
        axes.tick_params(length=0)
        axes.grid(visible=False)
        axes.spines[:].set_visible(False)
        axes.set_title(title)
    panels[-1].set_xlabel("hour of the day, local time")
    return figure


def verdicts_chart(verdicts: Verdicts, *, width: float = WIDTH, ax: Axes | None = None) -> Figure:
    """Draw the effect of each tweak that could be judged, with its range."""
    judged = [verdict for verdict in reversed(verdicts.verdicts) if np.isfinite(verdict.ratio)]
    narrow = is_narrow(width)
    figure, axes = rows_axes(ax, len(judged), width, lines=2)
    if not judged:
        return nothing(figure, axes, "No tweak could be judged yet")
    colours = [{"helped": BLUE, "hurt": ORANGE}.get(verdict.word, GREY) for verdict in judged]
    point, low, high = (
        np.array([getattr(verdict, name) for verdict in judged])
        for name in ("ratio", "low", "high")
    )
    whiskers(axes, (point, low, high), colours)
    if narrow:  # a name and a verdict have no room above one row
        names = [f"{each.campaign}\n{day(each.date)}: {each.word}" for each in judged]
    else:
        names = [f"{each.campaign}, {day(each.date)}" for each in judged]
        for row, each in enumerate(judged):
            axes.annotate(
                each.word, (each.ratio, row), (0, 8), textcoords="offset points", ha="center",
                fontsize=9,
            )  # fmt: skip
    name_rows(axes, names, width)
    axes.axvline(1, color=INK, linewidth=1.2, linestyle="--")
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: changed(value)))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("callers, against the control campaigns")
    return figure


def tweak_chart(verdicts: Verdicts, *, width: float = WIDTH) -> Figure:
    """Draw the weeks behind each judged tweak: the campaign and what its control predicts."""
    judged = [verdict for verdict in verdicts.verdicts if np.isfinite(verdict.ratio)]
    figure, panels = new_figure(
        max(len(judged), 1), 1, figsize=(width, 1.0 + 2.6 * max(len(judged), 1)), squeeze=False
    )
    if not judged:
        return nothing(figure, panels[0, 0], "No tweak could be judged yet")
    for axes, verdict in zip(panels[:, 0], judged, strict=True):
        _one_tweak(axes, verdict, width)
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper right", ncols=1 if is_narrow(width) else 2)
    return figure


def power_chart(plan: TrialPlan, *, width: float = WIDTH, ax: Axes | None = None) -> Figure:
    """Draw how likely a trial of each length is to show the change."""
    figure, axes = one_axes(ax, (width, 3.6))
    if plan.table.empty:
        return nothing(figure, axes, "No trial can be planned yet")
    axes.plot(
        plan.table["weeks"],
        plan.table["power"].astype(float),
        "o-",
        color=BLUE,
        label="change shown",
    )
    axes.plot(
        plan.table["weeks"], plan.table["false_alarms"].astype(float), "s--", color=ORANGE,
        label="false alarm where nothing changed",
    )  # fmt: skip
    axes.axhline(0.8, color=MUTED, linestyle=":", linewidth=1.2, label="four in five")
    axes.set_ylim(0, 1)
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    axes.set_xlabel("weeks of trial, half of them on")
    axes.set_ylabel("share of simulated trials")
    add_legend(axes, "outside lower center", 1 if is_narrow(width) else 3)
    return figure


def _dates(axes: Axes, width: float) -> None:
    """Write few dates, each as short as it can be."""
    locator = _DATES.AutoDateLocator(maxticks=4 if is_narrow(width) else 8)
    axes.xaxis.set_major_locator(locator)
    said = _DATES.ConciseDateFormatter(locator, offset_formats=_BESIDE_THE_DATES)
    axes.xaxis.set_major_formatter(said)


def _one_tweak(axes: Axes, verdict: Verdict, width: float) -> None:
    weeks = verdict.weeks
    before = weeks[~weeks["changed"].astype(bool)]
    usual = before["treated"].sum() / max(before["control"].sum(), 1)
    axes.plot(
        weeks["week"],
        weeks["control"] * usual,
        "--",
        color=GREY,
        label="predicted from the control campaigns",
    )
    sns.scatterplot(
        data=weeks, x="week", y="treated", color=BLUE, s=36, ax=axes, label="callers", legend=False
    )
    axes.axvline(float(_DATES.date2num(verdict.date)), color=ORANGE, linewidth=1.6)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("")
    axes.set_ylabel("callers a week")
    _dates(axes, width)
    axes.set_title(
        "\n".join(textwrap.wrap(f"{verdict.campaign}: {verdict.changed}", round(11 * width))),
        fontsize=10,
        parse_math=False,
    )


def _largest(card: Scorecard) -> pd.DataFrame:
    """Take the groups with most calls, largest on top, without their broken days."""
    table = card.judged().head(MOST_ROWS).iloc[::-1].reset_index(drop=True)
    marked = table[card.by].isin(card.sound[card.by])
    named = table[card.by].astype(str)
    return table.assign(**{card.by: named.where(~marked, named + f" {BROKEN_MARK}")})


def _columns(table: pd.DataFrame, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a figure and the ends of its range."""
    point, low, high = (
        table[column].to_numpy(float) for column in (name, f"{name}_low", f"{name}_high")
    )
    return point, low, high


def _definition_changes(
    axes: Axes,
    definition_changes: tuple[tuple[pd.Timestamp, str], ...],
    top: float,
    *,
    words: bool,
) -> None:
    """Mark where a provider changed what it counts."""
    for place, (at, what) in enumerate(definition_changes):
        axes.axvline(float(_DATES.date2num(at)), color=GREEN, linestyle="-.", linewidth=1.2)
        if not words:
            continue
        axes.annotate(
            textwrap.shorten(what, 44, placeholder="..."),
            (at, top * (0.97 - 0.06 * (place % 3))),
            xytext=(4, 0),
            textcoords="offset points",
            fontsize=7.5,
            color=MUTED,
            va="top",
        )
