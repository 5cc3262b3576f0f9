"""What an office, a spreadsheet program or another version of a system does to an export."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from tools.intake.calls import Call, Locale
from tools.intake.cells import LENGTH_FORMS, LENGTHS, NUMBER_STYLES, NUMBERS, TIMES, Column
from tools.intake.rendering import Record, Sheet

SCRAMBLES: Final = ("letters", "fields", "finnish")
_ISO: Final = (
    "{y}-{mm}-{dd} {HH}:{MM}:{SS}",
    "{y}-{mm}-{dd}T{HH}:{MM}:{SS}",
    "{y}-{mm}-{dd}T{HH}:{MM}:{SS}{offset}",
    "{y}-{mm}-{dd} {HH}:{MM}",
)
_UNIT: Final = re.compile(r"sec|seg|min|秒|[(\[]s[)\]]|\[s]|HH|hh", re.IGNORECASE)
_FINNISH: Final = {
    "start": "Alkoi",
    "day": "Päivä",
    "clock": "Kello",
    "answer": "Vastattu",
    "end": "Päättyi",
    "customer": "Asiakkaan numero",
    "from": "Soittaja",
    "to": "Vastaanottaja",
    "ours": "Linjamme",
    "total": "Kesto",
    "talk": "Puheaika",
    "ring": "Soittoaika",
    "way": "Suunta",
    "status": "Tila",
    "course": "Laji",
}


@dataclass(frozen=True, slots=True)
class Extra:
    """A column that tells nothing of a call, though it may look as if it did."""

    header: str
    write: Callable[[random.Random, Call, Locale], str]


def _note(rng: random.Random, call: Call, locale: Locale) -> str:
    return rng.choice(
        (
            "",
            f"ring back on {call.ours} after 16:30",
            f"2 tyres, {_money(rng, call, locale)}",
            f"order 2026-{call.number:04d}",
        )
    )


def _money(rng: random.Random, _call: Call, locale: Locale) -> str:
    whole, cents = rng.randrange(1, 4), rng.randrange(100)
    point, comma = locale.decimal, "." if locale.decimal == "," else ","
    sign = {"USD": "$", "GBP": "£", "AUD": "$", "INR": "₹", "JPY": "¥"}.get(locale.currency, "")
    unit = "" if sign else f" {locale.currency}"
    return f"{sign}{whole}{comma}250{point}{cents:02d}{unit}"


def _modified(rng: random.Random, call: Call, _locale: Locale) -> str:
    later = call.started + timedelta(hours=rng.randrange(2, 60), minutes=rng.randrange(60))
    return later.strftime("%Y-%m-%d %H:%M:%S")


def _mobile(_rng: random.Random, call: Call, locale: Locale) -> str:
    """Return the mobile of the member of staff, one of two."""
    return locale.theirs[0].replace("#", "34"[len(call.agent) % 2])


EXTRAS: Final = (
    Extra("Account No.", lambda _rng, _call, _locale: "8345021177"),
    Extra("Ticket ID", lambda rng, _call, _locale: f"{rng.randrange(10**9, 10**10)}"),
    Extra("Session", lambda rng, _call, _locale: f"{rng.getrandbits(64):016x}"),
    Extra(
        "Link",
        lambda rng, call, _locale: f"https://app.example/c/{rng.getrandbits(40):x}?n={call.number}",
    ),
    Extra("Notes", _note),
    Extra("Quote", _money),
    Extra("Last modified", _modified),
    Extra("Agent mobile", _mobile),
    Extra("Score", lambda rng, _call, _locale: str(rng.randrange(101))),
    Extra("Postcode", lambda rng, _call, _locale: f"{rng.randrange(10_000, 99_999)}"),
)


def restyle(
    columns: Sequence[Column], needed: frozenset[str], rng: random.Random, locale: Locale
) -> tuple[list[Column], list[str]]:
    """Let a vendor name columns otherwise, leave some out, and write in other forms.

    Parameters
    ----------
    columns : sequence of Column
    needed : frozenset of str
        Columns without which records that are no calls could not be told from calls.
    rng : random.Random
    locale : Locale

    Returns
    -------
    columns : list of Column
    done : list of str
        What was done, in a word each.
    """
    done: list[str] = []
    changed = list(columns)
    if rng.random() < 0.6:
        changed = [_renamed(column, rng) for column in changed]
        done.append("renamed")
    if rng.random() < 0.4:
        changed = [
            one for one in changed if one.origin in needed or not _spare(one) or rng.random() < 0.5
        ]
        done.append("columns left out")
    for word, kinds, forms in (
        ("numbers", NUMBERS, NUMBER_STYLES),
        ("times", ("start",), (*locale.moments, *_ISO)),
        ("lengths", LENGTHS, LENGTH_FORMS),
    ):
        if rng.random() < 0.4 and _free(changed, kinds):
            form = rng.choice(forms)
            changed = [_written_as(one, form) if one.kind in kinds else one for one in changed]
            done.append(f"{word} as {form}")
    return changed, done


def disturb(sheet: Sheet, rng: random.Random) -> tuple[Sheet, list[str]]:
    """Put columns in another order, add others, and lines around the records."""
    done: list[str] = []
    if not sheet.header:
        return sheet, done
    if rng.random() < 0.5:
        extras = rng.sample(EXTRAS, rng.randrange(1, 5))
        sheet = _with_extras(sheet, extras, rng)
        done.append("extra " + ", ".join(extra.header for extra in extras))
    if rng.random() < 0.5:
        sheet = _reordered(sheet, rng)
        done.append("reordered")
    if sheet.container != "csv":
        return sheet, done
    if not sheet.above and rng.random() < 0.3:
        title = [[sheet.locale.title], [f"{sheet.locale.title} 2026", "Acme"], []]
        sheet = replace(sheet, above=title[: rng.randrange(1, 4)])
        done.append("title lines")
    if rng.random() < 0.3:
        sheet = replace(sheet, below=[_totals(sheet)])
        done.append("totals")
    if rng.random() < 0.3:
        sheet = replace(sheet, below=[*sheet.below, [], [""] * len(sheet.columns)])
        done.append("blank lines")
    if rng.random() < 0.4:
        sheet = replace(
            sheet,
            delimiter=sheet.locale.delimiter,
            encoding=sheet.locale.encoding,
            line_end="\r\n",
        )
        done.append("saved by a spreadsheet program")
    elif sheet.encoding == "utf-8" and rng.random() < 0.4:
        sheet = replace(sheet, encoding="utf-8-sig", quoted=rng.random() < 0.5)
        done.append("byte-order mark")
    return sheet, done


def blinded(columns: Sequence[Column]) -> list[Column]:
    """Take out of the columns what only their headers tell, before the headers go."""
    sure = any(one.kind in ("start", "day") and not one.by_header for one in columns)
    kept = []
    for column in columns:
        if not column.by_header:
            kept.append(column)
        elif column.kind not in TIMES:
            kept.append(replace(column, told=False))
        elif not (sure and column.kind == "start"):
            kept.append(replace(column, zone=""))
    return kept


def scrambled(sheet: Sheet, how: str) -> Sheet:
    """Replace the headers by names of no meaning, or by those of a language nobody expects."""
    columns = [
        replace(column, header=_meaningless(column, at, how))
        for at, column in enumerate(sheet.columns)
    ]
    return replace(sheet, columns=columns)


def _meaningless(column: Column, at: int, how: str) -> str:
    if how == "letters":
        return f"Col {chr(ord('A') + at)}"
    if how == "finnish":
        return _FINNISH.get(column.kind, f"Kenttä {at + 1}")
    return f"field_{at + 1}"


def _renamed(column: Column, rng: random.Random) -> Column:
    if column.also and rng.random() < 0.6:
        return replace(column, header=rng.choice(column.also))
    return column


def _written_as(column: Column, form: str) -> Column:
    """Write a column in another form, with the unit in its header where no value tells it."""
    header = f"{column.header} (min)" if form == "min1" else column.header
    return replace(column, form=form, header=header)


def _spare(column: Column) -> bool:
    """Return whether a column can be left out without its records becoming alike."""
    return column.kind == "text" and "{n}" not in column.form


def _free(columns: Sequence[Column], kinds: Sequence[str]) -> bool:
    """Return whether the columns of these kinds may be written otherwise."""
    ours = [column for column in columns if column.kind in kinds]
    if "start" in kinds:
        return len(ours) == 1 and not ours[0].zone and not {"epoch", "offset"} & _fields(ours[0])
    unit = any(_UNIT.search(column.header) for column in ours) if "total" in kinds else False
    return bool(ours) and not unit and not any(column.by_header for column in ours)


def _fields(column: Column) -> set[str]:
    return {name.partition("_")[0] for name in re.findall(r"\{(\w+)\}", column.form)}


def _with_extras(sheet: Sheet, extras: Sequence[Extra], rng: random.Random) -> Sheet:
    columns = [
        *sheet.columns,
        *(Column(extra.header, extra.header, "extra", "", {}) for extra in extras),
    ]
    known = [call for call in sheet.calls if call is not None]
    records = [
        [*record, *(extra.write(rng, call or known[0], sheet.locale) for extra in extras)]
        for record, call in zip(sheet.records, sheet.calls, strict=True)
    ]
    return replace(sheet, columns=columns, records=records)


def _reordered(sheet: Sheet, rng: random.Random) -> Sheet:
    order = list(range(len(sheet.columns)))
    rng.shuffle(order)
    return replace(
        sheet,
        columns=[sheet.columns[at] for at in order],
        records=[[record[at] for at in order] for record in sheet.records],
    )


def _totals(sheet: Sheet) -> Record:
    def total(at: int, column: Column) -> str:
        if at == 0:
            return f"{sheet.locale.total}: {len(sheet.records)}"
        cells = [record[at] for record in sheet.records]
        plain = column.kind in LENGTHS and column.form == "s"
        return str(sum(int(cell) for cell in cells if cell)) if plain else ""

    return [total(at, column) for at, column in enumerate(sheet.columns)]
