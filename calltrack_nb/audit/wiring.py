"""Whether each number in the log is what the inventory says it is."""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np
import pandas as pd
import phonenumbers

from calltrack_nb import phrasing
from calltrack_nb.audit.check import Check, Finding, Look
from calltrack_nb.audit.inputs import NEEDS, AuditInput
from calltrack_nb.audit.log import (
    NUMBER,
    by_number,
    each_row,
    findings_table,
    mask_number,
    number_names,
    seen,
    with_inventory,
)
from calltrack_nb.calls import day_start, local_days


def unlisted_numbers(data: AuditInput) -> Look:
    """Find numbers that ring but stand nowhere in the inventory."""
    calls = data.inbound
    calls = calls[calls["tracking_number"].notna().to_numpy(bool)]
    listed = pd.MultiIndex.from_frame(data.numbers[NUMBER])
    unknown = calls[~pd.MultiIndex.from_frame(calls[NUMBER]).isin(listed)]
    findings = tuple(
        Finding(
            subject=number,
            tracking_number=number,
            account=account,
            text=f"Number {mask_number(number)} took "
            f"{phrasing.plural(len(group), 'inbound call')} ({_when(group, data)}) and is not in "
            "the list of numbers.",
            **seen(group),
        )
        for (account, number), group in by_number(unknown)
    )
    return Look(
        findings,
        findings_table(findings),
        f"{phrasing.plural(calls['tracking_number'].nunique(), 'number')} in the log, "
        f"{phrasing.number(data.numbers['tracking_number'].nunique())} in the list of numbers.",
    )


def misrouted_numbers(data: AuditInput) -> Look:
    """Find numbers whose calls went elsewhere than the inventory says."""
    joined = with_inventory(data)
    known = joined[
        joined["active"]
        & joined["destination_number"].notna()
        & joined["listed_destination_number"].notna()
    ]
    if known.empty:
        return Look(
            cannot_say="Neither the log nor the list of numbers names destinations to compare."
        )
    # A double-booked number has two rows: it is misrouted only where it fits neither.
    fits = known["destination_number"].eq(known["listed_destination_number"])
    stray = known[~fits.groupby(known["call_id"]).transform("any").to_numpy(bool)]
    stray = stray.drop_duplicates("call_id")
    names = number_names(data.numbers)
    own = data.numbers.dropna(subset=["destination_number"])
    findings = []
    for (account, number), group in by_number(stray):
        total = known[known["tracking_number"].eq(number)]["call_id"].nunique()
        reached = set(group["destination_number"])
        where = ", ".join(mask_number(other) for other in sorted(reached))
        findings.append(
            Finding(
                subject=number,
                tracking_number=number,
                account=account,
                elsewhere=reached.isdisjoint(own[own["account"].eq(account)]["destination_number"]),
                text=f"{phrasing.out_of(len(group), total, 'inbound call')} to "
                f"{names[(account, number)]} went to {where} instead of "
                f"{mask_number(group['listed_destination_number'].iloc[0])} "
                f"({_when(group, data)}).",
                **seen(group),
            )
        )
    table = (
        known.assign(as_listed=fits)
        .groupby(
            [*NUMBER, "listed_destination_number", "destination_number", "as_listed"],
            observed=True,
        )
        .agg(
            calls=("call_id", "nunique"),
            first_seen=("started_at", "min"),
            last_seen=("started_at", "max"),
        )
        .reset_index()
    )
    return Look(
        tuple(findings),
        table,
        f"The destination of {phrasing.plural(known['call_id'].nunique(), 'call')} was compared "
        "with the list of numbers.",
    )


def double_bookings(data: AuditInput) -> Look:
    """Find numbers that stand for two campaigns on the same day."""
    rows = data.numbers.reset_index(drop=True)
    rows = rows.assign(
        start=pd.to_datetime(rows["active_from"]).fillna(pd.Timestamp("1900-01-01")),
        end=pd.to_datetime(rows["active_to"]).fillna(pd.Timestamp("2262-01-01")),
        order=np.arange(len(rows)),
    )
    pairs = rows.merge(rows, on=NUMBER, suffixes=("", "_other"))
    pairs = pairs[
        (pairs["order"] < pairs["order_other"])
        & (pairs["start"] <= pairs["end_other"])
        & (pairs["start_other"] <= pairs["end"])
        & pairs["campaign"].notna()
        & pairs["campaign_other"].notna()
    ]
    pairs = pairs[pairs["campaign"].ne(pairs["campaign_other"])]
    findings = tuple(
        Finding(
            subject=f"{pair.tracking_number} {pair.campaign} / {pair.campaign_other}",
            tracking_number=str(pair.tracking_number),
            account=str(pair.account),
            text=f"Number {mask_number(pair.tracking_number)} is listed for {pair.campaign} and "
            f"for {pair.campaign_other} at once: its calls cannot be credited to either.",
            first_seen=start,
            last_seen=end,
        )
        for pair in each_row(pairs)
        for start, end in [
            _within_log(max(pair.start, pair.start_other), min(pair.end, pair.end_other), data)
        ]
    )
    return Look(
        findings,
        findings_table(findings),
        f"{phrasing.plural(rows['tracking_number'].nunique(), 'number')} checked for overlapping "
        "assignments.",
    )


