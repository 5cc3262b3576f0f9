"""The words providers use for direction, outcome and worth of a call, into ours."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import pandas as pd

from calltrack_nb import tables

DIRECTIONS: Final[dict[str, str | None]] = {
    "inbound": "inbound",
    "incoming": "inbound",
    "in": "inbound",
    "outbound": "outbound",
    "outgoing": "outbound",
    "out": "outbound",
    "trunking originating": "outbound",
    "trunking terminating": "inbound",
}
STATUSES: Final[dict[str, str | None]] = {
    "not answered": "missed",
    "no answer": "missed",
    "unanswered": "missed",
    "answered": "answered",
    "received": "answered",
    "connected": "answered",
    "completed": "answered",
    "missed": "missed",
    "busy": "missed",
    "failed": "missed",
    "canceled": "missed",
    "cancelled": "missed",
    "noanswer": "missed",
    "voicemail": "voicemail",
    "abandoned": "abandoned",
    "hangup": "abandoned",
    "unknown": None,
    "unspecified": None,
    "in progress": None,
    "queued": None,
    "ringing": None,
    "redirected": "answered",
}
LEADS: Final[dict[str, str | None]] = {
    "qualified lead": "qualified",
    "qualified": "qualified",
    "good lead": "qualified",
    "good": "qualified",
    "yes": "qualified",
    "true": "qualified",
    "not a lead": "not_qualified",
    "not qualified": "not_qualified",
    "unqualified": "not_qualified",
    "unqualified lead": "not_qualified",
    "not": None,
    "no": "not_qualified",
    "false": "not_qualified",
    "not scored": None,
    "not set": None,
    "pending": None,
    "unknown": None,
    "previously marked good lead": None,
}


# Whole words of a tag that say what a call was for; the first purpose named counts.
_PURPOSES: Final = {
    "feedback": frozenset({"feedback", "complaint", "complaints", "review", "praise"}),
    "service": frozenset({"service", "support", "delivery", "invoice", "billing", "existing"}),
    "sale": frozenset({"sale", "sales", "order", "quote", "booking", "enquiry", "inquiry"}),
    "other": frozenset({"other", "spam", "vendor", "solicitor", "personal"}),
}


def purpose_of(tags: pd.Series[Any], notes: pd.Series[Any] | None = None) -> pd.Series[Any]:
    """Name the purpose of a call from its tags, or from a note of one word.

    Examples
    --------
    >>> purpose_of(pd.Series(["Wedding, Sale", "Complaint", "VIP"])).tolist()
    ['sale', 'feedback', nan]
    """
    said = (
        tags.str.cat(notes.where(notes.str.match(r"\w+$")), sep=",", na_rep="")
        if (notes is not None)
        else tags
    )
    codes, distinct = pd.factorize(said)
    known = [_purpose(str(text)) for text in distinct]
    column = pd.Series([*known, None], dtype=pd.CategoricalDtype(list(tables.PURPOSES)))
    return column.iloc[codes].set_axis(tags.index)


def _purpose(text: str) -> str | None:
    words = {word for tag in _tags(text) for word in re.findall(r"[a-z]+", tag.lower())}
    return next((kind for kind, names in _PURPOSES.items() if words & names), None)


def split_tags(texts: pd.Series[Any]) -> pd.Series[Any]:
    """Split tags that are a JSON list or a list with commas, semicolons or bars.

    Examples
    --------
    >>> split_tags(pd.Series(["new, wedding", '["a", "b"]'])).tolist()
    [['new', 'wedding'], ['a', 'b']]
    """
    codes, distinct = pd.factorize(texts)
    lists = [_tags(str(text)) for text in distinct]
    return pd.Series([*lists, None], dtype=tables.TEXTS).iloc[codes].set_axis(texts.index)


def _tags(text: str) -> list[str]:
    if text.startswith("["):
        try:
            found = json.loads(text)
        except ValueError:
            found = None
        if isinstance(found, list):
            return [_tag(item) for item in found if item]
    return [tag for part in re.split(r"[,;|]", text) if (tag := part.strip())]


def _tag(item: object) -> str:
    return str(item.get("name", item)) if isinstance(item, dict) else str(item)
