"""What a reader knows of a file besides its rows: the notation of each column, for one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

import pandas as pd

from calltrack_nb.providers.fields import known_zone
from calltrack_nb.providers.values import numbers, times
from calltrack_nb.providers.values.bare_numbers import dials_out, lacks_plus
from calltrack_nb.providers.values.clocks import tell_time
from calltrack_nb.providers.values.numbers import DecimalMark
from calltrack_nb.settings import FILE_NAME, Settings

DIGITS: Final = r"[\d.]+"
"""A text of digits: an epoch or a spreadsheet's day count, where a time is expected."""

_LOOKED_AT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader knows besides the rows.

    Parameters
    ----------
    settings : Settings
    provider : str
    sample : pandas.DataFrame
        The first rows of the file, by which the notation of each column is decided once
        for all of it.
    own_numbers : frozenset of str
        The business's own telephone numbers, as far as they are known.
    title_range : tuple of datetime.date, optional
        The first and last day that the lines above the header name.
    zone : str
        What the file's mapping says of times without an offset.
    """

    settings: Settings
    provider: str
    sample: pd.DataFrame = field(default_factory=pd.DataFrame)
    own_numbers: frozenset[str] = frozenset()
    title_range: tuple[dt.date, dt.date] | None = None
    zone: str = ""
    _decided: dict[tuple[str, ...], Any] = field(default_factory=dict, repr=False)

    def decimal_mark(self, columns: Sequence[str]) -> DecimalMark:
        """Return what stands before the decimals in some columns of the file."""
        key = ("mark", *columns)
        if key not in self._decided:
            country = self.settings.business.country
            others = [self.sample[name] for name in self.sample.columns if name not in columns]
            self._decided[key] = numbers.decimal_mark(self._texts(columns), country, others)
        return cast("DecimalMark", self._decided[key])

    def lacks_plus(self, columns: Sequence[str]) -> bool:
        """Tell whether some columns hold international numbers without their plus."""
        key = ("plus", *columns)
        if key not in self._decided:
            country = self.settings.business.country
            self._decided[key] = lacks_plus(self._texts(columns), country)
        return bool(self._decided[key])

    def dials_out(self, columns: Sequence[str]) -> bool:
        """Tell whether numbers of some columns begin with the 9 of an outside line."""
        key = ("out", *columns)
        if key not in self._decided:
            country = self.settings.business.country
            self._decided[key] = dials_out(self._texts(columns), country)
        return bool(self._decided[key])

    def date_order(self, columns: Sequence[str]) -> times.DateOrder:
        """Return how the days of some columns of the file are written."""
        key = ("order", *columns)
        if key not in self._decided:
            others = [self.sample[name] for name in self.sample.columns if name not in columns]
            country = self.settings.business.country
            self._decided[key] = times.date_order(self._texts(columns), country, others)
        return cast("times.DateOrder", self._decided[key])

    def _texts(self, columns: Sequence[str]) -> pd.Series[Any]:
        parts = [self.sample[name] for name in columns if name in self.sample]
        return pd.concat(parts) if parts else pd.Series([], dtype="str")

    @property
    def said_zone(self) -> str:
        """The zone of times without an offset by file, mapping or provider; empty for none."""
        said = self.settings.sources.timezones.get(self.provider, "")
        of_provider = known_zone(said, f"{FILE_NAME}, sources.timezones.{self.provider}")
        return self.zone or of_provider

    def holds_days(self, columns: Sequence[str]) -> bool:
        """Tell whether some columns of the file hold days and no times of day.

        A spreadsheet writes a day as its midnight, so midnight alone is no time of day.
        """
        every = self._texts(columns).dropna().head(_LOOKED_AT)
        texts = every[~every.str.fullmatch(DIGITS)]
        return len(texts) > len(every) / 2 and not tell_time(texts)

    def several(self, columns: Sequence[str]) -> bool:
        """Tell whether some columns of the file name more than one thing."""
        return len(self._texts(columns).dropna().str.strip().str.casefold().unique()) > 1
