"""A real JupyterLab: calls played by keys, a notebook run, outputs that look as on a page."""

from __future__ import annotations

import base64
import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from PIL import Image
from playwright.sync_api import Page

from calltrack_nb import init_workspace
from calltrack_nb.reporting import report_names
from calltrack_nb.reporting.html import Cover, export_html, script
from calltrack_nb.results import Html
from calltrack_nb.workspace import Workspace
from tests.checking.shop import heard_shop
from tests.conftest import ROOT
from tests.shell.jupyterlab import (
    FAILED,
    KERNEL,
    jupyterlab,
    opened,
    run_all,
    run_first_cell,
    trust,
    write_notebook,
)

CALLS = 12
COVER = Cover(
    *("Mary's Cakes", "2026", dt.datetime(2026, 10, 2, tzinfo=dt.UTC)),
    files={name: f"{name}.html" for name in report_names()},
)
LOOKS = """(outputs) => {
  for (const link of document.querySelectorAll(".ct-todo a")) link.remove(); // to other pages
  const asked = ["display", "gridTemplateColumns", "padding", "borderTopWidth", "borderLeftWidth",
    "borderRadius", "color", "backgroundColor", "fontSize", "fontWeight", "lineHeight",
    "listStyleType", "float", "whiteSpace"];
  const found = {};
  const ours = `${outputs} [class^=ct-]`;
  const parts = `${ours}, ${ours} :is(th, td, li, p, b, blockquote)`;
  for (const part of document.querySelectorAll(parts)) {
    const inside = part.closest("[class^=ct-]").getAttribute("class");
    const { width, height } = part.getBoundingClientRect();
    const style = getComputedStyle(part);
    const look = Object.fromEntries(asked.map((each) => [each, style[each]]));
    const name = `${inside} ${part.tagName}`;
    (found[name] ??= []).push({ ...look, width: Math.round(width), height: Math.round(height) });
  }
  return found;
}"""
SPOKEN = "document.querySelector('.ct-dialog .ct-spoken')?.textContent"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Twelve calls that were listened to, ten of them with sound."""
    return heard_shop(init_workspace(tmp_path_factory.mktemp("lab") / "shop"), CALLS, sound=10)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("settings")


@pytest.fixture(scope="module")
def lab(shop: Workspace, settings: Path) -> Iterator[str]:
    """JupyterLab on a folder with a notebook that lists the shop's calls."""
    write_notebook(
        shop.folder / "calls.ipynb",
        f"import calltrack_nb\ncalltrack_nb.open({str(shop.folder)!r}).browse()",
    )
    with jupyterlab(shop.folder, settings) as address:
        yield address


def count(page: Page) -> str:
    return page.inner_text(".ct-count")


@pytest.mark.slow
def test_a_call_is_found_and_played_along_by_keys(shop: Workspace, lab: str) -> None:
    """Search and filters narrow the list; keys open a call, play it, and light what is said."""
    with opened(lab, "calls.ipynb") as (page, outside):
        run_first_cell(page)
        page.wait_for_selector(".ct-found li", timeout=60_000)
        assert count(page) == "12 calls"
        page.focus(".ct-search input[type=search]")
        page.keyboard.type("baking class")
        assert count(page) == "3 calls"
        page.check("[data-by=sound]")
        assert count(page) == "2 calls"
        page.click(".ct-calls summary")
        page.fill("[data-by=day][data-how=to]", "2026-08-02")
        assert count(page) == "1 call"
        page.focus(".ct-found .ct-open")
        page.keyboard.press("Enter")
        page.wait_for_selector(".ct-dialog audio")
        assert "baking class" in page.evaluate(SPOKEN)
        page.keyboard.press("Space")
        page.wait_for_function("document.querySelector('.ct-dialog audio').currentTime > 4.1")
        page.keyboard.press("ArrowRight")
        page.wait_for_function(f"{SPOKEN}.includes('dollars')")
        page.keyboard.press("ArrowUp")
        assert page.evaluate("document.querySelector('.ct-dialog audio').playbackRate") == 1.25
        page.click(".ct-dialog button.ct-at >> nth=0")
        page.wait_for_function(f"{SPOKEN}.includes('Sugar and Crumb')")
        page.keyboard.press("Escape")
        page.wait_for_function("document.querySelector('.ct-dialog audio').paused")
        page.keyboard.press("Control+s")
        page.wait_for_selector(".jp-NotebookPanel:not(.jp-mod-dirty)")
    assert outside == []
    assert "baking class" not in (shop.folder / "calls.ipynb").read_text()


