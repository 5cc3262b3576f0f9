"""Every figure that two pages print is the same on both.

A workspace's reports are read as their reader reads them (:mod:`tests.reporting.printed`),
and each quantity that more than one place names must have one value everywhere.
"""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from nbclient import NotebookClient

from calltrack_nb import effectiveness, init_workspace
from calltrack_nb.calls import days_off
from calltrack_nb.workspace import Workspace, pipeline
from tests.conftest import ROOT
from tests.reporting.printed import Said, collect, disagreements
from tools.simulator.shop import SimulatedShop, simulate_shop
from tools.simulator.shop_exports import write_exports
from tools.simulator.shop_spec import ShopSpec

pytestmark = pytest.mark.filterwarnings("default")  # jupyter's own, in the parent process

# one to start with makes a workspace of its own, whatever the period
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[!0]*.ipynb"))
SETTINGS = """
[business]
name = "Three Corners"
country = "US"
timezone = "America/New_York"
currency = "USD"
city = "New York"
region = "NY"

[business.hours]
mon = "08:00-18:00"
tue = "08:00-18:00"
wed = "08:00-18:00"
thu = "08:00-18:00"
fri = "08:00-18:00"
sat = "09:00-14:00"

[goals]
qualified_calls = 60
sales_calls = 40
cost_per_qualified_call = 20
answer_rate = 0.75

[qualified]
staff_numbers = ["+12125550101"]
"""
ALIKE = (  # campaigns that have a channel or a number of their own
    ("Instagram", "campaign Instagram bio", "channel instagram", "number Instagram bio"),
    ("Newsletter", "campaign Monthly newsletter", "channel email", "number Newsletter"),
    ("Flyer", "campaign Summer flyer", "number Flyer"),
)
SAID_BY = {  # which pages must have been understood to say it, so that none agrees by silence
    "calls": {
        *("campaign_effectiveness", "number_audit", "listen_and_learn", "explore"),
        "owner_brief",
    },
    "missed": {"campaign_effectiveness", "number_audit"},
    "answered": {"listen_and_learn"},
    "answer rate": {"campaign_effectiveness", "number_audit", "listen_and_learn"},
    "after hours": {"campaign_effectiveness", "number_audit"},
    "after hours, share": {"campaign_effectiveness", "number_audit"},
    "not spoken to": {"campaign_effectiveness", "number_audit"},
    "judged": {"campaign_effectiveness", "number_audit"},
    "qualified": {"campaign_effectiveness", "owner_brief"},
    "qualified rate": {"campaign_effectiveness"},
    "people": {"campaign_effectiveness"},
    "spend": {"campaign_effectiveness"},
    "cost per call": {"campaign_effectiveness"},
    "cost per qualified call": {"campaign_effectiveness"},
    "calls, lower end": {"campaign_effectiveness"},
    "qualified, upper end": {"campaign_effectiveness"},
    "inbound": {"number_audit"},
    "goal: Answer rate": {"owner_brief", "number_audit"},
    "people with a qualified call": {"tweak_adjust_repeat"},
    "calls of Instagram": {"campaign_effectiveness", "number_audit", "explore"},
    "answer rate of Instagram": {"number_audit", "explore"},
    "people of Instagram": {"campaign_effectiveness", "explore"},
}


@dataclass(frozen=True)
class Case:
    """A simulated shop, what is odd about its log, and the period its reports are of."""

    spec: ShopSpec
    period: str = "all"
    unknown: float = 0.0
    withheld: float = 0.0

    def shop(self) -> SimulatedShop:
        """Make the shop and spoil its log."""
        shop = simulate_shop(self.spec)
        calls, rng = shop.calls.copy(), np.random.default_rng(self.spec.seed)
        inbound = calls["direction"].eq("inbound").to_numpy(bool)
        for column, share in (
            ("status", self.unknown),
            ("caller_number", self.withheld),
        ):
            lost = inbound & (rng.random(len(calls)) < share)
            calls[column] = calls[column].mask(lost)
        return replace(shop, calls=calls)


