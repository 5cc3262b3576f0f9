"""What calls came to, counted, beside what the sales system knows of the same calls."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import pandas as pd

from calltrack_nb.calls import calls_of_orders
from calltrack_nb.checking import Checked
from calltrack_nb.findings.summary import finding_summary
from calltrack_nb.phrasing import agree, between, out_of, percent, plural
from calltrack_nb.results import Check, Result
from calltrack_nb.stats import wilson

_AGREEMENT: Final = "bookings heard and orders known"
_NO_ORDERS: Final = (
    "How often these readings are right is not measured: no order on record belongs to these calls."
)
_FEWEST: Final = 20


def order_agreement(
    findings: pd.DataFrame,
    heard: Collection[str],
    calls: pd.DataFrame,
    orders: pd.DataFrame,
    zone: str,
) -> Result:
    """Measure "booked", as heard, against the orders that the sales system knows.

    An order may follow from a later call and a booking may fall through, so the two need not
    agree even where every word was understood.

    Parameters
    ----------
    findings, calls : pandas.DataFrame
        The tables of those names; all calls, since an order may belong to one that nobody
        listened to, or that lies outside the period.
    heard : collection of str
        Ids of the calls that were listened to.
    orders : pandas.DataFrame
        The table ``outcomes``, each row tied to its call by
        :func:`~calltrack_nb.calls.calls_of_orders`, or to none where several may be it.
    zone : str
        The time zone of the business.

    Returns
    -------
    Result
        Columns kind (as heard), won, lost (calls of that stage in the sales system). One check
        says how far both agree, or that nothing could be measured.
    """
    stages = _known_stages(heard, calls, orders, zone)
    said = findings[findings["family"].astype(str) == "outcome"].set_index("call_id")["kind"]
    known = pd.DataFrame({"kind": said, "stage": stages}).dropna()
    table = pd.crosstab(known["kind"], known["stage"]).reindex(
        columns=["won", "lost"], fill_value=0
    )
    table = table.rename_axis(columns=None).reset_index()
    if known.empty:
        return Result(table, _NO_ORDERS, (Check(_AGREEMENT, None, _NO_ORDERS),))
    text = _in_words(known)
    return Result(table, text, (Check(_AGREEMENT, None, text),))


def _known_stages(
    heard: Collection[str], calls: pd.DataFrame, orders: pd.DataFrame, zone: str
) -> pd.Series[str]:
    """Return won or lost for each call heard that an order belongs to."""
    closed = orders[orders["stage"].isin(["won", "lost"])]
    own = calls.assign(this=calls["call_id"])
    both = closed.assign(call_id=calls_of_orders(closed, own, zone, ("this",))["call_id"])
    both = both.loc[both["call_id"].isin(heard), ["call_id", "stage"]]
    won_first = both.sort_values("stage", ascending=False).drop_duplicates("call_id")
    stages: pd.Series[str] = won_first.set_index("call_id")["stage"].astype("str")
    return stages


def _in_words(known: pd.DataFrame) -> str:
    booked, won = known["kind"] == "booked", known["stage"] == "won"
    both = int((booked & won).sum())
    parts = [f"The sales system knows how {plural(len(known), 'call')} ended."]
    if won.any():
        parts.append(
            f"Of {plural(int(won.sum()), 'order')}, {_share(both, int(won.sum()))} "
            f"{agree(both, 'was', 'were')} read as booked."
        )
    if booked.any() and not won.all():
        parts.append(
            f"Of {plural(int(booked.sum()), 'booking')} read from transcripts, "
            f"{_share(both, int(booked.sum()))} "
            f"{agree(both, 'is an order', 'are orders')} there."
        )
    elif booked.any():
        parts.append("It lists no lost sales, so false bookings cannot be counted.")
    if len(known) < _FEWEST:
        parts.append("So few calls say little.")
    return " ".join(parts)


def _share(part: int, whole: int) -> str:
    ends = wilson(part, whole)
    return between(part / whole, float(ends.low), float(ends.high), percent)


def outcome_summary(
    findings: pd.DataFrame,
    heard: Collection[str],
    agreement: Result,
    *,
    checked: Checked | None = None,
    level: float = 0.95,
) -> Result:
    """Count what the calls came to, with how far that can be trusted.

    Parameters
    ----------
    findings : pandas.DataFrame
        The table ``findings``.
    heard : collection of str
        Ids of the calls that were listened to.
    agreement : Result
        As :func:`order_agreement` gives it.
    checked : Checked, optional
        What people checked of these calls; shares are corrected by it where it is enough.
    level : float
        Of the intervals.

    Returns
    -------
    Result
        As :func:`~calltrack_nb.findings.summary.finding_summary` gives it, with the agreement.
    """
    found = finding_summary(findings, heard, "outcome", level=level, checked=checked)
    covered = "" if checked else " The ranges cover chance only, not the errors of the reading."
    text = f"{found.text}{covered} {agreement.text}"
    return Result(found.table, text, (*found.checks, *agreement.checks))


def booked_by(
    findings: pd.DataFrame,
    heard: Collection[str],
    calls: pd.DataFrame,
    agreement: Result,
    *,
    by: str = "agent",
    level: float = 0.95,
) -> Result:
    """Share of calls heard as booked, for each agent or campaign.

    Parameters
    ----------
    findings, calls : pandas.DataFrame
        The tables of those names.
    heard : collection of str
        Ids of the calls that were listened to.
    agreement : Result
        As :func:`order_agreement` gives it.
    by : str
        A column of `calls`.
    level : float
        Of the Wilson intervals, which cover chance only.

    Returns
    -------
    Result
        Columns `by`, heard, booked, unclear (calls), share, low, high; share is missing below
        twenty calls.
    """
    said = findings[findings["family"].astype(str) == "outcome"].set_index("call_id")["kind"]
    rows = calls.loc[calls["call_id"].isin(heard), ["call_id", by]].dropna()
    rows = rows.assign(kind=rows["call_id"].map(said).fillna("unclear"))
    rows = rows.assign(heard=1, booked=rows["kind"] == "booked", unclear=rows["kind"] == "unclear")
    counts = rows.groupby(by, observed=True)[["heard", "booked", "unclear"]].sum()
    table = counts.astype("int64").reset_index()
    enough = table["heard"] >= _FEWEST
    ends = wilson(table["booked"].to_numpy(), table["heard"].clip(lower=1).to_numpy(), level)
    table["share"] = (table["booked"] / table["heard"]).where(enough)
    table["low"] = pd.Series(ends.low, index=table.index).where(enough)
    table["high"] = pd.Series(ends.high, index=table.index).where(enough)
    table = table.sort_values("heard", ascending=False, kind="stable", ignore_index=True)
    if table.empty:
        return Result(table, f"No call that was listened to names its {by}.", agreement.checks)
    booked, every = int(table["booked"].sum()), int(table["heard"].sum())
    text = (
        f"{out_of(booked, every, 'call')} {agree(booked, 'was', 'were')} "
        f"read as booked. Below {_FEWEST} calls no share is given. The ranges cover chance only, "
        f"not the errors of the reading. {agreement.text}"
    )
    return Result(table, text, agreement.checks)
