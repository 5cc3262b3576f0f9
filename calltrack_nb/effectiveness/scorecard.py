"""The scorecard: what each marketing effort brought, at what cost, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from calltrack_nb.calls import counted, in_period
from calltrack_nb.effectiveness import grouping, ledger, score_figures, score_words
from calltrack_nb.periods import Period
from calltrack_nb.phrasing import money, number, percent, ranged, sentence
from calltrack_nb.results import Check, Result
from calltrack_nb.settings import Settings


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
        ``missed``, ``booked``, ``cost``; and ``*_before`` for the period before.
        NaN where there is no such figure.
    total : pandas.Series
        The same figures over all groups.
    currency : str
        Of every amount.
    dispersion : float
        Variance over mean of the weekly counts, as measured, with which the intervals
        of counts are widened.
    text, cost_text : str
        What the table says of calls and of money, in words.
    checks : tuple of Check
        What the reader should know before believing it.
    """

    by: str
    period: Period
    total: pd.Series
    currency: str
    dispersion: float
    cost_text: str

    def display(self) -> pd.DataFrame:
        """Return the table as a reader sees it: figures with their ranges, as text."""
        rows = pd.concat([self.table, self.total.to_frame().T], ignore_index=True)
        return pd.DataFrame(
            {
                sentence(self.by.replace("_", " ")): rows[self.by],
                "Calls (range)": ranged(rows, "calls", number),
                "People": rows["people"].map(number),
                "First-time": rows["first_time"].map(number),
                "Missed": rows["missed"].map(number),
                "Qualified (range)": ranged(rows, "qualified", number),
                "Qualified rate (range)": ranged(rows, "qualified_rate", percent),
                "Drawn to the whole": rows["qualified_rate_shrunken"].map(percent),
                "People who ordered": rows["booked"].map(number),
                "Before: calls / qualified": [
                    f"{number(calls)} / {number(qualified)}"
                    for calls, qualified in zip(
                        rows["calls_before"], rows["qualified_before"], strict=True
                    )
                ],
            }
        )

    def display_cost(self) -> pd.DataFrame:
        """Return the money part of the table as a reader sees it."""
        rows = pd.concat([self.table, self.total.to_frame().T], ignore_index=True)

        def cash(value: float) -> str:
            return money(value, self.currency)

        few = (rows["booked"] < ledger.FEWEST_SALES) & (rows["booked"] > 0)
        return pd.DataFrame(
            {
                sentence(self.by.replace("_", " ")): rows[self.by],
                "Spent": rows["cost"].map(cash),
                "Per call (range)": ranged(rows, "cost_per_call", cash),
                "Paid, per qualified call (range)": ranged(rows, "cost_per_qualified", cash),
                "Blended, per qualified call (range)": ranged(
                    rows, "blended_cost_per_qualified", cash
                ),
                "Drawn to the whole (range)": ranged(rows, "cost_per_qualified_shrunken", cash),
                "Revenue (range)": ranged(rows, "revenue", cash).where(
                    ~few, rows["revenue"].map(cash) + " (too few sales to say)"
                ),
                "Back per unit spent (range)": ranged(
                    rows, "return", lambda value: number(value, 1)
                ).where(~few | rows["return"].isna(), "too few sales to say"),
            }
        )


def scorecard(
    calls: pd.DataFrame,
    spend: pd.DataFrame,
    outcomes: pd.DataFrame,
    settings: Settings,
    period: Period,
    *,
    by: grouping.Grouping = "campaign",
) -> Scorecard:
    """Score the groups of a grouping over a period.

    Parameters
    ----------
    calls, spend, outcomes : pandas.DataFrame
        The canonical tables, whole: the period before and earlier calls of the same
        callers are looked up in them.
    settings : Settings
        The qualified-call rule, zone, currency, level and smallest group.
    period : Period
        Local days.
    by : {"channel", "campaign", "keyword", "landing_page", "tracking_number"}
        What a row is.

    Notes
    -----
    Counts have Garwood's exact Poisson interval, read at the coarser of two
    dispersions: calls per caller squared over calls (repeat callers), and Pearson's
    X² over df of the week by group table (what season does not explain). Rates are
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
    spent = by in grouping.SPENT_ON
    frames = [now, before, sales.rows] + ([costs.rows, costs_before.rows] if spent else [])
    codes, names = grouping.coded(frames, by)
    size = len(names)
    cost_by = ledger.sums(codes[3], costs.rows["cost"], size) if spent else np.zeros(size)
    small = (np.bincount(codes[0], minlength=size) < settings.evidence.min_group) & (cost_by == 0)
    new, names = grouping.pooled(small, names)
    codes = [new[code] for code in codes]
    size = len(names)

    known = not outcomes.empty
    nothing = np.full(size, np.nan)
    cost = ledger.sums(codes[3], costs.rows["cost"], size) if spent else nothing
    cost_before = ledger.sums(codes[4], costs_before.rows["cost"], size) if spent else nothing
    dispersion = score_figures.weekly_dispersion(now, codes[0], size)
    level = settings.evidence.level
    table = score_figures.figures(now, codes[0], size, cost, dispersion, level)
    blended = {f"blended_cost_per_qualified{end}": nothing for end in ("", "_low", "_high")}
    table |= (
        score_figures.priced(now, costs.rows, (codes[0], codes[3]), table, dispersion, level)
        if spent
        else blended
    )
    table |= score_figures.money(sales.rows, codes[2], size, cost, level, known=known)
    table |= score_figures.before(before, codes[1], size, cost_before)
    frame = pd.DataFrame({by: names, **table})
    if spent:
        # Spend and calls that name no campaign need not belong to each other.
        divided = frame.columns[frame.columns.str.match("cost_per|blended_cost_per|return")]
        frame.loc[frame[by] == grouping.UNNAMED, divided] = np.nan
    frame = frame[
        (frame[["calls", "calls_before", "booked"]].sum(axis=1) > 0) | (frame["cost"] > 0)
    ]
    frame = frame.sort_values(["calls", "cost"], ascending=False, ignore_index=True)
    zero = [np.zeros(len(part), dtype=np.intp) for part in (now, before, every_sale)]
    paid = np.array([costs.rows["cost"].sum()])
    # the sum is one and the same however its rows are grouped, and so is its range
    channel, channels = pd.factorize(now["channel"], use_na_sentinel=False)
    scatter = score_figures.weekly_dispersion(now, channel, len(channels))
    whole = score_figures.figures(now, zero[0], 1, paid, scatter, level)
    one = np.zeros(len(costs.rows), dtype=np.intp)
    whole |= score_figures.priced(now, costs.rows, (zero[0], one), whole, scatter, level)
    whole |= score_figures.money(every_sale, zero[2], 1, paid, level, known=known)
    whole |= score_figures.before(before, zero[1], 1, np.array([costs_before.rows["cost"].sum()]))
    total = _total(whole, by)
    notes = (
        *score_words.log_checks(calls, settings, period),
        *score_words.row_checks(frame, total, by, orders=known),
        *(Check("left out", None, note) for note in (*costs.notes, *sales.notes)),
    )
    return Scorecard(
        frame,
        score_words.in_words(frame, total, by),
        notes,
        by=by,
        period=period,
        total=total,
        currency=settings.business.currency,
        dispersion=dispersion,
        cost_text=score_words.cost_in_words(frame, total, settings, by),
    )


def _total(figures: score_figures.Columns, by: str) -> pd.Series:
    whole = pd.Series({by: "all", **{name: values[0] for name, values in figures.items()}})
    whole[[str(name) for name in whole.index if "shrunken" in str(name)]] = np.nan
    return whole