CASES = {
    "closed on public holidays": Case(
        ShopSpec(
            seed=11,
            first=dt.date(2026, 5, 1),
            last=dt.date(2026, 7, 31),
            faults=False,
            volume=0.5,
        )
    ),
    "spam, staff, unknown statuses": Case(
        ShopSpec(seed=12, first=dt.date(2026, 6, 1), last=dt.date(2026, 6, 30)),
        unknown=0.1,
    ),
    "withheld numbers, one month of two": Case(
        ShopSpec(
            seed=13,
            first=dt.date(2026, 5, 1),
            last=dt.date(2026, 6, 30),
            faults=False,
            volume=0.7,
        ),
        period="2026-06",
        withheld=0.25,
    ),
}


def outputs(cells: list[nbformat.NotebookNode]) -> str:
    """Return what cells show: their HTML, and the descriptions of their charts."""
    shown = []
    for output in (output for cell in cells for output in cell.get("outputs", ())):
        shown.append(output.get("data", {}).get("text/html", ""))
        if "image/png" in output.get("data", {}):
            alt = html.escape(output.metadata["image/png"]["alt"])
            shown.append(f'<img alt="{alt}">')
    return "\n".join(shown)


def run(workspace: Workspace, period: str) -> dict[str, str]:
    """Run all notebooks on a workspace, one after another in one kernel, and return their pages.

    The parameters are set in a cell of their own, as papermill sets them; a kernel for each
    notebook would start and import five times.
    """
    given = f"workspace, period = {str(workspace.folder)!r}, {period!r}"
    parts: dict[str, list[nbformat.NotebookNode]] = {}
    for path in NOTEBOOKS:
        code = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
        assert "parameters" in code[0].metadata.tags
        parts[path.stem] = [code[0], nbformat.v4.new_code_cell(given), *code[1:]]
    together = nbformat.v4.new_notebook(cells=list(chain(*parts.values())))
    for number, cell in enumerate(together.cells):
        cell["id"] = f"cell-{number}"
    NotebookClient(together, kernel_name="python3", timeout=300).execute(cwd=str(ROOT))
    done = iter(together.cells)
    return {name: outputs([next(done) for _ in cells]) for name, cells in parts.items()}


def simulated(case: Case, folder: Path) -> Workspace:
    """Make a workspace of a simulated shop from its exports."""
    init_workspace(folder)
    (folder / "calltrack.toml").write_text(SETTINGS, encoding="utf-8")
    write_exports(case.shop(), folder / "data" / "raw")
    workspace = Workspace(folder)
    pipeline.import_logs(workspace)
    return workspace


def assert_one_truth(found: Mapping[str, list[Said]]) -> None:
    """Say which page says what, where two differ."""
    silent = {
        quantity: missing
        for quantity, pages in SAID_BY.items()
        if (missing := {p for p in pages if not any(p in s.where for s in found.get(quantity, ()))})
    }
    assert not silent, f"not found on these pages: {silent}"
    assert not (said := disagreements(found)), "\n\n".join(["", *said.values()])


def test_the_sample_has_one_truth() -> None:
    """The committed notebooks, which another test compares with fresh runs."""
    pages = {path.stem: outputs(nbformat.read(path, 4).cells) for path in NOTEBOOKS}
    found = collect(pages, ALIKE)
    assert_one_truth(found)
    assert {each.figure.low for each in found["days without data"]} == {3}
    less_spam_and_staff = [s for s in found["calls"] if s.where == "number_audit, sentences"]
    assert less_spam_and_staff[0].words.endswith("less 29 spam and 6 of the staff")


@pytest.mark.parametrize("name", CASES)
@pytest.mark.slow
def test_a_simulated_shop_has_one_truth(name: str, tmp_path: Path) -> None:
    """Freshly printed pages of shops with holidays, spam, staff, gaps in what is known."""
    case = CASES[name]
    workspace = simulated(case, tmp_path / "shop")
    assert_is_odd(case, workspace)
    whole = case.period == "all"
    assert_one_truth(collect(run(workspace, case.period), ALIKE, whole=whole))


