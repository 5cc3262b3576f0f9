"""What all results of this room share: words and a table that travel together."""

from __future__ import annotations

import pandas as pd

from calltrack_nb.effectiveness import words
from calltrack_nb.results import BaseResult


class Result(BaseResult):
    """A finding: `text` in plain words and `table` with the figures behind it.

    The frozen dataclasses that derive from this say what their table holds; where its
    figures need ranges and units to be read, they override :meth:`display`.
    """

    __slots__ = ()

    text: str
    table: pd.DataFrame

    def display(self) -> pd.DataFrame:
        """Return the table as a reader sees it."""
        return self.table

    def _repr_html_(self) -> str:
        return words.html(self.text, self.display())
