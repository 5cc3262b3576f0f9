"""Themes in the owner's words from the terminal: questions, splits and seeds are kept."""

from __future__ import annotations

import pandas as pd
import pytest
from click.testing import CliRunner

from calltrack_nb import schema
from calltrack_nb.cli import cli
from calltrack_nb.errors import WorkspaceError
from calltrack_nb.themes import read_theme_names
from calltrack_nb.workspace.theme_names import answer_question, split_theme

TEXTS = (
    "I need a wedding cake with three tiers and flowers",
    "do you deliver a cake to Harlem on Sunday",
    "can I cancel my order from last week",
    "is the chocolate cake free of nuts for my child",
)


@pytest.fixture
def said(workspace):
    """Forty calls of four matters, read before, in a workspace without any model."""
    (workspace.folder / "calltrack.toml").write_text(
        '[business]\nname = "Shop"\ntimezone = "America/New_York"\n'
        '[listening]\nembedder = "tfidf"\n'
    )
    rows = {
        "account": "main",
        "call_id": [f"c{row}" for row in range(40)],
        "turn": 0,
        "speaker": "caller",
        "start_s": 0.0,
        "end_s": 4.0,
        "text": [f"{TEXTS[row % 4]} please {row}" for row in range(40)],
    }
    table = pd.DataFrame(rows).assign(redacted_text=rows["text"])
    workspace.write_table("utterances", schema.conform(table, "utterances"))
    shown = {"account": "main", "call_id": ["c0", "c1"], "theme_id": "T001", "strength": 0.9}
    workspace.write_table("call_themes", schema.conform(pd.DataFrame(shown), "call_themes"))
    theme = {"account": "main", "theme_id": ["T001"], "label": ["Cakes"], "calls": [2]}
    workspace.write_table(
        "themes", schema.conform(pd.DataFrame(theme).assign(terms=[["cake"]]), "themes")
    )
    return workspace


def run(workspace, *words, typed=""):
    return CliRunner().invoke(
        cli, ["themes", "--workspace", str(workspace.folder), *words], input=typed
    )


def test_questions_are_asked_and_their_answers_kept(said):
    """Yes and no are written to themes.toml at once, a skip is not, and q stops."""
    found = run(said, "ask", "--questions", "9", typed="y\ns\nn\nq\n")
    assert found.exit_code == 0, found.output
    assert "Question 4 of 9" in found.output
    assert "2 answers saved" in found.output
    answers = read_theme_names(said.folder / "themes.toml").answers
    assert (len(answers.same), len(answers.different)) == (1, 1)


def test_too_few_calls_leave_nothing_to_ask(said):
    """Five calls give a sentence, no question and no file."""
    said.write_table("utterances", said.table("utterances").head(5))
    found = run(said, "ask")
    assert "too few calls" in found.output
    assert not (said.folder / "themes.toml").exists()


def test_a_seed_is_kept_by_its_words(said):
    """The name and its examples stand in themes.toml."""
    assert run(said, "seed", "Gluten free", "is it gluten free").exit_code == 0
    names = read_theme_names(said.folder / "themes.toml")
    assert names.seeds == {"Gluten free": ("is it gluten free",)}


def test_a_theme_is_split_by_two_of_its_calls(said):
    """The two calls are told apart from now on; a call of another theme is refused."""
    split_theme(said, "T001", "c0", "c1")
    assert read_theme_names(said.folder / "themes.toml").answers.different == (("c0", "c1"),)
    with pytest.raises(WorkspaceError, match="no such call"):
        split_theme(said, "T001", "c0", "c7")
    with pytest.raises(WorkspaceError, match="transcript"):
        answer_question(said, "c0", "nobody", same=True)
