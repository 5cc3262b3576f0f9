"""Where a file's header stands, told by what a header looks like.

A header is labels: words, each once, as wide as the records below it, and those look
like data. Names that a known system uses are strong evidence, and not needed. Titles,
ranges of dates, comments and rows of group names stand above it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from statistics import median
from typing import Final

from calltrack_nb.phrasing import agree, plural
from calltrack_nb.providers.files.sheets import header_hits

Cells = Sequence[str]

_TIME: Final = re.compile(
    r"\d{1,2}:\d\d|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{8}T\d{4}"
    r"|(?i:\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d)"
)
_OFFSET: Final = re.compile(r"(?i)\b(?:utc|gmt) ?[+-]\d\d?(?::?\d\d)?")
_ADDRESS: Final = re.compile(r"https?://|www\.|\S@\S+\.\S|<\+?\d{5,}>|^(?:sip|tel):", re.IGNORECASE)
_ANSWERS: Final = frozenset(
    {"yes", "no", "true", "false", "y", "n", "ja", "nein", "si", "sí", "oui", "non"}
    | {"null", "none", "nan", "n/a", "-", "--"}
)
_LONGEST_LABEL: Final = 100


@dataclass(frozen=True, slots=True)
class Header:
    """A file's header, found.

    Parameters
    ----------
    index : int
        Of the record that is the header; of the first record where there is none.
    names : tuple of str
        Empty where the file has no header.
    width : int
        How many columns the file has.
    above : tuple of int
        The records above it that hold something.
    """

    index: int
    names: tuple[str, ...]
    width: int
    above: tuple[int, ...]


def is_value(cell: str) -> bool:
    """Tell a value, such as a time, a number or an address, from a label.

    Examples
    --------
    >>> [is_value(cell) for cell in ("10:05 AM", "(404) 555-0142", "$3.50", "yes")]
    [True, True, True, True]
    >>> [is_value(cell) for cell in ("Start Time", "Duration (s)", "Ad Group 2", "% new")]
    [False, False, False, False]
    """
    digits = sum(letter.isdigit() for letter in cell)
    letters = sum(letter.isalpha() for letter in cell)
    return (
        digits > letters
        or cell.lower() in _ANSWERS
        or (digits > 0 and _TIME.search(_OFFSET.sub("", cell)) is not None)
        or _ADDRESS.search(cell) is not None
    )


def is_label_row(cells: Cells, known: Collection[str] = frozenset()) -> bool:
    """Tell whether the filled cells of a record are names of columns, at least one."""
    filled = [cell for cell in cells if cell]
    values = sum(is_value(cell) and not header_hits([cell], known) for cell in filled)
    distinct = len({cell.casefold() for cell in filled})
    short = all(len(cell) <= _LONGEST_LABEL for cell in filled)
    return bool(filled) and values <= len(filled) / 10 and distinct >= 0.7 * len(filled) and short


def find_header(records: Sequence[Cells], known: Collection[str]) -> Header | None:
    """Find the header among a file's first records.

    Parameters
    ----------
    records : sequence of sequence of str
        From the first; the cells of a record need not be stripped.
    known : collection of str
        Plain names of columns that some system uses.

    Returns
    -------
    Header or None
        None where every record is blank.

    Examples
    --------
    >>> rows = [["Calls of May"], ["Wann", "Wer"], ["3.5.2026 10:05", "0171 5550142"]]
    >>> find_header(rows, frozenset())
    Header(index=1, names=('Wann', 'Wer'), width=2, above=(0,))
    >>> find_header(rows[2:], frozenset()).names
    ()
    """
    stripped = [[cell.strip() for cell in record] for record in records]
    filled = [[cell for cell in record if cell] for record in stripped]
    some = [i for i, cells in enumerate(filled) if cells]
    if not some:
        return None
    width = _width([len(filled[i]) for i in some])
    wide = [i for i in some if len(filled[i]) >= 0.6 * width]
    labels = [i for i in some if is_label_row(filled[i], known)]
    data = [i for i in wide if i not in labels]
    heads = [i for i in labels if _begins_data(i, data, stripped)]
    hits = {i: header_hits(filled[i], known) for i in heads}
    # Known names outweigh what stands above them, such as a table of totals.
    if sure := [i for i in heads if hits[i] >= max(2, 0.3 * len(filled[i]))]:
        best = max(sure, key=lambda i: (hits[i], -i))
    else:
        start = next((i for i in heads if i in wide), None)
        if start is None:
            first = data[0] if data else some[0]
            columns = max(_length(stripped[i]) for i in some if i >= first)
            return Header(first, (), columns, tuple(i for i in some if i < first))
        # Of several rows of names the fullest is the header: those of groups have gaps.
        end = next((i for i in data if i > start), len(records))
        best = max(
            (i for i in labels if start <= i < end),
            key=lambda i: (len(filled[i]), len(filled[i]) - _length(stripped[i]), -i),
        )
    names = _with_names_above(stripped, best)
    return Header(best, names, len(names), tuple(i for i in some if i < best))


def _begins_data(index: int, data: Sequence[int], records: Sequence[list[str]]) -> bool:
    """Tell whether a row of labels stands above the data, not in the middle of it."""
    before = [i for i in data if i < index]
    after = [i for i in data if i > index]
    if before and not after:
        return False
    return not any(_alike(records[i], records[j]) for i in before for j in after)


def _alike(one: Cells, other: Cells) -> bool:
    """Tell whether two records have values, words and blanks in the same columns."""
    kinds = [[is_value(cell) if cell else None for cell in cells] for cells in (one, other)]
    same = [a == b for a, b in zip_longest(kinds[0], kinds[1])]
    return 10 * sum(map(int, same)) >= 7 * len(same)


def _width(lengths: list[int]) -> float:
    """Return how many cells a record of the table has filled: titles above have fewer."""
    several = [length for length in lengths if length > 1] or lengths
    common = Counter(several).most_common(1)[0]
    return common[0] if common[1] > len(several) / 2 else median([*several, max(several)])


def _length(cells: Cells) -> int:
    """Return the width of a record without the blanks at its end."""
    return max((i for i, cell in enumerate(cells, start=1) if cell), default=0)


def _with_names_above(records: Sequence[list[str]], index: int) -> tuple[str, ...]:
    """Return a header's names, a missing one from the row above where cells are merged."""
    names = records[index]
    above = records[index - 1] if index else []
    if sum(map(bool, above)) < 2 or any(map(is_value, above)):
        return tuple(names)
    # A name that covers both rows may be the last, and the header's row end before it.
    below = _length(records[index + 1]) if index + 1 < len(records) else 0
    width = max(len(names), min(below, len(above)))
    return tuple(
        name or title for name, title in islice(zip_longest(names, above, fillvalue=""), width)
    )


def lines_above(records: Sequence[Cells], header: Header) -> tuple[str, ...]:
    """Remark on rows above the header that look like another table."""
    values = [
        i for i in header.above if sum(map(bool, records[i])) > 1 and any(map(is_value, records[i]))
    ]
    if len(values) < 3:
        return ()
    above = f"{plural(len(values), 'row')} above it {agree(len(values), 'is')} not read"
    return (f"The header is in row {header.index + 1}; {above}",)
