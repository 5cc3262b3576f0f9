"""Pages stand alone, and share-safe pages hold nothing private."""

from __future__ import annotations

import datetime as dt
import json

import nbformat.v4 as nb
import pandas as pd
import pytest

from calltrack_nb import reporting
from calltrack_nb.errors import ReportError
from calltrack_nb.reporting.kernels import Nursery
from calltrack_nb.reporting.sharing import Private
from calltrack_nb.workspace import Workspace
from tests.reporting.conftest import PRIVATE, REDACTED

COVER = reporting.Cover("Shop", "August", dt.datetime(2026, 9, 1, tzinfo=dt.UTC))


def page_of(html: str) -> str:
    """Export a notebook whose one cell has shown some HTML."""
    output = nb.new_output("display_data", {"text/html": html, "text/plain": "x"})
    cells = [nb.new_markdown_cell("# T\n\n## Part two"), nb.new_code_cell("", outputs=[output])]
    return reporting.export_html(nb.new_notebook(cells=cells), COVER)


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://elsewhere.example/a.png">',
        '<img src="//elsewhere.example/a.png">',
        '<img src="a.png">',
        "<script>alert(1)</script>",
        '<p onclick="alert(1)">x</p>',
        '<iframe src="data:text/html,x"></iframe>',
        '<link rel="stylesheet" href="x.css">',
        "<style>@import 'x.css';</style>",
        '<p style="background: url(http://x)">x</p>',
        "<style>p { background: url(x.png) }</style>",
        '<a href="javascript:alert(1)">x</a>',
        '<object data="x"></object>',
        '<svg><use xlink:href="x.svg#a"/></svg>',
    ],
)
def test_what_would_load_or_run_is_refused_with_its_section(html: str) -> None:
    """A page that would not open offline the same is not made."""
    with pytest.raises(ReportError, match="'Part two'"):
        page_of(html)


def test_what_stands_alone_is_let_be() -> None:
    """Data in the page, links to follow, and anchors are no loads."""
    page = page_of(
        '<img alt="x" src="data:image/png;base64,AA=="><a href="https://x.example">x</a>'
        '<a href="#a">a</a><p style="background: url(data:image/png;base64,AA==)">https://x</p>'
    )
    assert "default-src 'none'" in page


def test_a_figure_without_a_description_is_refused() -> None:
    """The one who draws a chart must say what it shows."""
    import matplotlib.pyplot as plt

    figure, _ = plt.subplots()
    with pytest.raises(ReportError, match="no description"):
        reporting.show(figure, alt=" ")
    plt.close(figure)


