"""Say what became of a file's calls: right, left out with a note, asked, or wrong in silence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from tools.intake.files import Case
from tools.intake.reading import Reading

Told = dict[str, object]
NOTED_SHARE: Final = 0.02
CRASH: Final = "a fault of calltrack_nb"
FIELDS: Final = ("caller", "duration", "direction", "status")
CANONICAL: Final = {"caller": "caller_number", "duration": "duration_s"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of one file.

    Parameters
    ----------
    kind : str
        ``right``; ``noted`` where all that was imported is right, and more was left out, with
        a note, than a right file may leave out; ``asked`` where nothing was imported and a
        reason was given; ``wrong``; ``crashed``.
    faults : dict of str to int
        How often each field is wrong in silence.
    example : str
        The first fault, or the reason, or what was left out.
    cells, left_out : int
        What the file tells, and what of it was left out with a note.
    """

    kind: str
    faults: dict[str, int] = field(default_factory=dict)
    example: str = ""
    cells: int = 0
    left_out: int = 0


def judge(case: Case, reading: Reading, vendors: frozenset[str]) -> Verdict:
    """Compare what was imported with what the file tells.

    Parameters
    ----------
    case : Case
    reading : Reading
    vendors : frozenset of str
        Names of systems, in letters and digits only; another name is of nobody.

    Returns
    -------
    Verdict
    """
    if CRASH in reading.problem:
        return Verdict("crashed", example=reading.problem)
    if not reading.calls and reading.problem:
        return Verdict("asked", example=reading.problem)
    tally = _Tally(case, reading)
    pairs, lost, invented = _pair(case.calls, reading.calls)
    for told, got in pairs:
        tally.compare(told, got)
    for told in lost:
        tally.lose(told)
    for got in invented:
        tally.fault("invented", f"no such call: {_described(got)}")
    false_name = _false_name(case, reading, vendors)
    if false_name:
        tally.fault("provider", f"taken for {false_name}")
    return tally.verdict()


