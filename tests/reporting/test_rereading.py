"""What a report reads is taken down, and the report runs again only where that is another."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from calltrack_nb import effectiveness, init_workspace, reporting
from calltrack_nb.calls import about_periods, of_campaign
from calltrack_nb.periods import Period
from calltrack_nb.reporting.kernels import Nursery
from calltrack_nb.reporting.rereading import REST, Reader
from calltrack_nb.results import BaseResult
from calltrack_nb.workspace import Workspace, auditing, reads
from calltrack_nb.workspace.whole_log import broken_in, orders_to_come
from tools.simulator.shop import ShopSpec, simulate_shop

pytestmark = pytest.mark.filterwarnings("default")  # jupyter's own, in the parent process

TABLES = ("calls", "leads", "spend", "numbers", "visits", "outcomes", "tweaks", "regimes")
MONTHS = ("2026-02", "2026-04", "2026-06")


def simulated(folder: Path, *, faults: bool) -> Workspace:
    """Half a year of a shop."""
    spec = ShopSpec(first=dt.date(2026, 1, 1), last=dt.date(2026, 6, 30), faults=faults)
    shop, workspace = simulate_shop(spec), init_workspace(folder)
    for name in TABLES:
        workspace.write_table(name, getattr(shop, name))
    return Workspace(folder)


@pytest.fixture(scope="module", params=[False, True], ids=["sound", "faulty"])
def half_year(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Workspace:
    """A shop whose wiring is sound, and one whose is not; to be read from."""
    return simulated(tmp_path_factory.mktemp("half") / "shop", faults=request.param)


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    """A shop of half a year, to be changed."""
    return simulated(tmp_path / "shop", faults=False)


def results(shop: Workspace, when: Period, *, whole: bool) -> dict[str, BaseResult]:
    """Return all that the campaign report of a period shows."""
    about = None if whole else when
    calls, spend, orders = (
        shop.table(name, about=about) for name in ("calls", "spend", "outcomes")
    )
    findings, talk = (shop.table(name, about=about) for name in ("findings", "talk"))
    to_come = None if whole else orders_to_come(shop, when)
    broken = broken_in(shop, when)
    found: dict[str, BaseResult] = {}
    for campaign in ("", "Wedding Cakes - Search", "only paid for"):
        chosen = of_campaign(calls, campaign, known=True)
        for by in ("campaign", "channel", "keyword", "landing_page"):
            found[f"{campaign} by {by}"] = effectiveness.scorecard(
                calls,
                spend,
                orders,
                shop.settings,
                when,
                by=by,
                broken=broken,
                campaign=campaign,
                to_come=to_come,
            )
        each = (chosen, shop.settings, when)
        found |= {
            f"{campaign} trend": effectiveness.weekly_trend(
                *each, definition_changes=shop.table("regimes")
            ),
            f"{campaign} rhythm": effectiveness.rhythm(*each),
            f"{campaign} ring back": effectiveness.ring_back(*each, findings, broken=broken),
            f"{campaign} agents": effectiveness.agents(*each, talk),
            f"{campaign} places": effectiveness.places(*each),
        }
    found["missed"] = effectiveness.missed_revenue(calls, orders, shop.settings, when)
    return found


def test_what_is_about_a_month_gives_what_the_whole_log_gives(half_year: Workspace) -> None:
    """Every figure and word of the campaign report of the first, a middle and the last month."""
    months = half_year.period_of_log().months()
    for when in (months[0], months[3], months[-1]):
        told, whole = (results(half_year, when, whole=which) for which in (False, True))
        for name, result in whole.items():
            assert told[name].to_json() == result.to_json(), (when, name)
        assert len(half_year.table("calls", about=when)) < half_year.rows("calls")


def test_days_broken_in_a_month_are_those_that_its_audit_finds(half_year: Workspace) -> None:
    """Cut to the month and the one before, and none more."""
    for when in half_year.period_of_log().months():
        found = auditing.audit_workspace(half_year, since=when.first, period=when)
        whole = auditing.broken_days(half_year, found)
        days = broken_in(half_year, when)
        opens, closes = pd.Timestamp(when.first), pd.Timestamp(when.last)
        now = days[(days["first"] <= closes) & (days["last"] >= opens)]
        then = whole[(whole["first"] <= closes) & (whole["last"] >= opens)]
        assert set(now["key"]) == set(then["key"])
        assert now["last"].le(closes).all()
        assert now["first"].ge(pd.Timestamp(when.before().first)).all()


def test_calls_that_an_order_hangs_on_are_read_however_old_they_are() -> None:
    """Those that it names, with or without the system's name, and all of the one who ordered."""
    days = ["2025-01-01", "2025-01-02", "2025-01-03", "2025-02-01", "2026-06-10", "2026-12-01"]
    calls = pd.DataFrame(
        {
            "account": "main",
            "call_id": ["callrail:7", "twilio:7", "callrail:8", "callrail:9", "a:1", "a:2"],
            "started_at": pd.to_datetime(days, utc=True),
            "caller_key": ["p", "q", "r", "ordered", "in june", "ordered"],
            "caller_number": None,
        }
    )
    june, may = pd.to_datetime(["2026-06-20", "2026-05-20"], utc=True)
    orders = pd.DataFrame(
        {
            "account": "main",
            "call_id": ["7", None, "callrail:8"],
            "closed_at": [june, june, may],
            "caller_key": [None, "ordered", "somebody"],
            "caller_number": None,
        }
    )
    found = about_periods(calls, orders, "UTC", [Period.parse("2026-06")])
    assert found["call_id"].tolist() == ["callrail:7", "twilio:7", "callrail:9", "a:1", "a:2"]


