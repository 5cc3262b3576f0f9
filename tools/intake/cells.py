"""What stands in a column: how a time, a number, a length or a word of a call is written.

A column is described in one line, ``kind: form; option=value``:

* ``start``, ``answer``, ``end`` with a pattern; ``start@UTC`` in a zone of its own.
  ``day`` and ``clock`` are a start in two columns;
* ``customer``, ``from``, ``to``, ``ours`` with a style of numbers; ``withheld=`` is written
  for a caller who withheld the number, ``inner=`` for the business's side, ``outer=`` around
  the customer's number;
* ``total``, ``talk``, ``ring`` with a form of lengths; ``answered=only`` leaves others blank;
* ``way`` with the words for in and out; ``status`` with those for answered, missed and
  voicemail, and ``out=`` with the two for calls that go out; ``course`` tells both in one word;
* ``text`` with a constant, one of several between ``~``, or ``{name}``, ``{agent}``,
  ``{extension}``, ``{n}``, ``{zone}``.

``!`` after the kind means that only the header tells how the values are meant.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import phonenumbers

from tools.intake.calls import Call, Locale, write_moment

NUMBER_STYLES: Final = ("e164", "digits", "national", "dashes", "bare", "international", "00")
LENGTH_FORMS: Final = ("s", "h:mm:ss", "hh:mm:ss", "words", "min1")
LENGTH_PRECISION: Final = {"min": 60.0, "min1": 6.0, "h:mm": 60.0}
TIMES: Final = ("start", "answer", "end", "day", "clock")
NUMBERS: Final = ("customer", "from", "to", "ours")
LENGTHS: Final = ("total", "talk", "ring")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export.

    Parameters
    ----------
    header : str
    kind : str
        See the module; ``untold`` where no reader could know what is meant.
    form : str
        The pattern, style, form or words.
    options : mapping of str to str
    zone : str
        Of a time; empty for the zone of the business.
    by_header : bool
        Whether only the header tells how the values are meant.
    also : tuple of str
        Other names the vendor could give it.
    told : bool
        Whether a reader can know what is meant.
    """

    header: str
    origin: str
    kind: str
    form: str
    options: dict[str, str]
    zone: str = ""
    by_header: bool = False
    also: tuple[str, ...] = ()
    told: bool = True

    def write(self, call: Call, locale: Locale) -> str:
        """Write the column's cell for a call."""
        return _writer(self.kind)(self, call, locale)

    @property
    def precision_s(self) -> float:
        """How finely the column tells its time or length, in seconds."""
        if self.kind in LENGTHS:
            return LENGTH_PRECISION.get(self.form, 1.0)
        if self.kind == "day":
            return 86_400.0
        return 1.0 if "{SS}" in self.form or "{epoch" in self.form else 60.0


def parse_column(line: list[str], locale: Locale) -> Column:
    """Read a column's description: its header, what stands in it, and other names for it."""
    header, described, *also = line
    kind, _, rest = described.partition(": ")
    form, *options = rest.split("; ")
    kind, by_header = kind.removesuffix("!"), kind.endswith("!")
    kind, _, zone = kind.partition("@")
    name = locale.header(header[1:]) if header.startswith("$") else header
    return Column(
        header=name,
        origin=name,
        kind=kind,
        form=_localised(form, locale),
        options={
            option: _localised(value, locale)
            for option, _, value in (one.partition("=") for one in options)
        },
        zone=zone,
        by_header=by_header,
        also=tuple(also[0].split("|")) if also else (),
    )


def spell(number: str, style: str, country: str) -> str:
    """Write an E.164 number in a style; a foreign one keeps its country code."""
    parsed = phonenumbers.parse(number)
    formats = phonenumbers.PhoneNumberFormat
    digits = number.lstrip("+")
    exits = {"US": "011", "AU": "0011", "JP": "010"}
    plain = {"e164": number, "digits": digits, "00": exits.get(country, "00") + digits}
    if style in plain:
        return plain[style]
    home = phonenumbers.country_code_for_region(country) == parsed.country_code
    if style == "bare" and not home:
        return number
    if style == "international" or not home:
        return phonenumbers.format_number(parsed, formats.INTERNATIONAL)
    text = phonenumbers.format_number(parsed, formats.NATIONAL)
    return {
        "national": text,
        "bare": "".join(sign for sign in text if sign.isdigit()),
        "dashes": text.replace("(", "").replace(") ", "-").replace(")", "-").replace(" ", "-"),
    }[style]


