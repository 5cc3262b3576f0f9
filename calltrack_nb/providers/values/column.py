"""What became of a column of texts that was read into values of one kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """A column of texts, read.

    Parameters
    ----------
    series : pandas.Series
        In the dtype of the kind; missing where nothing stands or nothing could be read.
    problems : mapping of str to numpy.ndarray of bool
        By reason, the rows whose text could not be read.
    remarks : mapping of str to numpy.ndarray of bool
        By reason, the rows that were read and are worth a check.
    """

    series: pd.Series[Any]
    problems: Mapping[str, Mask] = field(default_factory=dict)
    remarks: Mapping[str, Mask] = field(default_factory=dict)

    @property
    def unreadable(self) -> Mask:
        """The rows whose text could not be read, whatever the reason."""
        result = np.zeros(len(self.series), dtype=bool)
        for mask in self.problems.values():
            result |= mask
        return result


class Unreadable(str):
    """The reason why a text was not read, in place of its value."""

    __slots__ = ()


def read_distinct(values: pd.Series[Any], read: Callable[[str], object], dtype: Any) -> ReadColumn:
    """Read a column text by text, each distinct text once.

    Parameters
    ----------
    values : pandas.Series of str
    read : callable
        From a text to its value, None where it says that there is none, or
        :class:`Unreadable` with the reason.
    dtype : object
        Of the values.

    Examples
    --------
    >>> texts = pd.Series(["1", "x", "1"], dtype="str")
    >>> found = read_distinct(
    ...     texts, lambda text: int(text) if text.isdigit() else Unreadable("no digits"), "Int64"
    ... )
    >>> found.series.tolist(), found.problems["no digits"].tolist()
    ([1, <NA>, 1], [False, True, False])
    """
    codes, texts = pd.factorize(values)
    known = [read(str(text)) for text in texts]
    reasons = [str(value) if isinstance(value, Unreadable) else None for value in known]
    plain = [None if isinstance(value, Unreadable) else value for value in known]
    column = pd.Series([*plain, None], dtype=dtype).iloc[codes].set_axis(values.index)
    problems = {
        reason: np.array([*(other == reason for other in reasons), False])[codes]
        for reason in dict.fromkeys(filter(None, reasons))
    }
    return ReadColumn(column, problems)