def add_a_call(shop: Workspace, month: str) -> None:
    """Add a call in the middle of a month, as a late export does; of one who never ordered."""
    calls = shop.read_month("calls", month)
    ordered = shop.table("outcomes")["caller_number"]
    known = calls[~calls["caller_number"].isin(ordered)]
    late = known[known["started_at"].dt.day.between(10, 12)].head(1).assign(call_id="callrail:late")
    rows = [*calls.to_dict("records"), *late.to_dict("records")]
    shop.write_month("calls", month, pd.DataFrame(rows))


def without_the_clock(page: Path) -> str:
    """Return a page without when it was made and what the whole workspace was then."""
    text = page.read_text()
    text = re.sub(r'<meta name="calltrack:(made-at|seconds|fingerprint)"[^>]*>', "", text)
    return re.sub(r"\d+ \w{3} \d{4}, \d\d:\d\d", "then", text)


@pytest.mark.slow
def test_one_changed_month_runs_alone(shop: Workspace, tmp_path: Path, nursery: Nursery) -> None:
    """Reports of other months are kept, and are, to the letter, what a fresh run would give."""
    given = [{"period": month, "campaign": "Wedding Cakes - Search"} for month in MONTHS]
    jobs = reporting.running.each_job(shop, ["campaign_effectiveness"], given)

    def made(folder: str) -> dict[str, Path]:
        runs = reporting.run_reports(
            Workspace(shop.folder), jobs, tmp_path / folder, force=False, nursery=nursery
        )
        assert not [run.error for run in runs if run.error]
        ran = [run.unchanged_since is None for run in runs]
        return {month: run.html for month, run in zip(MONTHS, runs, strict=True)} | {"ran": ran}

    assert made("pages")["ran"] == [True, True, True]
    assert made("pages")["ran"] == [False, False, False]
    add_a_call(shop, "2026-06")
    kept = made("pages")
    assert kept["ran"] == [False, False, True]
    fresh = made("fresh")
    for month in MONTHS:
        assert without_the_clock(kept[month]) == without_the_clock(fresh[month])
    add_a_call(shop, "2026-04")  # which the report of June reads, for its orders and the trend
    assert made("pages")["ran"] == [False, True, True]
    (shop.folder / "audit_baseline.toml").write_text("# a file that nobody took down\n")
    assert made("pages")["ran"] == [True, True, True]


