"""The shape of what is read: a value, where it stands, and what is in doubt about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Value:
    """Something wished, read from words.

    Attributes
    ----------
    kind : str
        ``day``, ``part``, ``time``, ``place``, ``how``, ``budget``, ``what`` or ``contact``.
    start, end : int
        Where it stands in what was said; after reading, before that in the text in figures.
    value : str or None
        Normalised; None where more than one reading is as likely.
    either : str or None
        The readings between which the words leave open.

    Notes
    -----
    A day is a date (``2026-12-05``), two with a slash between for from and to, a week
    (``2026-W49``), a month (``2026-12``), a year, a day of every week (``Saturday``,
    ``weekdays``, ``weekend``) or ``as soon as possible``. A time is ``16:30``,
    ``after 17:00``, ``before 12:00`` or ``14:00-16:00``, on a clock of 24
    hours. A budget is an amount, ``under 500`` or ``150-200``.
    """

    kind: str
    start: int
    end: int
    value: str | None
    either: str | None = None
