"""The tags of a call, in the notations in which exports put several into one cell."""

from __future__ import annotations

import ast
import json
import re
from typing import Any, Final

import pandas as pd

from calltrack_nb import schema
from calltrack_nb.providers.values.column import read_distinct

_MOST: Final = 20_000  # characters of a list that is looked at as code
# A mark between tags is followed by an even number of quotes.
_BETWEEN: Final = re.compile(r'[,;|\n](?=(?:[^"]*"[^"]*")*[^"]*$)')
_LISTED: Final = re.compile(r"\[.*\]|\{[^:]*\}|\(\s*['\"].*\)", re.DOTALL)
_QUOTED: Final = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
# NumPy writes a list without commas; Python would join its texts into one.
_WITHOUT_COMMAS: Final = re.compile(r"['\"]\s+['\"]")


def split_tags(texts: pd.Series[Any]) -> pd.Series[Any]:
    """Split tags into lists.

    Parameters
    ----------
    texts : pandas.Series of str
        Tags between commas, semicolons, bars or line breaks, ``"in quotes, together"``; or
        a list of JSON, Python, NumPy or PostgreSQL, of texts or of records with a name.

    Returns
    -------
    pandas.Series of list of str
        Missing where the text is.

    Examples
    --------
    >>> split_tags(pd.Series(["new, wedding", '["a, b", "c"]', "['wedding', 'Sale']"])).tolist()
    [['new', 'wedding'], ['a, b', 'c'], ['wedding', 'Sale']]
    """
    return read_distinct(texts, tags_in, schema.TEXTS).series


def tags_in(text: str) -> list[str]:
    """Return the tags in one text.

    Examples
    --------
    >>> tags_in('"Smith, J";VIP'), tags_in("{wedding,Sale}")
    (['Smith, J', 'VIP'], ['wedding', 'Sale'])
    """
    text = text.strip()
    if _LISTED.fullmatch(text):
        found = _listed(text)
        return [tag for item in found if (tag := _tag(item))]
    parts = re.split(r"[,;|\n]", text) if text.count('"') % 2 else _BETWEEN.split(text)
    return [tag for part in parts if (tag := _unquoted(part.strip()))]


def _listed(text: str) -> list[Any]:
    """Return the items of a list written as JSON, Python, NumPy or PostgreSQL write one."""
    if _WITHOUT_COMMAS.search(text):
        return ["".join(quoted) for quoted in _QUOTED.findall(text)]
    for read in (json.loads, ast.literal_eval) if len(text) <= _MOST else (json.loads,):
        try:
            found = read(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        if isinstance(found, (list, tuple)):
            return list(found)
    parts = [_unquoted(part.strip(" '")) for part in _BETWEEN.split(text[1:-1])]
    return [part for part in parts if part not in ("nan", "None", "null")]


def _tag(item: object) -> str:
    if isinstance(item, dict):
        item = next((item[key] for key in ("name", "label") if key in item), item)
    return "" if item is None else str(item).strip()


def _unquoted(text: str) -> str:
    quoted = len(text) > 1 and text.startswith('"') and text.endswith('"')
    return text[1:-1].replace('""', '"').strip() if quoted else text
