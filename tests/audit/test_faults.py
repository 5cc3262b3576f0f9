"""Every check finds its own fault in random shops and stays quiet in sound ones."""

import numpy as np
import pytest

from calltrack_nb.audit import CHECKS, AuditInput, run_checks
from calltrack_nb.errors import CalltrackError
from tools.simulator.faults import PLANTERS, plant
from tools.simulator.sound_shops import sound_shop

SEEDS = (11, 12, 13, 14)


@pytest.fixture(scope="module")
def shops() -> dict[int, AuditInput]:
    """A few random shops whose wiring is right."""
    return {seed: sound_shop(seed) for seed in SEEDS}


def test_every_check_has_a_fault_to_find() -> None:
    """No check is without a simulated fault, and no fault without its check."""
    assert {check.name for check in CHECKS} == set(PLANTERS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_a_check_finds_its_planted_fault(check, shops) -> None:
    """Of four shops with the fault, a check finds it, on the right subject, in three at least."""
    found = 0
    for seed, shop in shops.items():
        planted = plant(check.name, shop, seed)
        findings = check.run(planted.data).findings
        found += any(planted.subject in finding.subject for finding in findings)
    assert found >= 3


def test_sound_shops_raise_few_alarms(shops) -> None:
    """Over all checks of four sound shops at most two cry wolf, and each has enough to look at."""
    results = [run_checks(shop) for shop in shops.values()]
    assert all(one.passed is not None for result in results for one in result.checks)
    assert sum(one.passed is False for result in results for one in result.checks) <= 2


def test_shops_are_the_same_for_the_same_seed() -> None:
    """A seed gives one shop."""
    one, other = sound_shop(21), sound_shop(21)
    assert one.calls.equals(other.calls)
    assert one.utterances.equals(other.utterances)
    assert not sound_shop(22).calls.equals(one.calls)


def test_an_unknown_fault_is_refused() -> None:
    """Asking for a fault that no planter knows raises the project's own error."""
    with pytest.raises(CalltrackError, match="No fault of that name"):
        plant("telepathy", AuditInput(), int(np.int64(1)))
