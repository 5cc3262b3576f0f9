"""How far two transcripts of one call say the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import Levenshtein

from calltrack_nb.redaction.marks import vendor_marks
from calltrack_nb.transcription.transcript import Transcript

_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")


@dataclass(frozen=True, slots=True)
class Agreement:
    """Words of one transcript against those of the other.

    Parameters
    ----------
    words : int
        Of the provider's transcript.
    errors : int
        Words that are added, missing or others in ours. It does not say who is right.
    """

    words: int
    errors: int


def agreement_of(ours: Transcript, theirs: Transcript) -> Agreement:
    """Compare two transcripts of a call word by word, letter case and punctuation aside.

    Parameters
    ----------
    ours, theirs : Transcript
        What a vendor has hidden in either is left out.

    Examples
    --------
    >>> from calltrack_nb.transcription.provided import CallFacts, provided_transcript
    >>> one, other = (
    ...     provided_transcript(text, CallFacts(), origin="file")
    ...     for text in ("Agent: Hello, a cake?", "Agent: hello the cake [NAME]")
    ... )
    >>> agreement_of(one, other)
    Agreement(words=3, errors=1)
    """
    mine, other = _words(ours), _words(theirs)
    return Agreement(len(other), Levenshtein.distance(mine, other))


def _words(transcript: Transcript) -> list[str]:
    words = []
    for said in transcript.utterances:
        text = said.text
        for start, end, _ in sorted(vendor_marks(text), reverse=True):
            text = f"{text[:start]} {text[end:]}"
        words += [word.replace("\u2019", "'") for word in _WORD.findall(text.lower())]
    return words
