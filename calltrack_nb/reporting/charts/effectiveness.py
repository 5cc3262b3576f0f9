"""Charts of the effectiveness room: figures with their ranges, never without."""

from __future__ import annotations

import textwrap
from typing import Any

import matplotlib.dates
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, PercentFormatter

from calltrack_nb.effectiveness import (
    GoalsProgress,
    Rhythm,
    Scorecard,
    Trend,
    TrialPlan,
    Verdict,
    Verdicts,
)
from calltrack_nb.effectiveness.goals import NAMES as GOAL_NAMES
from calltrack_nb.phrasing import changed, day, month, number, sentence, signed
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
)

MOST_ROWS = 12
_DATES: Any = matplotlib.dates  # matplotlib leaves this module untyped
_ROW_INCHES = 0.42
_HEAD_INCHES = 1.3


def goals_chart(progress: GoalsProgress) -> Figure:
    """Draw each goal of the last month as a share of its target, with its range."""
    table = progress.table
    last = table[table["month"] == table["month"].iloc[-1]] if len(table) else table
    figure, axes = _rows(len(last))
    share = (last["so_far"] / last["target"]).astype(float)
    ends = last[["low", "high"]].div(last["target"], axis=0).astype(float)
    cheaper = (last["goal"] == GOAL_NAMES["cost_per_qualified_call"]).to_numpy()
    good = np.where(cheaper, share <= 1, share >= 1)
    colours = np.where(last["state"] == "under way", GREY, np.where(good, BLUE, ORANGE))
    drawn = share.to_numpy(), ends["low"].to_numpy(), ends["high"].to_numpy()
    _whiskers(axes, drawn, colours.tolist())
    _name_rows(axes, [str(goal) for goal in last["goal"]])
    axes.axvline(1, color=INK, linewidth=1.2, linestyle="--")
    axes.set_xlim(0, max(1.3, min(3.0, float(np.nanmax([1, *ends["high"], *share])) * 1.08)))
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    axes.set_xlabel("share of the target (dashed line: the target)")
    axes.set_title(
        f"Goals, {month(str(last['month'].iloc[0]))}" if len(last) else "No goals are set"
    )
    return figure


def scorecard_chart(card: Scorecard) -> Figure:
    """Draw qualified calls and the qualified rate of each group, with their ranges."""
    table = _largest(card)
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(WIDTH, _HEAD_INCHES + _ROW_INCHES * max(len(table), 2)), sharey=True
    )
    _whiskers(left, _columns(table, "qualified"))
    _whiskers(right, _columns(table, "qualified_rate_shrunken"))
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
    _name_rows(left, table[card.by].astype(str).tolist())
    left.set_xlim(left=0)
    left.set_xlabel("qualified calls")
    left.set_title("How many")
    right.set_xlim(0, 1)
    right.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    right.set_xlabel("share of calls that qualified (dot: drawn to the whole)")
    right.set_title("How good")
    figure.legend(*right.get_legend_handles_labels(), loc="outside upper right", ncols=2)
    return figure


def cost_chart(card: Scorecard) -> Figure:
    """Draw the cost per qualified call of each group that money was spent on."""
    table = _largest(card)
    table = table[
        table["cost_per_qualified_shrunken"].notna() | table["cost_per_qualified_low"].notna()
    ]
    table = table.iloc[::-1].sort_values("cost_per_qualified", ascending=False, na_position="first")
    figure, axes = _rows(len(table))
    if table.empty:
        return _nothing(figure, axes, "No spend to divide")
    high = table["cost_per_qualified_high"].to_numpy(dtype=float)
    low = table["cost_per_qualified_low"].to_numpy(dtype=float)
    point = table["cost_per_qualified"].to_numpy(dtype=float)
    edge = float(np.nanmax([*high, *point, *low])) * 1.6
    _whiskers(axes, (point, low, np.where(np.isnan(high), edge, high)))
    axes.plot(
        table["cost_per_qualified_shrunken"],
        np.arange(len(table)) - 0.22,
        "D",
        color=ORANGE,
        markersize=5,
        label="drawn to the whole",
    )
    axes.axvline(
        card.total["cost_per_qualified"],
        color=MUTED,
        linestyle=":",
        linewidth=1.2,
        label="all paid campaigns",
    )
    _name_rows(axes, table[card.by].astype(str).tolist())
    axes.set_xscale("log")
    axes.set_xlim(right=edge)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    axes.xaxis.set_major_locator(LogLocator(base=10, subs=(1, 2, 5)))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel(f"{card.currency} per qualified call of its own, logarithmic scale")
    axes.set_title("What a qualified call costs")
    figure.legend(loc="outside upper right", ncols=2)
    return figure


def trend_chart(trend: Trend) -> Figure:
    """Draw the weekly counts, the line through them, gaps, holidays and redefinitions."""
    table = trend.table
    figure, axes = plt.subplots(figsize=(WIDTH, 4.2))
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
    _definition_changes(axes, trend.definition_changes, top)
    axes.set_ylim(0, top)
    axes.set_xlabel("")
    noun = "qualified calls" if trend.measure == "qualified" else "calls"
    axes.set_ylabel(f"{noun} a week")
    axes.set_title(f"{sentence(noun)} week by week")
    if len(marked):
        figure.legend(loc="outside upper right")
    _dates(axes)
    return figure


