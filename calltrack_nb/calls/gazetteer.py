"""Where a city is, from a gazetteer that travels with the package: nothing is fetched.

Coordinates are those of GeoNames (geonames.org, CC BY 4.0), for towns of 5,000 people and
more; ``scripts/make_towns.py`` wrote them into ``towns.tsv.xz``, the largest of a country first.
"""

from __future__ import annotations

import json
import lzma
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final, NamedTuple

import numpy as np
import phonenumbers
from numpy.typing import NDArray

SOURCE: Final = "Places: GeoNames, CC BY 4.0."
_EARTH_KM: Final = 6371.0088  # mean radius, IUGG
_KM_PER_MILE: Final = 1.609344
_MILES: Final = frozenset({"US", "GB", "LR", "MM"})


class Spot(NamedTuple):
    """Latitude and longitude in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The towns of one country by name.

    Parameters
    ----------
    country : str
        Two letters, such as ``US``.
    in_region : dict
        The largest town of a name within a region, by folded name and region.
    anywhere : dict
        The largest town of a name, by folded name.
    regions : dict
        Codes of regions by their folded names; empty for countries whose regions are
        only known by code.
    """

    country: str
    in_region: dict[tuple[str, str], Spot]
    anywhere: dict[str, Spot]
    regions: dict[str, str]

    def find(self, city: str, region: str = "") -> Spot | None:
        """Return where a town is; None for one that is not known.

        Parameters
        ----------
        city : str
            Its name, in any case; other names of it (``Bronx`` for ``The Bronx``) do.
        region : str
            Code or name of its state. A town that is not known there is not looked for
            elsewhere, so that Springfield stays in its state.

        Examples
        --------
        >>> spot = towns("US").find("Hoboken", "NJ")
        >>> round(spot.latitude, 1), round(spot.longitude, 1)
        (40.7, -74.0)
        """
        name, state = city.strip().casefold(), region.strip().casefold()
        if state and self.regions:
            return self.in_region.get((name, self.regions.get(state, state)))
        return self.anywhere.get(name)


@lru_cache(maxsize=8)
def towns(country: str) -> Gazetteer:
    """Read the towns of a country; kept in memory, since reading takes a third of a second."""
    here = resources.files("calltrack_nb.calls")
    packed = here.joinpath("towns.tsv.xz").read_bytes()
    lines = lzma.decompress(packed).decode("utf-8").split("\n")
    rows = [line.split("\t") for line in lines if line.startswith(f"{country}\t")]
    regions = {}
    if country == "US":
        states = json.loads(here.joinpath("us_states.json").read_text("utf-8"))
        regions = {name.casefold(): code.casefold() for name, code in states.items()}
    in_region: dict[tuple[str, str], Spot] = {}
    anywhere: dict[str, Spot] = {}
    # A town's own name beats another's alternative name, and the larger one the smaller.
    for named in (slice(4, 5), slice(5, None)):
        for row in rows:
            spot = Spot(float(row[2]), float(row[3]))
            for name in row[named]:
                folded = name.casefold()
                in_region.setdefault((folded, row[1].casefold()), spot)
                anywhere.setdefault(folded, spot)
    return Gazetteer(country, in_region, anywhere, regions)


def place_of_number(number: str) -> tuple[str, str]:
    """Return city and region that a number was given out for; empty where not known.

    Parameters
    ----------
    number : str
        E.164.

    Examples
    --------
    >>> place_of_number("+12125550199")
    ('New York', 'NY')
    >>> place_of_number("+13055550100")
    ('', 'Florida')
    """
    from phonenumbers import geocoder  # noqa: PLC0415 - its data take half a second to load

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return "", ""
    said = geocoder.description_for_number(parsed, "en")
    city, comma, region = (part.strip() for part in said.partition(","))
    if comma:
        return city, region
    # In North America a name alone is that of the state; elsewhere it is the town's.
    return ("", city) if parsed.country_code == 1 else (city, "")


def plane(spots: NDArray[np.float64], centre: Spot) -> NDArray[np.float64]:
    """Lay points on a plane around a centre, true to distance and direction from it.

    Parameters
    ----------
    spots : numpy.ndarray of float, shape (n, 2)
        Latitudes and longitudes in degrees; NaN where not known.
    centre : Spot
        The middle of the map.

    Returns
    -------
    numpy.ndarray of float, shape (n, 2)
        Kilometres east and north of the centre along the great circle to each point.

    Notes
    -----
    The azimuthal equidistant projection on a sphere of the earth's mean radius; the
    distance is the haversine formula's (Sinnott 1984, Sky and Telescope 68, 159).

    Examples
    --------
    >>> east, north = plane(np.array([[41.0, -74.0]]), Spot(40.0, -74.0))[0]
    >>> round(float(east)), round(float(north))
    (0, 111)
    """
    latitude, longitude = np.radians(np.asarray(spots, dtype=float)).T
    here, meridian = np.radians(centre)
    turn = longitude - meridian
    half = np.sin((latitude - here) / 2) ** 2
    half = half + np.cos(here) * np.cos(latitude) * np.sin(turn / 2) ** 2
    away = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    bearing = np.arctan2(
        np.sin(turn) * np.cos(latitude),
        np.cos(here) * np.sin(latitude) - np.sin(here) * np.cos(latitude) * np.cos(turn),
    )
    return np.column_stack([away * np.sin(bearing), away * np.cos(bearing)])


def unit_of(country: str) -> tuple[str, float]:
    """Return the unit of distance that a country's readers know, and its kilometres."""
    return ("miles", _KM_PER_MILE) if country in _MILES else ("km", 1.0)
