"""The audit against the sample shop, with its faults and without them."""

import datetime as dt
import tomllib
from pathlib import Path

import pytest

from calltrack_nb.audit import AuditInput, exit_status, of_campaign, run_checks
from calltrack_nb.errors import CalltrackError
from calltrack_nb.settings import read_settings
from tools.simulator.shop import SimulatedShop, simulate_shop
from tools.simulator.shop_spec import ShopSpec

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"


def _input(shop: SimulatedShop) -> AuditInput:
    return AuditInput(
        calls=shop.calls,
        numbers=shop.numbers,
        spend=shop.spend,
        visits=shop.visits,
        settings=read_settings(SAMPLE / "calltrack.toml"),
    )


def test_every_fault_of_the_sample_is_found() -> None:
    """Each fault that truth.toml says can be seen in the logs is found, on its number and days."""
    result = run_checks(_input(simulate_shop(ShopSpec())))
    truth = tomllib.loads((SAMPLE / "truth.toml").read_text(encoding="utf-8"))["faults"]
    needs_audio = {"other_business", "consent"}
    in_the_log = [
        fault
        for fault in truth
        if not fault["check"].startswith("recordings_") and fault["check"] not in needs_audio
    ]
    assert len(in_the_log) >= 10
    for fault in in_the_log:
        findings = result.of(fault["check"]).findings
        assert findings, fault["note"]
        if "number" in fault and fault["check"] not in {"click_id_conflict", "staff_calls"}:
            assert any(fault["number"] in finding.subject for finding in findings), fault["note"]
        dated = [finding for finding in findings if finding.first_seen is not None]
        if dated:
            assert any(
                finding.first_seen.date() <= fault["last"] + dt.timedelta(days=1)
                and finding.last_seen.date() >= fault["first"]
                for finding in dated
            ), fault["note"]
    assert exit_status(result) == 1


def test_nothing_is_reported_without_the_faults() -> None:
    """The same customers, wired right, raise no finding at all."""
    result = run_checks(_input(simulate_shop(ShopSpec(faults=False))))
    assert result.findings.empty, "\n".join(result.lines())
    assert exit_status(result) == 0
    assert result.table["verdict"].isin(["passed", "cannot say"]).all()
    assert (result.table["verdict"] == "passed").sum() >= 15


@pytest.mark.parametrize("check", ["misrouted_number", "silent_number", "double_booked"])
def test_a_finding_says_what_it_rests_on(check: str) -> None:
    """A finding names its number by label and last digits, never in full, and what to do."""
    result = run_checks(_input(simulate_shop(ShopSpec())))
    row = result.findings[result.findings["check"] == check].iloc[0]
    assert "…01" in row["finding"]
    assert "+1212" not in row["finding"]
    assert row["fix"].endswith(".")


def test_a_campaigns_findings_are_those_of_its_numbers() -> None:
    """Others are left out and counted; what is no one number's fault concerns every campaign."""
    data = _input(simulate_shop(ShopSpec()))
    whole = run_checks(data)
    flyer = of_campaign(whole, data, "Summer flyer")
    numbers = set(flyer.findings["tracking_number"]) - {""}
    assert numbers == {"+12125550113"}
    general = whole.findings["tracking_number"] == ""
    own = whole.findings["tracking_number"] == "+12125550113"
    assert len(flyer.findings) == (general | own).sum() < len(whole.findings)
    assert any("of other campaigns left out" in check.text for check in flyer.checks)
    assert flyer.of("log_gap").findings == whole.of("log_gap").findings
    with pytest.raises(CalltrackError, match="Summer flyer"):
        of_campaign(whole, data, "Sumer flyer")
