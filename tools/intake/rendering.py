"""From calls and a shape to records, and to the truth: what those records tell of each call."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from tools.intake.calls import Call, Locale
from tools.intake.cells import LENGTHS, NUMBERS, TIMES, Column
from tools.intake.shapes import Shape

Record = list[str]
Told = dict[str, object]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file before it is written.

    Parameters
    ----------
    columns : list of Column
    records : list of list of str
    calls : list of Call or None
        Which call each record is of; none for a record that is no call.
    locale : Locale
    above, below : list of list of str
        Lines above the header and below the records.
    delimiter, encoding, line_end : str
    quoted : bool
        Whether every cell stands in quotation marks.
    header : bool
    container : str
    """

    columns: list[Column]
    records: list[Record]
    calls: list[Call | None]
    locale: Locale
    above: list[Record]
    below: list[Record]
    delimiter: str
    encoding: str
    header: bool
    container: str
    line_end: str = "\n"
    quoted: bool = False


def told_calls(shape: Shape, calls: tuple[Call, ...]) -> tuple[Call, ...]:
    """Return the calls that a system's export lists, as far as it tells them apart."""
    kept = [call for call in calls if not shape.inbound_only or call.direction == "inbound"]
    if shape.voicemail:
        return tuple(kept)
    return tuple(
        replace(call, outcome="missed") if call.outcome == "voicemail" else call for call in kept
    )


def render(
    shape: Shape, columns: list[Column], calls: tuple[Call, ...], locale: Locale, seed: str
) -> Sheet:
    """Write every call's records in the order of time, with records that are no calls between."""
    rng = random.Random(seed)
    records: list[Record] = []
    owners: list[Call | None] = []
    for call in calls:
        for leg, changes in _legs(shape, call, rng):
            records.append(_record(columns, leg, locale, changes))
            owners.append(call)
        if shape.strangers and rng.random() < 0.1:
            made = replace(call, number=call.number + 900, leg=9)
            records.append(_record(columns, made, locale, rng.choice(shape.strangers)))
            owners.append(None)
    return Sheet(
        columns=columns,
        records=records,
        calls=owners,
        locale=locale,
        above=shape.preamble,
        below=[],
        delimiter=locale.delimiter if shape.delimiter == "$" else shape.delimiter,
        encoding=locale.encoding if shape.encoding == "$" else shape.encoding,
        header=shape.header,
        container=shape.container,
    )


def truth_of(sheet: Sheet, shape: Shape) -> dict[str, Any]:
    """Say what a file tells: of each call, and in which columns.

    Returns
    -------
    dict
        ``system``, ``providers``, ``columns`` and ``calls``, as
        :class:`tools.intake.files.Case` has them.
    """
    rows: dict[int, list[int]] = {}
    first: dict[int, Record] = {}
    by_number: dict[int, Call] = {}
    for row, (record, call) in enumerate(zip(sheet.records, sheet.calls, strict=True), start=1):
        if call is not None:
            rows.setdefault(call.number, []).append(row)
            first.setdefault(call.number, record)
            by_number[call.number] = call
    child = shape.legs == "parent and child"
    return {
        "system": shape.name,
        "providers": shape.providers,
        "columns": _columns_by_field(sheet.columns) if sheet.header else {},
        "calls": [
            _told(
                by_number[number],
                sheet.columns,
                first[number],
                put_through=child and len(rows[number]) > 1,
            )
            | {"rows": rows[number]}
            for number in rows
        ],
    }


def _record(columns: list[Column], call: Call, locale: Locale, changes: dict[str, str]) -> Record:
    return [
        changes[column.origin] if column.origin in changes else column.write(call, locale)
        for column in columns
    ]


