"""What the address of a page says of the visit: click ids and the parameters of a campaign."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import unquote_plus

import pandas as pd

CLICK_IDS: Final = ("gclid", "wbraid", "gbraid", "msclkid", "fbclid")
"""The kinds of click id, Google's first."""

# a template that nothing was put into, or the end of what a list shows of an address
_NO_VALUE: Final = r"[{}…]|\.\.\.$"


def parameter(addresses: pd.Series[Any], name: str) -> pd.Series[Any]:
    """Return a parameter of addresses, decoded; missing where it is not there or says nothing.

    Parameters
    ----------
    addresses : pandas.Series of str
    name : str
        Such as ``utm_source``.

    Examples
    --------
    >>> pages = pd.Series(["https://a.example/?utm_campaign=Spring+sale&b=1", "/?utm_campaign={c}"])
    >>> parameter(pages, "utm_campaign").tolist()
    ['Spring sale', nan]
    """
    written = addresses.str.extract(rf"(?i)[?&#;]{name}=([^&#;\s]+)", expand=False)
    said = written.map(unquote_plus, na_action="ignore").astype("str").str.strip()
    return said.mask(said.str.contains(_NO_VALUE, regex=True, na=False) | (said == ""))


def clicks_in(addresses: pd.Series[Any]) -> pd.Series[Any]:
    """Return the click id that each address carries, as ``gclid:…``.

    Examples
    --------
    >>> clicks_in(pd.Series(["https://a.example/?utm_source=bing&msclkid=ab1", "/cakes"])).tolist()
    ['msclkid:ab1', nan]
    """
    found = pd.Series(None, index=addresses.index, dtype="str")
    for kind in CLICK_IDS:
        value = parameter(addresses, kind)
        found = found.fillna(kind + ":" + value.where(value.str.fullmatch(r"[\w.-]+", na=False)))
    return found
