"""Where callers are: by city, and by how far from the business."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd

from calltrack_nb import phrasing
from calltrack_nb.calls import counted, gazetteer
from calltrack_nb.effectiveness.rates import rate_ends
from calltrack_nb.periods import Period
from calltrack_nb.results import Check, Result
from calltrack_nb.settings import Settings

BANDS: Final = (0.0, 5.0, 15.0, 50.0, 150.0)
"""Where the bands of distance begin, in the reader's unit."""

_ITSELF: Final = 0.5
"""Below this a distance would be written as 0: the caller's place is the business's own."""

OTHER: Final = "other places"
_COLUMNS: Final = (
    "place", "distance", "east", "north", "calls", "people", "qualified", "qualified_rate",
    "qualified_rate_low", "qualified_rate_high",
)  # fmt: skip
_BAND_COLUMNS: Final = ("distance", *_COLUMNS[4:])


@dataclass(frozen=True, slots=True, repr=False, eq=False, kw_only=True)
class Places(Result):
    """Calls by the caller's city, and by distance.

    Parameters
    ----------
    table : pandas.DataFrame
        ``place``, ``distance`` (from the business, in `unit`; NaN where not known),
        ``east``, ``north`` (the same as a place on a map), ``calls``, ``people``,
        ``qualified``, ``qualified_rate`` with ends.
    bands : pandas.DataFrame
        ``distance`` (such as "5 to 15 miles") and the same figures; empty where the
        business's own city is not known.
    unit : str
        miles or km.
    home : str
        The business's city; empty where it is not known.
    text : str
        Where most callers are, in words.
    checks : tuple of Check
        What the places rest on.
    """

    bands: pd.DataFrame
    unit: str
    home: str

    def display(self) -> pd.DataFrame:
        """Return the table as a reader sees it."""
        rows = self.table
        away = {f"Away ({self.unit})": rows["distance"].map(phrasing.number)} if self.home else {}
        return pd.DataFrame({"Place": rows["place"], **away, **_written(rows)})

    def display_bands(self) -> pd.DataFrame:
        """Return the bands of distance as a reader sees them."""
        return pd.DataFrame({"Distance": self.bands["distance"], **_written(self.bands)})


def places(calls: pd.DataFrame, settings: Settings, period: Period) -> Places:
    """Count calls by the caller's city and by its distance from the business.

    Parameters
    ----------
    calls : pandas.DataFrame
        The ``calls`` table.
    settings : Settings
        ``business.city`` and ``business.region`` say where distances begin.
    period : Period
        Local days.

    Notes
    -----
    The city is the provider's; where it gives none, the place that the number was given
    out for. Cities with fewer calls than ``evidence.min_group`` are pooled. Rates have
    Wilson's interval at the effective number of calls.
    """
    unit, kilometres = gazetteer.unit_of(settings.business.country)
    kept = counted(calls, settings, period)
    located = _located(kept, settings)
    known = located[located["place"] != ""]
    if known.empty:
        nothing = pd.DataFrame(columns=list(_COLUMNS))
        none = pd.DataFrame(columns=list(_BAND_COLUMNS))
        return Places(
            nothing, "The log does not say where callers are.", bands=none, unit=unit, home=""
        )
    business = settings.business
    centre = (
        gazetteer.towns(business.country).find(business.city, business.region)
        if business.city
        else None
    )
    if centre is not None:
        across = gazetteer.plane(known[["latitude", "longitude"]].to_numpy(), centre) / kilometres
    else:
        across = np.full((len(known), 2), np.nan)
    known = known.assign(east=across[:, 0], north=across[:, 1], distance=np.hypot(*across.T))
    table = _by_place(known, settings)
    bands = _by_band(known, unit, settings.evidence.level) if centre is not None else None
    home = business.city if centre is not None else ""
    return Places(
        table[list(_COLUMNS)],
        _in_words(known, kept, table, home, unit),
        _checks(known, kept, settings, found=centre is not None),
        bands=pd.DataFrame(columns=list(_BAND_COLUMNS)) if bands is None else bands,
        unit=unit,
        home=home,
    )


