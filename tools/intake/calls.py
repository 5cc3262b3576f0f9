"""The calls that are written into every file: who rang whom, when, and what came of it."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar, get_type_hints
from zoneinfo import ZoneInfo

import phonenumbers

DAYS: Final = 35
APART: Final = timedelta(minutes=4)
Drawn = TypeVar("Drawn")
AGENTS: Final = ("Sam", "Alex", "Kim", "Robin")
_HEADERS: Final = ("moment", "day", "clock", "caller", "called", "name", "way", "result", "length")


@dataclass(frozen=True, slots=True)
class Locale:
    """How a country's office writes; what the fields hold stands in the file of locales."""

    country: str
    zone: str
    currency: str
    delimiter: str
    encoding: str
    decimal: str
    months: tuple[str, ...]
    long_months: tuple[str, ...]
    am_pm: tuple[str, ...]
    moments: tuple[str, ...]
    day: str
    clock: str
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    names: tuple[str, ...]
    headers: tuple[str, ...]
    ways: tuple[str, ...]
    results: tuple[str, ...]
    withheld: str
    title: str
    total: str

    def header(self, field: str) -> str:
        """Return the word that heads a column."""
        return self.headers[_HEADERS.index(field)]


@dataclass(frozen=True, slots=True)
class Call:
    """One call, or one leg of it.

    Parameters
    ----------
    number : int
        From 1, in the order of time.
    started : datetime.datetime
        In the zone of the business.
    direction : str
        ``inbound`` or ``outbound``.
    outcome : str
        ``answered``, ``missed`` or ``voicemail``.
    customer : str or None
        E.164; None where the caller withheld it.
    ours : str
        The business's number that was rung or rang, E.164.
    ring_s, talk_s : int
        Seconds before the call was answered or ended, and after it was answered.
    name, agent : str
    extension : str
        The desk that answered, or that this leg rang.
    leg : int
        0 for the call itself.
    """

    number: int
    started: datetime
    direction: str
    outcome: str
    customer: str | None
    ours: str
    ring_s: int
    talk_s: int
    name: str
    agent: str
    extension: str
    leg: int = 0

    @property
    def total_s(self) -> int:
        """Seconds from the first ring to the end."""
        return self.ring_s + self.talk_s

    @property
    def answered(self) -> bool:
        """Whether somebody spoke with the caller."""
        return self.outcome == "answered"


def load_locales() -> dict[str, Locale]:
    """Read the locales, by country."""
    text = Path(__file__).with_name("locales.toml").read_text("utf-8")
    listed = {name for name, kind in get_type_hints(Locale).items() if kind is not str}

    def read(country: str, fields: dict[str, Any]) -> Locale:
        for name in listed:
            fields[name] = tuple(fields[name].split("|"))
        return Locale(country=country, **fields)

    return {country: read(country, fields) for country, fields in tomllib.loads(text).items()}


def make_calls(locale: Locale, seed: str, count: int = 60) -> tuple[Call, ...]:
    """Invent the calls of five weeks.

    Parameters
    ----------
    locale : Locale
    seed : str
        The same seed gives the same calls.
    count : int

    Returns
    -------
    tuple of Call
        In the order of time, at least four minutes apart and never within an hour that
        the clocks repeat or skip: no file could tell those apart.
    """
    rng = random.Random(seed)
    ours = [_dial(rng, prefix) for prefix in locale.ours]
    people = [(_dial(rng, rng.choice(locale.theirs)), rng.choice(locale.names)) for _ in range(30)]
    abroad = "+447911123456" if locale.country != "GB" else "+14046921234"
    people.append((abroad, "Pat Guest"))

    def ring(number: int, started: datetime) -> Call:
        customer, name = rng.choice(people)
        direction = "outbound" if rng.random() < 0.15 else "inbound"
        hidden = direction == "inbound" and rng.random() < 0.07
        outcome, ring_s, talk_s = _course(rng, direction)
        return Call(
            number=number,
            started=started,
            direction=direction,
            outcome=outcome,
            customer=None if hidden else customer,
            ours=rng.choice(ours),
            ring_s=ring_s,
            talk_s=talk_s,
            name="" if hidden or rng.random() < 0.2 else name,
            agent=rng.choice(AGENTS),
            extension=str(rng.choice((101, 102, 103, 104))),
        )

    starts = _starts(rng, locale.zone, count)
    calls = [ring(number, started) for number, started in enumerate(starts, start=1)]
    return _with_extremes(rng, calls)


