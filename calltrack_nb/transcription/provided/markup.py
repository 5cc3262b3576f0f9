"""HTML in what a provider writes, read as what it shows."""

from __future__ import annotations

import html
import re
from typing import Final

_HIDDEN: Final = re.compile(
    r"<(script|style|head)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE
)
_BLOCK: Final = re.compile(
    r"<(?:br|hr|/?(?:p|div|li|ul|ol|tr|table|tbody|thead|h[1-6]|html|body|section|dl|dt|dd))\b[^<>]*>",
    re.IGNORECASE,
)
_INLINE: Final = re.compile(
    r"</?(?:a|b|i|u|em|strong|span|font|small|sup|sub|td|th|mark|code|img|label|time)\b[^<>]*>",
    re.IGNORECASE,
)
# escape sequences of terminals, and signs that turn the direction of what follows
_UNSEEN: Final = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]"
)


def shown(text: str) -> str:
    """Return what a page shows of HTML; marks such as ``<CREDIT_CARD>`` are no tags of it.

    Examples
    --------
    >>> shown("<p>Salt &amp; pepper, <b>please</b>: <CREDIT_CARD></p>").split()
    ['Salt', '&', 'pepper,', 'please', ':', '<CREDIT_CARD>']
    """
    if "<" in text:
        text = _INLINE.sub(" ", _BLOCK.sub("\n", _HIDDEN.sub(" ", text)))
    return _UNSEEN.sub("", html.unescape(text))