def _legs(shape: Shape, call: Call, rng: random.Random) -> Iterator[tuple[Call, dict[str, str]]]:
    """Give the records of one call: the legs of those systems that write one record each."""
    if shape.legs == "ring group" and call.direction == "inbound":
        rung = [str(105 + leg) for leg in range(rng.randrange(3))]
        legs = [
            replace(call, extension=desk, outcome="missed", talk_s=0, leg=leg)
            for leg, desk in enumerate(rung, start=1)
        ]
        legs.insert(rng.randrange(len(legs) + 1), call)
        yield from ((leg, {}) for leg in legs)
        return
    yield call, {}
    if shape.legs == "parent and child" and call.direction == "inbound" and call.answered:
        child = replace(call, ring_s=0, leg=1, ours=_desk(call.ours))
        parent = f"CA5ef8732a3c49700934481addd5ce{call.number:03d}0"
        yield child, {"ParentCallSid": parent, "Direction": "outbound-dial"}


def _desk(ours: str) -> str:
    """Return another number of the business, to which calls are put through."""
    return ours[:-1] + str((int(ours[-1]) + 5) % 10)


def _columns_by_field(columns: list[Column]) -> dict[str, list[str]]:
    fields = {
        "start": (*TIMES[:1], *TIMES[3:]),
        "caller": NUMBERS,
        "duration": (*LENGTHS, "answer", "end"),
        "direction": ("way", "course", "from", "to"),
        "status": ("status", "course"),
    }
    return {
        name: [column.header for column in columns if column.kind in kinds]
        for name, kinds in fields.items()
    }


def _told(call: Call, columns: list[Column], record: Record, *, put_through: bool) -> Told:
    """Say what the first record of a call tells of it; what it does not tell is left out.

    The record of a call that was put through has a second one beside it, of the talk alone.
    """
    written: dict[str, list[str]] = {}
    precision: dict[str, float] = {}
    for column, cell in zip(columns, record, strict=True):
        if column.told:
            written.setdefault(column.kind, []).append(cell)
            precision[column.kind] = max(precision.get(column.kind, 0.0), column.precision_s)
    kinds = {kind for kind, cells in written.items() if any(cells)}
    kinds |= {"talk"} if put_through else set()
    told: Told = _start(call, precision)
    if "customer" in written or "from" in written:
        hidden = "customer" in written and not any(written["customer"])
        told["caller"] = None if hidden else call.customer
    told |= _duration(call, kinds, precision)
    if "way" in kinds or ("course" in kinds and _one_way(columns, written["course"][0])):
        told["direction"] = call.direction
    if kinds & {"status", "course"}:
        told["status"] = call.outcome
    told["written"] = {
        kind: " | ".join(cells) for kind, cells in written.items() if kind not in ("text", "extra")
    }
    return told


def _start(call: Call, precision: dict[str, float]) -> Told:
    if "start" in precision:
        window = max(60.0, precision["start"])
        exact = precision["start"] < 60.0
    else:
        window = 86_400.0 if "clock" not in precision else max(60.0, precision["clock"])
        exact = precision.get("clock", 60.0) < 60.0
    moment = call.started if exact else call.started.replace(second=0)
    if window > 60.0:
        moment = moment.replace(hour=0, minute=0)
    return {"started_at": _utc(moment), "start_window_s": window}


def _duration(call: Call, kinds: set[str], precision: dict[str, float]) -> Told:
    known = {"total": call.total_s, "talk": call.talk_s}
    lengths = [known[kind] for kind in ("total", "talk") if kind in kinds]
    if {"ring", "talk"} <= kinds:
        lengths.append(call.total_s)
    tolerance = max((precision.get(kind, 1.0) for kind in kinds & set(LENGTHS)), default=1.0)
    if lengths:
        told: Told = {"duration_s": lengths[0], "durations_s": lengths}
    elif "end" in kinds:
        lengths = [call.talk_s, call.total_s]
        told = {"duration_s": lengths[0], "durations_s": lengths}
        told |= {} if call.answered else {"duration_optional": True}
    else:
        return {}
    return told | {"duration_tolerance_s": tolerance}


def _one_way(columns: list[Column], word: str) -> bool:
    """Return whether a word of a column that tells all is said of one direction only."""
    column = next(column for column in columns if column.kind == "course")
    inward, outward = column.form.split("|"), column.options["out"].split("|")
    return (word in inward) != (word in outward)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