def retired_numbers(data: AuditInput) -> Look:
    """Find numbers that rang outside the dates the inventory gives them."""
    joined = with_inventory(data)
    ever = joined.groupby("call_id")["active"].transform("any").to_numpy(bool)
    outside = joined[~ever].drop_duplicates("call_id")
    names = number_names(data.numbers)
    findings = tuple(
        Finding(
            subject=number,
            tracking_number=number,
            account=account,
            text=f"{names[(account, number)]} took {phrasing.plural(len(group), 'inbound call')} "
            f"({_when(group, data)}) on days when the list of numbers says it was not in use.",
            **seen(group),
        )
        for (account, number), group in by_number(outside)
    )
    return Look(
        findings,
        findings_table(findings),
        f"{phrasing.plural(joined['call_id'].nunique(), 'call')} compared with the dates of their "
        "numbers.",
    )


def campaign_mismatches(data: AuditInput) -> Look:
    """Find numbers whose calls the provider credits to another number's campaign.

    Only names that the inventory itself uses count, so that an export that writes UTM
    values where the inventory writes titles raises no alarm. Numbers of a pool are left
    out: there the visitor's session decides. The provider's words are those of its own
    row, since an import lets the inventory name the campaign of a call.
    """
    joined = with_inventory(data)
    joined = joined[joined["active"] & joined["listed_pool"].isna()]
    own = data.provider_calls.drop_duplicates("call_id").set_index("call_id")["campaign"]
    named = joined["call_id"].map(own).astype("str").fillna(joined["campaign"])
    joined = joined.assign(campaign=named)
    said = joined["campaign"].map(_plain, na_action="ignore")
    listed = joined["listed_campaign"].map(_plain, na_action="ignore")
    inventory = set(data.numbers["campaign"].map(_plain, na_action="ignore").dropna())
    judged = said.isin(inventory) & listed.notna()
    agrees = said.eq(listed) | ~judged
    crossed = joined[~agrees.groupby(joined["call_id"]).transform("any").to_numpy(bool)]
    crossed = crossed.drop_duplicates("call_id")
    if not judged.any():
        return Look(cannot_say="The log names none of the campaigns in the list of numbers.")
    names = number_names(data.numbers)
    findings = tuple(
        Finding(
            subject=number,
            tracking_number=number,
            account=account,
            text=f"{phrasing.plural(len(group), 'call')} to {names[(account, number)]} "
            f"{phrasing.agree(len(group), 'is')} credited to {_top(group['campaign'])}, but "
            f"the list of numbers has it for {_top(group['listed_campaign'])} "
            f"({_when(group, data)}).",
            **seen(group),
        )
        for (account, number), group in by_number(crossed)
    )
    return Look(
        findings,
        findings_table(findings),
        f"The campaign of {phrasing.plural(judged.sum(), 'call')} was compared with the list of "
        "numbers.",
    )


def inventory_faults(data: AuditInput) -> Look:
    """Find rows of the inventory that cannot be right in themselves."""
    findings = [*_unreadable_rows(data), *_impossible_numbers(data), *_double_redirects(data)]
    if data.numbers.empty and not findings:
        return Look(cannot_say=f"This check needs {NEEDS['numbers']}.")
    return Look(
        tuple(findings),
        findings_table(findings),
        f"{phrasing.plural(len(data.numbers), 'row')} of the list of numbers read.",
    )


def _unreadable_rows(data: AuditInput) -> list[Finding]:
    files = data.quarantine["file"].str.lower().str.contains("numbers", regex=False, na=False)
    rows = data.quarantine[files.to_numpy(bool)]
    return [
        Finding(
            subject=f"{row.file} row {row.row}",
            text=f"Row {row.row} of {row.file} could not be read: {row.reason}.",
        )
        for row in each_row(rows)
    ]


