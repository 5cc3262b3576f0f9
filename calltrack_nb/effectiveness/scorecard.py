"""The scorecard: what each marketing effort brought, at what cost, and how sure that is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from calltrack_nb.calls import counted, in_period
from calltrack_nb.effectiveness import grouping, ledger, score_figures, score_words
from calltrack_nb.effectiveness.broken import on_broken_days, without_broken_days
from calltrack_nb.effectiveness.days import days_with_data
from calltrack_nb.periods import Period
from calltrack_nb.phrasing import NONE, money, number, percent, ranged, sentence
from calltrack_nb.results import Check, Result
from calltrack_nb.settings import Settings

BROKEN_MARK: Final = "\N{WARNING SIGN}"
"""Stands behind the name of a group whose number was broken on some days."""

WITHOUT_BROKEN: Final = "without the broken days"

_BEFORE_COLUMN: Final = "Before: calls / qualified"


@dataclass(frozen=True, slots=True, repr=False, eq=False, kw_only=True)
class Scorecard(Result):
    """One row per group, largest first, with a total.

    Parameters
    ----------
    by : str
        The grouping.
    period : Period
        The days counted.
    table : pandas.DataFrame
        First column named as `by`. For ``calls``, ``people``, ``qualified``,
        ``answer_rate``, ``qualified_rate``, ``revenue``, ``cost_per_call``,
        ``cost_per_person``, ``cost_per_qualified`` (paid spend over the qualified
        calls of what was paid for),
        ``blended_cost_per_qualified`` (all spend over all qualified calls) and
        ``return`` also ``*_low`` and ``*_high``; ``*_shrunken`` (with its ends) for the
        qualified rate and the cost per qualified call; ``first_time``, ``answered``,
        ``missed``, ``waiting`` (calls that have orders still to come), ``booked``, ``cost``;
        and ``*_before`` for the period before.
        NaN where there is no such figure.
    total : pandas.Series
        The same figures over all groups.
    sound : pandas.DataFrame
        The rows of groups with broken days once more, without these days; no calls where none
        are left.
    currency : str
        Of every amount.
    dispersion : float
        Variance over mean of the weekly counts, as measured, with which the intervals
        of counts are widened.
    order_size : float
        What one more person's orders may bring
        (:func:`~calltrack_nb.effectiveness.score_figures.order_size`); NaN where that is not
        known.
    orders_until : datetime.date or None
        The local day of the last order, where orders after it seem to be missing.
    text, cost_text : str
        What the table says of calls and of money, in words.
    checks : tuple of Check
        What the reader should know before believing it.
    """

    by: str
    period: Period
    total: pd.Series
    sound: pd.DataFrame
    currency: str
    dispersion: float
    order_size: float
    orders_until: dt.date | None
    cost_text: str

    def shown(self) -> pd.DataFrame:
        """Return the rows in the order in which they are shown, the total last.

        Returns
        -------
        pandas.DataFrame
            As ``table``. A group with broken days carries a mark, and under it stands the row
            without these days.
        """
        broken = set(self.sound[self.by])
        rows = []
        for at, name in enumerate(self.table[self.by]):
            row = self.table.iloc[[at]]
            if name not in broken:
                rows.append(row)
                continue
            rest = self.sound[self.sound[self.by] == name]
            rows.append(row.assign(**{self.by: f"{name} {BROKEN_MARK}"}))
            if (rest["calls"] > 0).any():
                rows.append(rest.assign(**{self.by: f"{name}, {WITHOUT_BROKEN}"}))
        return pd.concat([*rows, self.total.to_frame().T], ignore_index=True)

    def judged(self) -> pd.DataFrame:
        """Return the rows by which groups are compared: those without any broken days.

        Returns
        -------
        pandas.DataFrame
            As ``table``; groups that were broken on every day are not in it.
        """
        sound = self.sound[self.sound["calls"] > 0]
        return pd.concat(
            [self.table[~self.table[self.by].isin(self.sound[self.by])], sound], ignore_index=True
        ).sort_values(["calls", "cost"], ascending=False, ignore_index=True)

    def display(self) -> pd.DataFrame:
        """Return the table as a reader sees it: figures with their ranges, as text."""
        rows = self.shown()
        table = pd.DataFrame(
            {
                sentence(self.by.replace("_", " ")): rows[self.by],
                "Calls (range)": ranged(rows, "calls", number),
                "People": rows["people"].map(number),
                "First-time": rows["first_time"].map(number),
                "Missed": rows["missed"].map(number),
                "Qualified (range)": ranged(rows, "qualified", number),
                "Qualified rate (range)": ranged(rows, "qualified_rate", percent),
                "Adjusted for small samples": rows["qualified_rate_shrunken"].map(percent),
                "People who ordered": rows["booked"].map(number),
                _BEFORE_COLUMN: [
                    f"{number(calls)} / {number(qualified)}"
                    for calls, qualified in zip(
                        rows["calls_before"], rows["qualified_before"], strict=True
                    )
                ],
            }
        )
        compared = all(check.name != score_words.BEFORE for check in self.checks)
        return table if compared else table.drop(columns=_BEFORE_COLUMN)

    def display_cost(self) -> pd.DataFrame:
        """Return the money part of the table as a reader sees it."""
        rows = self.shown()

        def cash(value: float) -> str:
            return money(value, self.currency)

        few = (rows["booked"] < ledger.FEWEST_SALES) & (rows["booked"] > 0)
        return pd.DataFrame(
            {
                sentence(self.by.replace("_", " ")): rows[self.by],
                "Spent": rows["cost"].map(cash).where(rows["cost"] > 0, NONE),
                "Blended, per call (range)": ranged(rows, "cost_per_call", cash),
                "Paid, per qualified call (range)": ranged(rows, "cost_per_qualified", cash),
                "Blended, per qualified call (range)": ranged(
                    rows, "blended_cost_per_qualified", cash
                ),
                "Adjusted for small samples (range)": ranged(
                    rows, "cost_per_qualified_shrunken", cash
                ).where(rows["qualified"] > 0, NONE),
                "Revenue (range)": ranged(rows, "revenue", cash).where(
                    ~few, rows["revenue"].map(cash) + " (too few orders to say)"
                ),
                "Revenue per unit spent, ROAS (range)": ranged(
                    rows, "return", lambda value: number(value, 1)
                ).where(~few | rows["return"].isna(), "too few orders to say"),
            }
        )


def scorecard(  # noqa: PLR0913 - a table each, and what is counted
    calls: pd.DataFrame,
    spend: pd.DataFrame,
    outcomes: pd.DataFrame,
    settings: Settings,
    period: Period,
    *,
    by: grouping.Grouping = "campaign",
    broken: pd.DataFrame | None = None,
    campaign: str = "",
    to_come: ledger.OrdersToCome | None = None,
) -> Scorecard:
    """Score the groups of a grouping over a period.

    Parameters
    ----------
    calls, spend, outcomes : pandas.DataFrame
        The canonical tables: the period before and earlier calls of the same callers are
        looked up in them. Whole, or as far as they are about the period
        (:func:`~calltrack_nb.calls.about_periods`).
    settings : Settings
        The qualified-call rule, zone, currency, level and smallest group.
    period : Period
        Local days.
    by : {"channel", "campaign", "keyword", "landing_page", "tracking_number"}
        What a row is.
    broken : pandas.DataFrame, optional
        Days on which a campaign's number was broken (see :mod:`calltrack_nb.audit.broken`):
        ``campaign``, ``first``, ``last``. Their rows stay in the table, and their figures
        without these days are in ``sound``; sentences compare by those.
    campaign : str
        Count this campaign's calls, orders and spend only.
    to_come : OrdersToCome, optional
        What is known of orders still to come, where `calls` are not the whole log
        (:func:`~calltrack_nb.effectiveness.orders_to_come`).

    Notes
    -----
    Counts have Garwood's exact Poisson interval, read at the coarser of two
    dispersions: calls per caller squared over calls (repeat callers), and Pearson's
    X² over df of the week by group table (what season does not explain); that of all groups
    together also at how much neighbouring weeks differ. Rates are
    Wilson's at the effective number of calls. Groups below ``evidence.min_group``
    calls are pooled unless money was spent on them.

    Raises
    ------
    EvidenceError
        For a grouping that is not known.
    """
    grouping.check_grouping(by)
    everything = counted(calls, settings)
    now = in_period(everything, settings.business.timezone, period).reset_index(drop=True)
    before = in_period(everything, settings.business.timezone, period.before()).reset_index(
        drop=True
    )
    costs = ledger.spend_in(spend, settings, period)
    costs_before = ledger.spend_in(spend, settings, period.before())
    sales = ledger.sales_in(outcomes, everything, settings, period, (by,))
    # an order that one of several groups brought is in no row, and in the total however grouped
    every_sale = ledger.sales_in(outcomes, everything, settings, period).rows
    now, before, sold, every_sale, spent, spent_before = (
        rows
        if not campaign
        else rows[rows["campaign"].eq(campaign).to_numpy(bool)].reset_index(drop=True)
        for rows in (now, before, sales.rows, every_sale, costs.rows, costs_before.rows)
    )
    if to_come is None:
        to_come = ledger.orders_to_come(outcomes, everything, settings, period)
    now = now.assign(
        waiting=False if to_come.since is None else now["local"].dt.date >= to_come.since
    )
    log = _Log(now, before, sold, spent, spent_before, orders=not outcomes.empty)
    dispersion, frame = _figures(log, settings, by)
    paid = np.array([spent["cost"].sum()])
    level = settings.evidence.level
    # the sum is one and the same however its rows are grouped, and so is its range
    channel, channels = pd.factorize(now["channel"], use_na_sentinel=False)
    days = days_with_data(calls, settings, period)
    scatter = max(
        score_figures.weekly_dispersion(now, channel, len(channels)),
        score_figures.total_dispersion(now, days),
    )
    zero = [np.zeros(len(part), dtype=np.intp) for part in (now, before, every_sale, spent)]
    whole = score_figures.figures(now, zero[0], 1, paid, scatter, level)
    whole |= score_figures.priced(now, spent, (zero[0], zero[3]), whole, scatter, level)
    whole |= score_figures.money(every_sale, zero[2], 1, paid, level, known=log.orders)
    whole |= score_figures.paid_return(every_sale, spent, level, known=log.orders)
    whole |= score_figures.before(before, zero[1], 1, np.array([spent_before["cost"].sum()]))
    total = _total(whole, by)
    if broken is not None and now["campaign"].isin(broken["campaign"]).any():
        sound = _sound(log, settings, by, everything, broken)
    else:
        sound = frame.head(0)
    said = (*costs.notes, *sales.notes, to_come.text)
    notes = (
        *score_words.log_checks(calls, settings, period, days),
        *score_words.row_checks(frame, total, by, orders=log.orders),
        *(Check("left out", None, note) for note in said if note),
    )
    card = Scorecard(
        frame,
        "",
        notes,
        by=by,
        period=period,
        total=total,
        sound=sound,
        currency=settings.business.currency,
        dispersion=dispersion,
        order_size=score_figures.order_size(every_sale),
        orders_until=to_come.until,
        cost_text="",
    )
    judged = card.judged()
    left_out = [name for name in frame[by] if name not in set(judged[by])]
    return replace(
        card,
        text=score_words.in_words(judged, total, by),
        cost_text=score_words.cost_in_words(judged, total, settings, by, left_out),
    )


@dataclass(frozen=True, slots=True)
class _Log:
    """The rows a scorecard adds up: calls, orders, spend, and those of the period before."""

    now: pd.DataFrame
    before: pd.DataFrame
    sales: pd.DataFrame
    costs: pd.DataFrame
    costs_before: pd.DataFrame
    orders: bool


def _figures(log: _Log, settings: Settings, by: grouping.Grouping) -> tuple[float, pd.DataFrame]:
    """Return the dispersion of the weekly counts, and a row of figures a group."""
    spent = by in grouping.SPENT_ON
    frames = [log.now, log.before, log.sales] + ([log.costs, log.costs_before] if spent else [])
    codes, names = grouping.coded(frames, by)
    size = len(names)
    cost_by = ledger.sums(codes[3], log.costs["cost"], size) if spent else np.zeros(size)
    small = (np.bincount(codes[0], minlength=size) < settings.evidence.min_group) & (cost_by == 0)
    new, names = grouping.pooled(small, names)
    codes = [new[code] for code in codes]
    size = len(names)

    nothing = np.full(size, np.nan)
    cost = ledger.sums(codes[3], log.costs["cost"], size) if spent else nothing
    cost_before = ledger.sums(codes[4], log.costs_before["cost"], size) if spent else nothing
    dispersion = score_figures.weekly_dispersion(log.now, codes[0], size)
    level = settings.evidence.level
    table = score_figures.figures(log.now, codes[0], size, cost, dispersion, level)
    blended = {f"blended_cost_per_qualified{end}": nothing for end in ("", "_low", "_high")}
    table |= (
        score_figures.priced(log.now, log.costs, (codes[0], codes[3]), table, dispersion, level)
        if spent
        else blended
    )
    table |= score_figures.money(log.sales, codes[2], size, cost, level, known=log.orders)
    table |= score_figures.before(log.before, codes[1], size, cost_before)
    frame = pd.DataFrame({by: names, **table})
    if spent:
        # Spend and calls that name no campaign need not belong to each other.
        divided = frame.columns[frame.columns.str.match("cost_per|blended_cost_per|return")]
        frame.loc[frame[by] == grouping.UNNAMED, divided] = np.nan
    frame = frame[
        (frame[["calls", "calls_before", "booked"]].sum(axis=1) > 0) | (frame["cost"] > 0)
    ]
    return dispersion, frame.sort_values(["calls", "cost"], ascending=False, ignore_index=True)


def _sound(
    log: _Log,
    settings: Settings,
    by: grouping.Grouping,
    everything: pd.DataFrame,
    days: pd.DataFrame,
) -> pd.DataFrame:
    """Return the rows of the groups with broken days, without these days."""
    called = log.sales["call_id"].map(everything.set_index("call_id")["local"]).dt.normalize()
    bad = {
        "now": on_broken_days(log.now["campaign"], log.now["local"].dt.normalize(), days),
        "before": on_broken_days(log.before["campaign"], log.before["local"].dt.normalize(), days),
        "sales": on_broken_days(log.sales["campaign"], called, days),
    }
    kept: dict[str, pd.DataFrame] = {name: getattr(log, name)[~out] for name, out in bad.items()}
    kept |= {
        name: without_broken_days(getattr(log, name), days) for name in ("costs", "costs_before")
    }
    touched = {
        str(group)
        for name in (("now", "costs") if by in grouping.SPENT_ON else ("now",))
        for group in grouping.labels(getattr(log, name), by)[
            getattr(log, name)["campaign"].isin(days["campaign"]).to_numpy(bool)
        ]
    }
    fewer = {name: rows.reset_index(drop=True) for name, rows in kept.items()}
    _, frame = _figures(_Log(**fewer, orders=log.orders), settings, by)
    missing = pd.DataFrame({by: sorted(touched - set(frame[by])), "calls": 0.0})
    chosen = frame[frame[by].isin(touched)]
    return pd.concat([chosen, missing], ignore_index=True) if len(missing) else chosen


def _total(figures: score_figures.Columns, by: str) -> pd.Series:
    whole = pd.Series({by: "all", **{name: values[0] for name, values in figures.items()}})
    whole[[str(name) for name in whole.index if "shrunken" in str(name)]] = np.nan
    return whole