def plain(name: str) -> str:
    """Return the letters and digits of a name."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


class _Tally:
    """Counts of what is right, left out with a note, and wrong in one file."""

    def __init__(self, case: Case, reading: Reading) -> None:
        self.case = case
        self.reading = reading
        self.cells = 0
        self.left_out = 0
        self.first_left_out = ""
        self.faults: Counter[str] = Counter()
        self.example = ""

    def fault(self, name: str, example: str) -> None:
        self.faults[name] += 1
        self.example = self.example or f"{name}: {example}"

    def compare(self, told: Told, got: Told) -> None:
        """Compare the fields of one call; its start has been found to fit or not."""
        self.cells += 1
        if not _start_fits(told, got):
            self._wrong("start", told, got["started_at"], told["started_at"])
        for name in FIELDS:
            wanted = _wanted(told, name)
            value = _value(got, name)
            if wanted is None:
                if name == "caller" and "caller" in told and value is not None:
                    self._wrong(name, told, value, "withheld")
                continue
            self.cells += 1
            if value is None:
                self._missing(name, told)
            elif not _fits(told, name, value):
                self._wrong(name, told, value, wanted)
        talk = got["talk_s"]
        if talk is not None and "duration_s" in told and not _length_fits(told, talk):
            self._wrong("duration", told, f"{talk} spoken", told["duration_s"])

    def lose(self, told: Told) -> None:
        """Count a call that was not imported."""
        share = 1 + sum(_wanted(told, name) is not None for name in FIELDS)
        self.cells += share
        rows = set(_rows(told))
        if any(row in rows for row, _ in self.reading.notes) or (not rows and self.reading.notes):
            self._leave_out(share, f"call of {told['started_at']}")
        else:
            self.fault("lost", f"{told['started_at']} {told.get('caller')} {_cells(told)}")

    def verdict(self) -> Verdict:
        if self.faults:
            kind, example = "wrong", self.example
        elif self.left_out > NOTED_SHARE * self.cells:
            kind, example = "noted", self.first_left_out
        else:
            kind, example = "right", self.first_left_out
        return Verdict(kind, dict(self.faults), example, self.cells, self.left_out)

    def _wrong(self, name: str, told: Told, got: object, wanted: object) -> None:
        self.fault(name, f"{got} instead of {wanted} {_cells(told)}")

    def _missing(self, name: str, told: Told) -> None:
        if name == "duration" and told.get("duration_optional"):
            self.cells -= 1
            return
        if self._noted(name, told):
            self._leave_out(1, f"{name} {_cells(told)}")
        else:
            self.fault(name, f"left out without a note {_cells(told)}")

    def _noted(self, name: str, told: Told) -> bool:
        """Return whether the import says that it left this field out, in this record or all."""
        notes, unread = self.reading.notes, self.reading.unrecognised
        columns = {*self.case.columns.get(name, ()), CANONICAL.get(name, name)}
        if name not in self.case.columns:  # nobody says which columns tell it
            return bool(notes or unread)
        rows = {0, *_rows(told)}
        said = any(row in rows and columns & set(column.split(" + ")) for row, column in notes)
        return said or bool(columns & unread)

    def _leave_out(self, cells: int, what: str) -> None:
        self.left_out += cells
        self.first_left_out = self.first_left_out or f"left out: {what}"


def _pair(
    told: Sequence[Told], got: Sequence[Told]
) -> tuple[list[tuple[Told, Told]], list[Told], list[Told]]:
    """Pair the calls told with those imported, and return what is left of either.

    First come pairs of one start and caller, then of one start, then those whose caller and
    length say that only the start is wrong. Of several, the one that is most alike is taken.
    """
    pairs = []
    left, free = list(told), list(got)
    tests = (
        lambda one, other: _start_fits(one, other) and _same_caller(one, other),
        _start_fits,
        lambda one, other: _same_caller(one, other) and _agreement(one, other) > 1,
    )
    for test in tests:
        for one in list(left):
            alike = [other for other in free if test(one, other)]
            if alike:
                best = max(alike, key=partial(_agreement, one))
                pairs.append((one, best))
                left.remove(one)
                free.remove(best)
    return pairs, left, free


def _same_caller(one: Told, other: Told) -> bool:
    return "caller" not in one or one["caller"] == other["caller"]


def _agreement(one: Told, other: Told) -> int:
    """Count what two records of a call agree in; their length counts twice."""
    alike = {
        name: _wanted(one, name) is not None
        and _value(other, name) is not None
        and _fits(one, name, _value(other, name))
        for name in FIELDS
    }
    return sum(alike.values()) + alike["duration"]


def _start_fits(told: Told, got: Told) -> bool:
    window = float(str(told.get("start_window_s", 60)))
    moment = got["started_at"]
    if not isinstance(moment, datetime):
        return False
    late = (moment - datetime.fromisoformat(str(told["started_at"]))).total_seconds()
    return -60.0 < late < window


def _wanted(told: Told, name: str) -> object:
    return told.get({"duration": "duration_s"}.get(name, name))


def _value(got: Told, name: str) -> object:
    return got[{"duration": "duration_s"}.get(name, name)]


def _fits(told: Told, name: str, value: object) -> bool:
    if name == "duration":
        return _length_fits(told, value)
    if name == "status":
        return (value == "answered") == (told["status"] == "answered")
    return value == told[name]


def _length_fits(told: Told, value: object) -> bool:
    lengths = told.get("durations_s", [told["duration_s"]])
    tolerance = float(str(told.get("duration_tolerance_s", 1)))
    assert isinstance(lengths, list)
    return any(abs(float(str(value)) - float(length)) <= tolerance for length in lengths)


def _rows(told: Told) -> list[int]:
    rows = told.get("rows", [])
    assert isinstance(rows, list)
    return rows


def _cells(told: Told) -> str:
    return f"(record {_rows(told)}: {told.get('written', '')})"


def _described(got: Told) -> str:
    return ", ".join(str(value) for value in got.values() if value is not None)


def _false_name(case: Case, reading: Reading, vendors: frozenset[str]) -> str:
    """Return the vendor a file was taken for and is not of."""
    if case.providers is None:
        return ""
    own = {plain(name) for name in case.providers}
    return next((name for name in sorted(reading.providers) if plain(name) in vendors - own), "")
