"""Who answers: one spelling for each person, and what is named there but is nobody."""

from __future__ import annotations

import re
from typing import Any, Final

import pandas as pd

_NOBODY: Final = re.compile(
    r"\b(?:voice ?mail(?: ?box)?|ivr|auto[ -]?attendant|call menu|menu|queue|ring ?group|"
    r"hunt ?group|unassigned|unknown|nobody|no one|none|n/?a|system|(?:chat ?|voice ?)?bot|"
    r"ai(?: (?:assistant|agent|receptionist))?|virtual (?:assistant|agent|receptionist))\b",
    re.IGNORECASE,
)


def agent_names(named: pd.Series[Any]) -> pd.Series[Any]:
    """Return the person whom each call names, missing where what is named is nobody.

    Names that differ only in case, in spaces or as "Last, First" are one person, written as
    most calls write it. A voicemail, a menu, a queue or a bot is nobody.

    Parameters
    ----------
    named : pandas.Series of str
        The column ``agent`` of the table ``calls``.

    Examples
    --------
    >>> agent_names(pd.Series(["Mary Smith", "mary  smith", "Smith, Mary", "Voicemail"])).tolist()
    ['Mary Smith', 'Mary Smith', 'Mary Smith', nan]
    """
    text = named.astype(object).str.split().str.join(" ")
    text = text.mask(text.eq("") | text.str.contains(_NOBODY).fillna(value=False).astype(bool))
    key = text.str.replace(r"^([^,]+), ([^,]+)$", r"\2 \1", regex=True).str.casefold()
    # of two spellings as frequent, the one that needs no turning round, then the first by letters
    spelled = pd.DataFrame({"key": key, "text": text, "turned": text.str.contains(",")})
    counts = spelled.value_counts().reset_index()
    counts = counts.sort_values(["count", "turned", "text"], ascending=[False, True, True])
    best = counts.drop_duplicates("key").set_index("key")["text"]
    found: pd.Series[Any] = key.map(best)
    return found
