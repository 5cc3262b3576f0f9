"""How themes come and go: new, growing, fading, returning, month by month."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from calltrack_nb.stats import corrected, wilson

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


def theme_states(
    call_themes: pd.DataFrame,
    months: pd.Series,
    level: float = 0.95,
    *,
    who: pd.Series | None = None,
) -> pd.DataFrame:
    """Say what each theme does in the last month.

    The rate of the last month is set against that of the up to three months before, of
    callers, not calls: who rings twice about one matter is one witness. Where the difference
    is shown, by the exact test and Holm's correction over all themes, the theme is

    - fading, if the rate fell;
    - new, if no month before it had three of its callers and a fifth of its busiest month's:
      a stray call is not its beginning;
    - returning, if the two months before had none, and months before those had;
    - growing otherwise;

    and steady where no difference is shown, or the last month has fewer than three callers
    of a theme that seems to rise.

    Parameters
    ----------
    call_themes : pandas.DataFrame
        The table ``call_themes``.
    months : pandas.Series
        Month of each call that was listened to, indexed by its id.
    level : float
        Of the interval of the ratio, and one minus the chance that any theme is said to move
        where none does.
    who : pandas.Series, optional
        Who made each call, indexed by its id; by default each call is a caller of its own.

    Returns
    -------
    pandas.DataFrame
        Indexed by theme_id: first_month, state, ratio, low, high (of callers' rates).
    """
    monthly = monthly_themes(*_by_caller(call_themes, months, who), level)
    rows = [
        {"theme_id": theme_id, **_measured(theme.reset_index(drop=True), level)}
        for theme_id, theme in monthly.groupby("theme_id", sort=True)
    ]
    columns = ["theme_id", "first_month", "rises_to", "ratio", "low", "high", "p"]
    table = pd.DataFrame(rows, columns=columns).set_index("theme_id")
    shown = corrected(table["p"].to_numpy(dtype=float), "holm").adjusted < 1 - level
    moved = table["rises_to"].where(table["ratio"] > 1, "fading")
    table["state"] = moved.where(shown, "steady")
    return table[["first_month", "state", "ratio", "low", "high"]]


def _by_caller(
    call_themes: pd.DataFrame, months: pd.Series, who: pd.Series | None
) -> tuple[pd.DataFrame, pd.Series]:
    """Put one row for each caller, theme and month in the place of calls."""
    if who is None:
        return call_themes, months
    known = months.dropna()
    key = who.reindex(known.index).astype(str) + " " + known.astype(str)
    callers = pd.Series(known.to_numpy(), index=key.to_numpy())
    marks = call_themes[["theme_id"]].assign(call_id=call_themes["call_id"].map(key))
    return marks.dropna(subset="call_id"), callers[~callers.index.duplicated()]


def _measured(theme: pd.DataFrame, level: float) -> dict[str, Any]:
    """Measure a theme's last month against those before, and what a rise would be called."""
    callers, of = theme["calls"].to_numpy(), theme["of"].to_numpy()
    begun = np.flatnonzero((callers >= _FEWEST) & (callers >= _OF_PEAK * callers.max()))
    first = int(begun[0]) if len(begun) else int(np.flatnonzero(callers)[0])
    last = len(callers) - 1
    base = slice(max(0, last - _BASE_MONTHS), last)
    rise = "growing"
    if callers[last] < _FEWEST:
        rise = "steady"
    elif first == last:
        rise = "new"
    elif last >= 3 and callers[last - 2 : last].sum() == 0:
        rise = "returning"
    return {
        "first_month": theme["month"][first],
        "rises_to": rise,
        **_ratio(callers[last], of[last], callers[base].sum(), of[base].sum(), level),
    }


def _ratio(now: int, now_of: int, then: int, then_of: int, level: float) -> dict[str, float]:
    """Ratio of two rates; interval and test are exact, by conditioning on their sum."""
    from scipy.stats import beta, binomtest  # noqa: PLC0415 - heavy

    if now + then == 0 or min(now_of, then_of) == 0:
        return {"ratio": np.nan, "low": np.nan, "high": np.nan, "p": np.nan}
    tail = (1 - level) / 2
    low = beta.ppf(tail, now, then + 1) if now else 0.0
    high = beta.ppf(1 - tail, now + 1, then) if then else 1.0
    scale = then_of / now_of
    return {
        "ratio": scale * now / then if then else np.inf,
        "low": scale * low / (1 - low),
        "high": scale * high / (1 - high) if high < 1 else np.inf,
        "p": float(binomtest(int(now), int(now + then), now_of / (now_of + then_of)).pvalue),
    }
