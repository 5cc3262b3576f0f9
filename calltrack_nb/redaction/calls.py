"""Redaction: private words out of the text before anything else reads it.

Numbers, addresses and names are replaced by typed labels (``[PHONE]``, ``[NAME]``).
Patterns miss some of what they look for: redacted text is fit for clustering and for
quotes in a report that somebody reads before sending, and is not "de-identified".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Final

import pandas as pd

from calltrack_nb.redaction.known_names import is_name
from calltrack_nb.redaction.marks import vendor_marks
from calltrack_nb.redaction.names import name_words
from calltrack_nb.redaction.private import PrivateSpan, Redacted, free, hide, settle
from calltrack_nb.redaction.reading import CallContext, Reading, heard_at
from calltrack_nb.redaction.recognisers import RECOGNISERS, Recogniser

_ALONE: Final = CallContext()


def redact_text(text: str, heard: CallContext = _ALONE) -> Redacted:
    """Replace private words by typed labels.

    Parameters
    ----------
    text : str
        One utterance, typed or transcribed.
    heard : CallContext
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
    >>> redact_text("I'm {{first_name}}, my card is <CREDIT_CARD>").text
    "I'm [NAME], my card is [CARD]"
    """
    reading = Reading(text)
    found = (
        *_find(reading, heard, RECOGNISERS),
        *_known_names(reading, heard),
        *_marks(reading),
    )
    return hide(text, settle(found))


def redact(
    utterances: pd.DataFrame,
    *,
    keep: Sequence[str] = (),
    recognisers: Sequence[Recogniser] = RECOGNISERS,
) -> pd.DataFrame:
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
    recognisers : sequence of Recogniser
        What finds private words.

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
        done = redact_call([text for _, text in call], keep=keep, recognisers=recognisers)
        redacted |= {row: part.text for (row, _), part in zip(call, done, strict=True)}
    found = pd.Series(redacted, dtype=object).reindex(utterances.index)
    return utterances.assign(redacted_text=found.astype(utterances["text"].dtype))


def redact_call(
    texts: Sequence[str],
    *,
    keep: Sequence[str] = (),
    recognisers: Sequence[Recogniser] = RECOGNISERS,
) -> tuple[Redacted, ...]:
    """Redact the utterances of one call, in the order they were said.

    Parameters
    ----------
    texts : sequence of str
        What was said, both speakers.
    keep : sequence of str
        Phrases that are no private names.
    recognisers : sequence of Recogniser
        What finds private words.

    Examples
    --------
    >>> [done.text for done in redact_call(["And your name?", "Susan.", "Thanks, Susan."])]
    ['And your name?', '[NAME].', 'Thanks, [NAME].']
    >>> redact_call(["Good morning, Mary's Cakes."], keep=["Mary's Cakes"])[0].text
    "Good morning, Mary's Cakes."
    """
    kept = _kept(tuple(keep))
    readings = [Reading(text) for text in texts]
    heard = [heard_at(readings, index, kept) for index in range(len(readings))]
    found = [
        tuple(_find(reading, known, recognisers))
        for reading, known in zip(readings, heard, strict=True)
    ]
    names = frozenset().union(
        *(
            name_words(reading.text[span.start : span.end])
            for reading, spans in zip(readings, found, strict=True)
            for span in settle(spans)
            if span.kind == "name"
        )
    )
    return tuple(
        hide(r.text, settle([*spans, *_known_names(r, replace(known, names=names)), *_marks(r)]))
        for r, spans, known in zip(readings, found, heard, strict=True)
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


def _find(
    reading: Reading, heard: CallContext, recognisers: Sequence[Recogniser]
) -> Iterator[PrivateSpan]:
    if reading.text and not reading.text.isspace():
        found = (span for recognise in recognisers for span in recognise(reading, heard))
        yield from free(found, reading.text, heard.kept)


def _known_names(reading: Reading, heard: CallContext) -> Iterator[PrivateSpan]:
    """Find the words of names that were given elsewhere in the call."""
    said = [
        PrivateSpan(token.start, token.end, "name")
        for token in (reading.tokens if heard.names else ())
        if token.lower.removesuffix("'s") in heard.names
        and (token.text[0].isupper() or heard.asks_name or is_name(token.lower))
    ]
    if said:
        yield from free(said, reading.text, heard.kept)


def _marks(reading: Reading) -> Iterator[PrivateSpan]:
    """Find what a vendor has hidden already, so that it reads as what is hidden here."""
    return (PrivateSpan(*mark) for mark in vendor_marks(reading.text))


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
