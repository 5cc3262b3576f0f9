"""Setting call tracking up: five steps ticked off from the tables, and calls to test it with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from calltrack_nb import phrasing
from calltrack_nb.audit.events import events
from calltrack_nb.audit.inputs import AuditInput
from calltrack_nb.audit.log import each_row, mask_number, number_names
from calltrack_nb.calls import day_start
from calltrack_nb.errors import CalltrackError
from calltrack_nb.results import Result
from calltrack_nb.schema import TEXT

_TICKS = {True: "done", False: "to do", None: "cannot say"}

_STEP_CHECKS: Final = (
    ("log_gap", "duplicates"),
    ("inventory", "unlisted_number", "double_booked", "campaign_mismatch"),
    ("misrouted_number", "other_business", "silent_number"),
    ("retired_number",),
    ("answer_rate_fall",),
)
"""The checks whose findings show that a step is not done, step by step."""


def setup_checklist(data: AuditInput, findings: pd.DataFrame | None = None) -> pd.DataFrame:
    """Lay out the five steps of setting call tracking up, and which are done.

    Parameters
    ----------
    data : AuditInput
        Whatever tables there are.
    findings : pandas.DataFrame, optional
        What the audit found (see :class:`~calltrack_nb.audit.AuditResult`): a step whose work
        is broken is not done.

    Returns
    -------
    pandas.DataFrame
        ``step``, ``what``, ``state`` (done, to do, cannot say), ``seen`` (what the
        tables show).
    """
    numbers, calls = data.numbers, data.inbound
    pooled = int(numbers["pool"].notna().sum())
    campaigns = set(data.spend["campaign"].dropna())
    without = campaigns - set(numbers["campaign"].dropna())
    routed = numbers["destination_number"].notna()
    ringing = set(calls["tracking_number"].dropna())
    listed = set(numbers["tracking_number"])
    heard = calls["recording"].notna() | calls["call_id"].isin(data.utterances["call_id"])
    providers = data.calls["provider"].nunique()
    held = (
        f"{phrasing.plural(len(data.calls), 'call')}, inbound and outbound, from "
        f"{phrasing.plural(providers, 'provider')}."
    )
    rows = [
        (
            "1. Choose the provider and get its logs",
            "Export the call log (or give an API key) and import it.",
            None if data.calls.empty and data.imports.empty else not data.calls.empty,
            held,
        ),
        (
            "2. Get a number for each campaign",
            "One number per campaign, several for the website; write them into numbers.csv.",
            None if numbers.empty else not (without and pooled == 0),
            f"{phrasing.plural(len(listed), 'number')}, {phrasing.number(pooled)} of them shared "
            "by the website's visitors"
            + (
                f"; no number of its own for {phrasing.listed(sorted(without), len(without))}."
                if without
                else "."
            ),
        ),
        (
            "3. Forward every number to a telephone that is answered",
            "Name the destination in numbers.csv and at the provider.",
            None if numbers.empty else bool(routed.all()),
            (
                f"{phrasing.out_of(routed.sum(), len(numbers), 'row')} "
                f"{phrasing.agree(routed.sum(), 'names')} a destination."
            ),
        ),
        (
            "4. Put the numbers out",
            "In advertisements, profiles and print; on the website by the provider's script.",
            None if numbers.empty or calls.empty else listed <= ringing,
            (
                f"{phrasing.out_of(len(listed & ringing), len(listed), 'number')} "
                f"{phrasing.agree(len(listed & ringing), 'has')} rung."
            ),
        ),
        (
            "5. Test, record, announce, check again",
            "Ring every number. Switch on recording and its announcement. Audit every week.",
            None if calls.empty else bool(heard.any()),
            (
                f"{phrasing.out_of(heard.sum(), len(calls), 'inbound call')} in the log "
                f"{phrasing.agree(heard.sum(), 'has')} a recording or a transcript."
            ),
        ),
    ]
    broken = _broken_by_step(findings)
    return pd.DataFrame(
        [
            {
                "step": step,
                "what": what,
                "state": _TICKS[False if broken[place] else state],
                "seen": f"{seen} {broken[place]}".strip(),
            }
            for place, (step, what, state, seen) in enumerate(rows)
        ]
    )


def _broken_by_step(findings: pd.DataFrame | None) -> list[str]:
    """Say for each step what of it the audit found broken."""
    if findings is None:
        return [""] * len(_STEP_CHECKS)
    wrong = findings[(findings["severity"] == "broken").to_numpy(bool)]
    counts = [len(events(wrong[wrong["check"].isin(checks)])) for checks in _STEP_CHECKS]
    return [
        f"{phrasing.plural(count, 'thing')} {phrasing.agree(count, 'is')} broken here."
        if count
        else ""
        for count in counts
    ]


def test_call_plan(data: AuditInput) -> pd.DataFrame:
    """Plan the calls that prove the wiring: which number, from where, what must appear.

    Parameters
    ----------
    data : AuditInput
        Needs `numbers`; opening hours come from the settings.

    Returns
    -------
    pandas.DataFrame
        One row per call: ``test`` (1, 2, …), ``account``, ``tracking_number``,
        ``name``, ``ring_from``, ``when`` (in hours, after hours), ``campaign``,
        ``destination_number``, ``should_appear``.

    Raises
    ------
    CalltrackError
        When the inventory is empty.
    """
    if data.numbers.empty:
        raise CalltrackError(
            "There is no list of numbers to plan test calls from",
            where="data/raw/numbers.csv",
            fix="List the tracking numbers there and import it",
        )
    names = number_names(data.numbers)
    end = data.log_end
    today = pd.Timestamp(end).tz_convert(data.zone).tz_localize(None) if pd.notna(end) else None
    rows: list[dict[str, Any]] = []
    tested: set[tuple[str, str]] = set()
    for row in each_row(data.numbers.sort_values(["account", "tracking_number"])):
        retired = (
            pd.notna(row.active_to) and today is not None and pd.Timestamp(row.active_to) < today
        )
        key = (str(row.account), str(row.tracking_number))
        if retired or key in tested:
            continue
        tested.add(key)
        place = (
            "an outside mobile, after opening the website by that channel's link"
            if pd.notna(row.pool)
            else "an outside mobile, not a telephone of the business"
        )
        campaign = str(row.campaign) if pd.notna(row.campaign) else None
        rows.append(
            {
                "account": key[0],
                "tracking_number": key[1],
                "name": names[key],
                "ring_from": place,
                "when": "in hours",
                "campaign": campaign,
                "destination_number": row.destination_number,
                "should_appear": _expected(campaign, row),
            }
        )
    first = rows[0] if rows else None
    if first is not None and data.settings.business.hours:
        rows.append(
            first
            | {
                "when": "after hours",
                "should_appear": "voicemail answers; the log shows voicemail or missed, not "
                "answered",
            }
        )
    plan = pd.DataFrame(rows)
    plan.insert(0, "test", range(1, len(plan) + 1))
    return plan


def _expected(campaign: str | None, row: Any) -> str:
    route = (
        f"rings at {mask_number(row.destination_number)}"
        if pd.notna(row.destination_number)
        else "rings at the business"
    )
    credit = f"credited to {campaign}" if campaign and pd.isna(row.pool) else "with its source"
    return f"{route}; within the hour the log shows it answered, {credit}, recorded"


@dataclass(frozen=True, repr=False, eq=False)
class TestCalls(Result):
    """A test-call plan ticked off from the log.

    Parameters
    ----------
    table : pandas.DataFrame
        The plan with ``state`` (done, wrong, not seen), ``call_id``, ``problem``.
    text : str
        How many tests are done, and what is wrong.
    """

    __test__ = False  # the name is the field's, not pytest's

    @property
    def passed(self) -> bool:
        """Whether every test was seen and right."""
        return bool(self.table["state"].eq("done").all())


def tick_test_calls(
    data: AuditInput,
    *,
    since: dt.date | None = None,
    phones: tuple[str, ...] = (),
) -> TestCalls:
    """Tick the test-call plan off from the log.

    Parameters
    ----------
    data : AuditInput
        Needs `numbers`; `calls` may be empty.
    since : datetime.date, optional
        The local day testing began; by default the last day of the log.
    phones : tuple of str
        E.164 numbers of the telephones that test; by default the staff numbers of the
        settings. With neither, every call of the time counts.

    Returns
    -------
    TestCalls
        Per planned call ``done``, ``wrong`` (seen, but not as planned) or ``not seen``.
    """
    plan = test_call_plan(data)
    calls = data.inbound
    end = data.log_end
    if since is None and pd.notna(end):
        since = end.tz_convert(data.zone).date()
    if since is not None:
        calls = calls[(calls["started_at"] >= day_start(since, data.zone)).to_numpy(bool)]
    testers = phones or data.settings.qualified.staff_numbers
    if testers:
        calls = calls[calls["caller_number"].isin(list(testers)).to_numpy(bool)]
    calls = calls.sort_values("started_at")
    outcomes = [_tick(row, calls, data) for row in each_row(plan)]
    table = plan.assign(
        state=[state for state, _, _ in outcomes],
        call_id=pd.Series([call for _, call, _ in outcomes], dtype=TEXT),
        problem=pd.Series([problem for _, _, problem in outcomes], dtype=TEXT),
    )
    counts = table["state"].value_counts()
    wrong = table[table["state"].eq("wrong")]
    trouble = "".join(f" {row.name}: {row.problem}." for row in each_row(wrong))
    return TestCalls(
        table,
        f"{phrasing.out_of(counts.get('done', 0), len(table), 'test call')} done, "
        f"{phrasing.number(counts.get('wrong', 0))} not as planned, "
        f"{phrasing.number(counts.get('not seen', 0))} not seen in the log.{trouble}",
    )


def _tick(row: Any, calls: pd.DataFrame, data: AuditInput) -> tuple[str, str | None, str | None]:
    own = calls[calls["tracking_number"].eq(row.tracking_number) & calls["account"].eq(row.account)]
    if data.settings.business.hours:
        own = own[own["in_hours"] == (row.when == "in hours")]
    if own.empty:
        return "not seen", None, None
    problems = [_problem(row, call) for call in each_row(own)]
    best = min(range(len(problems)), key=lambda place: problems[place] is not None)
    call_id = str(own["call_id"].iloc[best])
    return ("wrong" if problems[best] else "done"), call_id, problems[best]


def _problem(row: Any, call: Any) -> str | None:
    wrong = []
    if row.when == "after hours":
        return "it was answered after hours" if call.status == "answered" else None
    if call.status != "answered":
        wrong.append("it was not answered")
    if (
        pd.notna(row.destination_number)
        and pd.notna(call.destination_number)
        and call.destination_number != row.destination_number
    ):
        wrong.append(f"it rang at {mask_number(call.destination_number)}")
    if pd.notna(row.campaign) and pd.notna(call.campaign) and call.campaign != row.campaign:
        wrong.append(f"it was credited to {call.campaign}")
    if pd.isna(call.recording):
        wrong.append("it was not recorded")
    return ", ".join(wrong) or None
