"""When people call, and what missed calls leave on the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from calltrack_nb import phrasing, stats
from calltrack_nb.calls import (
    DAYS,
    SPOKEN_WITHIN,
    contacts,
    counted,
    in_period,
    last_attempts,
    outcome_known,
    reached_in_words,
)
from calltrack_nb.effectiveness import ledger
from calltrack_nb.effectiveness.rates import day_of, rate_ends
from calltrack_nb.periods import Period
from calltrack_nb.results import Check, Result
from calltrack_nb.settings import Settings

_WEEKDAYS: Final = tuple(day.capitalize() for day in DAYS)


@dataclass(frozen=True, slots=True, repr=False, eq=False, kw_only=True)
class Rhythm(Result):
    """Calls by hour and weekday of the business's own clock.

    Parameters
    ----------
    table : pandas.DataFrame
        ``weekday`` (Mon to Sun), ``hour`` (0 to 23), ``calls``, ``missed``, for every
        combination.
    text : str
        When the phone rings most and is missed most.
    """

    def grid(self, what: str = "calls") -> pd.DataFrame:
        """Return weekdays by hours, of the hours that hold any call."""
        wide = self.table.pivot_table(index="weekday", columns="hour", values=what, sort=False)
        busy = self.table.groupby("hour")["calls"].sum()
        hours = busy.index[busy > 0]
        return wide.reindex(columns=range(hours.min(), hours.max() + 1)) if len(hours) else wide

    def display(self) -> pd.DataFrame:
        """Return the table as a reader sees it: weekdays by hours."""
        return self.grid().reset_index()


def rhythm(calls: pd.DataFrame, settings: Settings, period: Period) -> Rhythm:
    """Count calls by local hour and weekday."""
    kept = counted(calls, settings, period)
    cells = pd.MultiIndex.from_product([range(7), range(24)], names=["weekday", "hour"])
    at = [
        kept["local"].dt.day_of_week.rename("weekday"),
        kept["local"].dt.hour.rename("hour"),
    ]
    found = kept.groupby(at).agg(calls=("answered", "size"), missed=("missed", "sum"))
    table = found.reindex(cells, fill_value=0).astype("int64").reset_index()
    names = [_WEEKDAYS[day] for day in table["weekday"].astype(int)]
    table["weekday"] = pd.Categorical(names, categories=list(_WEEKDAYS), ordered=True)
    if kept.empty:
        return Rhythm(table, "There is no call in this period.")
    hourly = table.groupby("hour")[["calls", "missed"]].sum()
    daily = table.groupby("weekday", observed=True)["calls"].sum()
    hours = np.asarray(hourly.index, dtype=int)
    busiest = int(hours[hourly["calls"].to_numpy().argmax()])
    missed, came = hourly["missed"].to_numpy(), hourly["calls"].to_numpy()
    place = int(missed.argmax())
    alone = int((missed == missed[place]).sum()) == 1
    text = f"Most calls come on {daily.idxmax()} and between {busiest}:00 and {busiest + 1}:00."
    if missed[place]:
        text += (
            f" Of the {phrasing.plural(came[place], 'call')} between {hours[place]}:00 and "
            f"{hours[place] + 1}:00, {phrasing.number(missed[place])} "
            f"{phrasing.agree(missed[place], 'was')} missed, "
            f"{'more than' if alone else 'as many as'} in any other hour."
        )
    return Rhythm(table, text)


@dataclass(frozen=True, slots=True, repr=False, eq=False, kw_only=True)
class MissedRevenue(Result):
    """Callers who were never reached, and what callers like them are worth.

    Parameters
    ----------
    table : pandas.DataFrame
        ``when`` (in opening hours, after hours), ``calls``, ``missed``, ``miss_rate`` with
        ends, ``unreached`` (people), ``money`` with ends (NaN where too few sales).
    text : str
        The finding.
    checks : tuple of Check
        Its assumptions.
    currency : str
        Of the money.
    """

    currency: str

    def display(self) -> pd.DataFrame:
        """Return the table as a reader sees it."""
        return pd.DataFrame(
            {
                "When": self.table["when"],
                "Calls": self.table["calls"].map(phrasing.number),
                "Missed": self.table["missed"].map(phrasing.number),
                "Share missed (range)": phrasing.ranged(self.table, "miss_rate", phrasing.percent),
                "People never reached": self.table["unreached"].map(phrasing.number),
                "Worth, if like the others (range)": phrasing.ranged(
                    self.table, "money", lambda value: phrasing.money(value, self.currency)
                )
                .where(self.table["money_low"].notna(), "too few orders to say")
                .where(self.table["unreached"] > 0, phrasing.NONE),
            }
        )


def missed_revenue(
    calls: pd.DataFrame, outcomes: pd.DataFrame, settings: Settings, period: Period
) -> MissedRevenue:
    """Count callers who were missed and not spoken to within a week, and price them.

    Notes
    -----
    Who was spoken to is said by :func:`~calltrack_nb.calls.contacts`. The price is the
    revenue of the period per person who was answered, with its interval; missed people
    are taken to be like them, and the number of people never reached is a count, not an
    estimate.
    """
    kept = counted(calls, settings, period)
    missed = in_period(contacts(calls, settings), settings.business.timezone, period)
    judged = last_attempts(missed)
    lost = judged[~judged["spoken_to"].astype(bool)]
    sales = ledger.sales_in(outcomes, counted(calls, settings), settings, period).rows
    value, low, high = _value_per_person(sales, kept, settings.evidence.level)
    rows = []
    for name, inside in (("in opening hours", True), ("after hours", False)):
        here = kept[kept["in_hours"] == inside]
        people = int((lost["in_hours"] == inside).sum())
        told = here[outcome_known(here)]
        low_rate, high_rate = rate_ends(
            told["missed"], settings.evidence.level, told["person"], day_of(told)
        )
        rows.append(
            {
                "when": name,
                "calls": len(here),
                "missed": int(here["missed"].sum()),
                "miss_rate": told["missed"].mean() if len(told) else np.nan,
                "miss_rate_low": low_rate,
                "miss_rate_high": high_rate,
                "unreached": people,
                "money": people * value,
                "money_low": people * low,
                "money_high": people * high,
            }
        )
    table = pd.DataFrame(rows)
    return MissedRevenue(
        table,
        _lost_in_words(table, len(judged), settings),
        (*_assumptions(sales), _unjudged(missed)),
        currency=settings.business.currency,
    )


def _value_per_person(
    sales: pd.DataFrame, kept: pd.DataFrame, level: float
) -> tuple[float, float, float]:
    """Revenue per answered person and its ends; NaN where the sales are too few."""
    reached = kept.loc[kept["answered"], "person"].nunique()
    each = sales.groupby("person")["value"].sum()
    if not reached or each.empty:
        return np.nan, np.nan, np.nan
    value = float(each.sum()) / reached
    if len(each) < ledger.FEWEST_SALES:
        return value, np.nan, np.nan
    low, high = stats.total_interval(each.sum(), (each**2).sum(), each.max(), level)
    return value, float(low) / reached, float(high) / reached


def _lost_in_words(table: pd.DataFrame, judged: int, settings: Settings) -> str:
    people, missed = int(table["unreached"].sum()), int(table["missed"].sum())
    if not missed:
        return "No call was missed in this period."
    text = f"{phrasing.plural(missed, 'call')} {phrasing.agree(missed, 'was')} missed." + (
        f" {reached_in_words(judged - people, judged)}" if judged else ""
    )
    if not people:
        return text
    if table["money_low"].isna().any():
        return text + " Too few orders are on record to say what they may be worth."
    sums = table[["money", "money_low", "money_high"]].sum().to_frame().T
    worth = phrasing.ranged(
        sums, "money", lambda value: phrasing.money(value, settings.business.currency)
    ).iloc[0]
    return f"{text} If these callers are like those who were answered, they are worth {worth}."


def _unjudged(missed: pd.DataFrame) -> Check:
    """Say how many missed callers cannot be judged, and why."""
    withheld = int((~missed["known"]).sum())
    late = missed[missed["known"] & missed["spoken_to"].isna()]["person"].nunique()
    return Check(
        "judged",
        None,
        "Some cannot be judged: callers who withheld their number "
        f"({phrasing.plural(withheld, 'missed call')}), and callers missed in the last "
        f"{SPOKEN_WITHIN.days} days of the log ({phrasing.plural(late, 'caller')}).",
    )


def _assumptions(sales: pd.DataFrame) -> tuple[Check, ...]:
    return (
        Check(
            "alike",
            None,
            "The amount assumes that missed callers would have bought as often and as much as "
            "answered ones; nobody has observed that.",
        ),
        Check(
            "sales",
            len(sales) >= ledger.FEWEST_SALES,
            f"{phrasing.plural(len(sales), 'order')} {phrasing.agree(len(sales), 'is')} tied to "
            f"calls; fewer than {ledger.FEWEST_SALES} give no range.",
        ),
    )
