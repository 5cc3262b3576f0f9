"""The small picture of a report in the list of reports shows its chart, and says nothing."""

from __future__ import annotations

import base64
import io
import json
import re
from html import escape
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from bs4 import BeautifulSoup

from calltrack_nb import reporting
from calltrack_nb.reporting import showing
from calltrack_nb.reporting.index import read_meta
from calltrack_nb.reporting.kernels import Nursery
from calltrack_nb.reporting.thumbnails import LARGEST, as_address, thumbnail
from calltrack_nb.workspace import Workspace
from tests.reporting.conftest import notebook_with
from tests.reporting.test_running import report_page


def chart(bars: int = 3) -> str:
    """A chart of bars and dots with names, as a page holds it."""
    figure, axes = plt.subplots(figsize=(3.6, 2))
    names = [f"Tilda {number}" for number in range(bars)]
    axes.barh(names, range(1, bars + 1), color="#0173b2")
    axes.plot([1, 2], [0, 1], "o", color="#d55e00")
    return f'<figure class="ct-chart"><div class="ct-narrow">{showing._svg(figure)}</div></figure>'


def picture(page: str) -> str:
    return thumbnail(BeautifulSoup(page, "html.parser"))


def test_it_holds_the_marks_and_no_word_or_id() -> None:
    """Bars and dots in their colours, inside the box; no name, no id, no reference, no script."""
    made = picture(chart())
    assert made.count("fill:#0173b2") == 3
    assert made.count("fill:#d55e00") == 2
    for kept_out in ("Tilda", "<text", "id=", "href", "url(", "script", "defs"):
        assert kept_out not in made
    assert made.count("<path") < 20  # letters that are drawn are words as well
    left, top, wide, high = (float(each) for each in re.findall(r"[-\d.]+", made.split('"')[3]))
    for x, y in re.findall(r"translate\(([-\d.]+) ([-\d.]+)\)", made):
        assert left <= float(x) <= left + wide
        assert top <= float(y) <= top + high
    assert len(made) < 2000


def test_a_chart_of_too_many_marks_has_none() -> None:
    """So that a list of sixty reports stays small; nor has a page without a chart."""
    assert picture("<h1>Words</h1>") == ""
    many = chart().replace(
        "</svg>", '<path d="M 0 0 L 1 1" style="fill: #d55e00"/>' * 500 + "</svg>"
    )
    assert len(many) > LARGEST
    assert picture(many) == ""


@pytest.mark.parametrize(
    "mark",
    [
        '<path d="M 0 0 L 1 1" style="fill: url(https://x.example)"/>',
        '<path d="M 0 0 &quot;/&gt;&lt;script&gt;" style="fill: red"/>',
        '<use xlink:href="https://x.example/a.svg#a" x="1" y="1" style="fill: red"/>',
    ],
)
def test_nothing_of_a_chart_of_ones_own_is_run_or_fetched(mark: str) -> None:
    """What is no plain shape is left out."""
    made = picture(f'<figure class="ct-chart"><svg>{mark}</svg></figure>')
    assert "example" not in made
    assert "script" not in made


def test_it_is_an_image_with_colours_for_the_dark() -> None:
    """The address holds the picture itself; ink becomes light on a dark screen."""
    address = as_address('<svg viewBox="0 0 9 9"><path d="M0 0" style="fill:#1c2733"/></svg>')
    head, _, body = address.partition(",")
    assert head == "data:image/svg+xml;base64"
    text = base64.b64decode(body).decode()
    assert "prefers-color-scheme:dark" in text
    assert '[style*="fill:#1c2733"]{fill:#e8ecf0!important}' in text


def test_the_index_shows_picture_and_figures(tmp_path: Path) -> None:
    """A report with a chart has its picture, one without its first figure; all their figures."""
    figures = json.dumps([["Qualified calls", "131"], ["Calls <missed>", "25 %"]])
    report_page(tmp_path, "with", thumbnail=picture(chart()), figures=figures)
    report_page(tmp_path, "without", figures=figures)
    report_page(tmp_path, "older")
    page = BeautifulSoup(reporting.write_index(tmp_path).read_text(), "html.parser")
    shown = {run.h3.get_text(): run for run in page.select(".ct-run")}
    assert shown["with"].img["src"].startswith("data:image/svg+xml;base64,")
    assert shown["with"].img["alt"] == ""
    assert shown["without"].img is None
    assert shown["without"].select_one(".ct-small b").get_text() == "131"
    assert [item.get_text() for item in shown["with"].select(".ct-figures li")] == [
        "Qualified calls 131",
        "Calls <missed> 25 %",
    ]
    assert escape("Calls <missed>") in str(page)
    assert not shown["older"].select(".ct-figures")
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))


def test_sixty_reports_weigh_less_than_half_a_megabyte(tmp_path: Path) -> None:
    """With a picture each."""
    for number in range(60):
        report_page(tmp_path, f"report {number}", thumbnail=picture(chart(6)))
    assert reporting.write_index(tmp_path).stat().st_size < 500_000


def test_a_report_that_ran_tells_its_picture_and_figures(
    shop: Workspace, tmp_path: Path, nursery: Nursery
) -> None:
    """They stand at the head of its page, where the list reads them."""
    own = notebook_with(
        tmp_path,
        "import matplotlib.pyplot as plt\n"
        "from calltrack_nb import reporting\n"
        "from calltrack_nb.results import Answer, KeyFigure\n"
        "def draw(*, width):\n"
        "    figure, axes = plt.subplots(figsize=(width, 2))\n"
        "    axes.bar([1, 2], [3, 4], color='#0173b2')\n"
        "    return figure\n"
        "reporting.show_answer(Answer(('It rings.',), (KeyFigure('Calls', '12', ''),)))\n"
        "reporting.show_chart(draw, finding='It rings.', measure='Calls')",
    )
    run = reporting.run_report(shop, own, {}, out=tmp_path, nursery=nursery)
    told = read_meta(run.html)
    assert json.loads(told["figures"]) == [["Calls", "12"]]
    assert told["thumbnail"].count("fill:#0173b2") == 2
    (listed,) = reporting.list_reports(tmp_path)
    assert listed.figures == (("Calls", "12"),)
    assert io.BytesIO(base64.b64decode(listed.thumbnail.partition(",")[2])).read(4) == b"<svg"
