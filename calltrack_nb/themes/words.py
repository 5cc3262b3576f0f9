"""Words that say nothing about an inquiry, and how texts are cut for listening."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from calltrack_nb.redaction.vocabulary import LABEL, word_list

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")  # noqa: RUF001 - typographic apostrophe
_SENTENCE: Final = re.compile(r"(?<=[.!?;])\s+|\n+")
_REPEATED: Final = re.compile(r"\b([\w']+)(?:[\s,.!?-]+\1\b){2,}", re.IGNORECASE)
_LONGEST_SEGMENT: Final = 40
_MOST_SEGMENTS: Final = 200

#: Small talk of the telephone: in every call, so never what a call is about.
SMALL_TALK: Final = word_list("small_talk")


def stop_words() -> frozenset[str]:
    """Return English function words together with :data:`SMALL_TALK`."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS  # noqa: PLC0415 - heavy

    bare = {word.replace("'", "") for word in SMALL_TALK}
    return frozenset(ENGLISH_STOP_WORDS) - _TELLING | SMALL_TALK | bare


def unlabelled_words() -> frozenset[str]:
    """Return the words that head no theme: :func:`stop_words`, times, numbers, describing ones."""
    return stop_words() | {word.replace("'", "") for word in word_list("not_in_labels")}


# scikit-learn's list counts these as function words; in a shop they are what is asked for.
_TELLING: Final = frozenset(
    {"bill", "computer", "system", "fire", "cry", "full", "bottom", "top", "move"}
)


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case.

    Examples
    --------
    >>> words_of("I'd like 2 cakes, please")
    ["i'd", 'like', 'cakes', 'please']
    """
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]  # noqa: RUF001


def clean(text: str) -> str:
    """Drop labels of private words and stammered repetitions.

    Examples
    --------
    >>> clean("no no no no, it's [NAME] for the the the cake")
    "no, it's for the cake"
    """
    plain = _REPEATED.sub(r"\1", LABEL.sub(" ", text))
    return " ".join(plain.split())


def segments(text: str, longest: int = _LONGEST_SEGMENT) -> list[str]:
    """Cut a text into sentences, and long ones into runs of words.

    Parameters
    ----------
    text : str
        Cleaned text.
    longest : int
        Most words in a segment.

    Returns
    -------
    list of str
        At most 200 segments: the ones after that add no inquiry and much time.
    """
    found: list[str] = []
    for sentence in _SENTENCE.split(text):
        words = sentence.split()
        if not words:
            continue
        parts = -(-len(words) // longest)
        size = -(-len(words) // parts)
        found += [" ".join(words[i : i + size]) for i in range(0, len(words), size)]
        if len(found) >= _MOST_SEGMENTS:
            break
    return found[:_MOST_SEGMENTS]


def says_something(text: str, ignored: Iterable[str]) -> bool:
    """Tell whether a text holds at least one word about something, in English.

    Texts of eight words or more without a single English function word are taken for
    another language, which the themes are not made for.
    """
    words = words_of(text)
    ignored = set(ignored)
    if not any(word not in ignored and len(word) > 2 for word in words):
        return False
    return len(words) < 8 or sum(word in _ENGLISH for word in words) / len(words) >= 0.1


_ENGLISH: Final = word_list("english")
