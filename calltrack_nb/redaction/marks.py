"""Marks that a vendor has put in place of private words, and what they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from calltrack_nb.redaction.vocabulary import Kind

_WRITTEN: Final = re.compile(
    r"\[{1,2}\s*(?P<square>[^\W\d_][\w /-]{1,39}?)\s*\]{1,2}"
    r"|<\s*(?P<angle>[^\W\d_][\w /-]{1,39}?)\s*>"
    r"|\{\{\s*(?P<curly>[^{}\n]{1,40}?)\s*\}\}|\{(?P<brace>[A-Z][A-Z0-9_ -]{1,39})\}"
    r"|(?P<stars>\*{3,}|#{3,}|\u2588{2,})"
)
_KINDS: Final[Mapping[Kind, str]] = {
    "name": "name|person|person name|names|first name|last name|full name|given name|family name|"
    "surname|customer name|caller name|agent name|per",
    "phone": "phone|phone number|telephone|telephone number|mobile|mobile number|phone no|fax",
    "email": "email|email address|e mail|e mail address",
    "address": "address|street|street address|home address|postal address|zip|zip code|postcode",
    "card": "card|card number|credit card|credit card number|creditcard|debit card|pan|"
    "credit debit number|payment card",
    "security_code": "cvv|cvc|cvv number|card security code|security code|credit debit cvv|pin",
    "number": "number|ssn|social security number|us social security number|account number|"
    "bank account|bank account number|iban|id|id number|passport|passport number|dob|"
    "date of birth|license number|driver license|numeric|digits",
    "private": "pii|phi|pci|redacted|removed|masked|hidden|private|sensitive|sensitive data|"
    "personal data|confidential|redacted pii|pii redacted",
}
_KIND_OF: Final[Mapping[str, Kind]] = {
    word: kind for kind, words in _KINDS.items() for word in words.split("|")
}


def vendor_marks(text: str) -> Iterator[tuple[int, int, Kind]]:
    """Find the marks of vendors, and our own: where they stand, and the kind of what is hidden.

    Yields
    ------
    tuple of (int, int, str)
        Offsets and one of :data:`calltrack_nb.redaction.vocabulary.KINDS`; ``private`` where
        the mark does not say what it hides.

    Examples
    --------
    >>> [kind for *_, kind in vendor_marks("{{phone}}, [PERSON_1], **** and <CREDIT_CARD> [music]")]
    ['phone', 'name', 'private', 'card']
    """
    if not any(mark in text for mark in "[<{*#\u2588"):
        return
    for found in _WRITTEN.finditer(text):
        if found["stars"]:
            yield (*found.span(), "private")
            continue
        inside = found["square"] or found["angle"] or found["curly"] or found["brace"]
        words = " ".join(re.findall(r"[^\W\d_]+", inside.lower()))
        kind = _KIND_OF.get(words, "private" if found["curly"] else None)
        if kind is not None:
            yield (*found.span(), kind)