def _located(kept: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Give every counted call its place's name and coordinates, NaN where not known."""
    home = settings.business.country
    spots = pd.DataFrame(
        {
            "city": kept["caller_city"].astype(object).fillna("").astype(str).str.strip(),
            "region": kept["caller_region"].astype(object).fillna("").astype(str).str.strip(),
            "country": kept["caller_country"].astype(object).fillna(home).astype(str),
        }
    )
    silent = (spots["city"] == "").to_numpy()
    numbers = kept.loc[silent, "caller_number"].astype(object)
    by_number = {
        str(number): gazetteer.place_of_number(str(number)) for number in numbers.dropna().unique()
    }
    inferred = [by_number.get(str(number), ("", "")) for number in numbers]
    spots.loc[silent, ["city", "region"]] = inferred or np.empty((0, 2), dtype=object)
    each = spots.drop_duplicates()
    found = [
        (_name(city, region, country, home), *_spot(city, region, country))
        for city, region, country in each.itertuples(index=False)
    ]
    each = each.assign(
        place=[place for place, *_ in found],
        latitude=[latitude for _, latitude, _ in found],
        longitude=[longitude for *_, longitude in found],
    )
    placed = spots.merge(each, on=["city", "region", "country"], how="left")
    return pd.concat([kept, placed[["place", "latitude", "longitude"]]], axis=1).assign(
        inferred=silent
    )


def _spot(city: str, region: str, country: str) -> tuple[float, float]:
    found = gazetteer.towns(country).find(city, region) if city and len(country) == 2 else None
    return (np.nan, np.nan) if found is None else (found.latitude, found.longitude)


def _name(city: str, region: str, country: str, home: str) -> str:
    name = ", ".join(part for part in (city.title(), region) if part) if city else ""
    if not name and region:
        name = f"somewhere in {region}"
    return f"{name}, {country}" if name and country != home else name


def _by_place(known: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    sizes = known["place"].map(known["place"].value_counts())
    small = (sizes < settings.evidence.min_group).to_numpy()
    pooled = known.assign(place=known["place"].where(~small, OTHER))
    where = pooled.drop_duplicates("place").set_index("place")[["distance", "east", "north"]]
    if OTHER in where.index:
        where.loc[OTHER] = np.nan
    table = _figures(pooled, "place", settings.evidence.level).join(where, on="place")
    return table.sort_values("calls", ascending=False, ignore_index=True)


def _by_band(known: pd.DataFrame, unit: str, level: float) -> pd.DataFrame:
    names = [
        f"under {BANDS[1]:.0f} {unit}",
        *(f"{low:.0f} to {high:.0f} {unit}" for low, high in pairwise(BANDS[1:])),
        f"over {BANDS[-1]:.0f} {unit}",
        "not known",
    ]
    away = known["distance"].to_numpy()
    place = np.searchsorted(BANDS, away, side="right").astype(int) - 1
    place[np.isnan(away)] = len(BANDS)
    band = pd.Categorical([names[band] for band in place], categories=names, ordered=True)
    table = _figures(known.assign(distance=band), "distance", level)
    return table[list(_BAND_COLUMNS)]


def _figures(rows: pd.DataFrame, by: str, level: float) -> pd.DataFrame:
    found = []
    for name, own in rows.groupby(by, observed=True):
        low, high = rate_ends(own["qualified"], level, own["person"])
        found.append(
            {
                by: name,
                "calls": len(own),
                "people": own["person"].nunique(),
                "qualified": int(own["qualified"].sum()),
                "qualified_rate": own["qualified"].mean(),
                "qualified_rate_low": low,
                "qualified_rate_high": high,
            }
        )
    return pd.DataFrame(found)


def _written(rows: pd.DataFrame) -> dict[str, pd.Series]:
    return {
        "Calls": rows["calls"].map(phrasing.number),
        "People": rows["people"].map(phrasing.number),
        "Qualified": rows["qualified"].map(phrasing.number),
        "Qualified rate (range)": phrasing.ranged(rows, "qualified_rate", phrasing.percent),
    }


def _in_words(
    known: pd.DataFrame, kept: pd.DataFrame, table: pd.DataFrame, home: str, unit: str
) -> str:
    top = table.iloc[0]
    share = phrasing.percent(len(known) / len(kept))
    first = f"{top['place']} ({phrasing.number(top['calls'])})"
    lines = [f"{share} of calls come with a place; the most frequent is {first}."]
    away = known["distance"].dropna()
    if home and len(away):
        half, most = float(away.quantile(0.5)), float(away.quantile(0.9))
        near = (
            f"from {home} itself"
            if half < _ITSELF
            else f"from within {phrasing.number(half)} {unit} of {home}"
        )
        lines.append(
            f"Nine in ten calls with a known distance come from {home} itself."
            if most < _ITSELF
            else f"Half of the calls with a known distance come {near}, nine in ten from within "
            f"{phrasing.number(most)} {unit}."
        )
    lines.append(
        "The place is where the caller's number is registered, which need not be where the "
        "caller is."
    )
    return " ".join(lines)


def _checks(
    known: pd.DataFrame, kept: pd.DataFrame, settings: Settings, *, found: bool
) -> tuple[Check, ...]:
    business = settings.business
    if not business.city:
        text = "To see distances, write city and region under [business] in calltrack.toml."
        return (Check("distance", None, text),)
    if not found:
        text = (
            f"The gazetteer does not know {business.city} ({business.region or business.country}), "
            "so no distance can be given: check business.city and business.region in "
            "calltrack.toml, or name the next larger town."
        )
        return (Check("distance", False, text),)
    nowhere = len(kept) - len(known)
    inferred = int(known["inferred"].sum())
    unknown = int(known["distance"].isna().sum())
    text = (
        f"{phrasing.plural(nowhere, 'call')} {phrasing.agree(nowhere, 'has')} no place, "
        f"{phrasing.number(inferred)} {phrasing.agree(inferred, 'has')} that of their area code, "
        f"and {phrasing.number(unknown)} {phrasing.agree(unknown, 'is')} from a place that the "
        f"gazetteer does not know. The last have no distance. {gazetteer.SOURCE}"
    )
    return (Check("places", None, text),)
