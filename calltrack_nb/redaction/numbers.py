"""What a run of digits is: a card, a telephone number, another private number, or nothing private.

The count of digits says most; the words around, and what the call said before, decide
the rest. Quantities, dates, years and numbers of orders and parts are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from calltrack_nb.redaction.known_names import is_everyday
from calltrack_nb.redaction.numerals import Run
from calltrack_nb.redaction.private import PrivateSpan
from calltrack_nb.redaction.reading import CallContext, Reading
from calltrack_nb.redaction.vocabulary import Kind

_PHONE_DIGITS: Final = 7
_FEWEST_CARD: Final = 13
_LONGEST_CARD: Final = 19
_CARD_GROUPS: Final = (15, 16)
_CONTEXT: Final = 60
_LONGEST_GAP: Final = 6
_TEN_DIGITS: Final = 10
_FEWEST_OF_BIRTH: Final = 4

_SECURITY_CODE: Final = re.compile(
    r"security\s(?:code|number|digits)|\bcvv2?\b|\bcvc2?\b|\bcid\b|\bc\s?-?v\s?-?[vc]\b|code\son\sthe\s(?:back|front|card)|"
    r"(?:digits?|numbers?)\son\sthe\s(?:back|reverse)|verification\scode|three[\s-]digit|four[\s-]digit\scode|"
    r"back\sof\s(?:the|my|your)\scard|on\sthe\sback|last\sthree(?:\sdigits)?\son",
    re.IGNORECASE,
)
_LOCKED: Final = (
    r"(?:gate|door|alarm|access|entry|entrance|garage|lobby|building|burglar|lock(?:\s?box)?|"
    r"key\s?(?:pad|box|safe))"
)
_ENTRY_CODE: Final = re.compile(
    rf"\b{_LOCKED}\s(?:\w+\s)?(?:code|combination|combo)\b|"
    rf"\b(?:code|combination|combo)\s(?:for|to|of|on|at)\s(?:the|my|our|your)\s(?:\w+\s)?{_LOCKED}\b",
    re.IGNORECASE,
)
_FEWEST_OF_CODE, _MOST_OF_CODE = 3, 8
_CARD: Final = re.compile(
    r"\bcards?\b|\bvisa\b|master\s?card|\bamex\b|american\sexpress|\bdebit\b|\bdiscover\b|\bmaestro\b|"
    r"\blong\snumber|across\sthe\sfront",
    re.IGNORECASE,
)
_PHONE: Final = re.compile(
    r"\bphone\b|\bmobile\b|\bcell\b|\btelephone\b|\btel\b|\blandline\b|(?:reach|call|text|ring|contact)\s(?:me|us|him|her|you)|"
    r"contact\snumber|call\s?-?back|my\s(?:\w+\s)?number|best\snumber|number\sis|area\scode|\bwhatsapp\b|\bfax\b",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(
    r"social(?:\ssecurity)?\b|\bssn\b|\baccount\b|\bacc?t?\b|\brouting\b|\bpolicy\b|\bclaim\b|"
    r"\blicen[cs]e\b|\bpassport\b|\bpin\b|\bpass\s?(?:code|word)\b|\bid\b|date\sof\sbirth|\bdob\b|"
    r"birthday|born\son|last\sfour|ending\s(?:in|with)|medicare|insurance\snumber|"
    r"expir(?:y|es|ation)|sort\scode",
    re.IGNORECASE,
)
# Numbers of things, which tell nothing of a person.
_OF_THINGS: Final = re.compile(
    r"\b(?:(?:order|invoice|tracking|part|model|serial|item|sku|ticket|purchase\sorder|p\.?o\.?|quote|reservation|"
    r"booking|confirmation|reference|ref|estimate|receipt|product|catalog(?:ue)?|work\sorder|version|flight|permit|"
    r"barcode|upc|vin)s?\s?(?:numbers?|no\.?|num|code|id|\#)?"
    r"|(?:case|job|unit|batch|lot|stock|style|report|complaint|police\sreport)\s(?:numbers?|no\.?|num|code|id|\#))"
    r"(?![a-z])"  # Vinaya and Poncio are no things
    r"(?:\s(?:ends?|ending|is|was|for|of|on|that's|it's|i\shave|in|with)){0,2}(?:\s(?:number|the|this))?\W*(?:[a-z\d]{1,4}\W{1,2}|[a-z]{1,3}){0,2}$",
    re.IGNORECASE,
)
_TYRE: Final = re.compile(r"[123]\d5[3-8][05](?:1[3-9]|2[0-4])")
_MEASURED: Final = re.compile(
    r"(?:\b(?:tires?|tyres?|rims?|wheels?|size|sizes|measures?|dimensions|amount(?:\sof)?|total(?:\sof)?|price(?:\sof)?|"
    r"costs?|paid|charged|charge(?:\sof)?|worth|budget(?:\sof)?|mileage|odometer|around|about|between|roughly|"
    r"population|transfer|deposit|limit|balance|time|at|year|in|since|before|after|until)(?:\s(?:is|was|of|as|for|to))?|[$£€])\W*$",
    re.IGNORECASE,
)
# What is told right behind one of these is no piece of a private number, whatever was asked.
_NAMED_AMOUNT: Final = re.compile(
    r"\b(?:amount|time|charge[ds]?|price|cost|total|dated?|paid|balance|extra)"
    r"(?:\s(?:is|was|of|as|for|on|at|an?|extra)){0,2}\W*$",
    re.IGNORECASE,
)
# "transfer 5000 to account 6985": the first is the sum.
_MOVED: Final = re.compile(
    r"\b(?:transfer|move|send|pay|deposit|withdraw)\w*(?:\s(?:an?|the|extra|of|amount|me|just|another)){0,3}\s$",
    re.IGNORECASE,
)
_ROUND: Final = re.compile(r"[1-9]\d{0,2}00+")
_QUANTITY: Final = re.compile(
    r"^\W*(?:dollars?|bucks|pounds|euros?|cents|pence|percent|%|people|guests|miles|km|kilomet\w+|years?|days?|weeks?|"
    r"months?|minutes?|mins|hours?|square|sq|feet|foot|ft|inch(?:es)?|cupcakes|cakes|cookies|a\.?m\b|p\.?m\b|o'clock|"
    r"each|grams?|kilos?|gallons?|lit(?:er|re)s|watts|volts|amps|btus?|horsepower|degrees|calories|times|"
    r"units|pieces|boxes|copies|psi|rpm|cc\b|gigs?|gigabytes|megs?|"
    r"(?:st|nd|rd|th)\b(?!\s(?:street|avenue|ave|floor))|usd\b)",
    re.IGNORECASE,
)
_WRITTEN_DATE: Final = re.compile(
    r"\b(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{1,2}[\s-]\d{1,2}[\s-](?:19|20)\d{2})\b"
)
_MONTH: Final = re.compile(
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|dated?|dates|(?:st|nd|rd|th)|of)(?:\s(?:the|of|is|was|on))?\W*$",
    re.IGNORECASE,
)
_BORN: Final = re.compile(
    r"\b(?:born|date\sof\sbirth|d\.?o\.?b|birth\s?date)"
    r"(?:\W+(?:on|in|is|was|it's|the|of|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*|"
    r"\d{1,2}(?:st|nd|rd|th)?))*\W*$",
    re.IGNORECASE,
)
_TOGETHER: Final = re.compile(
    r"(?:(?P<x>\d{1,2})(?P<y>\d{1,2})20[0-3]\d)|(?:(?P<xx>\d\d)(?P<yy>\d\d)[012]\d)"
)
_YEAR: Final = re.compile(r"(?:19|20)\d{2}")
_RECENT_YEAR: Final = re.compile(r"19[5-9]\d|20[0-3]\d")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def number_spans(reading: Reading, heard: CallContext) -> Iterator[PrivateSpan]:
    """Yield the private numbers of an utterance.

    Parameters
    ----------
    reading : Reading
        The utterance.
    heard : CallContext
        What the call said around it.

    Yields
    ------
    PrivateSpan
        They may overlap.

    Examples
    --------
    >>> said = "it's 555 0147, and I need 1,200 napkins"
    >>> [said[span.start:span.end] for span in number_spans(Reading(said), CallContext())]
    ['555 0147']
    """
    if not reading.runs:
        return
    yield from _cards_in_groups(reading, heard)
    text = reading.text
    dates = [match.span() for match in _WRITTEN_DATE.finditer(text)]
    for run in reading.runs:
        start, end = _place(reading, run)
        before = text[max(0, start - _CONTEXT) : start]
        if _within(reading, run, dates) and not (_PHONE.search(before) or _BORN.search(before)):
            continue
        kind = _kind_of(run, text, start, end, heard)
        if run.first and reading.tokens[run.first - 1].lower in {"plus", "+", "("}:
            start = reading.tokens[run.first - 1].start
        if kind:
            yield PrivateSpan(start, end, kind)


def _place(reading: Reading, run: Run) -> tuple[int, int]:
    return reading.tokens[run.first].start, reading.tokens[run.last].end


def _cards_in_groups(reading: Reading, heard: CallContext) -> Iterator[PrivateSpan]:
    """Yield card numbers whose groups have words between them: "4242, hang on, 4242 …".

    As many digits as a card has are one where they pass its check, or where the talk is
    of a card: a digit heard wrong fails the check.
    """
    for group in _near_runs(reading):
        digits = "".join(run.digits for run in group)
        if len(group) == 1 or not _FEWEST_CARD <= len(digits) <= _LONGEST_CARD:
            continue
        start, end = _place(reading, group[0])[0], _place(reading, group[-1])[1]
        told = f"{heard.before} {reading.text}"
        in_fours = len(digits) in _CARD_GROUPS and all(len(run.digits) % 4 == 0 for run in group)
        if _passes_check(digits) or in_fours or _CARD.search(told):
            yield PrivateSpan(start, end, "card")


def _near_runs(reading: Reading) -> Iterator[Sequence[Run]]:
    """Yield runs of digits, those together that few words part."""
    group: list[Run] = []
    dates = [match.span() for match in _WRITTEN_DATE.finditer(reading.text)]
    runs = [
        run
        for run in reading.runs
        if len(run.digits) >= 2
        and not _counts(reading, run)
        and not _within(reading, run, dates)
        and not _is_day_month_year(run.digits)
    ]
    for run in runs:
        if group and run.first - group[-1].last > _LONGEST_GAP + 1:
            yield group
            group = []
        group.append(run)
    yield group


def _within(reading: Reading, run: Run, places: Sequence[tuple[int, int]]) -> bool:
    start, end = _place(reading, run)
    return any(low <= start and end <= high for low, high in places)


def _counts(reading: Reading, run: Run) -> bool:
    """Tell whether a run counts or measures something."""
    start, end = _place(reading, run)
    before = reading.text[max(0, start - _CONTEXT) : start]
    return run.scales > 1 or _is_amount(reading.text, start, end, before)


def _passes_check(digits: str) -> bool:
    """Tell whether digits pass the check that card numbers are made to pass (Luhn's)."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


def _is_amount(text: str, start: int, end: int, before: str) -> bool:
    return (
        _QUANTITY.match(text[end:]) is not None
        or before.rstrip().endswith(("$", "£", "€"))
        or _THOUSANDS.fullmatch(text[start:end]) is not None
    )


def _is_scaled(run: Run) -> bool:
    """Tell a quantity said in hundreds; none begins with a zero, as a mobile's number may."""
    if run.digits.startswith("0") and len(run.digits) >= _TEN_DIGITS:
        return False
    return run.scales > 1 and len(run.digits) < _FEWEST_CARD


def _kind_of(  # noqa: PLR0911 - one case after another
    run: Run, text: str, start: int, end: int, heard: CallContext
) -> Kind | None:
    count = len(run.digits)
    before = text[max(0, start - _CONTEXT) : start]
    if _is_scaled(run) or _is_amount(text, start, end, before):
        return None
    if code := _kind_of_code(count, text, start, end, heard):
        return code
    if _FEWEST_CARD <= count <= _LONGEST_CARD:
        return None if _are_years(text[start:end]) else "card"
    if count > _LONGEST_CARD or (_BORN.search(before) and count >= _FEWEST_OF_BIRTH):
        return "number"
    if _OF_THINGS.search(before) or (
        _is_date(text, start, end, before) and not _PHONE.search(before)
    ):
        return None
    if count >= _PHONE_DIGITS:
        if _PHONE.search(before):
            return "phone"
        measured = _MEASURED.search(before[-25:]) or _TYRE.fullmatch(run.digits)
        if measured and count < _TEN_DIGITS and not heard.asks_number:
            return None
        if _CARD.search(before) and count > 11:
            return "card"
        return "number" if _NUMBERED.search(before) else "phone"
    return _kind_of_few(run, text, start, end, heard)


def _kind_of_code(count: int, text: str, start: int, end: int, heard: CallContext) -> Kind | None:
    """Say what digits are that go with the word code: of a card, or of what they open."""
    told = f"{heard.before[-120:]} {text[max(0, start - _CONTEXT) : start]}"
    if count in {3, 4} and _SECURITY_CODE.search(told):
        return "security_code"
    few = _FEWEST_OF_CODE <= count <= _MOST_OF_CODE
    return "number" if few and _opens_a_door(text, start, end, heard) else None


def _opens_a_door(text: str, start: int, end: int, heard: CallContext) -> bool:
    """Tell whether digits are the code of a gate, a door or an alarm."""
    before, behind = text[max(0, start - _CONTEXT) : start], text[end : end + 25]
    if _MEASURED.search(before[-25:]):
        return False
    if _ENTRY_CODE.search(before) or re.match(r"\W*(?:is|for|the)\b", behind):
        return _ENTRY_CODE.search(f"{before} {behind}") is not None
    told = _ENTRY_CODE.search(heard.before[-120:]) is not None
    return told and _is_alone(f"{text[:start]} {text[end:]}")


def _kind_of_few(run: Run, text: str, start: int, end: int, heard: CallContext) -> Kind | None:
    """Say what fewer digits are than a telephone number has."""
    count = len(run.digits)
    before = text[max(0, start - _CONTEXT) : start]
    context = before + " " + text[end : end + 25]
    if _MOVED.search(before) or _NAMED_AMOUNT.search(before[-30:]):
        return None
    if _RECENT_YEAR.fullmatch(text[start:end]) and not heard.asks_number:
        return "number" if re.search(r"\bpin\b|last\sfour", before, re.IGNORECASE) else None
    if count >= 4 and _NUMBERED.search(context):
        return "number"
    if count >= 4 and _CARD.search(before[-30:]) and not _MEASURED.search(before[-25:]):
        return "card"
    return _kind_of_part(run, text, start, end, heard)


def _kind_of_part(run: Run, text: str, start: int, end: int, heard: CallContext) -> Kind | None:
    """Say what a few digits are that stand alone in a turn, beside others or when asked for."""
    count = len(run.digits)
    going_on = heard.digits_around and heard.asked_lately
    enough = count >= 4 or (count == 3 and run.spoken) or (count >= 2 and going_on)
    near = heard.numbers_near or going_on
    if heard.asks_amount or (_ROUND.fullmatch(run.digits) and not heard.asks_number):
        return None
    if not (near and enough and _is_alone(text[:start] + " " + text[end:])):
        return None
    if _MEASURED.search(text[max(0, start - 25) : start]) and not heard.asks_number:
        return None
    told = f"{heard.before[-120:]} {text[:start]}"
    for where in (told, heard.earlier):
        if _CARD.search(where):
            return "card"
        if _PHONE.search(where):
            return "phone"
    return "number"


def _is_alone(rest: str) -> bool:
    """Tell whether little but small talk stands around digits."""
    words = [word.lower() for word in _WORD.findall(rest)]
    telling = [word for word in words if not is_everyday(word)]
    return len(words) <= 3 or (
        len(words) <= 8 and len(telling) == 0 and _SAYS_NUMBER.search(rest) is not None
    )


_SAYS_NUMBER: Final = re.compile(
    r"\b(?:then|next|first|last|it's|that's|okay|ok|yeah|yes|got|go\sahead|number|digits)\b",
    re.IGNORECASE,
)


def _is_date(text: str, start: int, end: int, before: str) -> bool:
    """Tell whether digits are a day, a month and a year, or years one after another."""
    said = text[start:end]
    pieces = re.findall(r"\d+", said)
    if _are_years(said) and len(pieces) > 1:
        return True
    if any(_is_day_month_year(piece) for piece in pieces):
        others = [piece for piece in pieces if not _is_day_month_year(piece)]
        dated = any(len(piece) >= _PHONE_DIGITS for piece in pieces if piece not in others)
        return (
            sum(len(piece) for piece in pieces) < _TEN_DIGITS
            or "and" in said
            or (dated and all(len(piece) < 6 for piece in others))
        )
    return _MONTH.search(before) is not None and _YEAR.search(said) is not None


def _is_day_month_year(piece: str) -> bool:
    """Tell whether digits typed together are a date: "06252018", "6252018", "250618"."""
    match = _TOGETHER.fullmatch(piece)
    if not match:
        return False
    month, day = sorted(int(part) for part in match.groups() if part)
    return 1 <= month <= 12 and 1 <= day <= 31


def _are_years(said: str) -> bool:
    """Tell whether all that stands there are years: "2019, 2020 and 2021"."""
    found = re.findall(r"\d+", said)
    return bool(found) and all(_RECENT_YEAR.fullmatch(piece) for piece in found)
