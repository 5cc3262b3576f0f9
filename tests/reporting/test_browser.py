"""Reports in a real browser, from a file, with the network off."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from calltrack_nb import init_workspace, reporting, schema
from calltrack_nb.reporting import html
from calltrack_nb.reporting.kernels import Nursery
from calltrack_nb.workspace import Workspace
from tests.reporting.conftest import NOTEBOOK, filled
from tests.reporting.test_running import report_page

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PLAYS = """async audio => {
  await audio.play();
  await new Promise(done => audio.addEventListener("timeupdate", done, {once: true}));
  return audio.currentTime > 0 && !audio.error && audio.duration > 0;
}"""

OVERPRINTED = """() => [...document.querySelectorAll('.ct-chart > div')].flatMap(chart => {
  const words = [...chart.querySelectorAll('text')]
    .filter(text => !/rotate\\((?!-?0 )/.test(text.getAttribute('transform') || ''))
    .map(text => [text.textContent, text.getBoundingClientRect()])
    .filter(([, box]) => box.width);
  const meet = (one, other) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 3;
  return words.flatMap(([said, box], place) => words.slice(place + 1)
    .filter(([, other]) => meet(box, other)).map(([other]) => said + " | " + other));
})"""
"""Words of a chart that are printed over each other; those at a slant have no box of their own."""


@dataclass
class Opened:
    """A page, and what it asked for and complained of since it was opened."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium; where there is none, a skip that says so, or in CI a failure."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium: the reports were not opened")
        pytest.skip("no Chromium: install it to open the reports")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def shipped_reports(
    pinned: Workspace, tmp_path_factory: pytest.TempPathFactory, nursery: Nursery
) -> Path:
    """Every report of the sample, with audio, and their index."""
    out = tmp_path_factory.mktemp("reports")
    jobs = reporting.prepare(pinned, reporting.report_names(), {"audio": True, "share_safe": True})
    runs = reporting.run_reports(pinned, jobs, out, nursery=nursery)
    assert [run.error for run in runs] == [None] * len(jobs)
    reporting.write_index(out)
    return out


def visit(browser: Browser, path: Path, width: int = 1280) -> Opened:
    """Open a page with the network off, and listen to what it does."""
    context = browser.new_context(offline=True, viewport={"width": width, "height": 900})
    opened = Opened(context.new_page())
    opened.page.on("request", lambda request: opened.requests.append(request.url))
    opened.page.on(
        "console",
        lambda said: said.type in ("error", "warning") and opened.complaints.append(said.text),
    )
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.page.goto(path.as_uri())
    return opened


def until(page: Page, holds: str) -> None:
    """Wait for a condition; a page that forbids eval cannot be asked to look by itself."""
    for _ in range(200):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(50)
    raise AssertionError(holds)


def check(opened: Opened) -> None:
    """Nothing is asked of anybody, nothing complains, every figure is described."""
    page = opened.page
    page.wait_for_load_state("load")
    assert [url for url in opened.requests if not url.startswith(("file:", "data:"))] == []
    assert sum(url.startswith("file:") for url in opened.requests) == 1
    assert opened.complaints == []
    alts = page.eval_on_selector_all(
        ":is(img, [role=img]):not([aria-hidden] *)",
        "all => all.map(one => one.getAttribute('alt') || one.getAttribute('aria-label'))",
    )
    assert all(alt and "without a description" not in alt for alt in alts), alts
    assert page.evaluate("document.querySelectorAll('h1').length") == 1
    ids = page.eval_on_selector_all("[id]", "all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))
    drawn = page.eval_on_selector_all("img", "all => all.every(one => one.naturalWidth > 0)")
    assert drawn
    assert len(page.pdf(format="A4")) > 10_000


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the small notebook, with sound."""
    shop = filled(init_workspace(tmp_path_factory.mktemp("tiny") / "shop"))
    run = reporting.run_report(shop, NOTEBOOK, {"audio": True}, out=shop.folder.parent)
    assert run.error is None
    return run.html


def test_a_page_stands_alone_and_plays(browser: Browser, tiny: Path) -> None:
    """No request, no complaint; clips play, one at a time; a turn's time starts the call there."""
    opened = visit(browser, tiny)
    check(opened)
    page = opened.page
    clip, call = page.query_selector_all("audio")
    page.click("h1")
    assert clip.evaluate(PLAYS)
    assert call.evaluate(PLAYS)
    assert clip.evaluate("audio => audio.paused")
    page.click(".ct-call button.ct-at >> nth=2")
    until(page, "document.querySelectorAll('audio')[1].currentTime >= 6")
    assert call.evaluate("audio => audio.currentTime < 9 && !audio.paused")
    assert opened.complaints == []


def test_a_call_is_played_by_its_shape_by_keys_and_at_a_speed(browser: Browser, tiny: Path) -> None:
    """A click on the sound's shape seeks; arrows, the space bar and a button do the rest."""
    page = visit(browser, tiny).page
    clip, call = page.query_selector_all("audio")
    shape = page.locator(".ct-call .ct-peaks")
    until(page, "document.querySelectorAll('audio')[1].duration > 9")
    shape.click()  # in its middle
    until(page, "document.querySelectorAll('audio')[1].currentTime > 4.5")
    assert call.evaluate("audio => audio.currentTime < 5.5 && audio.paused")
    filled_to = "document.querySelectorAll('.ct-played')[1].getAttribute('width') > 50"
    until(page, filled_to)
    call.focus()
    page.keyboard.press("ArrowLeft")
    assert call.evaluate("audio => audio.currentTime < 0.5")
    page.keyboard.press("ArrowUp")
    assert call.evaluate("audio => audio.playbackRate") == 1.25
    page.keyboard.press("Space")
    until(page, "!document.querySelectorAll('audio')[1].paused")
    page.click(".ct-call .ct-speed")
    assert call.evaluate("audio => audio.playbackRate") == 1.5
    until(page, "document.querySelector('.ct-call .ct-speed').textContent === 'Speed 1.5'")
    page.click(".ct-call button.ct-at >> nth=0")
    page.keyboard.press("Space")  # pauses: the button does not keep the focus
    until(page, "document.querySelectorAll('audio')[1].paused")
    assert clip.evaluate("audio => audio.currentTime") == 0


def test_private_words_are_silent_in_the_sound(browser: Browser, tiny: Path) -> None:
    """What redaction hides in the text is not heard; the rest of the call is."""
    loudness = (
        visit(browser, tiny)
        .page.query_selector_all("audio")[1]
        .evaluate(
            """async audio => {
          const bytes = Uint8Array.from(atob(audio.src.split(",")[1]), c => c.charCodeAt(0));
          const context = new OfflineAudioContext(1, 16000, 16000);
          const sound = await context.decodeAudioData(bytes.buffer);
          const samples = sound.getChannelData(0);
          const power = (from, to) => Math.sqrt(
            samples.slice(from * 16000, to * 16000).reduce((sum, x) => sum + x * x, 0)
            / ((to - from) * 16000));
          return [power(0.5, 2.5), power(3.2, 5.3), power(6, 9)];
        }"""
        )
    )
    assert loudness[0] > 0.1
    assert loudness[1] < 0.001
    assert loudness[2] > 0.1


def test_a_page_is_reached_by_keyboard(browser: Browser, tiny: Path) -> None:
    """Tab leads over the skip link and the contents to the players and the turns."""
    page = visit(browser, tiny).page
    met = []
    for _ in range(25):
        page.keyboard.press("Tab")
        met.append(
            page.evaluate("document.activeElement.tagName + '.' + document.activeElement.className")
        )
    assert met[0] == "A.ct-skip"
    assert met.index("A.") < met.index("AUDIO.") < met.index("BUTTON.ct-at")
    page.focus(".ct-skip")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


@pytest.mark.parametrize("width", [320, 768, 1920])
def test_a_page_fits_every_width(browser: Browser, tiny: Path, width: int) -> None:
    """Nothing but tables scrolls sideways, from a small telephone to a wide screen."""
    page = visit(browser, tiny, width).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.slow
def test_every_shipped_report_stands_alone(browser: Browser, shipped_reports: Path) -> None:
    """Each is under 8 MB, shows figures, asks nobody for anything, and its clips play."""
    pages = sorted(shipped_reports.glob("*.html"))
    assert len(pages) == len(reporting.report_names()) + 1
    with_sound = 0
    for path in pages:
        assert path.stat().st_size < 8_000_000
        opened = visit(browser, path)
        check(opened)
        if path.name != "index.html":
            assert opened.page.query_selector("figure svg"), path.name
            assert opened.page.evaluate("document.documentElement.scrollWidth") <= 1280
        clip = opened.page.query_selector("audio")
        if clip:
            opened.page.click("h1")
            assert clip.evaluate(PLAYS), path.name
            with_sound += 1
        opened.page.context.close()
    assert with_sound >= 1


@pytest.mark.slow
def test_the_index_leads_to_every_report(browser: Browser, shipped_reports: Path) -> None:
    """Its links open the pages beside it."""
    page = visit(browser, shipped_reports / "index.html").page
    titles = []
    for number in range(len(reporting.report_names())):
        page.click(f".ct-run a >> nth={number}")
        titles.append(page.inner_text("h1"))
        page.go_back()
    assert len(set(titles)) == len(titles)


@pytest.mark.slow
def test_shipped_reports_are_open_to_everybody(browser: Browser, shipped_reports: Path) -> None:
    """axe finds nothing against WCAG 2.2 AA on a telephone, nor on a screen in the dark."""
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    for path in sorted(shipped_reports.glob("*.html")):
        for width, scheme in ((360, "light"), (1280, "dark")):
            page = visit(browser, path, width).page
            page.emulate_media(color_scheme=scheme)
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            page.evaluate(axe)
            wrong = page.evaluate("rules => axe.run({runOnly: rules})", rules)["violations"]
            assert [(each["id"], each["nodes"][0]["html"]) for each in wrong] == [], path.name
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name
            page.context.close()


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_printed_over_or_cut(
    browser: Browser, shipped_reports: Path, width: int
) -> None:
    """No two words of a chart meet, and no table of a telephone's page ends beyond its edge."""
    for path in sorted(shipped_reports.glob("*.html")):
        page = visit(browser, path, width).page
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate(OVERPRINTED) == [], path.name
        cut = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.id)"
        assert width > 360 or page.eval_on_selector_all(".ct-table", cut) == [], path.name
        page.context.close()


@pytest.mark.slow
def test_the_owners_page_is_one_sheet(browser: Browser, shipped_reports: Path) -> None:
    """Printed it is one page of A4."""
    (path,) = shipped_reports.glob("owner_brief-*.html")
    sheet = visit(browser, path).page.pdf(format="A4", print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1


@pytest.mark.slow
def test_the_owners_page_is_two_screens_of_a_telephone(
    browser: Browser, shipped_reports: Path
) -> None:
    """All that stands open, figures, things to do and quotes, ends with the second screen."""
    (path,) = shipped_reports.glob("owner_brief-*.html")
    page = browser.new_page(viewport={"width": 360, "height": 780})
    page.goto(path.as_uri())
    for shown in (".ct-key small", ".ct-todo li > span:not(.ct-rest)", ".ct-quote"):
        assert page.locator(shown).last.is_visible()
    folded = page.locator(".ct-fold").first.bounding_box()
    assert folded["y"] <= 2 * 780
    page.close()


@pytest.mark.slow
def test_a_call_is_found_and_played_by_keys(browser: Browser, shipped_reports: Path) -> None:
    """A search leaves the calls that say it; a quote opens its call, lit where it is spoken."""
    (path,) = shipped_reports.glob("listen_and_learn-*.html")
    page = visit(browser, path).page
    everything = page.locator(".ct-count").inner_text()
    page.locator(".ct-search input").first.fill("tasting")
    assert page.locator(".ct-count").inner_text() != everything
    said = page.locator(".ct-found q").all_inner_texts()
    assert said
    assert all("tasting" in words.lower() for words in said)
    page.locator(".ct-quote .ct-open").first.click()
    assert page.locator(".ct-dialog .ct-spoken").count() == 1
    page.keyboard.press("Space")
    until(page, "document.querySelector('.ct-dialog audio').currentTime > 0")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.querySelector('.ct-dialog audio').playbackRate") == 1.25
    page.keyboard.press("Escape")
    assert not page.evaluate("document.querySelector('.ct-dialog').open")


def test_a_thousand_calls_are_searched_at_once(
    browser: Browser, shop: Workspace, tmp_path: Path
) -> None:
    """A thousand transcribed calls are painted within a second and searched within a tenth."""
    calls, said = shop.table("calls").head(1), shop.table("utterances")
    names = [f"c{place}" for place in range(1000)]
    many = pd.concat([calls.assign(call_id=name) for name in names], ignore_index=True)
    words = pd.concat([said.assign(call_id=name) for name in names], ignore_index=True)
    shop.write_table("utterances", schema.conform(words, "utterances"))
    body = reporting.calls_html(Workspace(shop.folder), many)
    page_file = tmp_path / "many.html"
    page_file.write_text(f"<!DOCTYPE html><body>{body}<script>{html.script()}</script></body>")
    page = visit(browser, page_file).page
    assert page.locator(".ct-count").inner_text() == "1,000 calls"
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    assert painted < 1000
    took = page.evaluate(
        """() => {
          const box = document.querySelector(".ct-search input");
          box.value = "big";
          const start = performance.now();
          box.dispatchEvent(new Event("input"));
          return performance.now() - start;
        }"""
    )
    assert took < 100
    assert "I want a <big> cake" in page.locator(".ct-found q").first.inner_text()


def test_the_index_is_searched_in_the_page(browser: Browser, tmp_path: Path) -> None:
    """Words typed leave the reports that hold all of them, and hide months without any."""
    for number, words in enumerate(("Flyers earn", "Search earns", "Flyers cost"), start=1):
        report_page(tmp_path, words, period=f"2026-{number:02}")
    opened = visit(browser, reporting.write_index(tmp_path))
    check(opened)
    page = opened.page
    page.fill("input[type=search]", "flyers 2026-03")
    assert page.locator(".ct-run:visible h3").all_inner_texts() == ["Flyers cost"]
    assert page.locator("h2:visible").all_inner_texts() == ["Mar 2026"]
    assert page.inner_text("[role=status]") == "1"
    page.fill("input[type=search]", "")
    assert page.locator(".ct-run:visible").count() == 3
