"""The foot of a page says what it was made from and with."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from calltrack_nb import init_workspace, reporting, schema
from calltrack_nb.reporting.how_made import heard_by, how_made
from calltrack_nb.reporting.sharing import PHONE_LIKE
from calltrack_nb.workspace import Workspace
from calltrack_nb.workspace.reviewing import Review
from tests.checking.shop import heard_shop
from tests.reporting.conftest import NOTEBOOK


@pytest.fixture
def heard(tmp_path: Path) -> Workspace:
    """Forty calls that were listened to."""
    return heard_shop(init_workspace(tmp_path / "heard"), 40)


def test_parameters_models_and_doubt_are_said(heard: Workspace) -> None:
    """What it ran with, whose words they are, and which share of them is in doubt."""
    said = heard.table("utterances").sort_values(["call_id", "turn"], ignore_index=True)
    said["flags"] = [["low_confidence"] if turn == 0 else ["glossary"] for turn in said["turn"]]
    heard.write_table("utterances", schema.conform(said, "utterances"))
    given = {"period": "2026-08", "by": "agent", "workspace": "/shop"}
    made = "\n".join([*how_made(given), *heard_by(heard, given)])
    assert "Parameters: by=agent, period=2026-08." in made
    assert "/shop" not in made
    assert "Transcribed: 40 calls, by Whisper fake (fake)." in made
    words = said["text"].str.split().str.len()
    share = words[said["turn"] == 0].sum() / words.sum()
    assert f"{share:.0%}".replace("%", " %") + " of the words are in turns" in made
    assert "not measured" in made


def test_a_review_gives_the_word_error_rate(heard: Workspace) -> None:
    """One word of the first call was heard wrong, and is counted."""
    review = Review(heard, "Ann")
    call = review.next()
    words = {1: "I need a wedding cake for eighty people in May please"}
    review.save(call, call.marks, words=words, words_read=True, cannot_tell=False)
    made = "\n".join(heard_by(Workspace(heard.folder), {"period": "all"}))
    assert "Word error rate in calls that were read through: " in made
    assert "not measured" not in made


def test_a_fingerprint_is_no_telephone_number() -> None:
    """It is written in letters, so that no share-safe page is refused for it."""
    made = how_made({"period": "all"}, read="2125550147" * 6)
    assert not any(PHONE_LIKE.search(line) for line in made)


def test_it_stands_at_the_foot_of_the_page(shop: Workspace, tmp_path: Path) -> None:
    """Folded, under everything else; no call means that it says so."""
    run = reporting.run_report(shop, NOTEBOOK, {"period": "2026-08"}, out=tmp_path)
    foot = BeautifulSoup(run.html.read_text(), "html.parser").footer
    assert foot.details.summary.get_text() == "How this page was made"
    assert "period=2026-08" in foot.get_text()
    assert heard_by(init_workspace(tmp_path / "empty"), {"period": "all"})[-1] == (
        "No call of this period was transcribed."
    )
