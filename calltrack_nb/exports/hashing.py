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

_ADDRESS: Final = re.compile(r"[^@\s<>,;()]+@[\w.-]+\.[\w-]*\w")
_NAMED: Final = re.compile(r"[^<>;,|\n]*<([^<>]+)>")
_AROUND: Final = "'\"()[]{}.:`"
_GMAIL: Final = ("gmail.com", "googlemail.com")


def hashed(text: str) -> str:
    """Return SHA-256 in lower-case hexadecimal digits.

    Examples
    --------
    >>> hashed("+18005550100")[:16]
    'fb4f73a6ec5fdb70'
    """
    return hashlib.sha256(text.encode()).hexdigest()


def plain_addresses(text: str) -> tuple[str, ...]:
    """Write the e-mail addresses of a cell in lower case without spaces, each once.

    Examples
    --------
    >>> plain_addresses(" User.Name+NYC@Example.com "), plain_addresses("none given")
    (('user.name+nyc@example.com',), ())
    >>> plain_addresses("Ann Lee <ann@example.com>; bob@example.com")
    ('ann@example.com', 'bob@example.com')
    """
    found = []
    for part in re.split(r"[;,|\n]+", _NAMED.sub(r"\1;", text)):
        whole = re.sub(r"\s", "", part).strip(_AROUND)
        for word in [whole] if _ADDRESS.fullmatch(whole) else re.split(r"[\s/]+", part):
            address = word.strip(_AROUND).lower().removeprefix("mailto:")
            found += [address] if _ADDRESS.fullmatch(address) else []
    return tuple(dict.fromkeys(found))


def google_address(address: str) -> str:
    """Write a plain e-mail address as Google matches it: Gmail's without dots and suffix.

    Empty where nothing stands before the suffix.

    Examples
    --------
    >>> google_address("cloudy.sanfrancisco+shopping@gmail.com")
    'cloudysanfrancisco@gmail.com'
    >>> google_address("user.name+nyc@example.com")
    'user.name+nyc@example.com'
    """
    name, _, domain = address.partition("@")
    if domain not in _GMAIL:
        return address
    name = name.partition("+")[0].replace(".", "")
    return f"{name}@{domain}" if name else ""


def hashed_person(
    rows: pd.DataFrame, write: Callable[[str], str] = str, *, agreed: bool
) -> tuple[pd.DataFrame, pd.Series[Any]]:
    """Hash the e-mail addresses and numbers of those who agreed to being sent.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``email``, whose cells may hold several addresses, and ``caller_number``.
    write : callable
        The form in which a plain address is matched.
    agreed : bool
        Without it, nothing of a person is sent, hashed or not: the columns are empty.

    Returns
    -------
    addresses : pandas.DataFrame of str
        The first address of each row in column 0, further ones in the next columns; empty
        where there is none.
    numbers : pandas.Series of str
    """
    if not agreed:
        nothing = pd.Series("", index=rows.index, dtype=object)
        return nothing.to_frame(0), nothing
    texts = rows["email"].astype(object).fillna("")
    found = [_hashed_addresses(text, write) for text in texts]
    most = max(map(len, found), default=1) or 1
    padded = [[*each, *[""] * (most - len(each))] for each in found]
    addresses = pd.DataFrame(padded, index=rows.index, columns=range(most), dtype=object)
    return addresses, hashed_column(rows["caller_number"])


def hashed_column(texts: pd.Series[Any]) -> pd.Series[Any]:
    """Hash a column of numbers as E.164; what is missing stays empty."""
    return texts.astype(object).map(lambda text: hashed(text) if isinstance(text, str) else "")


def _hashed_addresses(text: str, write: Callable[[str], str]) -> list[str]:
    written = dict.fromkeys(write(address) for address in plain_addresses(text))
    return [hashed(address) for address in written if address]
