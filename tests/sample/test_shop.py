"""The simulated shop: what its spec says is what comes out."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from calltrack_nb import schema
from tools.simulator.shop import simulate_shop
from tools.simulator.shop_exports import write_exports
from tools.simulator.shop_faults import ROBOTS
from tools.simulator.shop_spec import CAMPAIGNS, ShopSpec, Tweak

NAMES = ("calls", "leads", "spend", "numbers", "visits", "outcomes", "tweaks", "regimes")


@pytest.fixture(scope="module")
def shop():
    return simulate_shop()


@pytest.fixture(scope="module")
def sound():
    return simulate_shop(ShopSpec(faults=False))


def test_same_spec_same_shop(shop):
    """Two shops of one spec are equal in every table; another seed gives another shop."""
    again = simulate_shop()
    for name in (*NAMES, "labels"):
        pd.testing.assert_frame_equal(getattr(shop, name), getattr(again, name))
    other = simulate_shop(ShopSpec(seed=7))
    assert set(other.calls["call_id"]).isdisjoint(
        shop.calls.loc[shop.calls["provider"] == "callrail", "call_id"]
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("faults", [True, False])
def test_tables_keep_their_schemas(seed, faults):
    """Every table of every shop passes the schema it is named after."""
    made = simulate_shop(ShopSpec(seed=seed, faults=faults))
    for name in NAMES:
        schema.validate(getattr(made, name), name)
    assert (made.labels["call_id"] == made.calls["call_id"]).all()


def test_without_faults_the_same_customers_call(shop, sound):
    """Faults add, lose and change calls; whoever calls does so with or without them."""
    assert sound.faults == ()
    customers = shop.labels.loc[shop.labels["kind"].isin(["customer", "callback"]), "call_id"]
    assert set(customers) <= set(sound.labels["call_id"])
    times = sound.calls.set_index("call_id")["started_at"]
    both = shop.calls[shop.calls["call_id"].isin(customers)].set_index("call_id")["started_at"]
    assert (times.loc[both.index] == both).all()


def test_without_faults_the_wiring_is_right(sound):
    """No fault of the list is left in a shop without faults."""
    calls = sound.calls[sound.calls["direction"] == "inbound"]
    spec = sound.spec
    assert set(calls["destination_number"]) == {spec.destination}
    assert set(calls["tracking_number"]) <= set(sound.numbers["tracking_number"])
    assert sound.numbers["tracking_number"].is_unique
    assert sound.numbers["active_to"].isna().all()
    assert not calls["caller_number"].isin([*ROBOTS, spec.staff_number]).any()
    assert not calls["source"].str.contains("linkedin", na=False).any()
    assert calls.loc[calls["provider"] == "callrail", "click_id"].isna().all()
    days = calls["started_at"].dt.tz_convert(spec.timezone).dt.date
    silent = [
        day.date()
        for day in pd.date_range(spec.first, spec.last)
        if day.day_of_week < 5 and day.date() not in set(days)
    ]
    assert silent == []
    last = calls.groupby("tracking_number")["started_at"].max()
    own = last[last.index.isin([campaign.number for campaign in CAMPAIGNS])]
    assert (own > pd.Timestamp("2026-09-15", tz="UTC")).all()
    missed = calls[(calls["status"] != "answered") & calls["caller_number"].notna()]
    missed = missed[missed["started_at"] < pd.Timestamp("2026-09-26", tz="UTC")]
    rung = sound.calls[sound.calls["direction"] == "outbound"]
    assert set(missed["caller_number"]) <= set(rung["caller_number"])


def test_each_fault_is_named_once_and_counted(shop):
    """The list of faults has one entry per check, and its counts are those of the calls."""
    named = [fault.check for fault in shop.faults]
    assert len(named) == len(set(named)) == 13
    by_name = {fault.check: fault for fault in shop.faults}
    calls = shop.calls
    assert (shop.labels["kind"] == "spam").sum() == by_name["spam"].calls
    assert (shop.labels["kind"] == "staff").sum() == by_name["staff_calls"].calls
    wrong = (calls["destination_number"] != shop.spec.destination).sum()
    assert wrong == by_name["misrouted_number"].calls
    assert (calls["source"] == "not-linkedin").sum() == by_name["accidental_utm"].calls
    dead = by_name["silent_number"]
    paid = shop.spend[shop.spend["campaign"] == "Monthly newsletter"]
    assert (paid["date"] >= dead.first).sum() > 10


def test_tweaks_do_what_the_spec_says():
    """Over many seeds the change against untouched campaigns averages the planted ratio."""
    tweak = Tweak(
        date=dt.date(2026, 7, 1),
        campaign="Wedding Cakes - Search",
        changed="All of it",
        expected_effect=0.5,
        rate_ratio=1.5,
    )
    logs = []
    for seed in range(12):
        made = simulate_shop(ShopSpec(seed=seed, faults=False, tweaks=(tweak,)))
        inbound = made.calls[made.calls["direction"] == "inbound"]
        after = inbound["started_at"] >= pd.Timestamp("2026-07-01 04:00", tz="UTC")
        treated = (inbound["campaign"] == tweak.campaign).to_numpy()
        table = pd.crosstab(treated, after.to_numpy()).to_numpy()
        logs.append(np.log(table[1, 1] / table[1, 0] * table[0, 0] / table[0, 1]))
    error = np.std(logs) / np.sqrt(len(logs))
    assert np.mean(logs) == pytest.approx(np.log(1.5), abs=3 * error)
    assert error < 0.08


def test_calls_have_the_rhythm_of_a_shop(sound):
    """Sundays are quiet, nights are still, and calls out of hours are seldom answered."""
    calls = sound.calls[sound.calls["direction"] == "inbound"]
    local = calls["started_at"].dt.tz_convert(sound.spec.timezone)
    share = local.dt.day_of_week.value_counts(normalize=True)
    assert share[6] < 0.07 < share[4]
    assert not local.dt.hour.between(0, 5).any()
    answered = calls["status"] == "answered"
    evening = local.dt.hour >= 18
    assert answered[evening].mean() < 0.2
    assert answered[~evening].mean() > 0.7
    assert 0.1 < (calls["first_call"] == False).mean() < 0.3  # noqa: E712 - nullable


def test_volume_and_months_are_knobs():
    """A longer, busier shop has that many more calls."""
    small = simulate_shop(ShopSpec(faults=False, tweaks=()))
    large = simulate_shop(ShopSpec(faults=False, tweaks=(), volume=3.0, last=dt.date(2027, 3, 31)))
    ratio = len(large.calls) / len(small.calls)
    assert 4.5 < ratio < 7.5
    assert set(large.spend["currency"]) == {"USD"}


def test_exports_of_a_small_shop_are_written(tmp_path):
    """Any shop can be written as a folder of raw files, and writing twice changes nothing."""
    made = simulate_shop(ShopSpec(seed=5, volume=0.3, last=dt.date(2026, 5, 31)))
    files = write_exports(made, tmp_path)
    before = {path.name: path.read_bytes() for path in files}
    assert len(files) == 10
    write_exports(replace(made), tmp_path)
    assert {path.name: path.read_bytes() for path in files} == before
