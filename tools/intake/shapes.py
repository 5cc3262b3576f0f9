"""The shapes of call logs, read from their two files."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from tools.intake.calls import Locale
from tools.intake.cells import Column, parse_column


@dataclass(frozen=True, slots=True)
class Shape:
    """What one system's export looks like.

    Parameters
    ----------
    name : str
    columns : list of list of str
        See :mod:`tools.intake.cells`.
    locales : list of str or ``"all"``
        Countries whose offices get such files.
    providers : list of str
        Names by which the system may be called; none for a system nobody names.
    certain : str
        How the header is known.
    inbound_only, voicemail, header : bool
        Whether calls that go out are left out, voicemail is told from missed calls, and
        the file names its columns.
    delimiter, encoding : str
        ``$`` for those of the country.
    container : str
        ``csv``, ``xlsx`` or ``json``.
    legs : str
        Empty, ``ring group`` or ``parent and child``.
    preamble : list of list of str
        Lines above the header.
    strangers : list of dict
        Records that are no calls with a customer: what differs from a call's record.
    """

    name: str
    columns: list[list[str]]
    locales: list[str] | str
    providers: list[str] = field(default_factory=list)
    certain: str = "invented"
    inbound_only: bool = False
    voicemail: bool = True
    header: bool = True
    delimiter: str = ","
    encoding: str = "utf-8"
    container: str = "csv"
    legs: str = ""
    preamble: list[list[str]] = field(default_factory=list)
    strangers: list[dict[str, str]] = field(default_factory=list)

    def serves(self, country: str) -> bool:
        """Return whether offices of a country get such files."""
        return self.locales == "all" or country in self.locales

    @property
    def needed(self) -> frozenset[str]:
        """The columns that tell records of their own kind from calls."""
        legs = {"ParentCallSid", "Direction"} if self.legs == "parent and child" else set()
        return frozenset(legs.union(*self.strangers))

    def columns_for(self, locale: Locale) -> list[Column]:
        """Return the columns as a country's office sees them."""
        return [parse_column(line, locale) for line in self.columns]


def load_shapes() -> dict[str, Shape]:
    """Read every shape, by name."""
    shapes: dict[str, Shape] = {}
    for name in ("vendors.toml", "offices.toml"):
        text = Path(__file__).with_name(name).read_text("utf-8")
        shapes |= {key: Shape(name=key, **value) for key, value in tomllib.loads(text).items()}
    return shapes
