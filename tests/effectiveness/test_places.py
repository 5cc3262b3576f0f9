"""Where callers are: the gazetteer, distances, bands, and the map."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from calltrack_nb.calls import gazetteer
from calltrack_nb.effectiveness import places
from calltrack_nb.periods import Period
from calltrack_nb.reporting.charts import places as maps
from calltrack_nb.settings import Business, Evidence, Settings
from tests.effectiveness.frames import call, calls

AUGUST = Period.parse("2026-08")


def settings(**business):
    """A shop in New York City that pools nothing."""
    given = {"city": "New York", "region": "NY", **business}
    return Settings(business=Business(**given), evidence=Evidence(min_group=1))


def rings(number, city, region="NY", **more):
    """One call from a city."""
    return call(number, "2026-08-03 10:00", caller_city=city, caller_region=region, **more)


def test_the_distance_to_philadelphia_is_the_published_one():
    """New York City Hall to Philadelphia City Hall: 80 miles, 130 km, on the great circle."""
    towns = gazetteer.towns("US")
    here, there = towns.find("New York", "NY"), towns.find("Philadelphia", "PA")
    east, north = gazetteer.plane(np.array([there]), here)[0]
    assert np.hypot(east, north) == pytest.approx(130, abs=2)
    assert east < 0
    assert north < 0


def test_a_quarter_of_the_meridian_is_ten_thousand_kilometres():
    """Pole and equator are a quarter of the earth's circumference apart: 10 007.5 km."""
    spot = gazetteer.plane(np.array([[90.0, 0.0]]), gazetteer.Spot(0.0, 0.0))[0]
    assert spot == pytest.approx([0, 6371.0088 * np.pi / 2], abs=1e-6)


def test_names_are_found_in_any_case_by_other_names_and_in_their_own_state():
    """BRONX is The Bronx; Springfield of Ohio is not that of Illinois; nowhere is None."""
    towns = gazetteer.towns("US")
    assert towns.find("BRONX", "ny") == towns.find("The Bronx", "New York")
    assert towns.find("Springfield", "OH") != towns.find("Springfield", "IL")
    assert towns.find("Springfield", "AK") is None
    assert towns.find("Atlantis") is None


def test_callers_are_counted_by_distance():
    """One from Manhattan, two from Yonkers, one from Miami, by hand: 0, 16 and 1092 miles."""
    log = calls(
        rings(1, "New York"), rings(2, "Yonkers"), rings(3, "YONKERS"), rings(4, "Miami", "FL")
    )
    found = places(log, settings(), AUGUST)
    table = found.table.set_index("place")
    assert table["calls"].to_dict() == {"Yonkers, NY": 2, "New York, NY": 1, "Miami, FL": 1}
    assert table["distance"].round().to_dict() == {
        "Yonkers, NY": 16, "New York, NY": 0, "Miami, FL": 1092,
    }  # fmt: skip
    bands = found.bands.set_index("distance")["calls"]
    assert bands.to_dict() == {"under 5 miles": 1, "15 to 50 miles": 2, "over 150 miles": 1}
    assert "within" in found.text
    assert found.display_bands()["Distance"].tolist() == bands.index.tolist()


def test_a_ring_of_nothing_is_the_town_itself():
    """Where most callers are of the business's own town, no distance of 0 miles is written."""
    own = [rings(number, "New York") for number in range(9)]
    assert "Nine in ten calls with a known distance come from New York itself." in (
        places(calls(*own, rings(9, "New York")), settings(), AUGUST).text
    )
    some = [rings(number, "Yonkers") for number in range(9, 13)]
    told = places(calls(*own, *some), settings(), AUGUST).text
    assert "come from New York itself, nine in ten from within 16 miles." in told


def test_europe_reads_kilometres():
    """A shop in Munich sees its callers' distances in kilometres."""
    log = calls(rings(1, "Augsburg", "", caller_country="DE"))
    found = places(log, settings(country="DE", city="Munich", region=""), AUGUST)
    assert found.unit == "km"
    assert found.table.loc[0, "distance"] == pytest.approx(57, abs=3)


def test_an_area_code_stands_in_for_a_city_that_is_not_given():
    """A 212 number is from New York, NY; a Florida number says its state and no distance."""
    log = calls(
        call(1, "2026-08-03 10:00", caller_number="+12125550199"),
        call(2, "2026-08-03 11:00", caller_number="+13055550100"),
        call(3, "2026-08-03 12:00", caller_number=None),
    )
    found = places(log, settings(), AUGUST)
    table = found.table.set_index("place")["distance"]
    assert table["New York, NY"] == pytest.approx(0, abs=1)
    assert np.isnan(table["somewhere in Florida"])
    assert "1 call has no place, 2 have that of their area code" in found.checks[0].text


def test_small_places_are_pooled_and_have_no_spot_on_the_map():
    """Below the set minimum a place is not named."""
    log = calls(*(rings(k, "Yonkers") for k in range(5)), rings(9, "Hoboken", "NJ"))
    cautious = settings().model_copy(update={"evidence": Evidence(min_group=3)})
    found = places(log, cautious, AUGUST)
    assert found.table["place"].tolist() == ["Yonkers, NY", "other places"]
    assert maps.nearby(found)["place"].tolist() == ["Yonkers, NY"]


@pytest.mark.parametrize(
    ("city", "said"), [("", "write city and region"), ("Atlantis", "does not know Atlantis")]
)
def test_without_the_business_own_city_there_is_a_table_and_no_map(city, said):
    """Not set, or not known: the places are counted, and the words say what to write."""
    found = places(calls(rings(1, "Yonkers")), settings(city=city), AUGUST)
    assert found.table["calls"].tolist() == [1]
    assert found.bands.empty
    assert found.display_bands().empty
    assert said in found.checks[0].text
    assert maps.places_caption(found) == found.text


@pytest.mark.parametrize("rows", [[], [call(1, "2026-08-03 10:00")]])
def test_a_log_without_places_says_so(rows):
    """No call at all, and a call without city or number."""
    found = places(calls(*rows), settings(), AUGUST)
    assert found.table.empty
    assert "does not say where" in found.text
    figure = maps.places_chart(found)
    figure.canvas.draw()
    plt.close(figure)


def test_the_map_names_its_places_and_leaves_the_far_ones_to_the_caption():
    """Twenty calls nearby are dots with a key; one from Las Vegas is named below the map."""
    log = calls(
        *(rings(k, "Yonkers") for k in range(10)),
        *(rings(10 + k, "Brooklyn") for k in range(10)),
        rings(30, "Las Vegas", "NV"),
    )
    found = places(log, settings(), AUGUST)
    figure = maps.places_chart(found)
    figure.canvas.draw()
    words = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert any("Yonkers, NY: 10" in text and "Brooklyn, NY: 10" in text for text in words)
    assert not any("Las Vegas" in text for text in words)
    assert "Las Vegas, NV (1 call," in maps.places_caption(found)
    plt.close(figure)


def test_a_caller_who_rings_often_widens_the_rate():
    """Six calls of two people who always or never qualify say as much as two."""
    alone = calls(*(rings(k, "Yonkers", duration_s=120.0 if k % 2 else 5.0) for k in range(6)))
    pair = alone.assign(caller_key=[f"p{k % 2}" for k in range(6)])
    wide, narrow = (places(log, settings(), AUGUST).table.iloc[0] for log in (pair, alone))
    assert wide["qualified_rate_low"] < narrow["qualified_rate_low"]
    assert wide["qualified_rate_high"] > narrow["qualified_rate_high"]
