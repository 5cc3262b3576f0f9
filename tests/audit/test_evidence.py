"""What a report shows of an audit: the wiring, the calendar, quotes and tables."""

import re
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from calltrack_nb import schema
from calltrack_nb.audit import (
    AuditInput,
    answers,
    daily_coverage,
    display_plan,
    pools,
    run_checks,
    setup_checklist,
    spoken_evidence,
    wires,
)
from calltrack_nb.audit.log import NUMBER
from calltrack_nb.periods import Period
from calltrack_nb.phrasing import plural
from calltrack_nb.reporting.charts.audit import coverage_chart, wiring_chart
from tools.simulator.faults import STRANGE, plant
from tools.simulator.sound_shops import sound_shop


@pytest.fixture(scope="module")
def shop() -> AuditInput:
    """A random shop whose wiring is right."""
    return sound_shop(6)


def test_a_stray_destination_is_the_broken_link(shop) -> None:
    """Of a misrouted number's two links only the one that is not listed is broken."""
    planted = plant("misrouted_number", shop, 6)
    links = wires(planted.data, run_checks(planted.data).findings)
    broken = links.table[links.table["trouble"].ne("")]
    assert broken["destination"].tolist() == [f"…{STRANGE[-4:]}"]
    assert broken["trouble"].tolist() == ["rings elsewhere"]
    assert not broken["listed"].any()
    own = planted.data.calls["tracking_number"].eq(planted.subject)
    stray = own & planted.data.calls["destination_number"].eq(STRANGE)
    assert broken["calls"].tolist() == [int(stray.sum())]
    assert "rings elsewhere" in links.text


def test_sound_wiring_accounts_for_every_call(shop) -> None:
    """Without faults no link is broken, pools are one line, and all calls are on the links."""
    links = wires(shop, run_checks(shop).findings)
    assert "No link is broken" in links.text
    assert links.table["calls"].sum() == len(shop.inbound)
    assert links.table["line"].str.contains("shared number").sum() == 1


def test_calls_of_a_log_without_destinations_are_on_the_listed_links(shop) -> None:
    """A log that names no destinations at all, or of some calls only, loses no call."""
    numbers = [*NUMBER, "destination_number"]
    for every in (1, 2):
        calls = shop.calls.copy()
        calls.loc[calls.index[::every], "destination_number"] = pd.NA
        data = AuditInput(**{**vars_of(shop), "calls": calls})
        links = wires(data, run_checks(data).findings)
        assert links.table["calls"].sum() == len(shop.inbound)
        sure = shop.numbers.drop_duplicates(numbers).groupby(NUMBER).size().eq(1).all()
        assert sure
        assert links.table["listed"].all()
        assert not links.table["destination"].eq("not named").any()


def test_calls_that_may_have_rung_either_of_two_telephones_are_counted_apart(shop) -> None:
    """Where the inventory lists two destinations, no call is put on either by guessing."""
    one = shop.numbers["tracking_number"].iloc[0]
    twice = shop.numbers.head(1).assign(destination_number="+12125550190")
    calls = shop.calls.assign(destination_number=pd.array([pd.NA] * len(shop.calls), schema.TEXT))
    numbers = pd.concat([shop.numbers, twice], ignore_index=True)
    data = AuditInput(**{**vars_of(shop), "calls": calls, "numbers": numbers})
    table = wires(data, run_checks(data).findings).table
    open_ones = table[table["destination"].eq("not named")]
    assert open_ones["calls"].tolist() == [int(shop.inbound["tracking_number"].eq(one).sum())]
    assert table["calls"].sum() == len(shop.inbound)


def test_only_what_has_a_name_is_counted_as_a_campaign_or_a_telephone(shop) -> None:
    """Neither pools nor numbers without a campaign add to it, nor calls that rang nobody knows."""
    text = wires(shop, run_checks(shop).findings).text
    campaigns = shop.numbers["campaign"].nunique()
    telephones = shop.numbers["destination_number"].nunique()
    assert shop.numbers["campaign"].isna().any()
    assert f"for {plural(campaigns, 'campaign')} ring at {plural(telephones, 'telephone')}." in text
    nowhere = pd.array([pd.NA] * len(shop.calls), schema.TEXT)
    data = AuditInput(calls=shop.calls.assign(destination_number=nowhere))
    text = wires(data, run_checks(data).findings).text
    assert "for 0 campaigns; which telephones they ring is not known." in text


def test_an_unlisted_number_is_drawn_all_the_same(shop) -> None:
    """A number that nobody listed appears with its calls and no campaign."""
    planted = plant("unlisted_number", shop, 6)
    table = wires(planted.data, run_checks(planted.data).findings).table
    (row,) = table[table["line"].eq(f"…{planted.subject[-4:]}")].to_dict("records")
    assert row["trouble"] == "not in the list"
    assert row["calls"] > 0


@pytest.mark.parametrize("check", ["misrouted_number", "double_booked", "unlisted_number"])
def test_broken_links_are_crossed_out_in_the_picture(shop, check) -> None:
    """The picture crosses out broken links and only those."""
    crosses = {}
    for name, data in {"sound": shop, "broken": plant(check, shop, 6).data}.items():
        figure = wiring_chart(wires(data, run_checks(data).findings))
        crosses[name] = sum(line.get_marker() == "X" for line in figure.axes[0].lines)
        plt.close(figure)
    assert crosses["sound"] == 0
    assert crosses["broken"] >= 1


