"""What holds of every file: rows or an error a user can act on, and nothing lost."""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
import zipfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from calltrack_nb.errors import CalltrackError
from tests.providers.opened import HEADER, KNOWN, opened, row

LOG = (HEADER + row("Ann") + row("Zoë")).encode()
PIECES = (
    *('"', '""', '\\"', ",", ";", "\t", "|", "\n", "\r", "\r\n", " ", "\\", "\x00", "\ufeff"),
    *("1", "a", "é", "\u2028", "sep=;", "2026-08-03 10:00", "Name", "Start Time", "yes"),
    *("<table>", "<td>", "<tr>", "{", "}", "[", "]", '{"id": 1}', HEADER, row("Ann")),
)


def packed(content: bytes) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as members:
        members.writestr("calls.csv", content)
    return archive.getvalue()


@st.composite
def damaged(draw, whole):
    """A file with some bytes changed, cut off anywhere."""
    content = bytearray(whole)
    for _ in range(draw(st.integers(0, 4))):
        content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
    return bytes(content[: draw(st.integers(1, len(content)))])


FILES = st.one_of(
    st.binary(max_size=300),
    st.lists(st.sampled_from(PIECES), max_size=40).map(lambda pieces: "".join(pieces).encode()),
    damaged(LOG),
    damaged(gzip.compress(LOG)),
    damaged(packed(LOG)),
)


@settings(max_examples=150, deadline=None)
@given(FILES)
def test_any_bytes_open_or_are_refused(content):
    """No file raises anything else, and every record is either read or set aside."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = opened(Path(folder), content)
        except CalltrackError as error:
            assert str(error)  # noqa: PT017 - raising is one of two right answers
            return
        assert len(found.records) == len(found.rows) == len(set(found.rows))
        assert not set(found.rows) & {broken.row for broken in found.broken}
        assert len(set(found.sheet.columns)) == len(found.sheet.columns)


TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff"), max_size=12
)
# With a letter at either end a cell is never one that means nothing, such as "-".
CELLS = TEXTS.map(lambda text: text + "z") | TEXTS.map(lambda text: "z" + text)


@settings(max_examples=60, deadline=None)
@given(st.lists(CELLS, min_size=1, max_size=5), st.sampled_from(",;\t|"))
def test_what_is_written_by_the_standard_is_read_back(names, delimiter):
    """Whatever letters and marks a name holds, its cell and its neighbours are whole."""
    content = io.StringIO()
    writer = csv.writer(content, delimiter=delimiter)
    writer.writerow(HEADER.strip().split(","))
    for name in names:
        writer.writerow(["Answered", "2026-08-03 10:00:00", "95", "4045550142", name, "12.50"])
    with tempfile.TemporaryDirectory() as folder:
        found = opened(Path(folder), content.getvalue(), KNOWN)
    assert found.column("Name") == [name.strip() for name in names]
    assert found.column("Value") == ["12.50"] * len(names)
