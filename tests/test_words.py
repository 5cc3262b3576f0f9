"""What a user reads is plain English: no word of the list below, and sentences of fair length.

Reports, messages, help, settings and pages are read, each from where it is written.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import click
import nbformat
import pytest
from bs4 import BeautifulSoup

from calltrack_nb.cli import cli
from calltrack_nb.workspace.init import new_settings

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MODULES = sorted((ROOT / "calltrack_nb").rglob("*.py"))
PAGES = sorted(
    path
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
    if "reference" not in path.parts
)

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
    r"\bmend(s|ed|ing)?\b": "correct, repair or fix",
    r"\bhold(s|ing)? callers back|\bheld callers back": "callers hesitate over",
    r"\bheard to\b|\bheard as\b|\bas heard\b": "found in, or read from, the transcript",
    r"\bgo(es)? on where it was\b": "continues where it stopped",
    r"\bwords win\b": "replace the transcript's",
    r"\btells? them apart by\b": "separates them by",
    r"\bis no (address|audio|call log|log|number|object|spam|table|text|proof)\b": "is not a ...",
    r"\bsay --": "pass",
    r"\b\d+ % interval\b": "95 % range",
    r"(?<![\d.{%])\d+%(?=[\s.,;)]|$)": "78 %, with a space",
    r"\b(Janu|Febru)ary 20\d\d|\b(March|April|June|July|August) 20\d\d": "Aug 2026",
    r"\b(Septem|Octo|Novem|Decem)ber 20\d\d": "Aug 2026",
}
LONGEST_ON_AVERAGE = 20
LONGEST = 25
"""Words of a sentence in a message, a help, a setting or a page for users, at most."""

FOR_MAINTAINERS = ("CHANGELOG.md", "architecture.md", "labelling.md", "providers.md")


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


def described(command: click.Command) -> Iterator[str]:
    """Yield the descriptions of a command, its options and the commands below it."""
    for paragraph in (command.help or "").split("\n\n"):
        yield paragraph if "\b" not in paragraph else paragraph.replace("\n", "\n\n")
    yield from (getattr(option, "help", None) or "" for option in command.params)
    for each in getattr(command, "commands", {}).values():
        yield from described(each)


def found(text: str) -> dict[str, str]:
    """Return the words that are not ours, each with a better one."""
    return {
        words[0]: better
        for pattern, better in NOT_OURS.items()
        if (words := re.search(pattern, text, re.IGNORECASE))
    }


def sentences(text: str) -> list[str]:
    """Cut text at full stops, question marks and line breaks of lists; code is one word."""
    blocks = re.split(r"\n\s*\n|\n\s*(?=[-*|#]|\d+\. )", re.sub(r"`[^`\n]+`", "`code`", text))
    whole = (" ".join(block.split()) for block in blocks)
    end = r"(?<=[.?!:])[”\")*]*\s+(?=[\"“A-Z`…*(\[])"
    return [part for block in whole for part in re.split(end, block) if re.search(r"\w", part)]


def length(sentence: str) -> int:
    """Count words; what stands for a figure or a name counts as one."""
    return sum(bool(re.search(r"[\w…]", word)) for word in sentence.split())


def too_long(text: str) -> list[str]:
    """Return the sentences that are longer than any may be."""
    return [part for part in sentences(text) if length(part) > LONGEST]


def page_text(path: Path) -> str:
    """Return the prose of a page: no blocks of code, no addresses, no rows of tables."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    text = re.sub(r"^```(?!\{glossary).*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return "\n".join(line for line in text.splitlines() if not line.startswith("|"))


def in_code(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each text that a module can print, and where; no docstring and no pattern."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        above = parents.get(node)
        if isinstance(above, ast.Expr | ast.Attribute) or (above is not None and _texts(above)):
            continue
        for text in _texts(node):
            if " " in text.strip() and not re.search(r"[\\|<]|^\s*(select|create|\.\w+ \.)", text):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", text


def _texts(node: ast.AST) -> list[str]:
    """Return the texts that an expression can be; … stands for what only a run can tell."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=parts):
            return ["".join(str(p.value) if isinstance(p, ast.Constant) else "…" for p in parts)]
        case ast.IfExp(body=one, orelse=other):
            return _texts(one) + _texts(other)
        case ast.BinOp(left=left, op=ast.Add(), right=right) if _texts(left) or _texts(right):
            pairs = product(_texts(left) or ["…"], _texts(right) or ["…"])
            return ["".join(pair) for pair in pairs]
    return []


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
    """No command's help holds such a word, or a long sentence."""
    assert found(helps(cli)) == {}
    assert [long for text in described(cli) for long in too_long(text)] == []


def test_messages_are_written_in_the_fields_words() -> None:
    """No error, remark, finding or warning of the package holds such a word."""
    assert {
        place: words for path in MODULES for place, text in in_code(path) if (words := found(text))
    } == {}


def test_sentences_of_messages_are_short() -> None:
    """Nothing that the package prints has a sentence of more than twenty-five words."""
    assert {
        place: long
        for path in MODULES
        for place, text in in_code(path)
        if _is_prose(text) and (long := too_long(text))
    } == {}


def _is_prose(text: str) -> bool:
    """Tell a sentence from a list of words, by its small words beside a capital or a full stop."""
    small = re.findall(r"\b(?:the|is|are|was|were|it|its|that|which|for|with|not|to)\b", text)
    return len(small) > 2 and bool(re.search(r"[A-Z…]|[.:]", text)) and len(set(small)) < 9


def test_settings_are_described_in_short_sentences() -> None:
    """What ``calltrack init`` writes above each setting is short and in the field's words."""
    lines = new_settings("shop").splitlines()
    text = "\n\n".join(line[2:] for line in lines if line.startswith("# "))
    assert len(sentences(text)) > 50
    assert found(text) == {}
    assert too_long(text) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_pages_are_written_in_the_fields_words(path: Path) -> None:
    """No page holds such a word; sentences are short, on pages for maintainers on average."""
    text = page_text(path)
    assert found(text) == {}
    counts = [length(part) for part in sentences(text)]
    assert sum(counts) / len(counts) <= LONGEST_ON_AVERAGE
    if path.name not in FOR_MAINTAINERS:
        assert too_long(text) == []


def test_the_list_finds_a_word() -> None:
    """The list is read whatever the case, and names the better word."""
    assert found("Weeks By Lot") == {"By Lot": "at random"}


def test_a_text_is_found_however_it_is_put_together() -> None:
    """Branches, sums and placeholders make one text each; docstrings and patterns make none."""
    module = ROOT / "calltrack_nb" / "phrasing.py"
    assert not any("Figures, days and names" in text for _, text in in_code(module))
    made = ast.parse('f"{a} is" + (" long" if b else " short") + "."', mode="eval").body
    assert _texts(made) == ["… is long.", "… is short."]
    assert too_long(" ".join(["word"] * 26) + ". Short.") == [" ".join(["word"] * 26) + "."]
