"""Words that say nothing about an inquiry, and how texts are cut for listening."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from calltrack_nb.listening.redaction import LABEL

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")  # noqa: RUF001 - typographic apostrophe
_SENTENCE: Final = re.compile(r"(?<=[.!?;])\s+|\n+")
_REPEATED: Final = re.compile(r"\b([\w']+)(?:[\s,.!?-]+\1\b){2,}", re.IGNORECASE)
_LONGEST_SEGMENT: Final = 40
_MOST_SEGMENTS: Final = 200

#: Small talk of the telephone: in every call, so never what a call is about.
SMALL_TALK: Final = frozenset(
    ["actually", "afternoon", "ah", "alright", "anyway", "appreciate", "aren", "ask", "asking", "basically", "bit", "bye", "call", "called", "calling", "calls", "can't", "cool", "couldn", "did", "didn", "does", "doesn", "doing", "don", "done", "em", "er", "etc", "even", "evening", "everything", "exactly", "fine", "forward", "going", "gonna", "good", "got", "gotcha", "great", "guess", "gotta", "haha", "hang", "happen", "happened", "hasn", "haven", "having", "hear", "hello", "help", "hey", "hi", "hmm", "hold", "hope", "hoping", "huh", "information", "isn", "just", "kind", "know", "let", "like", "little", "ll", "look", "looking", "lot", "ma'am", "maam", "madam", "make", "makes", "matter", "maybe", "mean", "mhm", "mind", "minute", "moment", "morning", "need", "needed", "needs", "nice", "no", "nope", "now", "number", "oh", "ok", "okay", "perfect", "person", "phone", "please", "possible", "probably", "put", "question", "questions", "re", "really", "right", "said", "say", "says", "second", "see", "sir", "somebody", "someone", "something", "sorry", "sort", "speak", "speaking", "stuff", "sure", "talk", "talking", "tell", "thank", "thanks", "that's", "thing", "things", "think", "thought", "today", "told", "try", "trying", "uh", "uhh", "uhm", "um", "using", "ve", "wait", "wanna", "want", "wanted", "wanting", "wants", "was", "wasn", "way", "we'll", "weren", "what's", "won", "wonder", "wondering", "wonderful", "would", "wouldn", "yah", "yeah", "yep", "yes", "yup", "yesterday", "you'd", "able", "assist", "assistance", "believe", "day", "days", "different", "get", "getting", "give", "given", "gave", "use", "used", "went", "able", "com", "dot", "www", "come", "came", "comes", "coming", "goes", "want's", "yourself", "myself", "sounds", "sound", "awesome", "lovely", "absolutely", "definitely", "correct", "course", "welcome", "pretty", "currently", "recently", "regarding", "inquire", "enquire", "interested", "dear", "mam", "hii", "hiii", "helo", "kindly", "plz", "pls", "ya", "ur", "im", "dont", "id", "ive", "thats", "cant", "wont", "whats", "theres", "theyre", "hows"]
)


def stop_words() -> frozenset[str]:
    """Return English function words together with :data:`SMALL_TALK`."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS  # noqa: PLC0415 - heavy

    bare = {word.replace("'", "") for word in SMALL_TALK}
    return frozenset(ENGLISH_STOP_WORDS) - _TELLING | SMALL_TALK | bare


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


_ENGLISH: Final = frozenset(
    ["a", "about", "all", "am", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do", "does", "don't", "for", "from", "get", "go", "got", "had", "has", "have", "how", "i", "i'd", "i'll", "i'm", "i've", "if", "in", "is", "isn't", "it", "it's", "just", "know", "like", "me", "my", "need", "no", "not", "of", "on", "or", "our", "please", "so", "that", "the", "their", "them", "then", "there", "these", "they", "this", "to", "up", "us", "want", "was", "we", "were", "what", "when", "where", "which", "who", "will", "with", "would", "yes", "you", "your", "im", "id", "ive", "dont"]
)
