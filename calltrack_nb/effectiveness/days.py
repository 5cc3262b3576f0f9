"""Calls by local day and week, with days that hold no data kept apart from zeros."""

from __future__ import annotations

import numpy as np
import pandas as pd

from calltrack_nb import phrasing, stats
from calltrack_nb.calls import ORDER_WITHIN, days_off, local_days
from calltrack_nb.periods import Period
from calltrack_nb.settings import Settings

_SURPRISE = 1e-3
_MOSTLY = 0.9


def days_with_data(calls: pd.DataFrame, settings: Settings, period: Period) -> pd.Series:
    """Say which days of a period the log covers.

    A day is a gap when it lies before the first or after the last call of the log, or
    in a run of days without any call so long that chance would hardly make it: less
    than one in a thousand at the usual rate of those weekdays, where days scatter as much
    as they do around the period (in it and in the 90 days before, or up to the next call after
    it). Public holidays count as far as the telephone rings on holidays at all.

    Parameters
    ----------
    calls : pandas.DataFrame
        The whole log (every direction, spam included): any call shows it was running.

    Returns
    -------
    pandas.Series of bool
        One value per local day of the period, indexed by naive midnights.
    """
    days = pd.date_range(period.first, period.last, freq="D")
    if calls.empty:
        return pd.Series(False, index=days)
    seen = _around(local_days(calls["started_at"], settings.business.timezone), days)
    if seen.empty:
        return pd.Series(False, index=days)
    whole = pd.date_range(seen.min(), seen.max(), freq="D")
    counts = seen.value_counts().reindex(whole, fill_value=0)
    # The median is not moved by the gaps themselves nor by bursts; its mean beside it
    # keeps sparse weekdays, whose median is 0, from looking as if nothing were expected.
    weekday = counts.groupby(whole.day_of_week)
    centre = weekday.transform("median") + 0.5
    usual = weekday.transform("mean").clip(upper=centre)
    off = whole.isin(pd.DatetimeIndex(list(days_off(settings, whole[0].date(), whole[-1].date()))))
    quiet = counts[off].sum() / usual[off].sum() if off.any() and usual[off].sum() else 1.0
    usual = usual.where(~off, usual * min(1.0, quiet))
    empty = counts == 0
    run = (~empty).cumsum()
    expected = usual.where(empty, 0).groupby(run).transform("sum")
    covered = ~(empty & (np.exp(-expected * _weight(counts, usual)) < _SURPRISE))
    whole_period: pd.Series = covered.reindex(days, fill_value=False)
    return whole_period


def _around(seen: pd.Series, days: pd.DatetimeIndex) -> pd.Series:
    """Keep what tells about a period: its days, those shortly before, the first one after."""
    near = seen[(seen >= days[0] - ORDER_WITHIN) & (seen <= days[-1])]
    kept: pd.Series = pd.concat([near, seen[seen > days[-1]].nsmallest(1)])
    return kept


def covered(calls: pd.DataFrame, settings: Settings, period: Period) -> bool:
    """Tell whether the log covers a period well enough to compare with it."""
    return bool(days_with_data(calls, settings, period).mean() >= _MOSTLY)


def _weight(counts: pd.Series, usual: pd.Series) -> float:
    """Weigh a silence by the scatter of the other days: empty ones are what is judged."""
    rang = (counts > 0) & (usual > 0)
    scatter = float(((counts - usual) ** 2 / usual)[rang].mean()) if rang.any() else 1.0
    return stats.silence_weight(scatter)


def gaps_in_words(covered: pd.Series) -> str:
    """Name the runs of days without data; empty where there are none."""
    missing = covered.index[~covered.to_numpy()]
    if missing.empty:
        return ""
    breaks = np.flatnonzero(np.diff(missing.to_numpy()) > np.timedelta64(1, "D")) + 1
    runs = np.split(missing.to_numpy(), breaks)
    spans = [phrasing.days(pd.Timestamp(run[0]), pd.Timestamp(run[-1])) for run in runs]
    return (
        f"No data for {phrasing.plural(len(missing), 'day')} ({phrasing.listed(spans, 4)}); "
        f"{phrasing.agree(len(missing), 'it is', 'they are')} left out, not counted as days "
        "without calls."
    )
