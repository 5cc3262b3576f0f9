"""People who answer, and callers who still wait to be spoken to."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calltrack_nb import schema
from calltrack_nb.effectiveness import agents, clients, ring_back, scorecard
from calltrack_nb.periods import Period
from calltrack_nb.settings import Settings
from tools.simulator.shop import SimulatedShop, simulate_shop
from tools.simulator.shop_spec import ShopSpec

AUGUST = Period.parse("2026-08")


def log(*rows: tuple[str, str, str, str, str | None]) -> pd.DataFrame:
    """Calls: id, start, direction, status and caller (None withholds the number)."""
    names = ("call_id", "started_at", "direction", "status", "caller_number")
    frame = pd.DataFrame(rows, columns=names).assign(
        account="main", provider="callrail", lead_status="unknown", duration_s=30.0
    )
    frame["started_at"] = pd.to_datetime(frame["started_at"], utc=True)
    return schema.conform(frame, "calls")


ANN, BEN, CAT = "+12125550101", "+12125550102", "+12125550103"
WAITING = log(
    ("1", "2026-08-01T15:00", "inbound", "missed", CAT),  # long ago
    ("2", "2026-08-28T15:00", "inbound", "missed", ANN),
    ("3", "2026-08-28T16:00", "inbound", "voicemail", ANN),
    ("4", "2026-08-29T15:00", "inbound", "missed", BEN),
    ("5", "2026-08-29T16:00", "outbound", "answered", BEN),  # rung back
    ("6", "2026-08-30T15:00", "inbound", "abandoned", None),
    ("7", "2026-08-31T15:00", "inbound", "answered", CAT),
)


def promise(call_id: str) -> pd.DataFrame:
    rows = {"account": "main", "call_id": [call_id], "family": "promise", "kind": "call_back"}
    return schema.conform(pd.DataFrame(rows), "findings")


def test_only_those_wait_who_were_not_spoken_to_since() -> None:
    """Who was rung back, rang long ago or withholds the number is not on the list."""
    found = ring_back(WAITING, Settings(), AUGUST)
    (only,) = found.table.itertuples()
    assert (only.caller_number, only.call_id, only.tries) == (ANN, "3", 2)
    assert found.table["why"].tolist() == ["left to voicemail"]
    assert "cannot be rung" in found.checks[0].text
    assert ANN not in found.display().to_string()
    assert ANN in found.to_csv()


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["7"], "On 24 to 31 Aug 2026 nobody was missed."),
        (["6", "7"], "nobody was missed whose number is known."),
        (["4", "5", "7"], "Everybody who was missed"),
        (["4", "5", "6", "7"], "Everybody whose number is known who was missed"),
    ],
)
def test_nobody_to_ring_is_said_by_its_reason(rows: list[str], words: str) -> None:
    """Nobody missed, only withheld numbers, and all rung back are three different sentences."""
    found = ring_back(WAITING[WAITING["call_id"].isin(rows)], Settings(), AUGUST)
    assert found.table.empty
    assert words in found.text


def test_a_promise_to_call_keeps_a_caller_waiting() -> None:
    """A promise heard in the last call of a caller counts; one that was followed does not."""
    found = ring_back(WAITING, Settings(), AUGUST, promise("7"))
    assert found.table["caller_number"].tolist() == [CAT, ANN]
    later = pd.concat(
        [WAITING, log(("8", "2026-08-31T18:00", "outbound", "answered", CAT))], ignore_index=True
    )
    assert ring_back(later, Settings(), AUGUST, promise("7")).table["caller_number"].tolist() == [
        ANN
    ]


def test_who_reached_another_business_was_not_spoken_to() -> None:
    """A caller whose number rang elsewhere waits, also one who was missed before it did."""
    wired = WAITING.assign(
        tracking_number=pd.Series(
            [None if row not in "57" else "+14045550111" for row in WAITING["call_id"]], dtype="str"
        ),
        direction="inbound",
    )
    day = pd.to_datetime(pd.Series(["2026-08-29", "2026-08-31"]))
    broken = pd.DataFrame(
        {"tracking_number": "+14045550111", "first": day[:1], "last": day[1:].to_numpy()}
    )
    elsewhere = ring_back(wired, Settings(), AUGUST, broken=broken.assign(elsewhere=True))
    assert elsewhere.table["caller_number"].tolist() == [CAT, BEN, ANN]
    assert elsewhere.table["why"].tolist()[:2] == ["rang at another business"] * 2
    assert "2 rang at another business" in elsewhere.text
    credited = ring_back(wired, Settings(), AUGUST, broken=broken.assign(elsewhere=False))
    assert credited.table["caller_number"].tolist() == [ANN]


def test_a_report_of_the_past_sends_nobody_to_the_telephone() -> None:
    """A period that ended before the log has no list, and a log without calls says so."""
    assert "goes on after" in ring_back(WAITING, Settings(), Period.parse("2026-07")).text
    assert ring_back(WAITING.head(0), Settings(), AUGUST).display().empty
    alone = ring_back(WAITING[WAITING["direction"] == "inbound"], Settings(), AUGUST)
    assert [check.name for check in alone.checks if check.passed is False] == ["outbound calls"]


def test_the_list_opens_in_a_spreadsheet_without_running_anything() -> None:
    """A name that begins as a formula is text in the CSV."""
    named = WAITING.assign(
        caller_name=schema.conform(
            pd.DataFrame({"caller_name": ["=HYPERLINK(1)"] * len(WAITING)}), "calls"
        )["caller_name"]
    )
    assert ",'=HYPERLINK" in ring_back(named, Settings(), AUGUST).to_csv()


@pytest.fixture(scope="module")
def shop() -> SimulatedShop:
    """Half a year of a shop's calls."""
    return simulate_shop(ShopSpec(faults=False))


