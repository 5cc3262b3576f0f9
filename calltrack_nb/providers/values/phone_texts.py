"""One text of a column of telephone numbers, in whatever form a person or system wrote it.

Only what is fully understood is read: SIP and tel addresses, names, labels, comments and
extensions beside a number, and two numbers in a cell. The rest is refused with its reason.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from calltrack_nb.providers.values.numbering_plans import SHORTEST
from calltrack_nb.providers.values.phone_digits import (
    EXTENSION,
    NOT_A_NUMBER,
    Reading,
    has_fixed_length,
    is_toll_free,
    is_valid,
    is_whole,
    read_body,
)
from calltrack_nb.providers.values.phone_shapes import (
    MASKED,
    from_quantity,
    other_than_a_number,
    plain_text,
)
from calltrack_nb.providers.values.withheld import is_withheld

_KEPT: Final = 1 << 16  # texts that are remembered
_LONGEST: Final = 250  # characters

NO_NUMBER: Final = "an address without a telephone number"
WORDS: Final = "words and digits that are not understood"
NOT_WHOLE: Final = "more than one number, not each of them whole"

OTHERS: Final = "only the first number of the cell is kept"
BESIDE: Final = "the words beside the number are left out"

_IN_ANGLES: Final = re.compile(r"([^<>]*)<([^<>]*)>[^<>]*")
_SCHEME: Final = re.compile(r"(?i)(sips?|tel|callto|smsto|sms|whatsapp|phone|client):(?://)?")
_TWICE_CODED: Final = re.compile(r"\+\d{1,3}[\s-]*(?=\+)")  # +1+14045550123
_VANITY: Final = re.compile(r"[+\d().\s-]*\d[().\s-]*(?:[A-Z]{2,}[\s-]?)+")
_KEYS: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_EXTENSION: Final = re.compile(
    r"""(?ix)
    [\s,(]*
    (?: ;ext= | ,{1,3} | [#;~] | (?<![^\W\d_])
        (?: ext(?:ension|n)? | xtn? | x | int(?:erno)? | durchwahl | dw | poste | toestel
          | anexo | ramal | app | доб | wew ) \.?:?
    ) [\s,-]* \d{1,7} \#? \)?$
    """
)
_SEVERAL: Final = re.compile(
    r"(?i)\s*[/;|&\n,]\s*|\s-+\s|\s(?:or|and|oder|und|ou|et|y|e|o|of|en)\s"
    r"|(?<=\d{7})\s+(?=\(?\d{7})|(?<=\d)\s+(?=\+)"
)
_RUN: Final = re.compile(r"(?:\+\s*)?\(?\+?\d(?:[\d\s().\[\]/-]*\d)?\)?")
_COMMENT: Final = re.compile(r"\([^()\d+]*[^\W\d_][^()\d+]*\)|\[[^\[\]\d+]*[^\W\d_][^\[\]\d+]*\]")
_NAME_AND_NUMBER: Final = re.compile(r"[^\d()+]+\s\((\+?[\d\s.-]+)\)")
_COUNT: Final = re.compile(r"\d\D*\(\d{1,3}\)$")  # 030 1234567 (2)
_LABELED: Final = """
    cell cellphone mobile mob home work office tel telephone phone ph fax direct main business
    toll free tollfree caller number no nr num from m h w o c t p f d whatsapp sms gsm
    handy mobil mobiltelefon telefon festnetz arbeit büro geschäftlich rufnummer nummer
    portable fixe bureau domicile travail téléphone móvil movil celular fijo casa trabajo oficina
    teléfono telemóvel telefone fixo escritório cellulare fisso ufficio lavoro telefono
    mobiel vast thuis werk telefoon natel
"""
_LABELS: Final = frozenset(_LABELED.split())


@lru_cache(maxsize=_KEPT)
def read_text(text: str, country: str) -> Reading:
    """Read one text of a column of telephone numbers.

    Examples
    --------
    >>> read_text('"Ann" <sip:+14045550123@192.0.2.7>', "US").number
    '+14045550123'
    >>> read_text("404-555-XXXX", "US").reason
    'masked: some of its digits are hidden'
    >>> read_text("404-762-1839 / 404-762-1840", "US").remark
    'only the first number of the cell is kept'
    """
    plain = plain_text(text)
    if not plain or is_withheld(plain):
        return Reading()
    return _read(plain, country) if len(plain) <= _LONGEST else Reading(reason=NOT_A_NUMBER)


def _read(text: str, country: str) -> Reading:
    if angles := _IN_ANGLES.fullmatch(text):
        name, inside = (part.strip(" \"'") for part in angles.groups())
        return _read_address(inside or name, country)
    if _SCHEME.match(text) or "@" in text or ";phone-context=" in text:
        return _read_address(text, country)
    if refused := other_than_a_number(text):
        return Reading(reason=refused)
    if quantity := from_quantity(text):
        return read_body(quantity.number, country) if quantity.number else quantity
    return _read_several(text, country) or _read_one(text, country)


def _read_address(text: str, country: str) -> Reading:
    """Read ``sip:+1404…@host``, ``tel:…;phone-context=…`` or what stands in ``<…>``."""
    scheme = _SCHEME.match(text)
    rest = unquote(text[scheme.end() :] if scheme else text)
    user, _, host = rest.partition("@")
    number, *parameters = user.split(";")
    if not number or is_withheld(number) or host.partition(":")[0].endswith(".invalid"):
        return Reading()
    if number == text:
        return _read_one(number, country)
    if re.search(r"[^\W\d_]", number):
        return Reading(reason=NO_NUMBER)
    context = next((part[14:] for part in parameters if part.startswith("phone-context=+")), "")
    return _read(number if number.startswith("+") else context + number, country)


def _read_several(text: str, country: str) -> Reading | None:
    """Read a cell with several numbers; None where there is one."""
    parts = [part for part in _SEVERAL.split(text) if re.search(r"\d", part)]
    counts = [len(re.findall(r"\d", _EXTENSION.sub("", part))) for part in parts]
    if len(parts) < 2 or counts[0] < SHORTEST:
        return None
    found = [_read_one(part, country) for part in parts]
    whole = all(
        reading.number and is_whole(part, country)
        for part, reading in zip(parts, found, strict=True)
    )
    if whole and min(counts) >= SHORTEST:
        others = {reading.number for reading in found} - {found[0].number}
        return replace(found[0], remark=OTHERS) if others else found[0]
    if "/" not in text and min(counts) < SHORTEST:
        return None  # an extension
    # In "0049 33701/12345" the slash is a mark inside one number.
    joined = _read_one(text, country)
    one = is_valid(joined.number) and not is_valid(found[0].number)
    return joined if one else Reading(reason=NOT_WHOLE)


def _read_one(text: str, country: str) -> Reading:
    """Read one number, with whatever stands beside it."""
    text = _TWICE_CODED.sub("", text)
    if found := _EXTENSION.search(text):
        number = text[: found.start()]
        if not re.search(r"\d", number):
            return Reading(reason=EXTENSION)
        reading = _read_one(number, country)
        # 404-555-0123x45 has all its digits; in 030231x5123 one may be hidden.
        hidden = found[0][0] in "xX" and reading.number and not has_fixed_length(reading.number)
        return Reading(reason=MASKED) if hidden else reading
    if _VANITY.fullmatch(text):
        number = read_body(text.translate(_KEYS), country).number or ""
        return Reading(number) if is_toll_free(number) else Reading(reason=WORDS)
    if _COUNT.search(text) and len(re.findall(r"\d", text)) > SHORTEST:
        return Reading(reason=WORDS)
    named = _NAME_AND_NUMBER.fullmatch(text)
    return _read_among_words(named[1] if named else _COMMENT.sub(" ", text), country)


def _read_among_words(text: str, country: str) -> Reading:
    """Read the only run of digits of a text, and judge the words around it."""
    run = _RUN.search(text)
    if run is None:
        return Reading(reason=NOT_A_NUMBER)
    around = text[: run.start()] + "\n" + text[run.end() :]
    words = re.findall(r"[^\W\d_]+", around)
    if not words and around.strip(" \n.,:;-()[]"):
        return Reading(reason=NOT_A_NUMBER)
    if words and 2 <= len(re.findall(r"\d", text)) < SHORTEST:
        return Reading(reason=EXTENSION)
    # Letters that touch the digits make a code, as in SIP/100-1a and CA14045550123.
    if re.search(r"[^\W\d_][.]?\n|\n[^\W\d_]|[\d/\\<>=]", around):
        return Reading(reason=WORDS)
    reading = read_body(run[0], country)
    if reading.number is None or _LABELS.issuperset(word.casefold() for word in words):
        return reading
    certain = is_whole(run[0], country) and is_valid(reading.number)
    return replace(reading, remark=BESIDE) if certain else Reading(reason=WORDS)
