"""The dated table of places that may ask for everyone's consent to a recording.

``consent.toml`` beside this module is meant to be edited: a copy of it can be read by
:func:`consent_table` and handed to the check.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Literal

import pandas as pd

from calltrack_nb.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """One row of the table.

    Parameters
    ----------
    code : str
        ISO 3166: ``US-CA`` for a state, ``DE`` for a country.
    name : str
        Its name in English.
    rule : {"all", "one", "unsettled"}
        Whose consent the cited text asks for on the telephone; ``all`` raises the check.
    citation : str
        Where to read it.
    note : str
        What is doubtful.
    checked : datetime.date
        When the row was last looked at.
    """

    code: str
    name: str
    rule: Literal["all", "one", "unsettled"]
    citation: str
    note: str
    checked: dt.date


def consent_table(path: Path | None = None) -> tuple[Jurisdiction, ...]:
    """Read the table.

    Parameters
    ----------
    path : pathlib.Path, optional
        An edited copy; by default the one in the package.

    Raises
    ------
    SettingsError
        When the file cannot be read or a row lacks a field.

    Examples
    --------
    >>> {place.code for place in consent_table() if place.rule == "all"} >= {"US-CA", "US-FL"}
    True
    """
    source = path or resources.files("calltrack_nb.audit") / "consent.toml"
    try:
        rows = tomllib.loads(source.read_text(encoding="utf-8"))["place"]
        return tuple(
            Jurisdiction(
                code=row["code"],
                name=row["name"],
                rule=row["rule"],
                citation=row["citation"],
                note=row.get("note", ""),
                checked=row["checked"],
            )
            for row in rows
        )
    except (OSError, KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            "The table of consent rules cannot be read",
            where=f"{source} ({error!r})",
            fix="Give each [[place]] a code, name, rule, citation and checked",
        ) from error


def region_code(region: str | float | None, country: str | float | None, home: str) -> str | None:
    """Return the ISO code of where a caller rang from.

    Parameters
    ----------
    region, country : str or missing
        As the provider writes them: ``CA`` or ``California``, ``US`` or missing.
    home : str
        The business's country, for callers without one.

    Examples
    --------
    >>> region_code("California", None, "US"), region_code(None, "DE", "US")
    ('US-CA', 'DE')
    """
    land = str(country).strip().upper() if pd.notna(country) else home
    land = {"USA": "US", "UNITED STATES": "US", "CANADA": "CA", "GERMANY": "DE"}.get(land, land)
    if land != "US":
        return land
    if pd.isna(region):
        return None
    state = str(region).strip()
    code = state.upper() if len(state) == 2 else _STATES.get(state.casefold())
    return f"US-{code}" if code else None


_STATES = {
    "california": "CA", "connecticut": "CT", "delaware": "DE", "florida": "FL", "illinois": "IL",
    "maryland": "MD", "massachusetts": "MA", "michigan": "MI", "montana": "MT", "nevada": "NV",
    "new hampshire": "NH", "oregon": "OR", "pennsylvania": "PA", "vermont": "VT",
    "washington": "WA",
}  # fmt: skip
