"""The business's own names: heard more readily where they were said, and never invented.

Told to expect a name, Whisper hears it also where nobody said it, and writes the rest of
the window worse. So a window is decoded without being told. Where its words hold a run
that sounds like a name but is spelled otherwise ("Louise" for "Luis"), the window is
decoded once more, told to expect just that name; only if the name is heard now, and at
the same place, is it written there, and flagged. All other words stay as they were.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final

from calltrack_nb.transcription.engine import Decoding, Transcriber, WindowResult
from calltrack_nb.transcription.transcript import Utterance, Word
from calltrack_nb.transcription.windows import Window
from calltrack_nb.transcription.words import follows_hyphen

FLAG: Final = "glossary"

_ALIKE: Final = 0.7
_LENGTH: Final = 0.65
_LEAST_LETTERS: Final = 4
_MORE_WORDS: Final = 2
# an aligner is unsure by a few tenths of a second
_APART_S: Final = 0.7

# consonants that are mistaken for one another, as American Soundex groups them
_SOUNDS: Final = str.maketrans(
    {
        letter: str(digit)
        for digit, letters in enumerate(("bfpv", "cgjkqsxz", "dt", "l", "mn", "r"), start=1)
        for letter in letters
    }
)


@dataclass(frozen=True, slots=True)
class _Run:
    """Words from `first` up to but not with `last`, and their letters."""

    first: int
    last: int
    letters: str


def hear_names(
    windows: Sequence[Window],
    results: Sequence[WindowResult],
    names: Sequence[str],
    engine: Transcriber,
    decoding: Decoding,
) -> list[tuple[WindowResult, tuple[int, ...]]]:
    """Write the business's names where they were heard as something like them.

    Parameters
    ----------
    windows : sequence of Window
        The sound.
    results : sequence of WindowResult
        What the engine heard, untold; one per window.
    names : sequence of str
        The glossary.
    engine : Transcriber
        Hears again the windows that may hold a name.
    decoding : Decoding
        How; the names are put into its prompt.

    Returns
    -------
    list of tuple
        Per window its result, and the places of the words that the glossary put there.
    """
    found: list[tuple[WindowResult, tuple[int, ...]]] = [(result, ()) for result in results]
    wanted: dict[tuple[str, ...], list[int]] = {}
    for at, result in enumerate(results):
        near = tuple(name for name in names if _alike(result.words, name))
        if near:
            wanted.setdefault(near, []).append(at)
    # windows with the same names share a batch; a prompt never holds a neighbour's
    for near, places in wanted.items():
        told = replace(decoding, prompt=", ".join(near))
        answers = engine.decode([windows[at] for at in places], told)
        for at, answer in zip(places, answers, strict=True):
            found[at] = write_names(results[at], answer, near)
    return found


def write_names(
    plain: WindowResult, told: WindowResult, names: Sequence[str]
) -> tuple[WindowResult, tuple[int, ...]]:
    """Put names into the words of a window where both decodings speak for them.

    Parameters
    ----------
    plain : WindowResult
        Decoded without being told of the names.
    told : WindowResult
        The same window, decoded with the names in the prompt.
    names : sequence of str
        The names.

    Returns
    -------
    tuple
        The plain result with names in it, and the places of the words put there.

    Examples
    --------
    >>> plain = WindowResult((Word("Louise,", 1.0, 1.4, 0.6), Word("speaking.", 1.4, 2, 0.9)), 0, 0)
    >>> told = WindowResult((Word("Luis", 1.0, 1.4, 0.5), Word("speaking", 1.4, 2, 0.9)), 0, 0)
    >>> write_names(plain, told, ["Luis", "Mary"])[0].text
    'Luis, speaking.'
    """
    chosen: list[tuple[_Run, str, float]] = []
    taken: set[int] = set()
    for name in names:
        near = _alike(plain.words, name)
        for heard in _spelled(told.words, name):
            start_s, end_s = _time(told.words, heard)
            there = [
                run
                for run in near
                if _time(plain.words, run)[0] < end_s + _APART_S
                and _time(plain.words, run)[1] > start_s - _APART_S
                and taken.isdisjoint(range(run.first, run.last))
            ]
            if there:
                best = max(there, key=lambda run: likeness(run.letters, _letters(name)))
                taken.update(range(best.first, best.last))
                sure = min(word.probability for word in told.words[heard.first : heard.last])
                chosen.append((best, name, sure))
    words: list[Word] = []
    put: list[int] = []
    behind = 0
    for run, name, sure in sorted(chosen, key=lambda item: item[0].first):
        words.extend(plain.words[behind : run.first])
        parts = _as_words(name, plain.words[run.first : run.last], sure)
        put.extend(range(len(words), len(words) + len(parts)))
        words.extend(parts)
        behind = run.last
    words.extend(plain.words[behind:])
    return replace(plain, words=tuple(words)), tuple(put)


def flag_names(utterances: Sequence[Utterance], put: Collection[Word]) -> tuple[Utterance, ...]:
    """Flag utterances that hold a word which the glossary put there."""
    return tuple(
        replace(said, flags=tuple(sorted({*said.flags, FLAG})))
        if any(word in put for word in said.words)
        else said
        for said in utterances
    )


def likeness(one: str, other: str) -> float:
    """Return how much two words sound alike, 0 to 1: by their letters and their consonants.

    Parameters
    ----------
    one, other : str
        Lower case, letters only.

    Returns
    -------
    float
        The share of letters in common (``difflib``), or its mean with the share of
        consonants in common (classes of American Soundex) where there are three or
        more, whichever is larger.

    Examples
    --------
    >>> round(likeness("macarons", "mccurrins"), 2), round(likeness("kelly", "shall"), 2)
    (0.79, 0.4)
    """
    letters = _shared(one, other)
    bones, others = _bones(one), _bones(other)
    if min(len(bones), len(others)) < 3:
        return letters
    return max(letters, (letters + _shared(bones, others)) / 2)


def _alike(words: Sequence[Word], name: str) -> list[_Run]:
    """Return the runs of words that sound like a name and are spelled otherwise."""
    wanted = _letters(name)
    if len(wanted) < _LEAST_LETTERS:
        return []
    known = {at for run in _spelled(words, name) for at in range(run.first, run.last)}
    return [
        run
        for run in _runs(words, len(name.split()) + _MORE_WORDS)
        if known.isdisjoint(range(run.first, run.last))
        and _LENGTH * len(run.letters) <= len(wanted) <= len(run.letters) / _LENGTH
        and likeness(run.letters, wanted) >= _ALIKE
    ]


def _spelled(words: Sequence[Word], name: str) -> list[_Run]:
    """Return the runs of words that spell a name."""
    wanted = _letters(name)
    runs = _runs(words, len(re.findall(r"\w+", name)))
    return [run for run in runs if run.letters in (wanted, f"{wanted}s")]


def _runs(words: Sequence[Word], longest: int) -> Iterator[_Run]:
    letters = [_letters(word.text) for word in words]
    # what hyphens join is written as one word, and taken or left as one
    edges = [at for at, word in enumerate(words) if not (at and follows_hyphen(word))]
    edges.append(len(words))
    for place, first in enumerate(edges[:-1]):
        for last in edges[place + 1 : place + 1 + longest]:
            if letters[first] and letters[last - 1]:
                yield _Run(first, last, "".join(letters[first:last]))


def _time(words: Sequence[Word], run: _Run) -> tuple[float, float]:
    return words[run.first].start_s, words[run.last - 1].end_s


def _as_words(name: str, stead: Sequence[Word], probability: float) -> list[Word]:
    """Lay a name over the time of the words in whose stead it stands, with their full stop."""
    parts = name.split()
    tail = re.search(r"\W*$", stead[-1].text)
    parts[-1] += tail[0] if tail else ""
    start_s, end_s = stead[0].start_s, stead[-1].end_s
    step = (end_s - start_s) / len(parts)
    return [
        Word(part, start_s + at * step, start_s + (at + 1) * step, probability)
        for at, part in enumerate(parts)
    ]


def _shared(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text.lower())


def _bones(letters: str) -> str:
    """Return the classes of a word's consonants, repeated ones once."""
    classes = re.sub(r"\D", "", letters.translate(_SOUNDS))
    return re.sub(r"(\d)\1+", r"\1", classes)
