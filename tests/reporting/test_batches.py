"""Reports of each month and campaign: which run, with what, before any of them does."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from calltrack_nb import clock, reporting, schema
from calltrack_nb.errors import ParameterError, ReportError
from calltrack_nb.periods import RELATIVE, Period
from calltrack_nb.reporting import running
from calltrack_nb.reporting.batches import campaigns
from calltrack_nb.workspace import Workspace
from tests.reporting.conftest import notebook_with

TAKES_BOTH = 'period: str = "all"\ncampaign: str = ""'


@pytest.fixture
def year(workspace: Workspace) -> Workspace:
    """A year of five campaigns with calls, and one that only cost money, in the last month."""
    days = pd.date_range("2025-03-05", "2026-02-20", freq="2D", tz="UTC")
    named = [f"Campaign {number}" for number in range(5)]
    calls = pd.DataFrame({"started_at": days}).assign(
        account="main",
        call_id=[f"callrail:{number}" for number in range(len(days))],
        provider="callrail",
        duration_s=60.0,
        direction="inbound",
        status="answered",
        lead_status="unknown",
        campaign=[named[number % 5] for number in range(len(days))],
    )
    workspace.write_table("calls", schema.conform(calls, "calls"))
    spend = pd.DataFrame(
        {
            "account": "main",
            "date": [dt.date(2026, 2, 1)],
            "days": 1,
            "campaign": "Radio",
            "cost": Decimal(10),
            "currency": "USD",
        }
    )
    workspace.write_table("spend", schema.conform(spend, "spend"))
    return Workspace(workspace.folder)


def test_a_year_of_five_campaigns_is_sixty_runs(year: Workspace, tmp_path: Path) -> None:
    """Each month of each campaign once, every page under a name of its own."""
    own = notebook_with(tmp_path, parameters=TAKES_BOTH)
    given = {"period": "2025-03..2026-01"}
    jobs = reporting.prepare_each(year, [own], given, ("month", "campaign"))
    assert len(jobs) == 11 * 5
    jobs = reporting.prepare_each(year, [own], {}, ("month", "campaign"))
    assert len(jobs) == 12 * 6  # with the one that only cost money
    told = [(job.parameters["period"], job.parameters["campaign"]) for job in jobs]
    assert told == sorted(set(told))
    assert told[0] == ("2025-03", "Campaign 0")
    assert len({running._stem(job) for job in jobs}) == len(jobs)


def test_months_and_campaigns_are_those_of_the_period(year: Workspace, tmp_path: Path) -> None:
    """A period's months are cut to its ends; who neither called nor cost in it is no campaign."""
    own = notebook_with(tmp_path, parameters=TAKES_BOTH)
    jobs = reporting.prepare_each(year, [own], {"period": "2026-01-15..2026-02-10"}, ("month",))
    assert [job.parameters["period"] for job in jobs] == [
        "2026-01-15..2026-01-31",
        "2026-02-01..2026-02-10",
    ]
    assert "Radio" in campaigns(year, "2026-02")
    assert "Radio" not in campaigns(year, "2026-01")
    with pytest.raises(ReportError, match="no campaign"):
        reporting.prepare_each(year, [own], {"period": "2020"}, ("campaign",))


def test_a_notebook_without_the_parameter_is_refused_by_name(
    year: Workspace, tmp_path: Path
) -> None:
    """Where a report cannot be of one campaign, nothing runs as if it were of all."""
    own = notebook_with(tmp_path, parameters='period: str = "all"')
    with pytest.raises(ParameterError, match="own has no parameter campaign"):
        reporting.prepare_each(year, [own], {}, ("campaign",))


@pytest.mark.parametrize(
    ("name", "today", "days"),
    [
        ("last-month", "2026-03-31", "2026-02"),
        ("last-month", "2026-01-01", "2025-12"),
        ("this-month", "2026-02-28", "2026-02"),
        ("this-month", "2026-03-01", "2026-03-01"),
        ("last-week", "2026-03-01", "2026-02-16..2026-02-22"),
        ("last-week", "2026-03-02", "2026-02-23..2026-03-01"),
        ("last-quarter", "2026-02-10", "2025-Q4"),
        ("last-quarter", "2026-12-31", "2026-Q3"),
        ("year-to-date", "2026-12-31", "2026"),
        ("last-30-days", "2026-03-01", "2026-01-30..2026-02-28"),
    ],
)
def test_a_relative_period_is_these_days(name: str, today: str, days: str) -> None:
    """At the ends of months, weeks, quarters and years, too."""
    assert str(Period.relative(name, dt.date.fromisoformat(today))) == days


@pytest.mark.parametrize("name", RELATIVE)
def test_it_is_resolved_on_the_clock_of_the_business(
    year: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """On New Year's Eve at half past eleven in New York it is not January yet."""
    monkeypatch.setattr(clock, "now", lambda: dt.datetime(2026, 1, 1, 4, 30, tzinfo=dt.UTC))
    settings = year.folder / "calltrack.toml"
    settings.write_text('[business]\nname = "Shop"\ntimezone = "America/New_York"\n')
    (job,) = reporting.prepare(
        Workspace(year.folder), [notebook_with(tmp_path, parameters=TAKES_BOTH)], {"period": name}
    )
    assert job.parameters["period"] == str(Period.relative(name, dt.date(2025, 12, 31)))
