"""Which words are people's names, and which of those are everyday words too.

Given and family names come from Faker, whose lists are drawn from the statistics offices
of many countries. A word that is something else as well ("Rose", "Will", "Austin") is a
name only where something beside it says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Final

from calltrack_nb.redaction.vocabulary import word_list

#: Where the names of callers to English-speaking businesses come from.
_LOCALES: Final = (
    "en", "en_US", "en_GB", "en_IE", "en_IN", "en_NZ", "en_PK", "es_MX", "es_CO", "fr_FR", "de_DE",
    "it_IT", "pl_PL", "pt_BR", "vi_VN",
)  # fmt: skip
#: Names that are rarer there: what is an everyday word as well is none of these.
_RARER: Final = (
    "en_KE", "en_NG", "es_ES", "ga_IE", "nl_NL", "sv_SE", "tr_TR", "cs_CZ", "ro_RO", "yo_NG",
    "ig_NG", "tw_GH", "zu_ZA", "ja_JP", "zh_CN",
)  # fmt: skip
#: How Faker calls its lists; names written in other letters stand there in ours too.
_FIRST: Final = ("first_name", "first_romanized")
_LAST: Final = ("last_name", "last_romanized")
#: Of these, the lists that hold common names only: one alone is evidence enough.
_COMMON: Final = ("en_US", "en_GB", "en_IN")
_FEWEST_LETTERS: Final = 3
# "Ling", "Reed": too short to be a word with an ending.
_SHORT: Final = 5
_ENDINGS: Final = ("ing", "ed", "ly")
_CONTRACTED: Final = ("n't", "'s", "'re", "'ve", "'ll", "'d", "'m")


def is_name(word: str) -> bool:
    """Tell whether a word, in lower case, is a name and as a rule nothing else.

    Examples
    --------
    >>> [word for word in ("priya", "lopez", "rose", "table") if is_name(word)]
    ['priya', 'lopez']
    """
    return word.removesuffix("'s") in _plain()


def holds_name(words: frozenset[str]) -> bool:
    """Tell whether any of these words, in lower case, is a name and as a rule nothing else.

    Examples
    --------
    >>> holds_name(frozenset({"for", "priya"}))
    True
    """
    return not _plain().isdisjoint(words)


def is_given(word: str) -> bool:
    """Tell whether a word is a common first name and as a rule nothing else.

    Examples
    --------
    >>> is_given("debra"), is_given("lopez"), is_given("grace")
    (True, False, False)
    """
    return word.removesuffix("'s") in _given()


def is_of_other_things(word: str) -> bool:
    """Tell whether a word is a town, a country or a brand as well as a name.

    Examples
    --------
    >>> is_of_other_things("houston"), is_of_other_things("priya")
    (True, False)
    """
    return word in _elsewhere()


def may_be_name(word: str) -> bool:
    """Tell whether a word is a name, be it an everyday word too.

    Examples
    --------
    >>> may_be_name("rose"), may_be_name("the")
    (True, False)
    """
    return word in _all_names() or may_be_given(word)


def is_first_name(word: str) -> bool:
    """Tell whether a word is a first name, however rare, and as a rule nothing else.

    Examples
    --------
    >>> is_first_name("rufus"), is_first_name("grace")
    (True, False)
    """
    return word.removesuffix("'s") in _first()


def may_be_given(word: str) -> bool:
    """Tell whether a word is a common first name, be it an everyday word too.

    Examples
    --------
    >>> may_be_given("june"), may_be_given("sunday")
    (True, False)
    """
    return word in _all_given() or word in word_list("first_names_and_words")


def is_everyday(word: str) -> bool:
    """Tell whether a word is one that anybody may say, and not as a rule a name.

    Examples
    --------
    >>> is_everyday("tomorrow"), is_everyday("rose"), is_everyday("siobhan")
    (True, True, False)
    """
    inflected = word.endswith(_ENDINGS) and len(word) > _SHORT and word not in _plain()
    return inflected or word in _everyday() or word.endswith(_CONTRACTED)


@cache
def _plain() -> frozenset[str]:
    return (_all_names() | word_list("first_names")) - _everyday() - _elsewhere()


@cache
def _given() -> frozenset[str]:
    return (_all_given() | word_list("first_names")) - _everyday() - _elsewhere()


@cache
def _first() -> frozenset[str]:
    return frozenset(_listed(_LOCALES + _RARER, _FIRST)) - _everyday() - _elsewhere()


@cache
def _all_names() -> frozenset[str]:
    rarer = frozenset(_listed(_RARER, _FIRST + _LAST)) - _everyday()
    return rarer.union(_listed(_LOCALES, _FIRST + _LAST), word_list("family_names"))


@cache
def _all_given() -> frozenset[str]:
    return frozenset(_listed(_COMMON, _FIRST))


@cache
def _elsewhere() -> frozenset[str]:
    """Return the names that are towns, countries or brands as well."""
    return word_list("names_of_other_things")


@cache
def _everyday() -> frozenset[str]:
    """Return common words: the thousand commonest, function words, and names that are words."""
    from faker.providers.lorem.en_US import Provider  # noqa: PLC0415 - only where names are sought

    lists = (
        "small_talk", "not_in_labels", "english", "after_a_name", "never_names",
        "names_and_words", "of_the_trade",
    )  # fmt: skip
    common = {word.lower() for word in Provider.word_list}
    return frozenset(common.union(*(word_list(name) for name in lists)))


def without_accents(text: str) -> str:
    """Return a text as people type it who leave the accents out.

    Examples
    --------
    >>> without_accents("Siân")
    'Sian'
    """
    if text.isascii():
        return text
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _listed(locales: tuple[str, ...], lists: tuple[str, ...]) -> Iterator[str]:
    """Yield the words of Faker's lists, in lower case, with their accents and without."""
    names: set[str] = set()
    for locale in locales:
        provider = import_module(f"faker.providers.person.{locale}").Provider
        for attribute in dir(provider):
            listed = getattr(provider, attribute) if attribute.startswith(lists) else ()
            if isinstance(listed, (tuple, list, dict)):
                names.update(name.lower() for name in listed if isinstance(name, str))
    for name in names:
        for form in {name, without_accents(name)}:
            yield from (w for w in re.split(r"[\s.]+", form) if len(w) >= _FEWEST_LETTERS)
