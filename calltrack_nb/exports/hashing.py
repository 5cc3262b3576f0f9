"""Numbers and e-mail addresses as SHA-256, in the form that advertising systems match by.

Google's rules: https://developers.google.com/data-manager/api/devguides/concepts/formatting.
Microsoft's pages name SHA-256 and E.164 and no other rule:
https://learn.microsoft.com/advertising/bulk-service/offline-conversion.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any, Final

import pandas as pd

_ADDRESS: Final = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s.<>,;]+")
_NAMED: Final = re.compile(r"[^<>]*<([^<>]+)>")
_GMAIL: Final = ("gmail.com", "googlemail.com")


def hashed(text: str) -> str:
    """Return SHA-256 in lower-case hexadecimal digits.

    Examples
    --------
    >>> hashed("+18005550100")[:16]
    'fb4f73a6ec5fdb70'
    """
    return hashlib.sha256(text.encode()).hexdigest()


def plain_address(text: str) -> str:
    """Write an e-mail address in lower case without spaces; empty where it is none.

    Examples
    --------
    >>> plain_address(" User.Name+NYC@Example.com "), plain_address("none given")
    ('user.name+nyc@example.com', '')
    >>> plain_address("Ann Lee <ann@example.com>")
    'ann@example.com'
    """
    name = _NAMED.fullmatch(text.strip())
    address = re.sub(r"\s", "", name.group(1) if name else text).lower()
    return address if _ADDRESS.fullmatch(address) else ""


def google_address(text: str) -> str:
    """Write an e-mail address as Google matches it: Gmail's without dots and suffix.

    Examples
    --------
    >>> google_address("Cloudy.SanFrancisco+shopping@gmail.com")
    'cloudysanfrancisco@gmail.com'
    >>> google_address("User.Name+NYC@Example.com")
    'user.name+nyc@example.com'
    """
    address = plain_address(text)
    name, _, domain = address.partition("@")
    if domain not in _GMAIL:
        return address
    name = name.partition("+")[0].replace(".", "")
    return f"{name}@{domain}" if name else ""


def hashed_person(
    rows: pd.DataFrame, address: Callable[[str], str], *, agreed: bool
) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Hash the e-mail addresses and numbers of those who agreed to being sent.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``email`` and ``caller_number``.
    address : callable
        The form in which addresses are matched.
    agreed : bool
        Without it, nothing of a person is sent, hashed or not: the columns are empty.

    Returns
    -------
    addresses, numbers : pandas.Series of str
    """
    if not agreed:
        nothing = pd.Series("", index=rows.index, dtype=object)
        return nothing, nothing
    return hashed_column(rows["email"], address), hashed_column(rows["caller_number"])


def hashed_column(texts: pd.Series[Any], write: Callable[[str], str] = str) -> pd.Series[Any]:
    """Hash a column; what is missing, or nothing once it is written out, stays empty.

    Parameters
    ----------
    texts : pandas.Series of str
        Numbers as E.164, or e-mail addresses.
    write : callable
        The form in which they are matched.
    """
    plain = texts.astype(object).map(write, na_action="ignore")
    return plain.map(lambda text: hashed(text) if isinstance(text, str) and text else "")
