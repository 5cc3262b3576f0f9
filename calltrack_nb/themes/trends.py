"""How themes come and go: new, growing, fading, returning, month by month."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from calltrack_nb.stats import wilson

_FEWEST: Final = 3
_OF_PEAK: Final = 0.2
_BASE_MONTHS: Final = 3


def monthly_themes(
    call_themes: pd.DataFrame, months: pd.Series, level: float = 0.95
) -> pd.DataFrame:
    """Count the calls of each theme by month.

    Parameters
    ----------
    call_themes : pandas.DataFrame
        The table ``call_themes``.
    months : pandas.Series
        Month of each call that was listened to ("2026-08"), indexed by its id.
    level : float
        Of the Wilson intervals.

    Returns
    -------
    pandas.DataFrame
        Columns theme_id, month, calls, of (calls listened to that month), share, low,
        high; a month with calls but none of the theme is there with 0.
    """
    known = months.dropna()
    totals = known.value_counts().sort_index()
    pairs = call_themes[["theme_id", "call_id"]].drop_duplicates()
    pairs = pairs.assign(month=pairs["call_id"].map(known)).dropna(subset="month")
    counts = pairs.pivot_table(
        index="theme_id", columns="month", values="call_id", aggfunc="nunique", fill_value=0
    ).reindex(columns=totals.index, fill_value=0)
    counts.columns.name = "month"
    long = counts.reset_index().melt("theme_id", var_name="month", value_name="calls")
    long = long.sort_values(["theme_id", "month"], ignore_index=True)
    long["of"] = long["month"].map(totals).astype(int)
    if long.empty:
        return long.assign(share=[], low=[], high=[])
    bounds = wilson(long["calls"].to_numpy(), long["of"].to_numpy(), level)
    return long.assign(share=long["calls"] / long["of"], low=bounds.low, high=bounds.high)


def theme_states(call_themes: pd.DataFrame, months: pd.Series, level: float = 0.95) -> pd.DataFrame:
    """Say what each theme does in the last month.

    A theme's first month is the first with at least three of its calls and a fifth of
    its busiest month's: a stray call before that is not its beginning.

    - new: its first month is the last one, and there are months before;
    - returning: three calls or more after at least two months with none;
    - growing, fading: the rate of the last month against the up to three months before,
      where the interval of the ratio leaves out 1;
    - steady: none of these can be told.

    Parameters
    ----------
    call_themes : pandas.DataFrame
        The table ``call_themes``.
    months : pandas.Series
        Month of each call that was listened to, indexed by its id.
    level : float
        Of the interval of the ratio.

    Returns
    -------
    pandas.DataFrame
        Indexed by theme_id: first_month, state, ratio, low, high.
    """
    monthly = monthly_themes(call_themes, months, level)
    rows = [
        {"theme_id": theme_id, **_state(theme.reset_index(drop=True), level)}
        for theme_id, theme in monthly.groupby("theme_id", sort=True)
    ]
    columns = ["theme_id", "first_month", "state", "ratio", "low", "high"]
    return pd.DataFrame(rows, columns=columns).set_index("theme_id")


def _state(theme: pd.DataFrame, level: float) -> dict[str, Any]:
    calls, of = theme["calls"].to_numpy(), theme["of"].to_numpy()
    begun = np.flatnonzero((calls >= _FEWEST) & (calls >= _OF_PEAK * calls.max()))
    first = int(begun[0]) if len(begun) else int(np.flatnonzero(calls)[0])
    last = len(calls) - 1
    found: dict[str, Any] = {"first_month": theme["month"][first], "state": "steady"}
    found |= {"ratio": np.nan, "low": np.nan, "high": np.nan}
    if last == 0:
        return found
    if first == last and calls[last] >= _FEWEST:
        return found | {"state": "new"}
    base = slice(max(first, last - _BASE_MONTHS), last)
    if first < last:
        found |= _ratio(calls[last], of[last], calls[base].sum(), of[base].sum(), level)
    if last >= 3 and calls[last] >= _FEWEST and calls[last - 2 : last].sum() == 0:
        found["state"] = "returning"
    elif found["low"] > 1:
        found["state"] = "growing"
    elif found["high"] < 1:
        found["state"] = "fading"
    return found


def _ratio(now: int, now_of: int, then: int, then_of: int, level: float) -> dict[str, float]:
    """Ratio of two rates; the interval is exact, by conditioning on their sum."""
    from scipy.stats import beta  # noqa: PLC0415 - heavy

    if now + then == 0 or min(now_of, then_of) == 0:
        return {"ratio": np.nan, "low": np.nan, "high": np.nan}
    tail = (1 - level) / 2
    low = beta.ppf(tail, now, then + 1) if now else 0.0
    high = beta.ppf(1 - tail, now + 1, then) if then else 1.0
    scale = then_of / now_of
    ratio = scale * now / then if then else np.inf
    return {
        "ratio": ratio,
        "low": scale * low / (1 - low),
        "high": scale * high / (1 - high) if high < 1 else np.inf,
    }
