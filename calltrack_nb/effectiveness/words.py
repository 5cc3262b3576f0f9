"""Figures as a reader sees them."""

from __future__ import annotations

import math
from collections.abc import Callable
from html import escape

import pandas as pd

Writer = Callable[[float], str]


def number(value: float, digits: int = 0) -> str:
    """Write a number with thousands' commas; a dash where there is none."""
    return "-" if value is None or not math.isfinite(value) else f"{value:,.{digits}f}"


def money(value: float, currency: str) -> str:
    """Write an amount, with cents below 100.

    Examples
    --------
    >>> money(1234.5, "USD")
    'USD 1,234'
    """
    if value is None or not math.isfinite(value):
        return "-"
    return f"{currency} {value:,.{2 if abs(value) < 100 else 0}f}"


def percent(value: float) -> str:
    """Write a share as whole per cent."""
    return "-" if value is None or not math.isfinite(value) else f"{100 * value:.0f} %"


def span(low: str, high: str) -> str:
    """Write an interval whose high end may be missing.

    Examples
    --------
    >>> span("USD 114", "-")
    'USD 114 or more'
    """
    if low == high == "-":
        return "-"
    return f"{low} or more" if high == "-" else f"{low} to {high}"


def signed(ratio: float) -> str:
    """Write a ratio as the change that it is.

    Examples
    --------
    >>> signed(1.3), signed(0.5)
    ('+30%', '-50%')
    """
    return f"{ratio - 1:+.0%}"


def weeks(count: int) -> str:
    """Write a number of whole weeks."""
    return f"{count} whole week{'' if count == 1 else 's'}"


def between(value: float, low: float, high: float, write: Writer) -> str:
    """Write a figure with both ends behind it; a dash where an end is not known."""
    if math.isnan(low) or math.isnan(high):
        return "-"
    return f"{write(value)} ({write(low)} to {write(high)})"


def ranged(rows: pd.DataFrame, name: str, write: Writer) -> pd.Series:
    """Write a column with its interval behind it, from ``name``, ``name_low``, ``name_high``."""
    figures = [rows[column].astype(float) for column in (name, f"{name}_low", f"{name}_high")]
    return pd.Series(
        [
            write(value) + (f" ({span(write(low), write(high))})" if math.isfinite(low) else "")
            for value, low, high in zip(*figures, strict=True)
        ],
        index=rows.index,
    )


def listed(names: list[str], limit: int = 5) -> str:
    """Join names into a phrase, cut short where there are many."""
    shown = names[:limit]
    more = len(names) - len(shown)
    tail = f" and {more} more" if more else ""
    return ", ".join(shown) + tail


def html(text: str, table: pd.DataFrame) -> str:
    """Show a result's words over its table."""
    body = "".join(f"<p>{escape(line)}</p>" for line in text.split("\n\n") if line)
    return body + table.to_html(index=False, border=0, na_rep="-")
