"""The judgements by chance keep the error rates they state."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from calltrack_nb import schema
from calltrack_nb.audit import AuditInput, erlang_b, pool_needed, run_checks
from calltrack_nb.audit.answering import deepest_fall
from calltrack_nb.audit.silence import SILENCE_ALPHA, silent_numbers
from calltrack_nb.audit.spending import spending
from calltrack_nb.settings import Settings
from calltrack_nb.stats import longest_gap, steady_dispersion
from tools.simulator.three_numbers import HEALTHY, NUMBERS, alarm, found, shop

RUNS = 1500


@pytest.mark.parametrize(("rate", "clumped"), [(0.3, 1.0), (1.5, 1.0), (1.5, 1.6), (6.0, 2.0)])
def test_silence_is_called_no_more_often_than_stated(rate: float, clumped: float) -> None:
    """Steady numbers, Poisson or overdispersed, are called silent at most at the level asked."""
    rng = np.random.default_rng(8)
    weekday = np.tile([1.2, 1.1, 1.0, 1.1, 1.2, 0.9, 0.5], 26)
    mean = rate * weekday
    level, alarms = 0.05, 0
    for _ in range(RUNS):
        if clumped > 1:
            counts = rng.negative_binomial(mean / (clumped - 1), 1 / clumped)
        else:
            counts = rng.poisson(mean)
        gap = longest_gap(counts.astype(float), weekday)
        alarms += gap is not None and gap.p_value < level
    assert alarms / RUNS <= level + 3 * np.sqrt(level * (1 - level) / RUNS)


def test_a_number_that_fell_silent_is_found_when_enough_is_missing() -> None:
    """A number with a call a day is known to be silent after three weeks, not after three days."""
    rng = np.random.default_rng(9)
    called = {3: 0, 21: 0}
    for _ in range(200):
        for days in called:
            counts = rng.poisson(1.0, 150).astype(float)
            counts[-days:] = 0
            gap = longest_gap(counts, np.ones(150))
            called[days] += gap is not None and gap.p_value < SILENCE_ALPHA / 10
    assert called[21] >= 180
    assert called[3] <= 2


@pytest.mark.parametrize("kind", HEALTHY)
def test_three_healthy_numbers_are_seldom_called_silent(kind: str) -> None:
    """Numbers that ring by chance, in bursts, by season or after mailings are not called broken."""
    rng = np.random.default_rng(21)
    alarms = sum(alarm(kind, rng)[0] for _ in range(60))
    assert alarms <= 0.05 * 60 + 3


def test_a_dead_number_is_found_beside_steady_ones() -> None:
    """A steady number of which 25 calls or more are missing is found, however busy it was."""
    rng = np.random.default_rng(22)
    assert sum(found("beside steady", rng) for _ in range(40)) >= 39


def test_a_number_that_rings_in_bursts_is_to_be_dialled_and_not_called_broken() -> None:
    """Of a silence among silences the check says its length, and that it proves nothing."""
    mailed = np.zeros(180, dtype=int)
    for start in (3, 40, 78, 117):
        mailed[start : start + 7] = 5
    daily = np.ones(180, dtype=int)
    look = silent_numbers(shop([mailed, daily, daily]))
    assert not look.findings
    assert "gets its calls in bursts. Its silence of 56 days" in look.text
    assert "ring it to be sure" in look.text


def test_days_without_exposure_do_not_count_as_silence() -> None:
    """A campaign that stopped spending leaves its number silent for a good reason."""
    counts = np.r_[np.ones(60), np.zeros(60)]
    spent = np.r_[np.ones(60), np.zeros(60)]
    assert longest_gap(counts, np.ones(120)).p_value < 1e-4
    assert longest_gap(counts, spent) is None


def test_dispersion_is_one_for_poisson_and_more_for_clumps() -> None:
    """Weekly dispersion tells clumped counts from Poisson ones."""
    rng = np.random.default_rng(1)
    calm, _ = steady_dispersion(rng.poisson(5, 700).astype(float), np.ones(700), 7)
    clumped, freedom = steady_dispersion(
        rng.negative_binomial(5, 0.5, 700).astype(float), np.ones(700), 7
    )
    assert calm < 1.5 < clumped < 2.6
    assert freedom == 99


@pytest.mark.parametrize("spread", [0.0, 0.06])
def test_a_steady_answer_rate_seldom_looks_like_a_fall(spread: float) -> None:
    """With 26 weeks looked at in every span, steady rates raise an alarm at most as stated."""
    rng = np.random.default_rng(4)
    level, alarms = 0.05, 0
    for _ in range(RUNS):
        total = rng.poisson(12, 26).astype(float)
        rate = np.clip(rng.normal(0.85, spread, 26), 0, 1)
        fall = deepest_fall(rng.binomial(total.astype(int), rate).astype(float), total)
        alarms += fall is not None and fall.p_value < level
    assert alarms / RUNS <= level + 3 * np.sqrt(level * (1 - level) / RUNS)


def test_a_real_fall_is_found_where_it_was() -> None:
    """Two weeks in which half as many are answered are found, in these weeks."""
    total = np.full(26, 30.0)
    reached = np.full(26, 27.0)
    reached[15:17] = 13
    fall = deepest_fall(reached, total)
    assert (fall.first, fall.last) == (15, 16)
    assert fall.p_value < 1e-4
    assert fall.callers == 60


def test_erlang_agrees_with_a_simulated_pool() -> None:
    """The loss formula gives the share of visitors that a simulated pool turns away."""
    rng = np.random.default_rng(3)
    servers, per_minute, hold = 6, 0.2, 20.0
    busy: list[float] = []
    lost, visitors, now = 0, 20_000, 0.0
    for _ in range(visitors):
        now += rng.exponential(1 / per_minute)
        busy = [end for end in busy if end > now]
        if len(busy) < servers:
            busy.append(now + hold)
        else:
            lost += 1
    assert lost / visitors == pytest.approx(float(erlang_b(servers, per_minute * hold)), abs=0.012)


def test_the_pool_needed_is_the_smallest_that_does() -> None:
    """One number fewer would turn too many away."""
    needed = pool_needed(12.0, blocked=0.01)
    assert erlang_b(needed, 12.0) <= 0.01 < erlang_b(needed - 1, 12.0)


def test_spend_is_spread_over_its_days_and_carried_on() -> None:
    """A weekly cost counts for each day of the week; late reports carry the last week on."""
    rows = pd.DataFrame(
        {
            "account": "shop",
            "date": [pd.Timestamp("2026-03-02").date(), pd.Timestamp("2026-03-16").date()],
            "days": [7, 7],
            "campaign": "Flyer",
            "cost": [Decimal(70), Decimal(70)],
        }
    )
    days = pd.date_range("2026-03-02", "2026-03-29")
    share = spending(schema.conform(rows, "spend"), days)[("shop", "Flyer")]
    assert share[:7].tolist() == [1.0] * 7
    assert share[7:14].tolist() == [0.0] * 7
    assert share[14:].tolist() == [1.0] * 14


def test_opening_hours_follow_the_clocks_of_the_business() -> None:
    """The same hour UTC is open before the clocks change and closed after."""
    times = pd.to_datetime(["2026-03-06 22:30", "2026-03-13 22:30"], utc=True)
    calls = schema.conform(
        pd.DataFrame(
            {
                "account": "shop",
                "call_id": ["a", "b"],
                "provider": "callrail",
                "started_at": times,
                "direction": "inbound",
                "status": "missed",
                "lead_status": "unknown",
            }
        ),
        "calls",
    )
    settings = Settings.model_validate({"business": {"hours": {"fri": "09:00-18:00"}}})
    table = run_checks(AuditInput(calls=calls, settings=settings)).of("after_hours").table
    assert table.set_index("in_hours")["calls"].to_dict() == {True: 1, False: 1}


def _with_misdials(shares: list[float]) -> AuditInput:
    """Three numbers; on each so large a share of callers says that it is the wrong one."""
    data = shop([np.full(100, each) for each in (2, 1, 1)])
    said = []
    for at, call in enumerate(data.calls.itertuples()):
        number = NUMBERS.index(call.tracking_number)
        every = round(1 / shares[number])
        wrong = at % every == 0
        said += [
            (call.call_id, 0, "agent", 0.0, "Hello, this is the bakery."),
            (
                call.call_id,
                1,
                "caller",
                4.0,
                "Sorry, wrong number." if wrong else "A cake, please.",
            ),
        ]
    frame = pd.DataFrame(said, columns=["call_id", "turn", "speaker", "start_s", "text"])
    frame = frame.assign(
        account="main", end_s=frame["start_s"] + 3, redacted_text=frame["text"], confidence=1.0
    )
    return replace(data, utterances=schema.conform(frame, "utterances"))


@pytest.mark.parametrize(
    ("shares", "broken"),
    [([0.0625, 0.0625, 0.0625], set()), ([0.04, 0.5, 0.04], {NUMBERS[1]})],
)
def test_wrong_numbers_that_all_numbers_have_are_no_fault_of_one(
    shares: list[float], broken: set[str]
) -> None:
    """A sixteenth misdials everywhere: no number is broken; half on one of them: that one is."""
    result = run_checks(_with_misdials(shares)).of("other_business")
    assert {finding.tracking_number for finding in result.findings} == broken


@pytest.mark.parametrize(
    ("greeting", "named"),
    [
        ("Good morning, this is Jo. How can I help?", False),
        ("Thank you, one moment please. May I put you on hold?", False),
        ("Good morning, Harbor Dental, this is Jo.", True),
    ],
)
def test_a_salutation_is_no_other_business(greeting: str, *, named: bool) -> None:
    """Who says no name is not taken for a stranger; who says another one is."""
    data = _with_misdials([0.0001, 0.0001, 0.0001])
    said = data.utterances
    theirs = data.calls.loc[data.calls["tracking_number"] == NUMBERS[2], "call_id"]
    first = said["call_id"].isin(theirs) & said["speaker"].eq("agent")
    said = said.assign(text=said["text"].mask(first, greeting))
    found = run_checks(replace(data, utterances=said)).of("other_business").findings
    assert [finding.tracking_number for finding in found] == [NUMBERS[2]] * named