def test_missing_days_are_not_days_without_calls(shop) -> None:
    """A gap is hatched in the calendar; a quiet Sunday is only grey."""
    planted = plant("log_gap", shop, 6)
    result = run_checks(planted.data)
    coverage = daily_coverage(planted.data, result.of("log_gap").table)
    missing = coverage[coverage["missing"]]
    assert len(missing) > 0
    assert (missing["calls"] == 0).all()
    assert coverage["calls"].sum() == len(planted.data.inbound)
    figure = coverage_chart(coverage)
    hatched = [patch for patch in figure.axes[0].patches if patch.get_hatch()]
    assert len(hatched) == len(missing)
    plt.close(figure)


@pytest.mark.parametrize("days", [0, 3, 400, 800])
def test_the_calendar_takes_a_log_of_any_length(days) -> None:
    """No calls, a few days and more than a year can all be drawn."""
    grid = pd.date_range("2025-01-06", periods=days, freq="D")
    coverage = pd.DataFrame({"day": grid, "calls": 3, "recorded": 0, "missing": False})
    figure = coverage_chart(coverage)
    figure.draw_without_rendering()
    plt.close(figure)


def test_the_wiring_of_nothing_can_be_drawn() -> None:
    """An empty workspace gives an empty picture that calls nothing sound."""
    links = wires(AuditInput(), run_checks(AuditInput()).findings)
    assert "no list of numbers" in links.text
    figure = wiring_chart(links)
    figure.draw_without_rendering()
    plt.close(figure)


def test_evidence_is_quoted_in_redacted_words(shop) -> None:
    """Calls behind a finding are quoted by their redacted text, never by the raw one."""
    data = plant("other_business", shop, 8).data
    words = data.utterances.assign(
        redacted_text=data.utterances["text"].str.replace("pizza", "[NAME]", case=False)
    )
    raw = AuditInput(**{**vars_of(data), "utterances": words})
    findings = run_checks(raw).findings
    quotes = spoken_evidence(raw, findings, most=1)
    assert len(quotes) >= 1
    assert set(quotes["call_id"]) <= set(words["call_id"])
    unredacted = words.assign(redacted_text=pd.Series(np.nan, index=words.index, dtype=schema.TEXT))
    silent = AuditInput(**{**vars_of(data), "utterances": unredacted})
    assert spoken_evidence(silent, findings).empty


def vars_of(data: AuditInput) -> dict[str, object]:
    """Return the fields of an input without what it remembers."""
    return {name: getattr(data, name) for name in AuditInput.__dataclass_fields__}


def test_tables_for_readers_hold_no_full_number(shop) -> None:
    """Nothing that a report shows of an audit holds a telephone number in full."""
    result = run_checks(plant("misrouted_number", shop, 6).data)
    shown = [
        result.display(),
        result.display_checks(),
        answers(shop),
        pools(shop),
        display_plan(shop),
        setup_checklist(shop),
        wires(shop, result.findings).table.drop(columns="account"),
    ]
    for frame in shown:
        assert not frame.empty
        assert not re.search(r"(?<![.\d])\+?\d{10,}", frame.to_csv(index=False))


def test_tables_of_an_empty_workspace_are_empty() -> None:
    """Without data the tables keep their columns and hold no rows."""
    for frame in (answers(AuditInput()), pools(AuditInput()), display_plan(AuditInput())):
        assert frame.empty
        assert len(frame.columns) > 3


def test_answers_count_every_inbound_call(shop) -> None:
    """The table of answers adds up to the log."""
    table = answers(shop)
    assert table["calls"].sum() == len(shop.inbound)
    share = (shop.inbound["status"] == "answered").mean()
    assert (table["answered"] * table["calls"]).sum() / table["calls"].sum() == pytest.approx(share)


def test_a_period_is_what_is_said_of_answering_but_not_of_wiring(shop) -> None:
    """One month's calls, the share of them after hours and the callers missed in it."""
    first = shop.counted["local"].min()
    month = Period.parse(f"{first + pd.DateOffset(months=1):%Y-%m}")
    part = replace(shop, period=month)
    inside = shop.counted["local"].dt.strftime("%Y-%m").eq(str(month))
    assert 0 < inside.sum() < len(shop.counted)
    assert answers(part)["calls"].sum() == inside.sum()
    whole, some = run_checks(shop), run_checks(part)
    assert f"Of {inside.sum()} calls" in some.of("missed_calls").text
    assert f"of {inside.sum()} calls" in some.of("after_hours").text
    people = [
        int(re.search(r"(?:of|All) (\d+) missed callers?", result.of("never_called_back").text)[1])
        for result in (some, whole)
    ]
    assert 0 < people[0] < people[1]
    for check in ("unlisted_number", "log_gap", "spam"):
        assert some.of(check).text == whole.of(check).text


def test_calls_without_a_number_of_the_business_are_answered_too(shop) -> None:
    """They stand in a row of their own, so that the table adds up to the log."""
    rows = shop.calls.assign(
        tracking_number=shop.calls["tracking_number"].mask(np.arange(len(shop.calls)) % 10 == 0)
    )
    table = answers(replace(shop, calls=rows))
    assert table["calls"].sum() == len(shop.inbound)
    assert table["number"].eq("no tracking number").sum() == 1


def test_spam_and_staff_account_for_every_inbound_call_that_does_not_count(shop) -> None:
    """Inbound calls less the spam and the staff's that the texts name are those that count."""
    for fault in ("spam", "staff_calls"):
        data = plant(fault, shop, 6).data
        result = run_checks(data)
        text = result.of("spam").text
        robots = int(re.search(r"(\d+) of these are left out of every figure", text)[1])
        inbound = int(re.search(r"of ([\d,]+) inbound calls in the log", text)[1].replace(",", ""))
        assert inbound == len(data.inbound)
        assert inbound - robots - data.inbound["staff"].sum() == len(data.counted)
