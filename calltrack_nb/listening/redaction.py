"""Redaction: private words out of the text before anything else reads it.

Numbers, addresses and names are replaced by typed labels (``[PHONE]``, ``[NAME]``).
Patterns miss some of what they look for: redacted text is fit for clustering and for
quotes in a report that somebody reads before sending, and is not "de-identified".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any, Final

import pandas as pd

from calltrack_nb.listening.names import name_spans, name_words
from calltrack_nb.listening.numerals import Run, Token, digit_runs, may_hold_digits, tokenize
from calltrack_nb.listening.vocabulary import LABEL

KINDS: Final = ("card", "security_code", "phone", "number", "email", "address", "name")

_PHONE_DIGITS: Final = 7
_CARD_DIGITS: Final = 13
_FEWEST_DIGITS: Final = 3
_LONGEST_CARD: Final = 19
_CONTEXT: Final = 60

_HOST: Final = (
    r"(?:g\s?mail|yahoo|hotmail|outlook|icloud|aol|protonmail|btinternet|ymail|rediffmail)"
)
_DOMAIN: Final = rf"(?:{_HOST}|msn|live|comcast|verizon|att|proton)"
_ENDING: Final = r"(?:com|org|net|edu|gov|info|biz|io|us|co|uk|ca|au|de|ie|nz|in)"
_EMAIL: Final = (
    re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\s?\.\s?[\w-]+)+|[\w.+-]+@[\w.-]+", re.IGNORECASE),
    re.compile(
        rf"(?:[\w'-]+\s+(?:dot|underscore|dash|hyphen|period|point)\s+|(?:\b\w\b[\s,-]+)+|\b\d+\s+)*"
        rf"[\w.'-]+,?\s+(?:at|@),?\s+(?:the\s+)?"
        rf"(?:[\w-]+(?:\s[\w-]+){{0,2}}?,?\s*(?:\bdot\b|\.),?\s*{_ENDING}\b|{_HOST}\b)"
        rf"(?:,?\s*(?:\bdot\b|\.),?\s*{_ENDING}\b)*",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:[\w.+-]+\s+)?(?:[\w.+-]+\s?)?\b[\w.+-]*{_DOMAIN}\s?\.?\s?{_ENDING}\b", re.IGNORECASE
    ),
)
# What stands before an address that is said, and so is no part of it.
_BEFORE_EMAIL: Final = re.compile(
    r"(?:is|it's|its|to|at|me|us|on|be|use|try|that's|thats|this|my|our|your|e-?mail\w*|address|yes|yeah|"
    r"yep|okay|ok|so|sure|and|or|the|id|write|send|contact|reach|was|from|with|for|i|you|we|would|it|well|uh)",
    re.IGNORECASE,
)
_LONGEST_LOCAL: Final = 8
# What no e-mail address is without: looked for first, since most utterances hold none of it.
_MAY_EMAIL: Final = re.compile(
    rf"@|\bdot\b|\.\s*{_ENDING}\b|{_DOMAIN}(?:\s?\.?\s?{_ENDING})?\b", re.IGNORECASE
)
_STREET: Final = (
    r"(?:streets?|st|avenues?|ave|roads?|rd|drives?|dr|lanes?|ln|court|ct|boulevard|blvd|way|place|pl|terrace|"
    r"circle|cir|highway|hwy|parkway|pkwy|square|sq|close|crescent|grove|trail|alley|row|mews|"
    r"gardens|plaza|pike|turnpike|loop|run|streeet|stret)"
)
# Endings of street names that are everyday words too: only where written as names.
_NAMED_STREET: Final = (
    r"(?:View|Hill|Heights|Park|Meadows?|Walk|Green|Point|Ridge|Bend|Crossing|Parade|Quay|Wharf|Gate|"
    r"Fields?|Rise|Vale|Broadway|Hollow|Landing|Commons?|Cove|Manor|Path|Trace|Villas?|Yard)"
)
_NUMBER_WORD: Final = (
    r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|"
    r"ninety|hundred|thousand)"
)
_HOUSE: Final = (
    rf"(?:\d(?:\s\d){{1,4}}|\d+(?:-\d+)?(?:\s?[a-z]\b)?|{_NUMBER_WORD}(?:[\s-]+(?:and\s)?{_NUMBER_WORD})*)"
    r"(?:\s(?:and\sa\shalf|1/2))?"
)
_SIDE: Final = (
    r"(?:north|south|east|west|northeast|northwest|southeast|southwest|n|s|e|w|ne|nw|se|sw)"
)
_UNIT: Final = (
    rf"(?:,?\s*(?:apartment|apt|unit|suite|flat|floor|room|number|\#)\.?\s*(?:{_HOUSE}|[a-z])\b)"
)
_PLACE: Final = r"(?:,?\s+(?:in\s+)?[A-Z][\w'-]+(?:\s[A-Z][\w'-]+){0,2})"
_ZIP: Final = r"(?:,?\s+(?:zip\s?(?:code)?\s?(?:is\s)?)?\d{5}(?:-\d{4})?\b)"
# Lower-case words after the street belong to it where a zip code ends them.
_TOWN: Final = r"(?:,?\s+(?:[^\W\d]+,?\s+){1,4}\d{5}(?:-\d{4})?\b)"
_NOT_STREETS: Final = (
    r"(?!(?:way|run|close|loop|row|place)\s+"
    r"(?:too|to|more|over|better|in|out|of|off|for|it|that)\b)"
)
_ADDRESS: Final = (
    re.compile(
        rf"\b{_HOUSE},?\s+(?:(?!(?:the|a|an|is|are|was|to|for|and|or|of|my|your|in|on|at|by|people|days?|weeks?|hours?|minutes?|dollars|bucks|percent|am|pm|times?|o'clock)\b)[\w'.-]+,?\s+){{1,4}}?"
        rf"{_NOT_STREETS}{_STREET}\b\.?(?:\s+{_SIDE}\b\.?)?"
        rf"(?:{_UNIT}|(?-i:{_PLACE})|{_ZIP})*{_TOWN}?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b{_HOUSE}(?-i:(?:\s[A-Z][\w'.-]+){{1,3}}\s{_NAMED_STREET})\b(?:{_UNIT}|(?-i:{_PLACE})|{_ZIP})*",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b{_HOUSE}\s{_SIDE}\b\.?(?-i:\s[A-Z][\w'.-]+)(?:{_UNIT}|(?-i:{_PLACE})|{_ZIP})*",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b{_HOUSE},?\s(?:rue|via|calle|avenida|rua|chemin|piazza|strada)(?:\s[\w'-]+){{1,4}}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:(?:county|state|rural)\s)?(?:road|route|highway|hwy)\s(?:number\s)?{_HOUSE}\b(?:\s{_SIDE}\b)?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?-i:(?:[A-Z][\w'-]+\s){{1,3}}){_STREET},?\s(?:number|no\.?)\s{_HOUSE}\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:p\.?\s?o\.?|post\soffice)\s?box\s+{_HOUSE}(?:(?-i:{_PLACE})|{_ZIP})*", re.IGNORECASE
    ),
    re.compile(rf"\b(?:apartment|apt|flat|suite|unit)\s+(?:number\s+)?{_HOUSE}\b", re.IGNORECASE),
    re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b"),
    re.compile(
        rf"\b(?:zip(?:\s?code)?|(?:postal|post)\s?code)(?:\sis|'s|\sof)?:?\s+(?:(?:{_HOUSE}|[a-z](?!\w))[\s,-]*)+(?<=\w)",
        re.IGNORECASE,
    ),
    re.compile(r"\b[A-Z]{2},?\s+\d{5}(?:-\d{4})?\b"),
)
# What no address is without: looked for first, since most utterances hold none of it.
_MAY_ADDRESS: Final = re.compile(
    rf"\b(?:{_STREET}|{_NAMED_STREET}|route|box|apartment|apt|flat|suite|unit|zip|code|postcode|zipcode|rue|via|calle|avenida|rua|chemin|piazza|strada|north\w*|south\w*|east|west|\d\s[nsew])\b|[A-Za-z]\d|[A-Z]\s\d{{5}}|[A-Z],\s?\d{{5}}",
    re.IGNORECASE,
)
_ADDRESS_GIVEN: Final = re.compile(
    r"\b(?:(?:my|our|the|new|home|billing|delivery|shipping|mailing|current|correct|old|street)\s)+address(?:\s(?:is|should\sbe|would\sbe|to)|:)\s*"
    r"|\bi(?:'m|\sam)?\s(?:live|living|located|stay)\s(?:at|on)\s+"
    r"|\b(?:deliver|ship|mail|send)(?:ed|ing)?\s(?:it\s|them\s|that\s)?to\s(?=\d)",
    re.IGNORECASE,
)
_ADDRESS_ENDS: Final = re.compile(
    r"[.;?!](?:\s|$)|\b(?:and|but|so|because|if|when|please|thanks?|that's|it's|is|can|could|would|my|phone|i|we|you|to|for)\b",
    re.IGNORECASE,
)

_SECURITY_CODE: Final = re.compile(
    r"security\scode|\bcvv2?\b|\bcvc\b|\bc\s?v\s?v\b|code\son\sthe\sback|digits\son\sthe\sback|verification\scode|"
    r"three[\s-]digit|back\sof\s(?:the|my|your)\scard",
    re.IGNORECASE,
)
_CARD: Final = re.compile(
    r"\bcard\b|\bvisa\b|master\s?card|\bamex\b|american\sexpress|\bdebit\b|\bdiscover\b",
    re.IGNORECASE,
)
_PHONE: Final = re.compile(
    r"\bphone\b|\bmobile\b|\bcell\b|\btelephone\b|(?:reach|call|text|ring)\s(?:me|us|him|her)|"
    r"contact\snumber|call\s?back|my\snumber|number\sis|area\scode",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(
    r"social(?:\ssecurity)?\b|\bssn\b|\baccount\b|\bacc?t?\b|\brouting\b|\bpolicy\b|\bclaim\b|"
    r"\blicen[cs]e\b|\bpassport\b|\bpin\b|\bpass\s?(?:code|word)\b|\bid\b|date\sof\sbirth|\bdob\b|"
    r"birthday|born\son|confirmation|reference|last\sfour|ending\s(?:in|with)|medicare|insurance\snumber|"
    r"expir(?:y|es|ation)|sort\scode",
    re.IGNORECASE,
)
_QUANTITY: Final = re.compile(
    r"^\W*(?:dollars?|bucks|pounds|euros?|percent|%|people|guests|miles|km|years?|days?|weeks?|"
    r"minutes?|hours?|square|cupcakes|a\.?m\b|p\.?m\b|o'clock|each)",
    re.IGNORECASE,
)
_DATE: Final = re.compile(r"\b(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})\b")
_YEAR: Final = re.compile(r"19[5-9]\d|20[0-3]\d")
_ASKS_NUMBER: Final = re.compile(
    r"\bnumber\b|\bdigits\b|\bcode\b|\bcard\b|\bphone\b|\bcell\b|\bmobile\b|\breach\byou",
    re.IGNORECASE,
)
_ASKS_NAME: Final = re.compile(
    r"(?:your|the|a|first|last|full)\s(?:first\s|last\s|full\s)?(?:name|surname)\b|who(?:'s|\sis)\s(?:calling|this)|"
    r"who\sam\si\sspeaking|may\si\sask\swho|under\swhat\sname",
    re.IGNORECASE,
)
_ASKS_ADDRESS: Final = re.compile(
    r"\b(?:address|where\s(?:do\syou\slive|should\swe\sdeliver))\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class PrivateSpan:
    """Words that were taken out.

    Attributes
    ----------
    start, end : int
        Offsets into the text as it came.
    kind : str
        One of :data:`KINDS`.
    """

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without its private words.

    Attributes
    ----------
    text : str
        With labels in their place.
    spans : tuple of PrivateSpan
        What was taken out, as offsets into the text that came in.
    """

    text: str
    spans: tuple[PrivateSpan, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """What the call has said before this utterance.

    Attributes
    ----------
    before : str
        The last few utterances, oldest first.
    names : frozenset of str
        Words, in lower case, of names given anywhere in the call.
    numbers_near : bool
        Whether a neighbouring utterance holds digits that this one may go on with.
    kept : re.Pattern, optional
        Phrases that are nobody's name, as :func:`redact` was told them.
    """

    before: str = ""
    names: frozenset[str] = frozenset()
    numbers_near: bool = False
    kept: re.Pattern[str] | None = None


_ALONE: Final = Heard()


class _Read:
    """An utterance whose tokens and runs of digits are found once, and only when asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        return tokenize(self.text)

    @cached_property
    def numbered(self) -> bool:
        return may_hold_digits(self.text)

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        return digit_runs(self.tokens) if self.numbered else ()

    @cached_property
    def digits(self) -> bool:
        return any(len(run.digits) >= _FEWEST_DIGITS for run in self.runs)

    @cached_property
    def asks_number(self) -> bool:
        return _ASKS_NUMBER.search(self.text) is not None


def redact_text(text: str, heard: Heard = _ALONE) -> Redacted:
    """Replace private words by typed labels.

    Parameters
    ----------
    text : str
        One utterance, typed or transcribed.
    heard : Heard
        What the rest of the call says; by default nothing.

    Returns
    -------
    Redacted

    Examples
    --------
    >>> redact_text("My name is Ann Lee, call me on oh four one five, 555 0123.").text
    'My name is [NAME], call me on [PHONE].'
    >>> redact_text("It goes to ann dot lee at gmail dot com, for 60 people").text
    'It goes to [EMAIL], for 60 people'
    """
    read = _Read(text)
    return _hide(text, _settle([*_find(read, heard), *_known_names(read, heard)]))


def _hide(text: str, spans: tuple[PrivateSpan, ...]) -> Redacted:
    pieces, done = [], 0
    for span in spans:
        pieces += [text[done : span.start], f"[{span.kind.upper()}]"]
        done = span.end
    return Redacted("".join([*pieces, text[done:]]), spans)


def redact(utterances: pd.DataFrame, *, keep: Sequence[str] = ()) -> pd.DataFrame:
    """Fill ``redacted_text`` of an utterances table, call by call.

    A call is read as a whole: a number may be given over several turns, an answer of
    one word to "your name?" is a name, and a name once given is known to the end.

    Parameters
    ----------
    utterances : pandas.DataFrame
        The table ``utterances``.
    keep : sequence of str
        Phrases that are no private names: the business's own name, words of its trade.
        A part of one alone ("Mary" of "Mary's Cakes") is still taken for a name.

    Returns
    -------
    pandas.DataFrame
        A new frame in the same order.
    """
    ordered = utterances.sort_values(["start_s", "turn"], kind="stable")
    rows: dict[Any, list[tuple[Any, str]]] = {}
    for row, call_id, text in zip(
        ordered.index, ordered["call_id"].tolist(), ordered["text"].tolist(), strict=True
    ):
        rows.setdefault(call_id, []).append((row, str(text) if pd.notna(text) else ""))
    redacted: dict[Any, str] = {}
    for call in rows.values():
        done = redact_call([text for _, text in call], keep=keep)
        redacted |= {row: part.text for (row, _), part in zip(call, done, strict=True)}
    found = pd.Series(redacted, dtype=object).reindex(utterances.index)
    return utterances.assign(redacted_text=found.astype(utterances["text"].dtype))


def redact_call(texts: Sequence[str], *, keep: Sequence[str] = ()) -> tuple[Redacted, ...]:
    """Redact the utterances of one call, in the order they were said.

    Parameters
    ----------
    texts : sequence of str
        What was said, both speakers.
    keep : sequence of str
        Phrases that are no private names.

    Examples
    --------
    >>> [done.text for done in redact_call(["And your name?", "Susan.", "Thanks, Susan."])]
    ['And your name?', '[NAME].', 'Thanks, [NAME].']
    >>> redact_call(["Good morning, Mary's Cakes."], keep=["Mary's Cakes"])[0].text
    "Good morning, Mary's Cakes."
    """
    kept = _kept(tuple(keep))
    reads = [_Read(text) for text in texts]
    heard = [_heard(reads, index, kept) for index in range(len(reads))]
    found = [tuple(_find(read, known)) for read, known in zip(reads, heard, strict=True)]
    names = frozenset().union(
        *(
            name_words(read.text[span.start : span.end])
            for read, spans in zip(reads, found, strict=True)
            for span in _settle(spans)
            if span.kind == "name"
        )
    )
    return tuple(
        _hide(read.text, _settle([*spans, *_known_names(read, replace(known, names=names))]))
        for read, spans, known in zip(reads, found, heard, strict=True)
    )


@cache
def _kept(phrases: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return what finds the phrases as whole words, in any case and with any apostrophe."""
    told = sorted({phrase.strip() for phrase in phrases if phrase.strip()}, key=len, reverse=True)
    if not told:
        return None
    parts = (
        r"\s+".join(re.sub("['\u2019]", "['\u2019]", re.escape(word)) for word in phrase.split())
        for phrase in told
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


def _heard(reads: Sequence[_Read], index: int, kept: re.Pattern[str] | None) -> Heard:
    near = [*reads[max(0, index - 2) : index], *reads[index + 1 : index + 3]]
    digits = any(read.digits for read in near)
    asked = digits or any(read.asks_number for read in reads[max(0, index - 4) : index + 1])
    before = " ".join(read.text for read in reads[max(0, index - 2) : index])
    return Heard(before, numbers_near=asked, kept=kept)


def _find(read: _Read, heard: Heard) -> Iterator[PrivateSpan]:
    if read.text and not read.text.isspace():
        yield from _free(_candidates(read, heard), read.text, heard.kept)


def _known_names(read: _Read, heard: Heard) -> Iterator[PrivateSpan]:
    """Find the words of names that were given elsewhere in the call."""
    said = [
        PrivateSpan(token.start, token.end, "name")
        for token in (read.tokens if heard.names else ())
        if token.lower.removesuffix("'s") in heard.names
        and (token.text[0].isupper() or _ASKS_NAME.search(heard.before))
    ]
    if said:
        yield from _free(said, read.text, heard.kept)


def _free(
    spans: Iterable[PrivateSpan], text: str, phrases: re.Pattern[str] | None
) -> Iterator[PrivateSpan]:
    """Pass over labels that stand there already, and take kept phrases out of names."""
    taken = [match.span() for match in LABEL.finditer(text)]
    kept = [match.span() for match in phrases.finditer(text)] if phrases else []
    for span in spans:
        if any(start < span.end and span.start < end for start, end in taken):
            continue
        yield from _around(span, kept, text) if span.kind == "name" else (span,)


def _around(span: PrivateSpan, kept: Sequence[tuple[int, int]], text: str) -> Iterator[PrivateSpan]:
    """Yield what is left of a name where the kept phrases, in order, are taken out of it."""
    start = span.start
    for low, high in [*kept, (span.end, span.end)]:
        if high < start or low > span.end:
            continue
        part = text[start : max(start, low)]
        if any(letter.isalnum() for letter in part):
            begin = start + len(part) - len(part.lstrip(" ,.-"))
            yield PrivateSpan(begin, start + len(part.rstrip(" ,.-")), "name")
        start = max(start, high)


def _candidates(read: _Read, heard: Heard) -> Iterator[PrivateSpan]:
    text = read.text
    if _MAY_EMAIL.search(text):
        for pattern in _EMAIL:
            for match in pattern.finditer(text):
                yield PrivateSpan(_local_part(read, match.start()), match.end(), "email")
    yield from _addresses(read, heard)
    dates = [match.span() for match in _DATE.finditer(text)] if read.runs else []
    for run in read.runs:
        start, end = read.tokens[run.first].start, read.tokens[run.last].end
        if any(low <= start and end <= high for low, high in dates):
            continue
        kind = _kind_of(run, text, start, end, heard)
        if run.first and read.tokens[run.first - 1].lower in {"plus", "+", "("}:
            start = read.tokens[run.first - 1].start
        if kind:
            yield PrivateSpan(start, end, kind)
    yield from (PrivateSpan(*place, "name") for place in name_spans(text))
    if heard.before and _ASKS_NAME.search(heard.before):
        yield from _answered_name(read.tokens)


def _local_part(read: _Read, start: int) -> int:
    """Go back from where an e-mail address was met to where it may have begun.

    "jane doe the second at gmail dot com": what belongs to it is open, so everything does
    up to a word that introduces an address or ends a sentence.
    """
    if "@" in read.text[start : start + 40].split(" ")[0]:
        return start
    words = 0
    for token in reversed([token for token in read.tokens if token.end <= start]):
        if token.text in ".;:?!" or _BEFORE_EMAIL.fullmatch(token.lower) or words == _LONGEST_LOCAL:
            break
        if token.text.isdecimal() and len(token.text) >= _PHONE_DIGITS:
            break
        if token.text[0].isalnum():
            start, words = token.start, words + 1
    return start


def _addresses(read: _Read, heard: Heard) -> Iterator[PrivateSpan]:
    text = read.text
    if read.numbered and _MAY_ADDRESS.search(text):
        for pattern in _ADDRESS:
            yield from (PrivateSpan(*match.span(), "address") for match in pattern.finditer(text))
    for match in _ADDRESS_GIVEN.finditer(text):
        stop = _ADDRESS_ENDS.search(text, match.end())
        end = stop.start() if stop else len(text)
        given = text[match.end() : end].rstrip(" ,")
        if given and (re.search(r"\d", given) or given[:1].isupper()):
            yield PrivateSpan(match.end(), match.end() + len(given), "address")
    if _ASKS_ADDRESS.search(heard.before) and "email" not in heard.before.lower():
        answer = re.match(
            rf"\W*(?:{_HOUSE}\s+(?:[^\W\d_]+,?\s*){{1,6}}\d{{0,5}})", text, re.IGNORECASE
        )
        if answer and not _QUANTITY.match(text[answer.end() :]):
            yield PrivateSpan(answer.start(), len(text[: answer.end()].rstrip(" ,.")), "address")


def _answered_name(tokens: Sequence[Token]) -> Iterator[PrivateSpan]:
    """Take a turn of one to four words after "your name?" for a name, unless they say otherwise."""
    words = [token for token in tokens if token.text[0].isalpha()]
    if len(words) > 4:
        return
    for token in words:
        if name_words(token.text):
            yield PrivateSpan(token.start, token.end, "name")


def _kind_of(  # noqa: C901, PLR0911 - one case after another
    run: Run, text: str, start: int, end: int, heard: Heard
) -> str | None:
    count = len(run.digits)
    before = text[max(0, start - _CONTEXT) : start]
    context = before + " " + text[end : end + 25]
    if run.scales > 1 or _QUANTITY.match(text[end:]) or before.rstrip().endswith(("$", "£", "€")):
        return None
    told = f"{heard.before[-120:]} {before}"
    if count in {3, 4} and _SECURITY_CODE.search(told):
        return "security_code"
    if _CARD_DIGITS <= count <= _LONGEST_CARD:
        return "card"
    if count > _LONGEST_CARD:
        return "number"
    if count >= _PHONE_DIGITS:
        if _PHONE.search(before):
            return "phone"
        if _CARD.search(before) and count > 11:
            return "card"
        return "number" if _NUMBERED.search(before) else "phone"
    if count >= 4 and _NUMBERED.search(context):
        return "number"
    if count >= 4 and _CARD.search(before[-30:]):
        return "card"
    if _YEAR.fullmatch(text[start:end]) and not _ASKS_NUMBER.search(heard.before):
        return None
    alone = len(re.findall(r"[^\W\d_]+", before + text[end:])) <= 3
    if heard.numbers_near and alone and (count >= 4 or (count == 3 and run.spoken)):
        return "card" if _CARD.search(told) else "phone" if _PHONE.search(told) else "number"
    return None


def _settle(spans: Iterable[PrivateSpan]) -> tuple[PrivateSpan, ...]:
    """Join spans that overlap; the kind that is named first in :data:`KINDS` wins."""
    settled: list[PrivateSpan] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if settled and span.start < settled[-1].end:
            last = settled[-1]
            kind = min(last.kind, span.kind, key=KINDS.index)
            settled[-1] = PrivateSpan(last.start, max(last.end, span.end), kind)
        else:
            settled.append(span)
    return tuple(settled)


def private_times(
    words: Sequence[tuple[str, float, float]], kinds: Sequence[str] = ("security_code",)
) -> tuple[tuple[float, float], ...]:
    """Return the seconds at which words of given kinds were said.

    Card security codes may not be kept, not even in audio (PCI DSS 3.3.1), so a clip
    is silent there.

    Parameters
    ----------
    words : sequence of (text, start_s, end_s)
        The words of a call in order.
    kinds : sequence of str
        Kinds of private words to find.

    Returns
    -------
    tuple of (start_s, end_s)
    """
    text, places = "", []
    for word, start_s, end_s in words:
        places.append((len(text), len(text) + len(word), start_s, end_s))
        text += word + " "
    spans = [span for span in redact_text(text).spans if span.kind in kinds]
    found = []
    for span in spans:
        inside = [p for p in places if p[0] < span.end and span.start < p[1]]
        if inside:
            found.append((inside[0][2], inside[-1][3]))
    return tuple(found)