def spell_length(seconds: int, form: str, locale: Locale) -> str:
    """Write a length of time in a form."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    up = math.ceil(seconds / 60)
    return {
        "s": str(seconds),
        "ms": str(seconds * 1000),
        "min": str(up),
        "min1": f"{seconds / 60:.1f}".replace(".", locale.decimal),
        "h:mm": f"{up // 60}:{up % 60:02d}",
        "h:mm:ss": f"{hours}:{minutes:02d}:{left:02d}",
        "hh:mm:ss": f"{hours:02d}:{minutes:02d}:{left:02d}",
        "m:ss": f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}",
        "words": (f"{hours}h " if hours else "") + f"{minutes}m {left}s",
        "fr": (f"{hours} h " if hours else "") + f"{minutes} min {left:02d} s",
        "ja": (f"{hours}時間" if hours else "") + f"{minutes}分{left:02d}秒",
    }[form]


def _localised(text: str, locale: Locale) -> str:
    """Replace ``$moment`` and the like by the locale's own."""
    known = {
        "$moment": locale.moments[0],
        "$moment1": locale.moments[1],
        "$day": locale.day,
        "$clock": locale.clock,
        "$ways": "|".join(locale.ways),
        "$results": "|".join(locale.results),
        "$withheld": locale.withheld,
    }
    return known.get(text, text)


def _writer(kind: str) -> Callable[[Column, Call, Locale], str]:
    if kind in TIMES:
        return _write_time
    if kind in NUMBERS:
        return _write_number
    if kind in LENGTHS:
        return _write_length
    return {"way": _write_way, "status": _write_status, "course": _write_status}.get(
        kind, _write_text
    )


def _write_time(column: Column, call: Call, locale: Locale) -> str:
    if column.kind == "answer" and not call.answered:
        return ""
    after = {"answer": call.ring_s, "end": call.total_s}.get(column.kind, 0)
    moment = _later(call.started, after).astimezone(ZoneInfo(column.zone or locale.zone))
    return write_moment(moment, column.form, locale)


def _write_number(column: Column, call: Call, locale: Locale) -> str:
    theirs = column.kind == "customer" or (column.kind == "from") == (call.direction == "inbound")
    if column.kind == "ours" or not theirs:
        inner = column.options.get("inner")
        return _filled(inner, call, locale) if inner else _spelt(call.ours, column, locale)
    if call.customer is None:
        return column.options.get("withheld", "")
    if column.options.get("answered") == "only" and not call.answered:
        return ""
    number = _spelt(call.customer, column, locale)
    outer = column.options.get("outer")
    return _filled(outer, call, locale).replace("<>", number) if outer and call.name else number


def _spelt(number: str, column: Column, locale: Locale) -> str:
    return spell(number, column.form, locale.country)


def _write_length(column: Column, call: Call, locale: Locale) -> str:
    if column.options.get("answered") == "only" and not call.answered:
        return ""
    seconds = {"total": call.total_s, "talk": call.talk_s, "ring": call.ring_s}[column.kind]
    return spell_length(seconds, column.form, locale)


def _write_way(column: Column, call: Call, _locale: Locale) -> str:
    return column.form.split("|")[call.direction == "outbound"]


def _write_status(column: Column, call: Call, _locale: Locale) -> str:
    words = column.form.split("|")
    if call.direction == "outbound" and "out" in column.options:
        words = column.options["out"].split("|")
    return words[("answered", "missed", "voicemail").index(call.outcome)]


def _write_text(column: Column, call: Call, locale: Locale) -> str:
    choices = column.form.split("~")
    return _filled(choices[call.number * 7 % 11 % len(choices)], call, locale)


def _filled(template: str, call: Call, locale: Locale) -> str:
    inbound = call.direction == "inbound"
    bare = spell(call.customer, "bare", locale.country) if call.customer else "anonymous"
    return template.format(
        name=call.name,
        agent=call.agent,
        extension=call.extension,
        n=f"{call.number:03d}",
        leg=call.leg,
        zone=locale.zone,
        country=locale.country,
        did=call.ours if inbound else "",
        clid=f'"{call.name}" <{bare}>' if inbound else f'"{call.agent}" <{call.extension}>',
    )


def _later(moment: datetime, seconds: int) -> datetime:
    return (moment.astimezone(ZoneInfo("UTC")) + timedelta(seconds=seconds)).astimezone(
        moment.tzinfo
    )
