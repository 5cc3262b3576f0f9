"""What the terminal asks and shows before it reads a log of an unknown system."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

import click
import pandas as pd
import pytest

from calltrack_nb import init_workspace
from calltrack_nb.cli import importing
from calltrack_nb.workspace import Workspace
from tests.shell.conftest import Ran

Run = Callable[..., Ran]

WORDS = ("ANG", "VERP", "QX")
JOURNAL = "Tag;Zeit;Ri.;Rufnr. ext.;DDI;Klingelz.;Gespr.;Abl.\n" + "".join(
    f"{day:02}.{month:02}.26;{8 + (day * 7 + month) % 11:02}:{day * 2 % 60:02}:10;{'KKG'[day % 3]};"
    f"040 6696{day:02}{month:02};069 90009-11{day % 3};00:{day:02};0{day % 9}:1{day % 10};"
    f"{WORDS[day % 3]}\n"
    for month in (7, 8)
    for day in range(1, 28)
)


@pytest.fixture
def shop(tmp_path) -> Workspace:
    """A German business without calls."""
    shop = init_workspace(tmp_path / "shop")
    toml = shop.folder / "calltrack.toml"
    toml.write_text(toml.read_text().replace('country = "US"', 'country = "DE"'))
    return Workspace(shop.folder)


def on_terminal(monkeypatch: pytest.MonkeyPatch, answers: dict[str, str], *, so: bool) -> list[str]:
    """Answer each question by the first key found in it, and return what was asked."""
    asked: list[str] = []

    def prompt(text: str, **_: Any) -> str:
        asked.append(text)
        return next(answer for key, answer in answers.items() if key in text)

    monkeypatch.setattr(importing, "asks", lambda: True)
    monkeypatch.setattr(click, "prompt", prompt)
    monkeypatch.setattr(click, "confirm", lambda *_, **__: so)
    return asked


ANSWERS = {
    "what does “K”": "inbound",
    "what does “G”": "outbound",
    "caller_number": "4",
    "whether calls were answered": "1",
    "what does “ANG”": "answered",
    "what does “VERP”": "missed",
    "what does “QX”": "nothing",
}


def test_the_words_are_asked_and_the_reading_is_shown(
    calltrack: Run, shop, tmp_path, monkeypatch
) -> None:
    """A journal's directions and statuses are asked, its clock is the start, all is shown first."""
    path = tmp_path / "journal.csv"
    path.write_text(JOURNAL)
    asked = on_terminal(monkeypatch, ANSWERS, so=True)
    ran = calltrack("import", "-w", shop.folder, path)
    assert ran.status == 0, ran.err
    assert any("what does “K” in Ri. mean" in text for text in asked)
    for said in ("started_at       from Tag + Zeit: 01.07.26 ", "direction ", "status "):
        assert said in ran.out
    calls = Workspace(shop.folder).table("calls")
    assert len(calls) == 54
    assert calls["direction"].value_counts().to_dict() == {"inbound": 36, "outbound": 18}
    assert calls["status"].value_counts().to_dict() | {"abandoned": 0, "voicemail": 0} == {
        "missed": 18,
        "answered": 18,
        "abandoned": 0,
        "voicemail": 0,
    }
    lengths = calls[["duration_s", "talk_s"]].max().max()
    assert lengths < 3600


def test_a_reading_that_is_not_wanted_imports_nothing(
    calltrack: Run, shop, tmp_path, monkeypatch
) -> None:
    """Who says no to what is shown has nothing imported and nothing written down."""
    path = tmp_path / "journal.csv"
    path.write_text(JOURNAL)
    on_terminal(monkeypatch, ANSWERS, so=False)
    assert calltrack("import", "-w", shop.folder, path).status == 2
    assert len(Workspace(shop.folder).table("calls")) == 0
    assert not Workspace(shop.folder).settings.mapping


GOODS = ("Torte", "Angebot")
PLAIN = "Tag,Uhrzeit,Telefon,Minuten,Was kam raus\n" + "".join(
    f"2026-08-{day:02},1{day % 9}:15,040 66969{day:03},{day % 5},{GOODS[day % 2]}\n"
    for day in range(1, 28)
)


def test_a_log_without_status_says_so(calltrack: Run, shop, tmp_path) -> None:
    """Nobody sits there: the import and doctor say that no status is known, and what may."""
    path = tmp_path / "mobile.csv"
    path.write_text(PLAIN)
    ran = calltrack("import", "-w", shop.folder, path)
    assert ran.status == 0, ran.err
    assert "no column holds the status" in ran.out
    assert "Was kam raus may hold it" in ran.out
    assert (
        "none of the 27 calls of spreadsheet has a status"
        in calltrack("doctor", "-w", shop.folder).out
    )


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_column_that_may_tell_the_status_is_asked_before_it_is_left_out(
    calltrack: Run, shop, tmp_path, monkeypatch, form
) -> None:
    """On a terminal the words of a column left out are asked, of a workbook as of a CSV file."""
    path = tmp_path / f"mobile.{form}"
    path.write_text(PLAIN)
    if form == "xlsx":
        pd.read_csv(StringIO(PLAIN), dtype="str").to_excel(path, index=False)
    answers = {
        "which way": "0",
        "whether calls were answered": "1",
        "what does “Torte”": "answered",
        "what does “Angebot”": "missed",
    }
    on_terminal(monkeypatch, answers, so=True)
    ran = calltrack("import", "-w", shop.folder, path)
    assert ran.status == 0, ran.err
    assert Workspace(shop.folder).table("calls")["status"].value_counts()["missed"] == 14


def test_a_column_that_is_asked_about_in_vain_is_read_unattended(
    calltrack: Run, shop, tmp_path, monkeypatch
) -> None:
    """Who says no on the terminal has nothing read; a run without one reads it with a remark."""
    path = tmp_path / "mobile.csv"
    path.write_text(PLAIN)
    on_terminal(monkeypatch, {"": "0"}, so=False)
    assert calltrack("import", "-w", shop.folder, path).status == 2
    assert len(Workspace(shop.folder).table("calls")) == 0
    monkeypatch.setattr(importing, "asks", lambda: False)
    assert "Was kam raus may hold it" in calltrack("import", "-w", shop.folder, path).out


COSTS = 'Monat,Kampagne,Kosten,Impr.,Klicks\n2026-07-01,Torten,"977,89",3.052,219\n'


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("Kampagnen.csv", COSTS, 'kind = "spend"'),
        ("orders.csv", "Order,Phone,Total\nA1,(404) 555-0142,20\n", "closed_at, stage, value"),
        ("aenderungen.csv", "Am,Was\n01.08.2026,Flyer\n", "tweaks.csv: date, changed"),
    ],
)
def test_what_is_not_recognised_is_told_the_way_that_exists(
    calltrack: Run, shop, tmp_path, name, text, said
) -> None:
    """A cost report is told the mapping for costs; own files are told their headers."""
    path = tmp_path / name
    path.write_text(text)
    ran = calltrack("import", "-w", shop.folder, path)
    assert ran.status == 1
    assert said in ran.err + ran.out