def _impossible_numbers(data: AuditInput) -> list[Finding]:
    findings = []
    for column in ("tracking_number", "destination_number"):
        for row in each_row(data.numbers.drop_duplicates(["account", column])):
            number = getattr(row, column)
            if pd.notna(number) and not _possible(str(number)):
                findings.append(
                    Finding(
                        subject=f"{column} {number}",
                        account=str(row.account),
                        text=f"{mask_number(number)} ({column.replace('_', ' ')} of "
                        f"{row.label if pd.notna(row.label) else row.campaign}) has too many or "
                        "too few digits for its country.",
                    )
                )
    return findings


def _double_redirects(data: AuditInput) -> list[Finding]:
    tracking = set(zip(data.numbers["account"], data.numbers["tracking_number"], strict=True))
    return [
        Finding(
            subject=f"redirect {row.tracking_number}",
            account=str(row.account),
            text=f"{mask_number(row.tracking_number)} forwards to "
            f"{mask_number(row.destination_number)}, which is a tracking number itself: calls are "
            "counted twice or forwarded in a circle.",
        )
        for row in each_row(data.numbers.drop_duplicates([*NUMBER, "destination_number"]))
        if (row.account, row.destination_number) in tracking
    ]


def _possible(number: str) -> bool:
    try:
        return bool(phonenumbers.is_possible_number(phonenumbers.parse(number)))
    except phonenumbers.NumberParseException:
        return False


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name).strip().casefold()


def _top(names: pd.Series[Any]) -> str:
    return str(names.value_counts().index[0])


def _within_log(
    first: pd.Timestamp, last: pd.Timestamp, data: AuditInput
) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    """Return the moments within the log at which some days begin and end."""
    log = local_days(data.calls["started_at"], data.zone)
    start, end = max(first, log.min()), min(last, log.max())
    if log.empty or not start <= end:
        return None, None
    return day_start(start, data.zone), day_start(end + pd.Timedelta(days=1), data.zone)


def _when(calls: pd.DataFrame, data: AuditInput) -> str:
    """Write the days of calls to one number; of those that go on to its last call, since when."""
    every = data.inbound
    for name in NUMBER:
        every = every[every[name].eq(calls[name].iloc[0]).to_numpy(bool)]
    first, last = calls["started_at"].agg(["min", "max"]).dt.tz_convert(data.zone)
    if every["started_at"].max() > calls["started_at"].max() or first.date() == last.date():
        return phrasing.days(first, last)
    return f"since {phrasing.day(first)}, last on {phrasing.day(last)}"


CHECKS: Final = (
    Check(
        name="inventory",
        question="Is the list of numbers (numbers.csv) itself correct?",
        severity="broken",
        fix="Correct these rows in numbers.csv and import it again.",
        needs=(),
        look=inventory_faults,
    ),
    Check(
        name="unlisted_number",
        question="Is every number that rings in the list of numbers?",
        severity="broken",
        fix="Add the number to numbers.csv with its campaign and destination, or release it at "
        "the provider if nobody advertises it.",
        needs=("calls", "numbers"),
        look=unlisted_numbers,
    ),
    Check(
        name="misrouted_number",
        question="Do calls reach the telephone in the list of numbers?",
        severity="broken",
        fix="Correct the forwarding at the provider, or numbers.csv if the telephone moved; then "
        "ring the number once.",
        needs=("calls", "numbers"),
        look=misrouted_numbers,
    ),
    Check(
        name="double_booked",
        question="Does each number belong to one campaign at a time?",
        severity="broken",
        fix="Give one campaign its own number or, if the number moved, enter the older row's last "
        "day in numbers.csv (active_to).",
        needs=("numbers",),
        look=double_bookings,
    ),
    Check(
        name="retired_number",
        question="Do only numbers in use ring?",
        severity="broken",
        fix="Find where the old number is still printed or linked, and replace it; or extend its "
        "dates in numbers.csv.",
        needs=("calls", "numbers"),
        look=retired_numbers,
    ),
    Check(
        name="campaign_mismatch",
        question="Does the provider credit calls to the campaign in the list of numbers?",
        severity="broken",
        fix="Compare the number's source settings at the provider with numbers.csv and correct "
        "the one that is wrong.",
        needs=("calls", "numbers"),
        look=campaign_mismatches,
    ),
)