def every_kind() -> list[nbformat.NotebookNode]:
    """Return outputs of the committed notebooks that hold every kind of part, the sheet first."""
    found: list[nbformat.NotebookNode] = []
    seen: set[str] = set()
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in nbformat.read(path, 4).cells:
            for output in cell.get("outputs", ()):
                page = BeautifulSoup(output.get("data", {}).get("text/html", ""), "html.parser")
                parts = {name for tag in page.find_all(class_=True) for name in tag["class"]}
                new = {name for name in parts if name.startswith("ct-")} - seen
                sheet = page.find("style", recursive=False)
                if new or (sheet and not found):
                    found.append(output)
                seen |= new
    assert len(seen) > 30
    return found


@pytest.mark.slow
def test_outputs_look_as_on_a_page(shop: Workspace, lab: str, settings: Path) -> None:
    """Every kind of output has the colours, the spacing and, to a pixel, the size it has there.

    Where the notebook's column is narrow, a chart is the one for a telephone.
    """
    cells = [nbformat.v4.new_code_cell("0", outputs=[each]) for each in every_kind()]
    book = shop.folder / "looks.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=KERNEL), book)
    trust(book, settings)
    # without its script, which draws what a notebook does not
    unscripted = export_html(nbformat.read(book, 4), COVER).replace(script(), "")
    (shop.folder / "looks.html").write_text(unscripted)
    with opened(lab, book.name) as (page, outside):
        page.wait_for_selector(".ct-todo")
        width = page.eval_on_selector(".ct-answer", "part => part.getBoundingClientRect().width")
        in_lab = page.evaluate(LOOKS, ".jp-RenderedHTML")
        assert page.locator(".ct-wide:visible").count()
        page.set_viewport_size({"width": 900, "height": 1000})
        page.wait_for_selector(".ct-narrow:visible")
        assert page.locator(".ct-wide:visible").count() == 0
        page.set_viewport_size({"width": 1400, "height": 1000})
        page.goto((shop.folder / "looks.html").as_uri())
        page.add_style_tag(
            content=f"main {{ width: {width}px; }} body, main {{ max-width: none; }}"
        )
        on_page = page.evaluate(LOOKS, ".ct-output")
    assert outside == []
    assert len(on_page) > 50
    assert in_lab.keys() == on_page.keys()
    assert {name: parts for name, parts in in_lab.items() if parts != on_page[name]} == {}


def test_two_amounts_are_no_formula(shop: Workspace, lab: str, settings: Path) -> None:
    """JupyterLab typesets what stands between two dollars, and leaves ours as it is written."""
    shown = (Html("<p>Ours: $75 or $160</p>")._repr_html_(), "<p>Not ours: $75 or $160</p>")
    outputs = [
        nbformat.v4.new_output("display_data", data={"text/html": html, "text/plain": ""})
        for html in shown
    ]
    book = shop.folder / "dollars.ipynb"
    cell = nbformat.v4.new_code_cell("0", outputs=outputs)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=KERNEL), book)
    trust(book, settings)
    with opened(lab, book.name) as (page, _):
        page.wait_for_selector("mjx-container", timeout=30_000)
        assert page.get_by_text("Ours: $75 or $160", exact=True).count() == 1
        assert page.locator("mjx-container").count() == 1


@pytest.mark.slow
def test_cells_of_ones_own_read_well(shop: Workspace, lab: str) -> None:
    """A chart that a cell ends with is shown once, on white; a mistake is a line and a remedy."""
    write_notebook(
        shop.folder / "own.ipynb",
        f"import calltrack_nb\nws = calltrack_nb.open({str(shop.folder)!r})",
        "from calltrack_nb.reporting import style\n"
        "from calltrack_nb.reporting.charts.effectiveness import scorecard_chart\nstyle()",
        'chart = scorecard_chart(ws.scorecard())\nchart.axes[0].set_title("Mine")\nchart',
        'ws.scorecard("2026-13")',
    )
    with opened(lab, "own.ipynb") as (page, _):
        run_all(page)
        failed = page.inner_text(FAILED)
        drawn = page.locator(".jp-RenderedImage img").evaluate_all("all => all.map(it => it.src)")
    assert failed.startswith('line 1: ws.scorecard("2026-13")\nPeriodError: That is not a period')
    assert len(failed.splitlines()) == 2
    assert len(drawn) == 1
    picture = Image.open(io.BytesIO(base64.b64decode(drawn[0].partition(",")[2])))
    assert picture.convert("RGBA").getpixel((0, 0)) == (255, 255, 255, 255)
