"""All notebooks run in a real JupyterLab, and every output there is the picture it is on a page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from calltrack_nb import init_workspace
from calltrack_nb.reporting.html import export_html, script
from calltrack_nb.workspace import VARIABLE, Workspace
from tests.conftest import ROOT
from tests.shell.jupyterlab import FAILED, jupyterlab, opened, run_all, use_theme
from tests.shell.test_jupyterlab import COVER

NAMES = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
THEMES = ("Light", "Dark")
IN_LAB, ON_PAGE = ".jp-RenderedHTML, .jp-RenderedImage", ".ct-output"
WIDE = 1400
LEVELS = 40  # of 255: less is how the edge of a letter or a line was smoothed
TOLERATED = 2e-4  # share of an output's pixels
PARTS = """(outputs) => {
  for (const link of document.querySelectorAll(".ct-todo a")) link.remove(); // to other pages
  const unwrapped = (part) => part.matches(".mathjax_ignore, figure.ct-figure")
    ? [...part.children].flatMap(unwrapped) : [part];
  const parts = [...document.querySelectorAll(outputs)].flatMap((output) => [...output.children])
    .flatMap(unwrapped).filter((part) => part.getBoundingClientRect().height);
  return parts.map((part) => {
    const { x, y, width, height } = part.getBoundingClientRect();
    const [left, top] = [Math.round(x), Math.round(y)];
    // where half a pixel's offset would smooth its edges otherwise
    const { style } = part;
    style.position = "relative";
    style.left = `${(parseFloat(style.left) || 0) + left - x}px`;
    style.top = `${(parseFloat(style.top) || 0) + top - y}px`;
    const box = [left, top, left + Math.ceil(width), top + Math.ceil(height)];
    const said = part.textContent.split(/\\s+/).join(" ");
    return { name: part.className || part.tagName, said, box };
  });
}"""
WIDTH = """() => {
  const shown = document.querySelector(".jp-RenderedHTML");
  const { paddingLeft, paddingRight } = getComputedStyle(shown);
  return shown.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
}"""
GROUND = "getComputedStyle(document.querySelector('.jp-Notebook')).backgroundColor"
HEIGHT = """() => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  const scrolled = document.querySelector(".jp-WindowedPanel-outer") ?? document.documentElement;
  scrolled.scrollTo({ top: 0, behavior: "instant" });
  return scrolled.scrollHeight + 200;
}"""


@dataclass(frozen=True)
class Picture:
    """What one part of an output looks like."""

    name: str
    said: str
    pixels: np.ndarray

    def differs(self, other: Picture) -> float:
        """Return the share of pixels that are clearly others: all, where the sizes differ."""
        if self.pixels.shape != other.pixels.shape:
            return 1.0
        apart = np.abs(self.pixels.astype(int) - other.pixels.astype(int))
        return float((apart.max(axis=2) > LEVELS).mean())


def pictures(page: Page, outputs: str) -> list[Picture]:
    """Take a picture of each part of the outputs, all that is folded away opened."""
    page.set_viewport_size({"width": WIDE, "height": page.evaluate(HEIGHT)})
    page.evaluate(HEIGHT)  # JupyterLab moves to the cell that ran last when it is resized
    parts = page.evaluate(PARTS, outputs)
    whole = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
    cut = (whole[top:bottom, left:right] for left, top, right, bottom in (p["box"] for p in parts))
    return [Picture(p["name"], p["said"], pixels) for p, pixels in zip(parts, cut, strict=True)]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The notebooks of a new workspace, none of them run."""
    return init_workspace(tmp_path_factory.mktemp("lab") / "new").folder / "notebooks"


@pytest.fixture(scope="module")
def lab(books: Path, pinned: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """JupyterLab on these notebooks, whose kernels find the pinned workspace."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(VARIABLE, str(pinned.folder))
        with jupyterlab(books, tmp_path_factory.mktemp("settings")) as address:
            yield address


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_and_looks_as_on_its_page(
    name: str, books: Path, lab: str, tmp_path: Path
) -> None:
    """Run All fails nowhere; in light and dark every output is, pixel by pixel, its page's."""
    with opened(lab, f"{name}.ipynb", WIDE) as (page, outside):
        run_all(page)
        assert page.locator(FAILED).count() == 0
        book = nbformat.read(books / f"{name}.ipynb", 4)
        code = [cell for cell in book.cells if cell.cell_type == "code"]
        assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
        in_lab, grounds = {}, {}
        for theme in THEMES:
            use_theme(page, f"JupyterLab {theme}")
            in_lab[theme], grounds[theme] = pictures(page, IN_LAB), page.evaluate(GROUND)
        width = page.evaluate(WIDTH)
        assert outside == []
        # without its script, which draws what a notebook does not
        (tmp_path / "page.html").write_text(export_html(book, COVER).replace(script(), ""))
        page.goto((tmp_path / "page.html").as_uri())
        page.add_style_tag(
            content=f".ct-output {{ width: {width}px; }} body, main {{ max-width: none; }}"
        )
        on_page = {}
        for theme in THEMES:
            page.emulate_media(color_scheme=theme.lower())
            page.add_style_tag(content=f"html, body {{ background: {grounds[theme]}; }}")
            on_page[theme] = pictures(page, ON_PAGE)
    others = []
    for theme in THEMES:
        assert [each.said for each in in_lab[theme]] == [each.said for each in on_page[theme]]
        for number, (here, there) in enumerate(zip(in_lab[theme], on_page[theme], strict=True)):
            share = here.differs(there)
            print(f"{name} {theme} {number} {here.name}: {share:.4%}")  # noqa: T201 - for the record
            if share > TOLERATED:
                others.append(f"{theme} {number} {here.name}: {share:.2%}")
            for where, each in (("lab", here), ("page", there)):
                Image.fromarray(each.pixels).save(tmp_path / f"{theme}-{number}-{where}.png")
    assert others == [], f"compare the pairs in {tmp_path}"
    assert len(on_page["Light"]) > 4
