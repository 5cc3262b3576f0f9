"""What every analysis gives: words, the table behind them, and how far to trust both.

>>> found = Result(pd.DataFrame({"calls": [3]}), "3 calls.", (Check("Enough", False, "Too few."),))
>>> found
Result: 3 calls. (1 row; failed: Enough)
>>> found.to_dict()["table"], found.to_dict()["checks"]
([{'calls': 3}], [{'name': 'Enough', 'passed': False, 'text': 'Too few.'}])
"""

from __future__ import annotations

import datetime as dt
import html
import json
import math
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np
import pandas as pd

from calltrack_nb.phrasing import listed, plural


@dataclass(frozen=True, slots=True)
class Check:
    """A question put to the data before a figure is believed, and its answer.

    Parameters
    ----------
    name : str
        Short name of the question.
    passed : bool or None
        Whether the figure may be believed on this count; None where the check
        only informs or could not be made.
    text : str
        The answer in plain words.
    """

    name: str
    passed: bool | None
    text: str

    @property
    def answer(self) -> str:
        """The answer in a word.

        Returns
        -------
        str
            ``passed``, ``failed`` or ``for information``.
        """
        return {True: "passed", False: "failed", None: "for information"}[self.passed]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Result:
    """A finding in plain words, with the figures behind it.

    The dataclasses that derive from this say what their table holds; where its figures
    need ranges and units to be read, they override :meth:`display`.

    Parameters
    ----------
    table : pandas.DataFrame
        The figures, as numbers.
    text : str
        What follows from them.
    checks : tuple of Check
        How far both can be trusted.
    """

    table: pd.DataFrame
    text: str
    checks: tuple[Check, ...] = ()

    def display(self) -> pd.DataFrame:
        """Return the table as a reader sees it."""
        return self.table

    def to_dict(self) -> dict[str, Any]:
        """Return everything in types that JSON knows.

        Returns
        -------
        dict
            By field; tables as lists of records, days and moments in ISO's notation, money
            as strings, so that no cent is lost, and None where there is no value. Fields
            that are not meant to be shown (``repr=False``) are left out.
        """
        return {item.name: plain(getattr(self, item.name)) for item in fields(self) if item.repr}

    def to_json(self) -> str:
        """Return :meth:`to_dict` as a text in JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False)

    def __repr__(self) -> str:
        failed = [check.name for check in self.checks if check.passed is False]
        told = plural(len(self.table), "row") + (f"; failed: {listed(failed)}" if failed else "")
        return f"{type(self).__name__}: {self.text} ({told})"

    def _repr_html_(self) -> str:
        body = "".join(f"<p>{html.escape(line)}</p>" for line in self.text.split("\n\n") if line)
        table = self.display()
        shown = table.to_html(index=False, border=0, na_rep="-") if len(table.columns) else ""
        asked = "".join(
            f"<li>{html.escape(f'{check.name}: {check.answer}. {check.text}')}</li>"
            for check in self.checks
        )
        return body + shown + (f"<ul>{asked}</ul>" if asked else "")


def plain(value: Any) -> Any:
    """Return a value in types that JSON knows.

    Examples
    --------
    >>> from decimal import Decimal
    >>> plain((dt.date(2026, 7, 4), Decimal("9.10"), np.float64("nan"), np.int64(3), pd.NaT))
    ['2026-07-04', '9.10', None, 3, None]
    """
    if isinstance(value, pd.DataFrame):
        names = [str(name) for name in value.columns]
        rows = value.itertuples(index=False, name=None)
        return [dict(zip(names, map(plain, row), strict=True)) for row in rows]
    if isinstance(value, pd.Series):
        return [{"at": plain(at), "value": plain(one)} for at, one in value.items()]
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset | np.ndarray):
        return [plain(one) for one in value]
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> Any:
    if value is None or pd.isna(value):
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value.isoformat() if isinstance(value, dt.date) else str(value)
