"""Running the audit: what is lacking, what is known, what is recent, what it exits with."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from calltrack_nb import schema
from calltrack_nb.audit import (
    CHECKS,
    Accepted,
    AuditInput,
    accept,
    exit_status,
    read_baseline,
    run_checks,
)
from calltrack_nb.errors import CalltrackError, SettingsError, TableError
from tools.simulator.faults import plant
from tools.simulator.sound_shops import sound_shop


@pytest.fixture(scope="module")
def shop() -> AuditInput:
    """A random shop whose wiring is right."""
    return sound_shop(5)


@pytest.fixture(scope="module")
def broken(shop) -> AuditInput:
    """The same shop with a misrouted number and a number nobody listed."""
    return plant("unlisted_number", plant("misrouted_number", shop, 5).data, 5).data


def test_without_an_inventory_the_checks_that_need_it_say_so(shop) -> None:
    """No inventory: wiring cannot be judged, what the log alone can answer still is."""
    result = run_checks(replace(shop, numbers=schema.empty("numbers")))
    for name in ("unlisted_number", "misrouted_number", "silent_number", "inventory", "pool_size"):
        answer = result.of(name)
        assert answer.passed is None
        assert "numbers.csv" in answer.text
    assert result.of("duplicates").passed is True
    assert exit_status(result) == 0


def test_an_inventory_without_a_log_is_still_looked_at(shop) -> None:
    """An inventory and no log: the inventory is checked, the rest says it needs a log."""
    planted = plant("double_booked", shop, 1)
    result = run_checks(AuditInput(numbers=planted.data.numbers))
    assert result.of("double_booked").passed is False
    assert result.of("inventory").passed is True
    waiting = [check for check in CHECKS if "calls" in check.needs]
    assert len(waiting) >= 20
    for check in waiting:
        assert "a call log" in result.of(check.name).text


def test_rows_of_the_inventory_that_could_not_be_read_are_reported() -> None:
    """Malformed numbers end in quarantine at import; the audit points to their rows."""
    rows = pd.DataFrame(
        {"import_id": ["a"], "file": ["numbers.csv"], "row": [3], "reason": ["not a number"]}
    )
    result = run_checks(AuditInput(quarantine=schema.conform(rows, "quarantine")))
    (finding,) = result.of("inventory").findings
    assert "Row 3 of numbers.csv" in finding.text
    assert exit_status(result) == 1


def test_a_log_of_outbound_calls_only_cannot_be_judged(shop) -> None:
    """A log without inbound calls is no log for the checks, and breaks none of them."""
    outbound = shop.calls[shop.calls["direction"].eq("outbound")].reset_index(drop=True)
    result = run_checks(replace(shop, calls=outbound))
    assert result.of("silent_number").passed is None


@pytest.mark.parametrize("rows", [1, 2, 7])
def test_a_log_of_a_few_calls_breaks_no_check(shop, rows) -> None:
    """Very small logs are answered without an error and without a finding of rates."""
    result = run_checks(replace(shop, calls=shop.calls.head(rows)))
    for name in ("silent_number", "log_gap", "answer_rate_fall", "missed_calls", "spam"):
        assert result.of(name).passed is not False


def test_every_column_of_doubt_may_be_missing(shop) -> None:
    """Calls that hold nothing but what a schema asks for are audited without an error."""
    needed = ["account", "call_id", "provider", "started_at", "direction", "lead_status"]
    bare = schema.conform(shop.calls[needed], "calls")
    result = run_checks(replace(shop, calls=bare))
    assert result.of("unlisted_number").passed is True
    assert result.of("answer_rate_fall").passed is None
    assert result.of("click_id_conflict").passed is None


def test_a_table_without_its_columns_is_refused_before_any_check(shop) -> None:
    """What is not a table of the schema is refused with the columns it lacks."""
    with pytest.raises(TableError, match="caller_key"):
        replace(shop, calls=shop.calls.drop(columns="caller_key"))


def test_findings_are_told_by_severity_with_their_fix(broken) -> None:
    """Broken wiring comes first, and each finding carries what to do and its key."""
    result = run_checks(broken)
    order = ["broken", "warning", "note"]
    ranks = result.findings["severity"].map(order.index)
    assert ranks.is_monotonic_increasing
    assert {"misrouted_number", "unlisted_number"} <= set(result.findings["check"])
    assert exit_status(result) == 1
    printed = "\n".join(result.lines())
    for row in result.findings.itertuples():
        assert row.finding in printed
        assert row.fix in printed
        assert f"[{row.key}]" in printed


def test_an_accepted_finding_is_left_out_until_its_day(broken, tmp_path: Path) -> None:
    """Accepting all findings makes the audit pass; after the day set they return."""
    result = run_checks(broken)
    path = tmp_path / "baseline.toml"
    path.write_text(
        accept("# ours\n", result.findings["key"], reason="known", on=dt.date(2026, 10, 1))
    )
    assert path.read_text().startswith("# ours")
    entries = read_baseline(path)
    again = run_checks(broken, baseline=entries)
    assert exit_status(again) == 0
    assert set(again.accepted) == set(result.findings["key"])
    assert "accepted in the baseline" in again.text
    ended = [replace(entry, until=dt.date(2026, 11, 1)) for entry in entries]
    assert exit_status(run_checks(broken, baseline=ended, today=dt.date(2026, 11, 1))) == 0
    assert exit_status(run_checks(broken, baseline=ended, today=dt.date(2026, 11, 2))) == 1


def test_accepting_twice_writes_once() -> None:
    """A key that is in the baseline already keeps its reason and day."""
    once = accept("", ["spam/x/+1"], reason="first", on=dt.date(2026, 1, 1))
    twice = accept(once, ["spam/x/+1", "spam/x/+2"], reason="second", on=dt.date(2026, 2, 2))
    assert twice.count('"spam/x/+1"') == 1
    assert "first" in twice
    assert '"spam/x/+2"' in twice


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("accepted = 3", "list of tables"),
        ("[[accepted]]\nreason = 'x'", "no key"),
        ("[[accepted]]\nfinding = 'a'\nuntill = 2026-01-01", "no such field"),
        ("[[accepted]]\nfinding = 'a'\nuntil = '2026-01-01'", "not a date"),
        ("[[accepted", "cannot be read"),
    ],
)
def test_a_baseline_that_is_not_understood_is_refused(tmp_path: Path, text, said) -> None:
    """A broken baseline is refused with its place rather than read as accepting nothing."""
    path = tmp_path / "baseline.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=said) as caught:
        read_baseline(path)
    assert "baseline.toml" in str(caught.value)


def test_no_baseline_accepts_nothing(tmp_path: Path) -> None:
    """A baseline that does not exist is an empty one."""
    assert read_baseline(tmp_path / "none.toml") == ()


def test_since_leaves_out_what_ended_before(broken) -> None:
    """Findings whose last evidence is older than the day are left out, newer ones stay."""
    row = run_checks(broken).findings.set_index("check").loc["misrouted_number"]
    day = row["last_seen"].tz_convert(broken.zone).date()
    assert not run_checks(broken, since=day).of("misrouted_number").passed
    later = run_checks(broken, since=day + dt.timedelta(days=1)).of("misrouted_number")
    assert later.passed is True
    assert "1 older finding left out" in later.text


def test_an_accepted_key_must_not_hide_another_number(broken) -> None:
    """A key accepts one finding, not its check."""
    known = Accepted("unlisted_number/shop/+10000000000")
    assert exit_status(run_checks(broken, baseline=[known])) == 1


def test_an_unknown_check_is_refused(shop) -> None:
    """Asking a result for a check that was not run names those that were."""
    with pytest.raises(CalltrackError, match="duplicates"):
        run_checks(AuditInput()).of("horoscope")


def test_a_result_shows_itself_without_markup_from_the_data(shop) -> None:
    """What stands in the data cannot inject markup into a report."""
    numbers = shop.numbers.assign(label="<script>alert(1)</script>")
    result = run_checks(plant("misrouted_number", replace(shop, numbers=numbers), 2).data)
    assert "script" in result.findings["finding"].str.cat()
    assert "<script>" not in result._repr_html_()
    assert "<script>" not in result.of("misrouted_number")._repr_html_()