def write_moment(moment: datetime, pattern: str, locale: Locale) -> str:
    """Write a time by a pattern; ``{mm}`` is the month and ``{MM}`` the minute."""
    months, long_months = locale.months, locale.long_months
    hour = moment.hour % 12 or 12
    offset = moment.strftime("%z")
    return pattern.format(
        y=moment.year,
        yy=f"{moment.year % 100:02d}",
        m=moment.month,
        mm=f"{moment.month:02d}",
        mon=months[moment.month - 1],
        month=long_months[moment.month - 1],
        d=moment.day,
        dd=f"{moment.day:02d}",
        day=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[moment.weekday()],
        H=moment.hour,
        HH=f"{moment.hour:02d}",
        h=hour,
        hh=f"{hour:02d}",
        MM=f"{moment.minute:02d}",
        SS=f"{moment.second:02d}",
        ap=locale.am_pm[moment.hour >= 12],
        AP=("AM", "PM")[moment.hour >= 12],
        offset=f"{offset[:3]}:{offset[3:]}",
        epoch=int(moment.timestamp()),
        epoch_ms=int(moment.timestamp()) * 1000,
    )


def _dial(rng: random.Random, prefix: str) -> str:
    """Fill a prefix up to a number that the country's plan knows."""
    return _redraw(
        lambda: "".join(str(rng.randrange(10)) if sign == "#" else sign for sign in prefix),
        lambda number: phonenumbers.is_valid_number(phonenumbers.parse(number)),
    )


def _starts(rng: random.Random, zone: str, count: int) -> list[datetime]:
    first = datetime(2026, 2, 2, tzinfo=ZoneInfo(zone)) + timedelta(days=rng.randrange(220))
    chosen: list[datetime] = []

    def draw() -> datetime:
        shift = rng.random()
        low, high = (0, 6) if shift < 0.08 else (19, 24) if shift < 0.22 else (8, 19)
        day = first + timedelta(days=rng.randrange(DAYS))
        return day.replace(
            hour=rng.randrange(low, high), minute=rng.randrange(60), second=rng.randrange(60)
        )

    def free(moment: datetime) -> bool:
        plain = moment.replace(tzinfo=None)
        clear = all(abs(plain - other.replace(tzinfo=None)) >= APART for other in chosen)
        return clear and moment.utcoffset() == moment.replace(fold=1).utcoffset()

    while len(chosen) < count:
        moment = _redraw(draw, free)
        chosen.append(moment)
    return sorted(chosen)


def _course(rng: random.Random, direction: str) -> tuple[str, int, int]:
    """Draw what came of a call: the outcome, the seconds it rang and those it was spoken."""
    fate = rng.random()
    if fate < 0.7:
        return "answered", rng.randrange(2, 28), min(3500, 4 + int(rng.lognormvariate(4.8, 1.0)))
    if direction == "inbound" and fate < 0.8:
        return "voicemail", rng.randrange(24, 75), 0
    return "missed", rng.randrange(1, 40), 0


def _with_extremes(rng: random.Random, calls: list[Call]) -> tuple[Call, ...]:
    """Let one answered call last a full hour, one a minute, and one missed call not ring."""
    for outcome, ring_s, talk_s in (
        ("answered", 10, 3590),
        ("answered", 5, 55),
        ("missed", 0, 0),
    ):
        at = rng.choice([at for at, call in enumerate(calls) if call.outcome == outcome])
        calls[at] = replace(calls[at], ring_s=ring_s, talk_s=talk_s)
    return tuple(calls)


def _redraw(draw: Callable[[], Drawn], fits: Callable[[Drawn], bool]) -> Drawn:
    for _ in range(10_000):
        drawn = draw()
        if fits(drawn):
            return drawn
    raise RuntimeError("nothing fits: look at the locale's prefixes and at the number of calls")