def assert_is_odd(case: Case, workspace: Workspace) -> None:
    """See that the log has what its shop is here for."""
    calls, counted = workspace.calls(), workspace.counted()
    closed = list(days_off(workspace.settings, case.spec.first, case.spec.last))
    assert counted["local"].dt.normalize().isin(pd.DatetimeIndex(closed)).sum() >= 5 or not closed
    assert (calls["direction"] == "outbound").sum() > 20
    if case.unknown:
        assert counted["status"].isna().sum() > 10
        assert counted["tracking_number"].isna().any()
        assert (calls["spam_score"] >= 3).sum() > 5
        assert calls["caller_number"].isin(["+12125550101"]).sum() > 2
    if case.withheld:
        assert counted["caller_number"].isna().sum() > 20


def test_a_total_is_the_same_however_its_rows_are_grouped(tmp_path: Path) -> None:
    """Its figures and both their ends: of calls, people, qualified calls, costs and money."""
    workspace = simulated(CASES["spam, staff, unknown statuses"], tmp_path / "shop")
    tables = [workspace.table(name) for name in ("calls", "spend", "outcomes")]
    totals = pd.DataFrame(
        {
            by: effectiveness.scorecard(
                *tables, workspace.settings, workspace.period("all"), by=by
            ).total.drop(by)
            for by in ("campaign", "channel", "keyword", "landing_page", "tracking_number")
        }
    )
    assert totals.loc[["calls_low", "qualified_high", "cost_per_call_low"]].notna().all(axis=None)
    values = totals.astype(float).fillna(-1.0)
    odd = totals[values.ne(values["campaign"], axis="index").any(axis=1)]
    assert odd.empty, odd


@pytest.fixture
def two_pages() -> dict[str, str]:
    """Pages that agree about all calls and not about the missed ones."""
    return {
        "one": "<p>404 calls were missed. Of 1,513 calls 73% were answered.</p>",
        "two": "<p>164 calls were missed. 17% of 1,513 calls came outside the hours.</p>",
    }


def test_a_disagreement_names_both_pages(two_pages: dict[str, str]) -> None:
    """The failure says which page said what; figures that agree are not in it."""
    said = disagreements(collect(two_pages))
    assert list(said) == ["missed"]
    assert "404 - one, sentence: 404 calls were missed" in said["missed"]
    assert "164 - two, sentence: 164 calls were missed" in said["missed"]


def test_a_paid_cost_that_is_not_spend_over_paid_qualified_calls_is_found() -> None:
    """Half of what a campaign cost over its own calls: the campaign and the whole are named."""
    page = """
    <div id="scorecard"><table class="gt_table"><thead><tr><th scope="col">Campaign</th>
    <th scope="col">Qualified (range)</th></tr></thead><tbody>
    <tr><td>Flyer</td><td>10</td></tr><tr><td>Organic</td><td>30</td></tr></tbody></table></div>
    <div id="cost"><table class="gt_table"><thead><tr><th scope="col">Campaign</th>
    <th scope="col">Spent</th><th scope="col">Paid, per qualified call (range)</th></tr></thead>
    <tbody><tr><td>Flyer</td><td>USD 500</td><td>USD 25.00</td></tr>
    <tr><td>Organic</td><td>-</td><td>-</td></tr>
    <tr><td>all</td><td>USD 500</td><td>USD {all}</td></tr></tbody></table></div>"""
    wrong = disagreements(collect({"one": page.format(all="12.50")}))
    assert set(wrong) == {
        "paid cost per qualified call",
        "paid cost per qualified call of campaign Flyer",
    }
    right = page.replace("USD 25.00", "USD 50.00").format(all="50.00")
    assert not disagreements(collect({"one": right}))