def test_a_chart_with_nothing_on_it_is_its_caption(monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty axes, with a guide line or without, are words; one bar makes a chart."""
    import matplotlib.pyplot as plt

    shown = []
    monkeypatch.setattr("IPython.display.display", lambda piece, **_: shown.append(piece))
    for draw in (
        lambda axes: axes.axvline(1),
        lambda axes: axes.set_title("x"),
        lambda axes: axes.bar(["a"], [1]),
    ):
        figure, axes = plt.subplots()
        draw(axes)
        reporting.show(figure, alt="bars", caption="why")
    assert [type(piece).__name__ for piece in shown] == ["HTML", "HTML", "Image", "HTML"]
    assert all("why" in piece.data for piece in shown if type(piece).__name__ == "HTML")
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>Ring (212) 555-0147</p>", "telephone number"),
        ("<p>Ring +1 212 555 0147.</p>", "telephone number"),
        ("<p>212-555-0147</p>", "telephone number"),
        ("<p>from 2125550147 again</p>", "telephone number"),
        ("<p>+442079460958</p>", "telephone number"),
        ("<p>(212) <b>555</b>-0147</p>", "telephone number"),
        ("<p>id x2125550147y</p>", "caller's number"),
        ('<img alt="calls of 212 555 0147" src="data:,">', "telephone number"),
        ("<td>TILDA  QUISTGAARD</td>", "caller's name"),
        ("<p>so <i>Tilda</i> Quistgaard, said</p>", "caller's name"),
        (f"<li>{PRIVATE}</li>", "telephone number"),
        ("<li>Number is two one two five five five</li>", "unredacted"),
    ],
)
def test_private_things_are_found_wherever_they_stand(
    shop: Workspace, html: str, found: str
) -> None:
    """Numbers in every dress, callers' names, and words from before redaction."""
    said = shop.table("utterances")
    said.loc[2, "text"] = "number is two one two five five five"
    said.loc[2, "redacted_text"] = "number is [PHONE]"
    shop.write_table("utterances", said)
    with pytest.raises(ReportError, match=found) as caught:
        reporting.check_share_safe(f"<h2>Part</h2>{html}", reporting.private_values(shop))
    assert "'Part'" in str(caught.value)
    assert "555" not in str(caught.value)
    assert "Quistgaard" not in str(caught.value)


def test_numbers_are_read_in_the_business_own_country() -> None:
    """A number written the way of the shop's country is one, without any country code."""
    with pytest.raises(ReportError, match="telephone number"):
        reporting.check_share_safe("<p>020 7946 0958</p>", Private(country="GB"))


_SOMEBODY = {
    "DE": "030 5684962",
    "AT": "01 234567890",
    "FR": "01 42 68 53 00",
    "IT": "02 1234 5678",
    "ES": "912 34 56 78",
    "AU": "(02) 9374 4000",
}


@pytest.mark.parametrize("country", _SOMEBODY)
def test_what_stands_apart_on_a_page_is_not_one_number(country: str) -> None:
    """A chart's ticks, cells and items are no number, in countries whose numbers are short too."""
    for ticks in (range(0, 101, 20), range(19), range(0, 20, 2), range(0, 36, 5), range(9, 19)):
        for pair in ("<text>%s</text>", "<g><text>%s</text></g>", "<td>%s</td>", "<li>%s</li>"):
            html = "".join(pair % tick for tick in ticks)
            around = f"<div><figure><svg>{html}</svg></figure></div><ul>{html}</ul>"
            reporting.check_share_safe(f"<h2>Part</h2>{around}", Private(country=country))


@pytest.mark.parametrize("country", _SOMEBODY)
@pytest.mark.parametrize(
    "page",
    [
        "<p>%s<b>%s</b>%s</p>",
        "<svg><text>%s<tspan>%s</tspan>%s</text></svg>",
        "<td>%s<new-tag>%s</new-tag>%s</td>",
        "<div>%s<b>%s</b>%s<p>else</p></div>",
        "<div><b>%s%s%s</b><p>else</p></div>",
        "<p>so<!-- %s%s%s --></p>",
    ],
)
def test_a_number_that_tags_part_within_a_line_is_one(country: str, page: str) -> None:
    """However a line of text is dressed, a number in it is found; also beside other blocks."""
    number = _SOMEBODY[country]
    with pytest.raises(ReportError, match="telephone number"):
        reporting.check_share_safe(
            page % (number[:3], number[3:5], number[5:]), Private(country=country)
        )


def test_public_things_pass(shop: Workspace) -> None:
    """The shop's own numbers, a city that is a caller's name, figures and dates stay."""
    html = (
        "<p>+1 212-555-0100 rings at (212) 555-0199</p><p>New York, 2026-08-20 15:30</p>"
        f"<p>1,234,567.89 and 3.14159265358979 of 1500000</p><li>{REDACTED}</li>"
        '<img alt="chart" src="data:image/png;base64,2125550147"><p>id callrail:CAL212555011100</p>'
        "<svg><rect x='2125550147'/></svg><p>USD 2,125,550,147</p><p>1620000000000</p>"
    )
    reporting.check_share_safe(html, reporting.private_values(shop))


@pytest.mark.parametrize(
    ("name", "city", "region", "number", "shown"),
    [
        # the caller's own place, the region by code or by name
        ("ATLANTA GA", "Atlanta", "GA", "+14045550147", "Atlanta, GA"),
        ("ATLANTA GA", "Atlanta", "Georgia", "+14045550147", "Atlanta, GA"),
        ("Atlanta Georgia", "ATLANTA", "GA", "+14045550147", "Atlanta, Georgia"),
        # no place in the log: the one the number was given out for
        ("NEW YORK NY", None, None, "+12125550147", "New York, NY"),
        # words of the network
        ("WIRELESS CALLER", None, None, "+14045550147", "Wireless caller"),
        ("Potential Spam", None, None, "+14045550147", "potential spam"),
        ("UNKNOWN NAME", None, None, "+14045550147", "unknown name"),
    ],
)
def test_what_a_network_shows_for_a_name_is_nobodys_name(
    shop: Workspace, name, city, region, number, shown
) -> None:
    """A place and the network's own words may stand in a report that can be shared."""
    shop.write_table("calls", _named(shop, name, city, region, number))
    reporting.check_share_safe(f"<p>{shown}</p>", reporting.private_values(shop))


@pytest.mark.parametrize(
    ("name", "city", "region", "number"),
    [
        # somebody called like a town elsewhere
        ("Lee Ma", None, None, "+14045550147"),
        ("Lee Ma", "Atlanta", "GA", "+14045550147"),
        ("Wireless Jones", None, None, "+14045550147"),
        ("Atlanta Gray", "Atlanta", "GA", "+14045550147"),
    ],
)
def test_a_person_called_like_a_place_stays_private(
    shop: Workspace, name, city, region, number
) -> None:
    """A name counts as a place only where the caller is in that place."""
    shop.write_table("calls", _named(shop, name, city, region, number))
    with pytest.raises(ReportError, match="caller's name"):
        reporting.check_share_safe(f"<p>{name}</p>", reporting.private_values(shop))


def _named(shop: Workspace, name: str, city: object, region: object, number: str) -> pd.DataFrame:
    calls = shop.table("calls").head(1)
    said = {"caller_name": name, "caller_city": city, "caller_region": region}
    return calls.assign(**said, caller_number=number)


def test_a_share_safe_run_that_shows_a_caller_is_not_published(
    shop: Workspace, tmp_path, nursery: Nursery
) -> None:
    """The net under the notebooks holds in a real run, and opens when told to."""
    from tests.reporting.conftest import notebook_with

    own = notebook_with(
        tmp_path,
        "import calltrack_nb",
        'print(calltrack_nb.open_workspace().table("calls")["caller_number"][0])',
        parameters="share_safe: bool = True",
    )
    run = reporting.run_report(shop, own, nursery=nursery)
    assert "share-safe report would show a telephone number" in run.error
    assert "5550147" not in run.error
    assert not list(shop.reports.glob("*.html"))
    told = reporting.run_report(shop, own, {"share_safe": False}, nursery=nursery)
    assert told.html.name == "own-private.html"
    assert "Private: holds numbers and names" in told.html.read_text()


def test_tables_read_every_kind_of_column_and_hold_no_random_ids() -> None:
    """Missing values, money, flags and categories are shown; the same table twice is the same."""
    import pyarrow as pa

    frame = pd.DataFrame(
        {
            "campaign": pd.Categorical(["a<b", None]),
            "cost": pd.array([1234.5, None], dtype=pd.ArrowDtype(pa.decimal128(18, 4))),
            "calls": pd.array([1200, None], dtype="Int64"),
            "first": pd.array([True, None], dtype="boolean"),
            "talk_s": [83.2, None],
            "day": pd.to_datetime(["2026-08-01", None]),
        }
    )
    formats = {"cost": "money", "talk_s": "seconds", "day": "date"}
    html = reporting.table_html(frame, id="t", formats=formats, currency="GBP")
    for wanted in ("a&lt;b", "\N{POUND SIGN}1,234", "1,200", "yes", "1:23", "1 Aug 2026", ">Talk<"):
        assert wanted in html, wanted
    assert html.count("\N{EN DASH}</td>") == 6
    assert html == reporting.table_html(frame, id="t", formats=formats, currency="GBP")
    with pytest.raises(ReportError, match="no such column"):
        reporting.table_html(frame, id="t", labels={"costs": "Cost"})


def test_a_callers_number_among_the_words_of_the_list_of_calls_is_found() -> None:
    """What a script shows when it is asked is in the page as well; an order's number is none."""
    page = '<p>Calls</p><script type="application/json">[{"turns": [[1, "c", "%s"]]}]</script>'
    private = Private(numbers=frozenset({"2126561919"}))
    for spelled in ("so 212-656-1919.", "so +12126561919", "(212) 656-1919"):
        with pytest.raises(ReportError, match="a caller's number"):
            reporting.check_share_safe(page % spelled, private)
    reporting.check_share_safe(page % "my order number is 4155550199", private)


@pytest.mark.parametrize("field", ["campaign", "agent"])
@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("Flyer (646) 555-1999", "telephone number"),
        ("Win back ann@example.com", "e-mail address"),
        ("Tilda Quistgaard", "caller's name"),
    ],
)
def test_what_is_private_in_the_names_of_the_list_of_calls_is_found(
    field: str, named: str, found: str
) -> None:
    """A campaign of the list is read as one in a table is: the list shows it as well."""
    data = json.dumps([{field: named, "turns": []}])
    page = f'<p>Calls</p><script type="application/json">{data}</script>'
    private = Private(names=frozenset({("tilda", "quistgaard")}))
    with pytest.raises(ReportError, match=found) as caught:
        reporting.check_share_safe(page, private)
    assert named not in str(caught.value)


def test_an_email_address_on_a_page_is_found() -> None:
    """An address is as private as a number, and masked where it is told."""
    with pytest.raises(ReportError, match="e-mail address") as caught:
        reporting.check_share_safe("<h2>Part</h2><td>ann@example.com</td>", Private())
    assert "example" not in str(caught.value)
