"""The site as ``make docs`` builds it, and the examples that its pages and the README show."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAGES = sorted(
    path
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md"))
    if "reference" not in path.parts
)


@dataclass(frozen=True)
class Example:
    """A block of code on a page."""

    page: str
    language: str
    text: str


def examples(*languages: str) -> list[Example]:
    """Return the blocks of these languages on every page that is written by hand."""
    return [
        Example(path.relative_to(ROOT).as_posix(), language, text)
        for path in PAGES
        for language, text in re.findall(
            r"^```(\w+)\n(.*?)^```", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        )
        if language in languages
    ]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site as strictly as ``make docs`` does."""
    pytest.importorskip("sphinx", reason="no Sphinx: pip install '.[docs]' to build the site")
    place = tmp_path_factory.mktemp("site")
    command = (sys.executable, "-m", "sphinx", "-q", "-E", "-W", "--keep-going", "docs", place)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return place