def one_more(name: str) -> Callable[[Workspace], None]:
    def to(shop: Workspace) -> None:
        rows = shop.table(name)
        shop.write_table(name, pd.concat([rows, rows.tail(1)]) if len(rows) else rows)

    return to


READS = {
    ("table", "regimes"): one_more("regimes"),
    ("table", "outcomes"): lambda shop: shop.write_table("outcomes", shop.table("outcomes")[1:]),
    ("calls", "2026-06"): lambda shop: add_a_call(shop, "2026-06"),
    ("about", "calls", "2026-06"): lambda shop: add_a_call(shop, "2026-06"),
    ("about", "spend", "2026-06"): one_more("spend"),
    ("log",): lambda shop: shop.write_table("calls", shop.table("calls")[200:]),
    ("accounts",): lambda shop: shop.write_table("calls", shop.table("calls").assign(account="x")),
    ("campaign", "Wedding Cakes - Search"): lambda shop: [
        shop.write_table(name, shop.table(name).assign(campaign="Other"))
        for name in ("calls", "spend")
    ],
    ("orders to come", "2026-06"): lambda shop: shop.write_table(
        "outcomes", shop.table("outcomes").head(3)
    ),
    ("recordings",): lambda shop: (
        shop.recordings.mkdir(exist_ok=True),
        (shop.recordings / "a.wav").write_bytes(b"x"),
    ),
}


@pytest.mark.parametrize("read", READS, ids=" ".join)
def test_what_was_read_is_known_again(
    shop: Workspace, tmp_path: Path, read: tuple[str, ...]
) -> None:
    """Read twice it is the same; changed, it is another; the rest of the workspace is as it was."""
    named = ("", *read)
    before = Reader(shop, tmp_path / "out")
    state = before.state()
    assert before.digest(named)
    assert before.digest(REST)
    assert Reader(Workspace(shop.folder), tmp_path / "out").digest(named) == before.digest(named)
    READS[read](shop)
    after = Reader(Workspace(shop.folder), tmp_path / "out")
    assert after.digest(named) != before.digest(named)
    assert after.digest(REST) == before.digest(REST)
    assert after.state() != state


def test_a_read_that_nobody_knows_counts_as_changed(shop: Workspace, tmp_path: Path) -> None:
    """Its digest is empty, which no page may say."""
    assert Reader(shop, tmp_path).digest(("", "a new kind")) == ""
    assert Reader(shop, tmp_path).digest(("nobody", "table", "calls")) == ""


def test_every_way_into_the_tables_is_taken_down(shop: Workspace) -> None:
    """What is worked out stands for what it was made of; without it, each table is named."""
    when = shop.period("2026-06")
    with reads.taken_down() as read:
        shop.table("spend")
        shop.calls(when)
        shop.table("calls", about=when)
        broken_in(shop, when)
    assert read == {
        ("", "table", "spend"),
        ("", "calls", "2026-06"),
        ("", "about", "calls", "2026-06"),
        ("", "broken", "2026-06"),
    }
    for way in (lambda: shop.sql("select 1 from calls"), lambda: shop.tables, shop.calls):
        with reads.taken_down() as read:
            way()
        assert ("", "table", "calls") in read
    with reads.taken_down() as read:
        _ = shop.transcripts, shop.recordings
    assert read == {("", "transcripts"), ("", "recordings")}


def test_notes_reach_the_one_who_runs_the_report(
    shop: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the file that the environment names, once each however often it was read."""
    monkeypatch.setenv(reads.VARIABLE, str(tmp_path / "notes"))
    shop.table("spend")
    shop.table("spend")
    shop.calls("2026-06")
    assert reads.notes_in(tmp_path / "notes") == {("", "table", "spend"), ("", "calls", "2026-06")}
    assert reads.notes_in(tmp_path / "none") == set()
    assert json.loads((tmp_path / "notes").read_text().splitlines()[0]) == ["", "table", "spend"]
