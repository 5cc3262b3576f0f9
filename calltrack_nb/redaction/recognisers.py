"""The recognisers: what finds each kind of private word in an utterance.

A new kind is a module of its own, its name in :data:`~calltrack_nb.redaction.vocabulary.KINDS`
and a line here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, Protocol

from calltrack_nb.redaction.addresses import address_places
from calltrack_nb.redaction.emails import email_places
from calltrack_nb.redaction.full_names import answered_names, full_names
from calltrack_nb.redaction.named_places import named_places
from calltrack_nb.redaction.names import name_spans
from calltrack_nb.redaction.numbers import number_spans
from calltrack_nb.redaction.people import people_spoken_of
from calltrack_nb.redaction.private import PrivateSpan
from calltrack_nb.redaction.reading import CallContext, Reading
from calltrack_nb.redaction.vocabulary import Kind

Places = Iterable[tuple[int, int]]


class Recogniser(Protocol):
    """Finds private words; a model of named entities can be one as well.

    Spans may overlap, also with those of others: they are joined afterwards.
    """

    def __call__(self, reading: Reading, heard: CallContext) -> Iterable[PrivateSpan]:
        """Return the private spans of an utterance.

        Parameters
        ----------
        reading : Reading
            The utterance, as text and as tokens.
        heard : CallContext
            What the rest of the call says.
        """


def places_of(kind: Kind, find: Callable[[Reading, CallContext], Places]) -> Recogniser:
    """Make a recogniser of one kind out of what finds its places.

    Examples
    --------
    >>> shouted = places_of("name", lambda reading, heard: [(0, 3)])
    >>> list(shouted(Reading("ANN!"), CallContext()))
    [PrivateSpan(start=0, end=3, kind='name')]
    """

    def spans(reading: Reading, heard: CallContext) -> Iterator[PrivateSpan]:
        yield from (PrivateSpan(start, end, kind) for start, end in find(reading, heard))

    return spans


def _answers(reading: Reading, heard: CallContext) -> Places:
    return answered_names(reading.tokens) if heard.asks_name else ()


RECOGNISERS: Final[tuple[Recogniser, ...]] = (
    places_of("email", lambda reading, _: email_places(reading)),
    places_of("address", address_places),
    places_of("address", lambda reading, _: named_places(reading)),
    number_spans,
    places_of("name", lambda reading, _: name_spans(reading)),
    places_of("name", lambda reading, _: full_names(reading)),
    places_of("name", lambda reading, _: people_spoken_of(reading)),
    places_of("name", _answers),
)
