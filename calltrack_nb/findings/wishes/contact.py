"""How a caller wants to be reached: by text, by e-mail, by a call."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from calltrack_nb.findings.wishes.value import Value

_WAYS: Final = tuple(
    (name, re.compile(rf"\b(?<!than )(?:{words})\b"))
    for name, words in (
        ("WhatsApp", r"what'?s ?app"),
        (
            "text",
            (
                r"text (?:me|us|it|them|that|is|would|message|works|my|the|please)|"
                r"texts? (?:would|is)|(?:a|by|via|drop me a|send me a) text|sms|message me|"
                r"texting"
            ),
        ),
        (
            "email",
            (
                r"(?:e ?-? ?mail) (?:me|us|it|that|them|is|would|works|the|over|instead|please)|"
                r"(?:by|via|an|on) (?:e ?-? ?mail)|(?:e ?-? ?mailed|emailing) (?:me|us|it)|"
                r"e ?-? ?mail"
            ),
        ),
        (
            "call",
            (
                r"(?:call|ring|phone|buzz) (?:me|us|him|her|my (?:husband|wife|mum|son|"
                r"daughter))(?: back)?|"
                r"(?:give|gimme) (?:me|us|him|her)? ?a (?:call|ring|bell|buzz|shout)|(?:a|"
                r"for a) call ?back|"
                r"(?:she|he|they|you|someone|somebody) (?:called|rang|phoned) me|"
                r"leave me a (?:voicemail|message)|voicemail|by phone"
            ),
        ),
        (
            "post",
            (
                r"(?:post|mail) (?:it|that|them) (?:out |over )?to (?:me|us)|(?:by|"
                r"in the) (?:post|mail)|snail mail"
            ),
        ),
    )
)


def ways_to_reach(text: str) -> Iterator[Value]:
    """Read how the caller wants to be reached.

    Examples
    --------
    >>> [way.value for way in ways_to_reach("just text me the price")]
    ['text']
    """
    for name, words in _WAYS:
        match = words.search(text)
        if match:
            yield Value("contact", *match.span(), name)
