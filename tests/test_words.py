"""What a user reads is plain English: no word of the list below, and sentences of fair length."""

from __future__ import annotations

import re
from pathlib import Path

import click
import nbformat
import pytest
from bs4 import BeautifulSoup

from calltrack_nb.cli import cli

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

# each with what to write instead
NOT_OURS = {
    r"drawn to(wards)? the whole": "adjusted for small samples",
    r"\blively\b": "overdispersed, or busy and quiet",
    r"\bby lot\b": "at random",
    r"back per unit spent": "return on ad spend (ROAS)",
    r"\brang most\b": "had the most calls",
    r"cry wolf": "raise false alarms",
    r"\bforetell": "predict",
    r"left alone": "unchanged (control) campaigns",
    r"left on the table": "missed revenue",
    r"\bbelong into\b": "belong in",
    r"\banew\b": "again",
    r"\bin the open\b": "unmasked",
    r"worth an owner's ear": "worth listening to",
    r"for want of": "for lack of",
    r"\bthe rest has\b": "the others have",
    r"\bby another hand\b": "by somebody else",
    r"\buntold\b": "without the prompt",
    r"\bcannot be said\b": "insufficient data",
    r"\binventory\b": "the list of numbers",
    r"\b(in|the) pools?\b": "numbers that the website's visitors share",
    r"\bfallback\b": "the standard number, or none free",
    r"\bno clear (change|trend)\b": "can't tell: -40 %, could be -65 % to +8 %",
    r"\b\d+ of [\d,]+ (missed )?callers? w(as|ere) not\b": "how many were, and how many not",
    r"(?<![\d,.-])1 (of (them|these) )?(are|were|have|stay|do)\b": "phrasing.agree: 1 is, 2 are",
}
LONGEST_ON_AVERAGE = 20


def shown(path: Path) -> str:
    """Return the words that a notebook shows: its own, and those of its outputs."""
    pieces = []
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type == "markdown":
            pieces.append(cell.source)
        for output in cell.get("outputs", []):
            page = BeautifulSoup(output.get("data", {}).get("text/html", ""), "html.parser")
            for part in page.select("style, svg, figure.ct-quote, .ct-call, table"):
                part.decompose()
            pieces.append(page.get_text(" "))
    return "\n".join(pieces)


def helps(command: click.Command, name: str = "calltrack") -> str:
    """Return what a command and those below it say of themselves."""
    said = command.get_help(click.Context(command, info_name=name))
    below = getattr(command, "commands", {})
    return "\n".join([said, *(helps(each, each_name) for each_name, each in below.items())])


def found(text: str) -> dict[str, str]:
    """Return the words that are not ours, each with a better one."""
    return {
        words[0]: better
        for pattern, better in NOT_OURS.items()
        if (words := re.search(pattern, text, re.IGNORECASE))
    }


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_reports_are_written_in_the_fields_words(path: Path) -> None:
    """No report holds a word that nobody in the field uses."""
    assert found(shown(path)) == {}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_sentences_of_reports_are_short(path: Path) -> None:
    """A report's sentences have at most twenty words on average."""
    text = re.sub(r"\s+", " ", shown(path))
    sentences = [part for part in re.split(r"(?<=[a-z)%\d][.?!:;])\s", text) if part.strip()]
    words = [len(part.split()) for part in sentences]
    assert sum(words) / len(words) <= LONGEST_ON_AVERAGE


def test_the_command_line_is_written_in_the_fields_words() -> None:
    """Nor does any command's help, nor the README."""
    assert found(helps(cli)) == {}
    assert found((ROOT / "README.md").read_text(encoding="utf-8")) == {}


def test_the_list_finds_a_word() -> None:
    """The list is read whatever the case, and names the better word."""
    assert found("Weeks By Lot") == {"By Lot": "at random"}