def rhythm_chart(rhythm: Rhythm) -> Figure:
    """Draw calls by weekday and hour, with the missed ones beside."""
    figure, panels = plt.subplots(2, 1, figsize=(WIDTH, 5.6), sharex=True)
    for axes, what, title in zip(
        panels, ("calls", "missed"), ("All calls", "Missed calls"), strict=True
    ):
        sns.heatmap(
            rhythm.grid(what),
            ax=axes,
            cmap=SEQUENTIAL,
            cbar_kws={"label": what},
            linewidths=0.4,
            vmin=0,
        )
        axes.set_title(title)
        axes.set_ylabel("")
        axes.set_xlabel("")
        axes.tick_params(axis="y", rotation=0)
    panels[-1].set_xlabel("hour of the day, local time")
    return figure


def verdicts_chart(verdicts: Verdicts) -> Figure:
    """Draw the effect of each tweak that could be judged, with its range."""
    judged = [verdict for verdict in reversed(verdicts.verdicts) if np.isfinite(verdict.ratio)]
    figure, axes = _rows(len(judged))
    if not judged:
        return _nothing(figure, axes, "No tweak could be judged yet")
    colours = [{"helped": BLUE, "hurt": ORANGE}.get(verdict.word, GREY) for verdict in judged]
    point, low, high = (
        np.array([getattr(verdict, name) for verdict in judged])
        for name in ("ratio", "low", "high")
    )
    _whiskers(axes, (point, low, high), colours)
    for row, verdict in enumerate(judged):
        place = (verdict.ratio, row)
        axes.annotate(verdict.word, place, (0, 8), textcoords="offset points", ha="center")
    _name_rows(axes, [f"{verdict.campaign}, {day(verdict.date)}" for verdict in judged])
    axes.axvline(1, color=INK, linewidth=1.2, linestyle="--")
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: changed(value)))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("callers against the control (dashed line: no change), logarithmic scale")
    axes.set_title("Did it help?")
    return figure


def tweak_chart(verdicts: Verdicts) -> Figure:
    """Draw the weeks behind each judged tweak: the campaign and what its control foretells."""
    judged = [verdict for verdict in verdicts.verdicts if np.isfinite(verdict.ratio)]
    figure, panels = plt.subplots(
        max(len(judged), 1), 1, figsize=(WIDTH, 1.0 + 2.6 * max(len(judged), 1)), squeeze=False
    )
    if not judged:
        return _nothing(figure, panels[0, 0], "No tweak could be judged yet")
    for axes, verdict in zip(panels[:, 0], judged, strict=True):
        _one_tweak(axes, verdict)
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper right", ncols=2)
    return figure


def power_chart(plan: TrialPlan) -> Figure:
    """Draw how likely a trial of each length is to show the change."""
    figure, axes = plt.subplots(figsize=(WIDTH, 3.6))
    if plan.table.empty:
        return _nothing(figure, axes, "No trial can be planned yet")
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
    axes.set_title(f"A trial of {plan.campaign}, looking for {signed(plan.effect)}")
    figure.legend(loc="outside lower center", ncols=3)
    return figure


def _dates(axes: Axes) -> None:
    """Write few dates, each as short as it can be."""
    locator = _DATES.AutoDateLocator(maxticks=8)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(_DATES.ConciseDateFormatter(locator))


def _one_tweak(axes: Axes, verdict: Verdict) -> None:
    weeks = verdict.weeks
    before = weeks[~weeks["changed"].astype(bool)]
    usual = before["treated"].sum() / max(before["control"].sum(), 1)
    axes.plot(
        weeks["week"], weeks["control"] * usual, "--", color=GREY, label="as the control foretells"
    )
    sns.scatterplot(
        data=weeks, x="week", y="treated", color=BLUE, s=36, ax=axes, label="callers", legend=False
    )
    axes.axvline(float(_DATES.date2num(verdict.date)), color=ORANGE, linewidth=1.6)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("")
    axes.set_ylabel("callers a week")
    _dates(axes)
    axes.set_title(
        textwrap.shorten(f"{verdict.campaign}: {verdict.changed}", 80, placeholder="..."),
        fontsize=10,
    )


def _largest(card: Scorecard) -> pd.DataFrame:
    """Take the groups with most calls, largest on top."""
    return card.table.head(MOST_ROWS).iloc[::-1].reset_index(drop=True)


def _rows(count: int) -> tuple[Figure, Axes]:
    return plt.subplots(figsize=(WIDTH, _HEAD_INCHES + _ROW_INCHES * max(count, 2)))


def _columns(table: pd.DataFrame, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a figure and the ends of its range."""
    point, low, high = (
        table[column].to_numpy(float) for column in (name, f"{name}_low", f"{name}_high")
    )
    return point, low, high


def _whiskers(
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


def _name_rows(axes: Axes, names: list[str]) -> None:
    axes.set_yticks(
        np.arange(len(names)), [textwrap.shorten(name, 44, placeholder="...") for name in names]
    )
    axes.set_ylim(-0.7, len(names) - 0.3)
    axes.grid(visible=False, axis="y")


def _definition_changes(
    axes: Axes, definition_changes: tuple[tuple[pd.Timestamp, str], ...], top: float
) -> None:
    """Mark where a provider changed what it counts."""
    for place, (at, what) in enumerate(definition_changes):
        axes.axvline(float(_DATES.date2num(at)), color=GREEN, linestyle="-.", linewidth=1.2)
        axes.annotate(
            textwrap.shorten(what, 44, placeholder="..."),
            (at, top * (0.97 - 0.06 * (place % 3))),
            xytext=(4, 0),
            textcoords="offset points",
            fontsize=7.5,
            color=MUTED,
            va="top",
        )


def _nothing(figure: Figure, axes: Axes, why: str) -> Figure:
    axes.set_axis_off()
    axes.set_title(why)
    return figure
