"""A map of callers without tiles: circles of distance around the business."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from calltrack_nb import phrasing
from calltrack_nb.effectiveness import Places
from calltrack_nb.reporting.charts.rows import new_figure
from calltrack_nb.reporting.style import BLUE, INK, MUTED, ORANGE, PAPER, RULE, WIDTH, is_narrow

_SHOWN: Final = 0.95
_MOST_NAMES: Final = 14
_RINGS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_SIDES: Final = ("east", "north")


def places_chart(found: Places, *, width: float = WIDTH) -> Figure:
    """Draw each place as a dot as large as its calls, with circles of distance.

    Parameters
    ----------
    found : Places
        From :func:`calltrack_nb.effectiveness.places`. North is up and directions are
        true; distances are drawn as their square root, with circles to read them by.
        Places too far away for the map are left to the caption.
    """
    if is_narrow(width):
        figure, (axes, key) = new_figure(2, 1, figsize=(width, 6.2), height_ratios=(7, 5))
    else:
        figure, (axes, key) = new_figure(1, 2, figsize=(width, 5.4), width_ratios=(5, 2))
    near = nearby(found)
    key.set_axis_off()
    axes.set_axis_off()
    if near.empty:
        axes.set_title("No distance is known")
        return figure
    farthest = max(float(near["distance"].max()), 1.0)
    squeezed = near.assign(
        **{side: near[side] / np.sqrt(near["distance"].clip(lower=1e-9)) for side in _SIDES}
    )
    reach = np.sqrt(farthest) * 1.15
    for ring in _rings(reach):
        axes.add_patch(Circle((0, 0), np.sqrt(ring), fill=False, color=RULE, linewidth=1.2))
        axes.annotate(
            phrasing.plural(ring, found.unit.removesuffix("s"), found.unit), (0, -np.sqrt(ring)),
            color=MUTED, fontsize=8, ha="center", va="center",
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1},
        )  # fmt: skip
    sns.scatterplot(
        data=squeezed, x="east", y="north", size="calls", sizes=(60, 700), color=BLUE, alpha=0.55,
        ax=axes, legend=False,
    )  # fmt: skip
    axes.plot(0, 0, marker="P", color=ORANGE, markersize=9, linestyle="", zorder=3)
    named = squeezed.head(_MOST_NAMES)
    spots = zip(named["east"].astype(float), named["north"].astype(float), strict=True)
    for number, spot in enumerate(spots, start=1):
        axes.annotate(
            f"{number}", spot, (6, 6), textcoords="offset points", fontsize=9, fontweight="bold",
            color=INK,
        )  # fmt: skip
    lines = [
        f"{number}  {place}: {phrasing.number(calls)}"
        for number, (place, calls) in enumerate(
            zip(named["place"], named["calls"], strict=True), start=1
        )
    ]
    key.text(0, 1, "\n".join(lines), va="top", fontsize=9, color=INK, linespacing=1.6)
    axes.set_xlim(-reach, reach)
    axes.set_ylim(-reach, reach)
    axes.set_aspect("equal")
    return figure


def _rings(reach: float) -> list[float]:
    """Choose round distances whose circles fit the map and stand clear of each other."""
    chosen: list[float] = []
    for ring in _RINGS:
        last = np.sqrt(chosen[-1]) if chosen else 0.0
        if np.sqrt(ring) <= reach and np.sqrt(ring) - last >= 0.1 * reach:
            chosen.append(ring)
    return chosen


def places_caption(found: Places) -> str:
    """Say what the map shows, and what lies beyond it."""
    if not found.home:
        return found.text
    beyond = found.table[found.table["distance"].notna()].drop(nearby(found).index)
    text = (
        "A dot is a place, its size the calls from there; the cross is the business and north is "
        f"up. Circles are {found.unit} from the business; they are drawn closer the farther out, "
        "so that near places stand apart."
    )
    if len(beyond):
        far = [
            f"{place} ({phrasing.plural(calls, 'call')}, {phrasing.number(away)} {found.unit})"
            for place, calls, away in zip(
                beyond["place"], beyond["calls"], beyond["distance"], strict=True
            )
        ]
        text += f" Too far away for the map: {phrasing.listed(far, 3)}."
    return text


def nearby(found: Places) -> pd.DataFrame:
    """Return the places that the map shows: those that hold 95 % of the calls nearest by."""
    placed = found.table[found.table["distance"].notna()].sort_values("distance")
    if placed.empty:
        return placed
    held = np.cumsum(placed["calls"].to_numpy(dtype=float))
    enough = int(np.searchsorted(held, _SHOWN * held[-1])) + 1
    return placed.head(enough).sort_values("calls", ascending=False)
