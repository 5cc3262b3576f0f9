"""What stands in the columns of a file: times, telephone numbers, words of status."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
import phonenumbers

from calltrack_nb import schema
from calltrack_nb.providers.unknown.header_names import words
from calltrack_nb.providers.values import durations, numbers, phones, times
from calltrack_nb.providers.values.bare_numbers import dials_out, without_outside_line
from calltrack_nb.providers.values.clocks import clocks_in
from calltrack_nb.providers.values.words import DIRECTIONS, STATUSES, read_words
from calltrack_nb.providers.values.zones import is_abbreviation

_MOST_TEXTS: Final = 400
_LONGEST_LOG: Final = pd.Timedelta(days=6 * 366)
_TIME_OF_DAY: Final = re.compile(
    r"(?i)([01]?\d|2[0-3])[:.h]([0-5]\d)([:.]([0-5]\d)(\.\d+)?)?(\s*[ap](\.?\s?m\.?)?)?"
    r"(\s+[A-Z]{2,5})?"
)
_DOTTED: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.\d\d")
_ENOUGH_DAYS: Final = 4
_AUDIO: Final = re.compile(r"(?i)\.(mp3|wav|ogg|m4a|opus|gsm|flac|aac|wma)(\?.*)?$")
_EXTENSION: Final = re.compile(r"^\d{2,5}$|\(\d{2,5}\)$|^\d{2,5}\s*-\s|(?i:^ext)")
_URL: Final = re.compile(r"(?i)https?://")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}")
_DIGITS: Final = re.compile(r"\d+")
_NUMBER: Final = re.compile(r"[-+]?\d[\d.,]*")


@dataclass(frozen=True, slots=True)
class Kind:
    """What the cells of one column are.

    Parameters
    ----------
    name : str
        The column.
    texts : pandas.Series of str
        Its cells in the sample, missing where blank.
    shares : dict of str to float
        For each kind of value, the share of the filled cells that are of it: ``phone``
        (a number that exists), ``possible`` (one that could),
        ``moment`` (a day and a time), ``day``, ``clock``, ``duration`` (with a unit or
        colons), ``number``, ``integer``, ``extension``, ``flag``, ``status``,
        ``direction``, ``audio``, ``url``, ``email``, ``zone``, ``abbreviation`` (of a
        zone, such as EST).
    filled : float
        The share of cells that are not blank.
    distinct : int
        How many different texts there are.
    """

    name: str
    texts: pd.Series[Any]
    shares: dict[str, float] = field(default_factory=dict)
    filled: float = 0.0
    distinct: int = 0

    def share(self, kind: str) -> float:
        """Return the share of filled cells of one kind."""
        return self.shares.get(kind, 0.0)


def kind_of(name: str, texts: pd.Series[Any], country: str) -> Kind:
    """Look at the cells of a column.

    Parameters
    ----------
    name : str
        The column's name.
    texts : pandas.Series of str
        Its first rows.
    country : str
        Two letters; telephone numbers without a country code are its.
    """
    texts = texts.mask(_is_no_epoch(texts))
    filled = texts.dropna()
    if not len(filled):
        return Kind(name, texts)
    distinct = filled.drop_duplicates()
    sample = distinct.head(_MOST_TEXTS)
    counts = filled.value_counts().reindex(sample).to_numpy(dtype=float)
    weight = counts / counts.sum()

    def share(mask: Any) -> float:
        return float(np.asarray(mask, dtype=bool) @ weight)

    dialled = without_outside_line(sample) if dials_out(sample, country) else sample
    digits = sample.map(lambda text: bool(_DIGITS.fullmatch(text)))
    clock = sample.map(lambda text: bool(_TIME_OF_DAY.fullmatch(text.strip())))
    clock &= ~_dotted_days(sample)
    timed = _times(sample, clock.to_numpy(dtype=bool))
    shares = {
        "phone": share(_phones(dialled, country)),
        "possible": share(phones.read_phones(dialled, country).series.notna()),
        "extension": share(sample.map(lambda text: bool(_EXTENSION.search(text)))),
        **{kind: share(mask) for kind, mask in timed.items()},
        "clock": share(clock),
        "duration": share(_durations(sample)),
        "number": share(sample.map(lambda text: bool(_NUMBER.fullmatch(text)))),
        "integer": share(digits),
        "flag": share(numbers.to_flag(sample).series.notna()),
        "status": share(read_words(sample, STATUSES, schema.STATUSES).series.notna()),
        "direction": share(read_words(sample, DIRECTIONS, schema.DIRECTIONS).series.notna()),
        "audio": share(sample.map(lambda text: bool(_AUDIO.search(text)))),
        "url": share(sample.map(lambda text: bool(_URL.match(text)))),
        "email": share(sample.map(lambda text: bool(_EMAIL.fullmatch(text)))),
        "zone": share(sample.map(lambda text: "/" in text and times.zone_name(text) is not None)),
        "abbreviation": share(sample.map(is_abbreviation)),
    }
    return Kind(name, texts, shares, len(filled) / len(texts), len(distinct))


def _dotted_days(sample: pd.Series[Any]) -> Any:
    """Find the days written ``01.07.26``, each of which might be a time as well.

    All of a column's are days where each has a month: minutes go beyond twelve soon.
    """
    found = [_DOTTED.fullmatch(text.strip()) for text in sample]
    parts = [(int(match[1]), int(match[2])) for match in found if match]
    days = all(0 < day <= 31 and 0 < month <= 12 for day, month in parts)
    told = len(parts) >= _ENOUGH_DAYS or any(day > 23 for day, _ in parts)
    return np.array([bool(match) and days and told for match in found], dtype=bool)


def _is_no_epoch(texts: pd.Series[Any]) -> Any:
    """Find the zeros that stand for no time in a column of seconds since 1970."""
    zero = (texts == "0").to_numpy(dtype=bool)
    others = texts[~zero].dropna()
    counted = others.str.fullmatch(r"\d{10}|\d{13}") if zero.any() else others.isna()
    return zero & bool(len(others) and counted.mean() > 0.9)


def _phones(sample: pd.Series[Any], country: str) -> Any:
    """Find the texts that are telephone numbers that exist, or say that one is withheld."""
    read = phones.read_phones(sample, country)
    valid = [
        not pd.isna(number) and phonenumbers.is_valid_number(phonenumbers.parse(str(number)))
        for number in read.series
    ]
    withheld = read.series.isna().to_numpy() & ~read.unreadable
    letters = sample.str.contains(r"[A-Za-z]{4}", regex=True).to_numpy(dtype=bool)
    return np.array(valid, dtype=bool) | (withheld & letters)


def _times(sample: pd.Series[Any], clock: Any) -> dict[str, Any]:
    """Tell moments (a day with a time of day) from days."""
    nothing = np.zeros(len(sample), dtype=bool)
    plain = sample.str.fullmatch(r"\d+(?:\.\d+)?").to_numpy(dtype=bool)
    read = times.read_times(sample.where(~clock), "UTC", times.date_order(sample, "US"))
    good = read.series.notna().to_numpy()
    clocks = clocks_in(sample)
    timed = clocks.notna().to_numpy()
    written = good & ~plain
    if (written & timed).any() and not (clocks[written] > pd.Timedelta(0)).any():
        timed = nothing  # a spreadsheet writes a day as its midnight
    epoch = plain & good & sample.str.fullmatch(r"\d{10}|\d{13}|\d{16}").to_numpy(dtype=bool)
    serial = plain & good & ~epoch & sample.str.fullmatch(r"[34]\d{4}\.\d+").to_numpy(dtype=bool)
    if epoch.any():
        moments = read.series[epoch]
        near = moments.max() - moments.min() < _LONGEST_LOG
        epoch = epoch & bool(near and epoch.sum() == plain.sum() and moments.min().year >= 2005)
    return {
        "moment": (written & timed) | epoch | serial | nothing,
        "day": written & ~timed,
        "epoch": epoch,
    }


def _durations(sample: pd.Series[Any]) -> Any:
    """Find the texts that are durations by themselves: with colons, or with a unit."""
    read = durations.to_seconds(sample).series.notna().to_numpy()
    plain = sample.str.fullmatch(r"[\d.,\s]+").to_numpy(dtype=bool)
    return read & ~plain


def what_it_seems(columns: Sequence[str]) -> str | None:
    """Name what a file that is no log of calls seems to be, by its columns; None if unsure.

    Examples
    --------
    >>> what_it_seems(["Event name", "Event count", "Total users"])
    'a Google Analytics report'
    """
    said = {word for column in columns for word in words(column)}
    return next((name for name, marks in _SEEMS if any(mark <= said for mark in marks)), None)


TRANSCRIPTS: Final = "a transcript of calls, or what was made of one"
COSTS: Final = "a cost report of advertising"
SALES: Final = ("a list of invoices", "a list of orders")
_SEEMS: Final[tuple[tuple[str, tuple[frozenset[str], ...]], ...]] = (
    (
        TRANSCRIPTS,
        (
            frozenset({"sentence", "index"}),
            frozenset({"speaker", "text"}),
            frozenset({"operator", "sid", "type"}),
            frozenset({"customer", "key", "language", "code"}),
        ),
    ),
    (
        "a Google Analytics report",
        (
            frozenset({"event", "count", "users"}),
            frozenset({"sessions", "users"}),
            frozenset({"session", "source", "medium", "sessions"}),
            frozenset({"views", "users"}),
            frozenset({"bounce", "rate"}),
        ),
    ),
    (
        SALES[0],
        (frozenset({"invoice"}), frozenset({"rechnung"}), frozenset({"facture"})),
    ),
    (
        SALES[1],
        tuple(map(frozenset, ({"order"}, {"sku"}, {"qty"}, {"quantity"}, {"bestellung"}))),
    ),
    (
        COSTS,
        (frozenset({"clicks", "cost"}), frozenset({"impressions", "clicks"}), frozenset({"impr"})),
    ),
    ("a list of contacts", (frozenset({"email", "first", "last"}), frozenset({"vcard"}))),
    (
        "a bank statement",
        (frozenset({"debit", "credit"}), frozenset({"balance", "amount"}), frozenset({"iban"})),
    ),
    (
        "a list of appointments",
        (
            *(frozenset({word}) for word in ["appointment", "treatment", "therapist", "stylist"]),
            *(frozenset({word}) for word in ["booking", "reservation", "termin", "service"]),
            frozenset({"event", "location"}),
        ),
    ),
)
