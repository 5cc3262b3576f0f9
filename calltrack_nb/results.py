"""What every answer can do: be shown in a notebook, and be handed on as plain values.

>>> found = Result(pd.DataFrame({"calls": [3]}), "3 calls.", (Check("Enough", False, "Too few."),))
>>> found
Result: 3 calls. (1 row; failed: Enough)
>>> found.to_dict()["table"], found.to_dict()["checks"]
([{'calls': 3}], [{'name': 'Enough', 'passed': False, 'text': 'Too few.'}])
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import html
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle
from pathlib import PurePath
from typing import Any, Final

import numpy as np
import pandas as pd

from calltrack_nb.periods import Period
from calltrack_nb.phrasing import listed, number, plural

_MOST_ROWS: Final = 30
"""How many rows of a result's table a notebook shows."""


class BaseResult:
    """Base of the frozen dataclasses in which this package answers.

    A notebook shows the words of a result, and what could not be done, where the class
    has no page of its own.

    Examples
    --------
    >>> @dataclasses.dataclass(frozen=True)
    ... class Counted(BaseResult):
    ...     period: Period
    ...     calls: int
    >>> Counted(Period.parse("2026-08"), 12).to_dict()
    {'period': '2026-08', 'calls': 12}
    """

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values that JSON can hold.

        Returns
        -------
        dict
            Its fields by name, but those that are not meant to be shown, with ``text`` and
            ``problems`` where it has them. A table is a list of rows, a moment or a day is
            text as ISO 8601 writes it, money is text so that it stays exact, and what is
            missing is None.
        """
        told = (field for field in dataclasses.fields(self) if field.repr)  # type: ignore[arg-type]
        fields: list[str] = [field.name for field in told]
        more = [name for name in ("text", "problems") if hasattr(self, name)]
        return {name: plain(getattr(self, name)) for name in dict.fromkeys([*fields, *more])}

    def to_json(self, *, indent: int | None = None) -> str:
        """Return :meth:`to_dict` as JSON.

        Parameters
        ----------
        indent : int, optional
            Spaces a level is set in by; one line where not given.
        """
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent, allow_nan=False)

    def _repr_html_(self) -> str:
        return page(getattr(self, "text", repr(self)), problems=getattr(self, "problems", ()))


@dataclasses.dataclass(frozen=True, slots=True)
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


@dataclasses.dataclass(frozen=True, slots=True, repr=False, eq=False)
class Result(BaseResult):
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

    def __repr__(self) -> str:
        failed = [check.name for check in self.checks if check.passed is False]
        told = plural(len(self.table), "row") + (f"; failed: {listed(failed)}" if failed else "")
        return f"{type(self).__name__}: {self.text} ({told})"

    def _repr_html_(self) -> str:
        asked = [f"{check.name}: {check.answer}. {check.text}" for check in self.checks]
        return page(self.text, problems=asked, table=self.display())


@dataclasses.dataclass(frozen=True, slots=True)
class KeyFigure:
    """One figure that answers a question.

    Parameters
    ----------
    label : str
        What it counts.
    value : str
        As it is written.
    detail : str
        Its range, and what it is compared with.
    """

    label: str
    value: str
    detail: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Answer(BaseResult):
    """What a report answers before anything else.

    Parameters
    ----------
    sentences : tuple of str
        Three at most, the most important first.
    figures : tuple of KeyFigure
        Four at most.

    Examples
    --------
    >>> Answer(("Sixty of 243 calls qualified.",)).text
    'Sixty of 243 calls qualified.'
    """

    sentences: tuple[str, ...]
    figures: tuple[KeyFigure, ...] = ()

    @property
    def text(self) -> str:
        """The sentences as one paragraph."""
        return " ".join(self.sentences)


class Html(str):
    """HTML that a notebook shows as what it is; it is text all the same.

    Examples
    --------
    >>> Html("<p>Hello</p>")._repr_html_()
    '<p>Hello</p>'
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        return as_written(str(self))


