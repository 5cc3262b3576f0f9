"""The last look at a share-safe report, for anything in it that is private.

Notebooks hide numbers and names themselves; this scan is the net under them. It reads
the finished page, so nothing escapes it by the way it came into the report.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import pandas as pd
import phonenumbers
from bs4 import BeautifulSoup, Comment, Tag

from calltrack_nb import providers, schema
from calltrack_nb.calls import gazetteer
from calltrack_nb.errors import ReportError
from calltrack_nb.providers.values.withheld import is_withheld

if TYPE_CHECKING:
    from calltrack_nb.workspace import Workspace

PHONE_LIKE: Final = re.compile(
    r"(?<![\w.:/-])(?:\+?\d{1,3}[\s.-]?)?(?:\(\d{3}\)\s?|\d{3}[\s.-])\d{3}[\s.-]\d{4}(?![\w-])"
    r"|(?<![\w.+-])\+\d[\d\s().-]{7,16}\d(?![\w-])"
    r"|(?<![\w.,:+#-])\d{10,11}(?![\w.,-])"
)
"""Runs of digits that a reader would take for a telephone number."""

_DIGITS: Final = re.compile(r"\d{10,15}")
_DIGIT_RICH: Final = re.compile(r"\d(?:\D{0,3}\d){6}")
# Elements that a reader sees apart from what stands beside them; all others, tags not known here
# too, are within a line of text. A chart's ticks are texts of their own in its SVG.
_APART_TAGS: Final = """
address article aside blockquote body caption dd desc details dialog div dl dt fieldset figcaption
figure footer form h1 h2 h3 h4 h5 h6 head header html legend li main nav ol optgroup option p pre
section select summary svg table tbody td text tfoot th thead title tr ul
"""
_APART: Final = _APART_TAGS.split()
_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_LONGEST_NAME: Final = 6
_SHORTEST_TEXT: Final = 4
_Worded: TypeAlias = Mapping[str, Mapping[int, set[tuple[str, ...]]]]
"""Private texts by what they are and how many words they have."""
_LIST: Final = "the list of calls"
#: What that list has of a call besides what people or providers named.
_NOT_NAMED: Final = ("id", "at", "day", "length", "turns")
# What networks show in place of a name that they do not know or do not trust.
_NETWORK_WORDS: Final = """
account business call caller callers calls card cell cellular collections credit customer debt
fraud government health insurance landline likely medical mobile nonprofit phone political possible
potential prison risk robocall robocaller sales scam service services spam survey suspected
telemarketer telephone tollfree verified voip
"""
_NETWORK: Final = frozenset(_NETWORK_WORDS.split())


@dataclass(frozen=True, slots=True)
class Private:
    """What a share-safe report of a workspace must not hold.

    Attributes
    ----------
    names : frozenset of tuple of str
        Callers' names of two words or more, in lower case.
    texts : frozenset of tuple of str
        Utterances from which redaction has taken something, word by word.
    numbers : frozenset of str
        Callers' numbers, their last ten digits.
    own_numbers : frozenset of str
        Last ten digits of the business's own tracking and destination numbers, which
        stand on its flyers and may stand in its reports.
    country : str
        Two letters: how numbers without a country code are read.
    """

    names: frozenset[tuple[str, ...]] = frozenset()
    texts: frozenset[tuple[str, ...]] = frozenset()
    numbers: frozenset[str] = frozenset()
    own_numbers: frozenset[str] = frozenset()
    country: str = "US"


def private_values(workspace: Workspace) -> Private:
    """Collect what must not be in a share-safe report of a workspace.

    A private value that also stands in a public column, such as a caller's name that is
    the name of a city, counts as public. So does what a network shows in place of a name:
    the caller's place (``ATLANTA GA``) or a word such as ``WIRELESS CALLER``.
    """
    calls = workspace.table("calls")
    country = workspace.settings.business.country
    names = {
        words
        for frame in (calls, workspace.table("leads"))
        for words in _words_of(frame["caller_name"][~_is_network(frame["caller_name"])])
        if 2 <= len(words) <= _LONGEST_NAME
    }
    public: set[tuple[str, ...]] = set()
    for column in schema.columns("calls"):
        if column in schema.private_columns("calls"):
            continue
        if pd.api.types.is_string_dtype(calls[column].dtype):
            public |= set(_words_of(calls[column]))
    names -= public
    if names:
        names -= _places(calls, country)
    said = workspace.table("utterances")
    hidden = said[said["redacted_text"].notna() & (said["text"] != said["redacted_text"])]
    texts = set(_words_of(hidden["text"])) - set(_words_of(said["redacted_text"]))
    numbers = workspace.table("numbers")
    owned = pd.concat(
        [frame[column] for frame in (calls, numbers) for column in _OWN_COLUMNS]
    ).dropna()
    callers = {_digits(number) for number in calls["caller_number"].dropna().unique()}
    return Private(
        names=frozenset(names),
        texts=frozenset(text for text in texts if len(text) >= _SHORTEST_TEXT),
        numbers=frozenset(callers),
        own_numbers=frozenset({_digits(number) for number in owned.unique()} - callers),
        country=country,
    )


def _is_network(names: pd.Series[str]) -> pd.Series[bool]:
    """Tell which names are a network's words and nobody's."""
    codes, distinct = pd.factorize(names)
    said = [is_withheld(str(name)) or _NETWORK.issuperset(_split(str(name))) for name in distinct]
    return pd.Series([*said, False]).iloc[codes].set_axis(names.index)


def _places(calls: pd.DataFrame, country: str) -> set[tuple[str, ...]]:
    """Return the callers' places word by word, the region by its code and by its name.

    The place that a number was given out for counts only for a caller whose name ends in
    a region, since looking all of them up takes long.
    """
    codes = gazetteer.towns(country).regions
    spellings = codes | {code: name for name, code in codes.items()}
    spots = calls[["caller_city", "caller_region"]].fillna("").drop_duplicates()
    places = set(spots.itertuples(index=False, name=None))
    ends = tuple(f" {region}" for region in spellings)
    ending = calls["caller_name"].str.strip().str.casefold().str.endswith(ends, na=False)
    unplaced = calls["caller_number"][ending & calls["caller_city"].isna()].dropna().unique()
    places |= {gazetteer.place_of_number(str(number)) for number in unplaced}
    return {
        _split(f"{city} {spelled}")
        for city, region in places
        for spelled in (region, spellings.get(region.casefold(), region))
    }


_OWN_COLUMNS: Final = ("tracking_number", "destination_number")


def check_share_safe(html: str, private: Private) -> None:
    """Make sure that a finished page holds nothing private.

    Parameters
    ----------
    html : str
        The page.
    private : Private
        From :func:`private_values`.

    Raises
    ------
    ReportError
        Naming the section and the kind of thing found, with the thing itself masked.

    Examples
    --------
    >>> check_share_safe("<h2>Callers</h2><p>Ring (212) 555-0147</p>", Private())
    Traceback (most recent call last):
    ...
    calltrack_nb.errors.ReportError: A share-safe report would show a telephone number: \