def with_agents(
    shop: SimulatedShop, names: list[str], odds: list[float], seed: int
) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    drawn = rng.choice(names, len(shop.calls), p=odds)
    return shop.calls.assign(agent=pd.Series(drawn, index=shop.calls.index, dtype="str"))


HALF_YEAR = Period.parse("2026-04..2026-09")


def test_people_who_do_not_differ_are_not_ranked(shop: SimulatedShop) -> None:
    """Names drawn at random are told apart in few of a dozen draws; few calls give no rate."""
    told = 0
    for seed in range(12):
        calls = with_agents(shop, ["Ann", "Bob", "Cy", "Dee"], [0.5, 0.3, 0.195, 0.005], seed)
        found = agents(calls, Settings(), HALF_YEAR)
        told += "differs clearly" in found.text
        assert found.display().set_index("Who").loc["Dee", "Answer rate (range)"] == (
            "too few calls to say"
        )
    assert told <= 2


def answering(*rows: tuple[str | None, str, int]) -> pd.DataFrame:
    """Calls of so many callers each: who is named, what became of them."""
    every = [(agent, status) for agent, status, count in rows for _ in range(count)]
    frame = pd.DataFrame(every, columns=["agent", "status"]).assign(
        account="main", provider="callrail", direction="inbound", duration_s=90.0
    )
    frame["call_id"] = frame["caller_number"] = [f"+1404555{place:04}" for place in frame.index]
    frame["started_at"] = pd.date_range("2026-08-03T14:00", periods=len(frame), freq="h", tz="UTC")
    return schema.conform(frame, "calls")


def test_who_missed_every_call_is_no_stumbling_block() -> None:
    """Somebody with twenty missed calls and none answered stands in the table by name."""
    calls = answering(("Ann", "answered", 30), ("Bob", "answered", 30), ("Cy", "missed", 30))
    found = agents(calls, Settings(), AUGUST)
    assert "Cy (0 %)" in found.text
    assert found.table.set_index("agent").loc["Cy", "missed"] == 30


def test_one_person_in_several_spellings_is_one_and_a_machine_is_none() -> None:
    """Case, spaces and the order of names part nobody; voicemails and queues are told apart."""
    calls = answering(
        ("Mary Smith", "answered", 12), ("mary  smith", "answered", 5),
        ("Smith, Mary", "missed", 4), ("Voicemail", "answered", 3),
        ("Sales Queue", "answered", 2), (None, "answered", 1),
    )  # fmt: skip
    found = agents(calls, Settings(), AUGUST)
    assert found.table.set_index("agent")["calls"].to_dict() == {"Mary Smith": 21}
    (nobody,) = [check.text for check in found.checks if check.name == "no person"]
    assert nobody == "5 calls name no person but Sales Queue and Voicemail."


def test_a_telephone_in_the_place_of_a_name_is_not_printed() -> None:
    """Where the log names a number, a page that may be shared shows its end only."""
    found = agents(answering(("+1 404 555 0155", "answered", 30)), Settings(), AUGUST)
    assert found.display()["Who"].tolist() == ["the telephone ending in 0155"]


def test_someone_who_answers_much_less_is_named(shop: SimulatedShop) -> None:
    """A person with twice the missed calls of the others is found, and only that one."""
    calls = with_agents(shop, ["Ann", "Bob", "Cy"], [0.4, 0.4, 0.2], 1)
    mine = calls["agent"].eq("Bob") & calls["status"].eq("answered")
    lost = mine & (np.random.default_rng(2).random(len(calls)) < 0.3)
    calls["status"] = calls["status"].mask(lost, "missed")
    assert (
        "The share answered differs clearly for Bob (" in agents(calls, Settings(), HALF_YEAR).text
    )


def test_a_log_that_names_only_who_answered_gives_no_answer_rate(shop: SimulatedShop) -> None:
    """Nobody has answered all their calls just because missed calls name nobody."""
    calls = with_agents(shop, ["Ann", "Bob"], [0.5, 0.5], 1)
    calls["agent"] = calls["agent"].where(calls["status"].eq("answered"))
    found = agents(calls, Settings(), HALF_YEAR)
    assert found.table["answer_rate"].isna().all()
    assert "who missed them is not known" in " ".join(check.text for check in found.checks)
    none = agents(shop.calls.assign(agent=None), Settings(), HALF_YEAR)
    assert none.text == "No call of this period names who answered."


def test_clients_are_named_as_moved_only_where_they_did(shop: SimulatedShop) -> None:
    """Of a client whose calls halved and one whose did not, one has moved; broken ones lead."""
    month = Period.parse("2026-08")
    local = shop.calls["started_at"].dt.tz_convert("America/New_York")
    august = local.dt.strftime("%Y-%m") == "2026-08"
    fewer = shop.calls[~august | (np.random.default_rng(1).random(len(shop.calls)) < 0.4)]
    cards = {
        name: scorecard(calls, shop.spend, shop.outcomes, Settings(), month)
        for name, calls in {"Still": shop.calls, "Fewer": fewer}.items()
    }
    found = clients(cards, {"Still": ["Its number rings at another business."]})
    assert found.table["client"].tolist() == ["Still", "Fewer"]
    assert found.table["moved"].tolist() == [False, True]
    assert found.table["look"].tolist()[0] == "Its number rings at another business."
    early = {"New": scorecard(shop.calls, shop.spend, shop.outcomes, Settings(), HALF_YEAR)}
    new = clients(early, {})
    assert new.table["change"].isna().all()
    assert new.checks[0].passed is False
    assert clients({}, {}).table.empty
