"""A caller's rows taken out of JSON, in lists and objects of any depth."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from calltrack_nb.errors import SourceError
from calltrack_nb.workspace.forgetting.ownership import Place, Row, Sought

_DECODER: Final = json.JSONDecoder()
_SPACE: Final = re.compile(r"[ \t\r\n]*")


def json_rows(path: Path, text: str) -> Iterator[Row]:
    """Yield the rows that stand in one value, or in many, one behind the other."""
    end = 0
    try:
        while (start := _after_space(text, end)) < len(text):
            value, end = _DECODER.raw_decode(text, start)
            if not _lists(value):
                yield _cells(value)
            else:
                yield from _rows(value)
    except (ValueError, RecursionError) as error:
        raise _broken(path, error) from error


def json_without(
    path: Path, text: str, sought: Sought, customers: frozenset[Place]
) -> tuple[str, int, int]:
    """Return a text without the caller's rows, and how many rows went or were masked."""
    return _Json(text, sought, customers).without(path)


def _broken(path: Path, error: Exception) -> SourceError:
    return SourceError("The file is not complete JSON", where=f"{path.name} ({error})")


def _rows(value: Any) -> Iterator[Row]:
    inside = value.values() if isinstance(value, dict) else value
    for item in inside if isinstance(value, dict | list) else ():
        if isinstance(value, list) and _is_row(item):
            yield _cells(item)
        yield from _rows(item)


def _lists(value: Any) -> bool:
    """Tell whether a value holds lists of rows, so that it is more than one row."""
    inside = value.values() if isinstance(value, dict) else ()
    return isinstance(value, list) or any(_lists(item) for item in inside)


def _is_row(value: Any) -> bool:
    return isinstance(value, dict) or _is_flat(value)


def _is_flat(value: Any) -> bool:
    """Tell whether a list is a row whose columns are named elsewhere."""
    return isinstance(value, list) and not any(isinstance(each, dict | list) for each in value)


def _cells(value: Any) -> Row:
    return dict(_named_cells(value, ""))


def _named_cells(value: Any, within: str) -> Iterator[tuple[str, str]]:
    """Yield an item's cells; lists of rows inside are others' too."""
    if isinstance(value, dict):
        for name, item in value.items():
            if not isinstance(item, list):
                yield from _named_cells(item, f"{within}{name}.")
            else:
                flat = [each for each in item if not isinstance(each, dict | list)]
                yield from _named_cells(flat, f"{within}{name}.")
    elif _is_flat(value):
        for place, each in enumerate(value):
            yield from _named_cells(each, f"{within}{place}.")
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield within.removesuffix("."), str(value)


@dataclass(frozen=True, slots=True)
class _Json:
    """A text, and whose rows are taken out of it."""

    text: str
    sought: Sought
    customers: frozenset[Place]

    def without(self, path: Path) -> tuple[str, int, int]:
        text = self.text
        kept: list[str] = []
        lead = ""
        rows = mentions = end = 0
        try:
            while (start := _after_space(text, end)) < len(text):
                value, after = _DECODER.raw_decode(text, start)
                gap = text[end:start]
                if not _lists(value) and self.sought.owns(_cells(value), self.customers):
                    rows += 1
                    # what stood between this and the one before stands before the next one
                    end = after if kept else _after_space(text, after)
                    lead = lead or gap * (not kept)
                    continue
                left, end, own_rows, own_mentions = self._value(start)
                rows, mentions = rows + own_rows, mentions + own_mentions
                kept += [gap, left]
        except (ValueError, RecursionError) as error:
            raise _broken(path, error) from error
        whole = "".join([lead, *kept, text[end:]])
        return whole if whole.strip() else "", rows, mentions

    def _value(self, at: int) -> tuple[str, int, int, int]:
        """Return a value's text without the caller, where it ended, and what was taken out."""
        if self.text[at] in "[{":
            return self._parts(at)
        value, end = _DECODER.raw_decode(self.text, at)
        person = self.sought.person
        if isinstance(value, str):
            masked = person.masked(value)
        else:
            written = str(value)
            masked = person.number.masked(written) if person.number.is_cell(written) else value
        if masked != value:
            return json.dumps(masked), end, 0, 1
        return self.text[at:end], end, 0, 0

    def _parts(self, at: int) -> tuple[str, int, int, int]:
        """Do the same with a list or an object: its parts, with the text between them."""
        text, number = self.text, self.sought.person.number
        is_list, closing = text[at] == "[", "]" if text[at] == "[" else "}"
        kept: list[str] = []
        rows = mentions = 0
        place = _after_space(text, at + 1)
        before, lead = at + 1, text[at + 1 : place]
        while text[place] != closing:
            # what stands before a part is a comma and spaces, before the first one spaces
            between = text[before:place] if kept else lead
            start = place
            mine = False
            if not is_list:
                key, end = _DECODER.raw_decode(text, place)
                mine = number.is_cell(key)
                start = _after_space(text, text.index(":", end) + 1)
            value, end = _DECODER.raw_decode(text, start)
            if is_list and _is_row(value):
                mine = self.sought.owns(_cells(value), self.customers)
            if mine:
                rows += 1
            else:
                left, end, own_rows, own_mentions = self._value(start)
                rows, mentions = rows + own_rows, mentions + own_mentions
                kept.append(f"{between}{text[place:start]}{left}")
            before, place = end, _after_space(text, end)
            if text[place] == ",":
                place = _after_space(text, place + 1)
        whole = f"{text[at]}{''.join(kept)}{text[before:place]}{closing}"
        return whole, place + 1, rows, mentions


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