under 'Callers' (…0147). Leave it out of the notebook or of the name that holds it, or make the \
report private with share_safe=False. A number of the business's own belongs in numbers.csv.
    """
    page = BeautifulSoup(html, "html.parser")
    data = list(_data(page))  # before the scripts that hold it are taken out
    named = [(_LIST, text) for text, name in data if name not in _NOT_NAMED]
    words_of = {
        "a caller's name": _by_length(private.names),
        "a caller's words unredacted": _by_length(private.texts),
    }
    for section, text in (*_visible(page), *named):
        for what, masked in (*_written(text, private), *_worded(text, words_of)):
            raise _unsafe(what, section, masked)
    for text, _ in data:
        # of the calls' words, which redaction has read, a caller's number is looked for: others
        # may be an order's
        digits = (*_phone_like(text, private.country), *map(_digits, _DIGITS.findall(text)))
        if not private.numbers.isdisjoint(digits):
            raise _unsafe("a caller's number", _LIST, "digits of one in the log")


def _written(text: str, private: Private) -> Iterator[tuple[str, str]]:
    """Yield the numbers and e-mail addresses of a text: what each is, and it masked."""
    for digits in _phone_like(text, private.country):
        if digits not in private.own_numbers:
            yield "a telephone number", f"\u2026{digits[-4:]}"
    if any(_digits(run) in private.numbers for run in _DIGITS.findall(text)):
        yield "a caller's number", "digits of one in the log"
    for address in providers.ADDRESS.findall(text):
        yield "an e-mail address", f"{address[0]}\u2026"


def _worded(text: str, words_of: _Worded) -> Iterator[tuple[str, str]]:
    """Yield the names and utterances of a text: what each is, and its first letter."""
    words = _split(text)
    for what, by_length in words_of.items():
        for length, private in by_length.items():
            for run in _runs(words, length):
                if run in private:
                    yield what, f"{run[0][0].upper()}. \u2026"


def _by_length(texts: Iterable[tuple[str, ...]]) -> dict[int, set[tuple[str, ...]]]:
    found: dict[int, set[tuple[str, ...]]] = {}
    for text in texts:
        found.setdefault(len(text), set()).add(text)
    return found


def _phone_like(text: str, country: str) -> Iterator[str]:
    """Yield the last ten digits of whatever reads like a telephone number."""
    if _DIGIT_RICH.search(text) is None:
        return
    yield from (_digits(match[0]) for match in PHONE_LIKE.finditer(text))
    for match in phonenumbers.PhoneNumberMatcher(text, country):
        yield _digits(match.raw_string)


def _unsafe(what: str, section: str, masked: str) -> ReportError:
    return ReportError(
        f"A share-safe report would show {what}",
        where=f"under {section!r} ({masked})",
        fix="Leave it out of the notebook or of the name that holds it, or make the report "
        "private with share_safe=False. A number of the business's own belongs in numbers.csv",
    )


def _visible(page: BeautifulSoup) -> Iterator[tuple[str, str]]:
    """Yield each piece of text a reader sees or hears, with the section it stands in.

    Scripts and styles are taken out of the page.
    """
    for hidden in page(["script", "style"]):
        hidden.decompose()
    section = "the head of the page"
    line: list[str] = []
    place: Tag | None = None
    for node in page.descendants:
        if isinstance(node, Tag):
            if node.name in ("h1", "h2"):
                yield from _spellings(section, line)
                line, section = [], node.get_text().strip()
            spoken = [str(node[name]) for name in ("alt", "aria-label", "title") if node.get(name)]
            if node.name == "meta":
                spoken.append(str(node.get("content", "")))
            for text in spoken:
                yield from _spellings(section, [text])
        elif isinstance(node, Comment):
            yield from _spellings(section, [str(node)])
        else:
            around = node.find_parent(_APART)
            if around is not place:
                yield from _spellings(section, line)
                line, place = [], around
            line.append(str(node))
    yield from _spellings(section, line)


def _spellings(section: str, pieces: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield a line of text as its tags leave it: ``<b>`` parts no word, ``<br>`` does."""
    for text in dict.fromkeys(" ".join(mark.join(pieces).split()) for mark in ("", " ")):
        if text:
            yield section, text


def _data(page: BeautifulSoup) -> Iterator[tuple[str, str]]:
    """Yield each text of what a page's script shows when it is asked, and what it is called."""
    for held in page("script", type="application/json"):
        yield from _texts_in(json.loads(held.get_text()), "")


def _texts_in(value: object, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield value, name
    elif isinstance(value, dict):
        for inner_name, inner in value.items():
            yield from _texts_in(inner, inner_name)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts_in(inner, name)


def _words_of(column: pd.Series[str]) -> Iterator[tuple[str, ...]]:
    for value in column.dropna().unique():
        words = _split(str(value))
        if words:
            yield words


def _split(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.lower()))


def _runs(words: tuple[str, ...], length: int) -> Iterable[tuple[str, ...]]:
    return (words[at : at + length] for at in range(len(words) - length + 1))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)[-10:]