def plain(value: object) -> Any:
    """Turn a value into what JSON knows.

    Examples
    --------
    >>> from decimal import Decimal
    >>> plain(pd.DataFrame({"day": [dt.date(2026, 8, 3)], "cost": [Decimal("1.10")]}))
    [{'day': '2026-08-03', 'cost': '1.10'}]
    >>> plain({"rate": float("nan"), "period": Period.parse("2026-08")})
    {'rate': None, 'period': '2026-08'}
    """
    if isinstance(value, BaseResult):
        return value.to_dict()
    if isinstance(value, pd.DataFrame):
        names = [str(name) for name in value.columns]
        columns = [plain(value.iloc[:, at].tolist()) for at in range(len(names))]
        return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    if isinstance(value, pd.Series | Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, Period | type):
        return {each.name: plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, Iterable) and not isinstance(value, str | PurePath):
        return [plain(item) for item in value]
    return _cell(value.item() if isinstance(value, np.generic) else value)


def _cell(value: object) -> Any:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, pd.Timedelta | dt.timedelta):
        return value.total_seconds()
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def page(
    text: str, *, problems: Sequence[str] = (), table: pd.DataFrame | None = None, more: str = ""
) -> str:
    """Write words, what could not be done, and a table as HTML that needs no style sheet.

    Parameters
    ----------
    text : str
        A paragraph a line; it is escaped, as are the others but `more`.
    problems : sequence of str
        One line each.
    table : pandas.DataFrame, optional
    more : str
        HTML to put below.

    Examples
    --------
    >>> page("Two & two", problems=["<gone>"])
    '<p>Two &amp; two</p><ul><li>&lt;gone&gt;</li></ul>'
    """
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines() if line.strip())
    points = "".join(f"<li>{html.escape(str(line))}</li>" for line in problems)
    rows = ""
    if table is not None and len(table):
        rows = rows_html(table.head(_MOST_ROWS))
        if len(table) > _MOST_ROWS:
            rows += f"<p>The first {_MOST_ROWS} of {number(len(table))} rows.</p>"
    return in_notebook(lines + (f"<ul>{points}</ul>" if points else "") + rows + more)


def rows_html(table: pd.DataFrame, *, form: str = "{:.2f}") -> str:
    """Write a table as HTML, its figures set to the right, fractions in the form said.

    Examples
    --------
    >>> " ".join(rows_html(pd.DataFrame({"calls": [3]})).split())[-65:]
    '<tr> <td style="text-align: right">3</td> </tr> </tbody> </table>'
    """
    lists = [str(name) for name, column in table.items() if column.map(_is_list).any()]
    shown = table.assign(**{name: table[name].map(_listed) for name in lists})
    rows = shown.to_html(index=False, border=0, na_rep="", float_format=form.format)
    figures = cycle([pd.api.types.is_numeric_dtype(kind) for kind in table.dtypes])
    return re.sub(r"<t[hd]>", lambda cell: _set_right(cell[0]) if next(figures) else cell[0], rows)


def in_notebook(shown: str) -> str:
    """Finish the HTML of a result: words begin on one line, and dollars are no formula.

    JupyterLab sets every cell of a table to the right.

    Examples
    --------
    >>> in_notebook("<table><tr><td>Flyer</td></tr></table>")
    '<table><tr><td style="text-align: left">Flyer</td></tr></table>'
    """
    return as_written(re.sub(r"<(t[hd])>", r'<\1 style="text-align: left">', shown))


def as_written(shown: str) -> str:
    """Keep a notebook from reading what stands between two dollars as a formula.

    Examples
    --------
    >>> as_written("<p>Between $75 and $160</p>")
    '<div class="mathjax_ignore"><p>Between $75 and $160</p></div>'
    >>> as_written("<p>At most $160</p>")
    '<p>At most $160</p>'
    """
    return f'<div class="mathjax_ignore">{shown}</div>' if shown.count("$") > 1 else shown


def _set_right(cell: str) -> str:
    return f'{cell[:-1]} style="text-align: right">'


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple | np.ndarray)


def _listed(value: Any) -> Any:
    return ", ".join(map(str, value)) if _is_list(value) else value
