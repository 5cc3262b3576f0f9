"""The first panel of a report: what the business wants from its calls, and how far it is."""

from __future__ import annotations

from html import escape
from typing import Any, Final

import pandas as pd

from calltrack_nb.effectiveness import GoalsProgress
from calltrack_nb.phrasing import month, out_of
from calltrack_nb.reporting.showing import show_html, text_html

_MARKS: Final = {"reached": "✓", "not reached": "✗", "under way": "…"}


def goals_html(progress: GoalsProgress) -> str:
    """Render goals as a row of cards: the figure, its range, the target, the chance.

    Parameters
    ----------
    progress : GoalsProgress
        From :func:`calltrack_nb.effectiveness.goals_progress`. Each card shows the last
        month of a goal and, where there are more, how many months reached it.
    """
    text = text_html(progress.text)
    if progress.table.empty:
        return text
    numbers = progress.table.reset_index(drop=True)
    words = progress.display().reset_index(drop=True)
    cards = []
    for goal, rows in numbers.groupby("goal", sort=False):
        last = rows.index[-1]
        written = words.loc[last]
        done = int((rows["state"] == "reached").sum())
        months = f" Reached in {out_of(done, len(rows), 'month')}." if len(rows) > 1 else ""
        state = str(numbers.loc[last, "state"])
        chance = "" if written["Chance"] == "-" else f", chance to reach it {written['Chance']}"
        when = month(str(written["Month"]))
        cards.append(
            f'<li class="ct-goal"><h3>{escape(str(goal))}, {escape(when)}</h3>'
            f'<p class="ct-figure-now">{escape(str(written["So far"]))} '
            f"<small>of {escape(str(written['Target']))}</small></p>"
            f"{_bar(numbers.loc[last].to_dict())}"
            f"<p>{_MARKS.get(state, '')} {escape(state)}{escape(chance)}. "
            f"Range {escape(str(written['Range']))}.{months}</p></li>"
        )
    return f'{text}<ul class="ct-goals">{"".join(cards)}</ul>'


def show_goals(progress: GoalsProgress) -> None:
    """Show the goals panel in a notebook."""
    show_html(goals_html(progress))


def _bar(row: dict[str, Any]) -> str:
    """Draw the figure as a bar, its range as a line, and the target as a mark."""
    known = [float(row[name]) for name in ("so_far", "high", "target") if pd.notna(row[name])]
    if pd.isna(row["so_far"]):
        return ""
    scale = 1000 / (max(known) * 1.05 or 1.0)
    so_far, target = (float(row[name]) * scale for name in ("so_far", "target"))
    span = ""
    if pd.notna(row["low"]) and pd.notna(row["high"]):
        low, high = (float(row[name]) * scale for name in ("low", "high"))
        span = (
            f'<rect x="{low:.0f}" y="4" width="{high - low:.0f}" height="2" class="ct-bar-range"/>'
        )
    return (
        '<svg class="ct-bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="1000" height="10" class="ct-bar-bed"/>'
        f'<rect width="{so_far:.0f}" height="10" fill="#0173b2" opacity=".75"/>{span}'
        f'<rect x="{target:.0f}" width="6" height="10" fill="#b34e00"/></svg>'
    )
