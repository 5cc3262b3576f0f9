"""A mapping written as TOML, ready to paste into ``calltrack.toml``."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from calltrack_nb.providers.unknown import Inference, Question
from calltrack_nb.settings import FieldSource


def proposal_toml(found: Inference, columns: Sequence[str], path: Path) -> str:
    """Write what was found out about a file as a mapping, with the open places marked.

    Parameters
    ----------
    found : Inference
    columns : sequence of str
        The file's header.
    path : pathlib.Path
        Names the mapping.

    Returns
    -------
    str
        A ``[[mapping]]`` block. A line that needs an answer has an empty value, which
        ``calltrack.toml`` refuses until it is filled in.
    """
    asked = {question.field: question for question in found.questions}
    fields = found.fields
    lines = [
        "[[mapping]]",
        f"name = {_text(mapping_name(path))}",
        f"columns = {json.dumps(list(columns), ensure_ascii=False)}",
    ]
    if found.zone:
        lines.append(f"timezone = {_text(found.zone)}")
    if found.only:
        said = (
            f"{_text(name)} = {json.dumps(list(values))}" for name, values in found.only.items()
        )
        lines.append(f"only = {{ {', '.join(said)} }}")
    lines += ["", "[mapping.fields]"]
    if "started_at" not in {*fields, *asked}:
        lines.append('started_at = ""  # the column of the start, or ["day", "time of day"]')
    lines += [_open_line(question) for name, question in asked.items() if name not in fields]
    lines += [f"{name} = {field_toml(source)}" for name, source in fields.items()]
    return "\n".join(lines) + "\n"


_UNITS = frozenset({"h", "min", "s", "ms"})


def mapping_name(path: Path) -> str:
    """Make a name for a mapping from a file's.

    Examples
    --------
    >>> mapping_name(Path("Front desk 2026-08.csv"))
    'front_desk'
    """
    words = re.findall(r"[a-z]+", path.stem.lower())
    return "_".join(words[:3]) or "spreadsheet"


def field_toml(source: FieldSource) -> str:
    """Write where a field comes from, as short as TOML allows.

    Examples
    --------
    >>> field_toml(FieldSource(join=("Date", "Time")))
    '["Date", "Time"]'
    """
    if source.join and not source.values and not source.unit:
        return json.dumps(list(source.join), ensure_ascii=False)
    if isinstance(source.column, (str, int)) and not source.values and not source.unit:
        return json.dumps(source.column, ensure_ascii=False)
    parts = {
        "column": source.column or None,
        "join": list(source.join) or None,
        "value": source.value,
        "unit": source.unit,
    }
    said = [
        f"{name} = {json.dumps(part, ensure_ascii=False)}" for name, part in parts.items() if part
    ]
    if source.values:
        pairs = ", ".join(f"{_text(a)} = {_text(b)}" for a, b in source.values.items())
        said.append(f"values = {{ {pairs} }}")
    return f"{{ {', '.join(said)} }}"


def _open_line(question: Question) -> str:
    if question.column and not set(question.choices) <= _UNITS:
        values = ", ".join(f'{_choice(word)} = ""' for word in question.choices)
        column = _text(question.column)
        return (
            f"{question.field} = {{ column = {column}, values = {{ {values} }} }}"
            f"  # {question.text}"
        )
    if question.column:
        open_unit = f'{{ column = {_text(question.column)}, unit = "" }}'
        units = " or ".join(map(str, question.choices))
        return f"{question.field} = {open_unit}  # {units}: {question.text}"
    said = " or ".join(map(_choice, question.choices))
    if question.field == "started_at":
        said += ', or two joined: ["day", "time of day"]'
    return f'{question.field} = ""  # {said}: {question.text}'


def _choice(choice: str | FieldSource) -> str:
    return _text(choice) if isinstance(choice, str) else field_toml(choice)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
