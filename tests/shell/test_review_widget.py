"""The review in a real JupyterLab, by keyboard alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

import calltrack_nb
from calltrack_nb import init_workspace
from calltrack_nb.themes import read_theme_names
from calltrack_nb.workbench.review_widget import ReviewWidget
from calltrack_nb.workspace import Workspace
from calltrack_nb.workspace.checks import read_checks
from tests.checking.shop import heard_shop
from tests.reporting.conftest import notebook_with
from tests.shell.jupyterlab import jupyterlab, opened, run_first_cell, write_notebook

CALLS = 12
CORRECTED = "I would like a cake with a violin on it"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Twelve calls with sound that were listened to."""
    folder = tmp_path_factory.mktemp("lab") / "shop"
    return heard_shop(init_workspace(folder), CALLS, sound=CALLS)


@pytest.fixture(scope="module")
def lab(shop: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """JupyterLab on this machine, with a notebook that opens the review."""
    write_notebook(
        shop.folder / "review.ipynb",
        f"import calltrack_nb\ncalltrack_nb.open({str(shop.folder)!r}).review('Ann')",
    )
    with jupyterlab(shop.folder, tmp_path_factory.mktemp("settings")) as address:
        yield address


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def to(page: Page, item: str) -> None:
    """Move down to an item with the arrow keys."""
    for _ in range(80):
        if page.evaluate(f"document.activeElement.matches({item!r})"):
            return
        page.keyboard.press("ArrowDown")
    pytest.fail(f"no key led to {item}")


def check_first(page: Page) -> None:
    """Say that a mark is missing, correct a turn, hear it from there, save."""
    to(page, "[data-mark='hesitation:distrust']")
    press(page, "Space")
    press(page, "ArrowRight")
    to(page, "[data-turn='1']")
    press(page, "e", "Control+A")
    page.keyboard.type(CORRECTED)
    press(page, "Enter", "p")
    page.wait_for_function("document.querySelector('.ctr audio').currentTime >= 4")
    press(page, "r", "Enter")


def check_second(page: Page) -> None:
    """Say that nothing the machine said is true."""
    marks = "all => all.map(each => each.dataset.mark)"
    press(page, "ArrowRight", "ArrowLeft")
    for mark in page.eval_on_selector_all("[aria-checked=true]", marks):
        to(page, f"[data-mark='{mark}']")
        press(page, "Space")
    press(page, "Enter")


def wait_for_next(page: Page, before: str) -> None:
    """Wait for the next call; where two calls are asked about, say that they differ.

    An Enter too many answers nothing.
    """
    page.wait_for_function(
        "before => document.querySelector('.ctr-question')"
        " || (document.querySelector('.ctr-head')?.textContent ?? before) !== before",
        arg=before,
    )
    if page.query_selector(".ctr-question"):
        press(page, "Enter")
        assert page.query_selector(".ctr-question")
        press(page, "n")
        page.wait_for_selector(".ctr-head")


def check_ten(page: Page) -> list[str]:
    """Check ten calls; return the headings of all that were shown."""
    shown = []
    first = {0: check_first, 1: check_second, 2: lambda page: press(page, "u")}
    for number in range(10):
        shown.append(page.inner_text(".ctr-head"))
        first.get(number, lambda page: press(page, "Enter"))(page)
        wait_for_next(page, shown[-1])
    return shown


@pytest.mark.slow
def test_ten_calls_are_checked_by_keyboard(shop: Workspace, lab: str, tmp_path: Path) -> None:
    """Marks changed, words corrected, sound played; the next report has it all."""
    with opened(lab, "review.ipynb") as (page, outside):
        run_first_cell(page)
        page.wait_for_selector(".ctr-choice", timeout=60_000)
        page.focus(".ctr-choice")
        shown = check_ten(page)
        assert len(set(shown)) == 10
    assert outside == []
    assert read_theme_names(shop.folder / "themes.toml").answers.different
    first, second, third, *rest = read_checks(shop)
    assert {each.reviewer for each in (first, second, third, *rest)} == {"Ann"}
    assert len(rest) == 7
    assert "hesitation:distrust" in first.found
    assert first.words_read
    assert second.found == frozenset()
    assert third.cannot_tell
    assert shop.table("corrections")["value"].tolist() == [CORRECTED]
    # the report's own cells, and no others, so that the test stays quick
    own = notebook_with(
        tmp_path,
        "import calltrack_nb\n"
        "from calltrack_nb import reporting\n"
        "from calltrack_nb.findings import error_rates, heard_calls\n"
        f"ws = calltrack_nb.open_workspace({str(shop.folder)!r})\n"
        "checked = ws.checked(heard_calls(ws.table('utterances'), ws.counted()))\n"
        "reporting.show_text(error_rates(checked, ws.table('themes'), ()).text)\n"
        f"reporting.show_transcript(ws, {first.call_id!r})",
    )
    workbench = calltrack_nb.open(shop.folder)
    workbench.analyze()
    made = workbench.report(own, out=tmp_path / "out", update=False)
    assert made.problems == ()
    text = next(iter(made)).read_text()
    assert CORRECTED in text
    assert "9 calls drawn at random were checked" in text
    assert "1 call that was read through" in text


def test_the_widget_asks_about_two_calls(shop: Workspace, tmp_path: Path) -> None:
    """After three calls comes a question; yes is kept at once, a skip is not asked again."""
    ignored = shutil.ignore_patterns("themes.toml")
    folder = shutil.copytree(shop.folder, tmp_path / "shop", ignore=ignored)
    widget = calltrack_nb.open(folder).review("Cora")
    nothing = {"found": [], "words": {}, "words_read": False, "cannot_tell": True}

    def check_three() -> list[str]:
        for _ in range(3):
            assert not widget.question
            widget._told(None, nothing | {"call_id": widget.call["call_id"]}, [])
        return list(widget.question["call_ids"])

    def answer(pair: list[str], *, same: bool | None) -> None:
        widget._told(None, {"kind": "answer", "call_ids": pair, "same": same}, [])

    names = tmp_path / "shop" / "themes.toml"
    first, before = check_three(), widget.call["call_id"]
    answer(["callrail:0", "another"], same=True)
    assert widget.question
    answer(first, same=None)
    assert not names.exists()
    assert widget.call["call_id"] != before
    second = check_three()
    assert second != first
    answer(second, same=True)
    assert [set(pair) for pair in read_theme_names(names).answers.same] == [set(second)]
    assert [check.reviewer for check in read_checks(Workspace(folder))].count("Cora") == 6


def test_the_widget_tells_what_cannot_be_kept(shop: Workspace) -> None:
    """A late or senseless answer changes nothing, and the page is told why."""
    review = calltrack_nb.open(shop.folder).review("Bob")
    assert isinstance(review, ReviewWidget)
    before = review.call["call_id"]
    late = {"call_id": "another", "found": [], "words": {}, "words_read": 0, "cannot_tell": 0}
    review._told(None, late, [])
    review._told(None, late | {"call_id": before, "found": ["no such"]}, [])
    assert review.problem == "A call cannot have this mark: no such."
    assert review.call["call_id"] == before
    assert not [check for check in read_checks(shop) if check.reviewer == "Bob"]
