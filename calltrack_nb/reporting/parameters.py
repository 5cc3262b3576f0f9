"""A report's parameters: what its notebook takes, and whether what was given fits.

Papermill runs a notebook with an unknown parameter after a warning, and with a value of
any type. Here both are refused before anything runs.
"""

from __future__ import annotations

import ast
import difflib
import json
import logging
import math
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from calltrack_nb.errors import CalltrackError, ParameterError, ReportError
from calltrack_nb.periods import Period

OPTIONAL: Final = ("audio", "share_safe")
"""Switches the command line always gives; a notebook need not have them."""

_EXAMPLES: Final = {
    "str": '"2026-08"',
    "int": "12",
    "float": "0.5",
    "bool": "true or false",
    "list[str]": "Spring,Summer",
    "list[int]": "1,2",
    "list[float]": "0.5,1",
}
# what Python raises of texts that are no plain values, or are nested too deep
_UNREADABLE: Final = (
    SyntaxError, ValueError, TypeError, OverflowError, RecursionError, MemoryError,
)  # fmt: skip
_TRUE: Final = ("true", "yes", "on", "1")
_FALSE: Final = ("false", "no", "off", "0")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One line of a notebook's parameters cell.

    Attributes
    ----------
    name, help : str
        As the cell writes them; the help is the comment behind the value.
    kind : str
        ``str``, ``int``, ``float``, ``bool``, or a list of one of these.
    default : object
        What holds when nothing is given.
    """

    name: str
    kind: str
    default: Any
    help: str = ""


def inspect(notebook: Path) -> dict[str, Parameter]:
    """Read what a notebook takes.

    Parameters
    ----------
    notebook : pathlib.Path
        A notebook with one code cell tagged ``parameters``.

    Returns
    -------
    dict of str to Parameter
        In the order of the cell.

    Raises
    ------
    ReportError
        When the file is no notebook, has no such cell or several, or the cell holds
        something that is not a plain parameter.
    """
    import nbformat  # noqa: PLC0415 - heavy
    import papermill  # noqa: PLC0415 - heavy

    jupyter: Any = nbformat
    content = _read_notebook(notebook)
    assigned = _assignments(_parameters_cell(content, notebook), notebook)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    # A copy, for papermill formats the path it is given and asks for a kernel's name
    content["metadata"]["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    with tempfile.TemporaryDirectory(prefix="calltrack-") as folder:
        copy = Path(folder) / "report.ipynb"
        copy.write_text(json.dumps(content), encoding="utf-8")
        try:
            found = papermill.inspect_notebook(copy)
            # the page is made of a valid one alone, which would be known when it has run
            jupyter.validate(jupyter.read(copy, as_version=4), relax_add_props=True)
        except Exception as error:
            raise not_a_notebook(notebook, error) from error
    if list(found) != list(assigned):
        odd = sorted(set(found) ^ set(assigned))
        raise ReportError(
            "A parameter cannot be read",
            where=f"{notebook}, {', '.join(odd)}",
            fix='Write each on a line of its own as  name: str = "value"  # what it does',
        )
    return {
        name: Parameter(
            name,
            _kind(str(found[name]["inferred_type_name"]), default),
            default,
            str(found[name]["help"]),
        )
        for name, default in assigned.items()
    }


def describe(report: str, known: Mapping[str, Parameter]) -> str:
    """Say what a report takes, a line for each parameter.

    Examples
    --------
    >>> print(describe("my_report", {"top": Parameter("top", "int", 5, "how many rows")}))
    my_report
      top=5  how many rows
    """
    given = {name: f"{name}={_written(one.default)}" for name, one in known.items()}
    width = max(map(len, given.values()), default=0)
    lines = (f"  {given[name]:{width}}  {one.help}".rstrip() for name, one in known.items())
    return "\n".join([report, *lines])


def check_parameters(
    report: str, known: Mapping[str, Parameter], given: Mapping[str, Any]
) -> dict[str, Any]:
    """Check values against what a report takes, and give them the report's types.

    Parameters
    ----------
    report : str
        Name of the report, for messages.
    known : mapping of str to Parameter
        From :func:`inspect`.
    given : mapping
        Values; strings, as a command line gives them, are read as the parameter's type.

    Returns
    -------
    dict
        The values given, as plain Python objects.

    Raises
    ------
    ParameterError
        Naming every parameter that is unknown or of the wrong type.

    Examples
    --------
    >>> known = {"top": Parameter("top", "int", 5)}
    >>> check_parameters("my_report", known, {"top": "7"})
    {'top': 7}
    >>> check_parameters("my_report", known, {"tops": 7})
    Traceback (most recent call last):
    ...
    calltrack_nb.errors.ParameterError: my_report has no parameter tops. Did you mean top?
    """
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3)
            fix = f"Did you mean {' or '.join(near)}?" if near else f"It takes {', '.join(known)}"
            raise ParameterError(f"{report} has no parameter {name}", fix=fix)
    done: dict[str, Any] = {}
    problems = []
    for name, value in given.items():
        try:
            done[name] = _read(value, known[name].kind)
            if name == "period" and done[name] != "all":
                Period.parse(done[name])
        except CalltrackError as error:
            problems.append(f"{name}={value}: {str(error).rstrip('.')}")
        except _UNREADABLE:
            kind = known[name].kind
            example = _EXAMPLES.get(kind, repr(known[name].default))
            problems.append(f"{name} must be {kind}, such as {example}, not {value!r}")
    if problems:
        raise ParameterError(f"{report} cannot run like this", where="; ".join(problems))
    return done


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def not_a_notebook(notebook: Path, error: Exception | str) -> ReportError:
    """Say that a file has not the form of a notebook."""
    why = error if isinstance(error, str) else f"{type(error).__name__}: {str(error)[:300]}"
    return ReportError(
        "This is not a notebook",
        where=f"{notebook} ({why})",
        fix="Open it in JupyterLab and save it again",
    )


def _read_notebook(notebook: Path) -> dict[str, Any]:
    try:
        content: Any = json.loads(notebook.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ReportError("There is no such notebook", where=notebook) from None
    except (OSError, ValueError, RecursionError) as error:
        raise not_a_notebook(notebook, error) from error
    odd = _odd_part(content)
    if odd:
        raise not_a_notebook(notebook, f"odd {odd}")
    language = content["metadata"].get("kernelspec", {}).get("language", "python")
    if language != "python":
        raise ReportError(
            f"Reports are Python notebooks; this one is in {language}", where=notebook
        )
    return dict(content)


def _odd_part(content: Any) -> str | None:
    """Name a part of a notebook that has another form than notebooks have."""
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        return "cells"
    metadata = content.get("metadata")
    if not isinstance(metadata, dict) or not isinstance(metadata.get("kernelspec", {}), dict):
        return "metadata"
    for number, cell in enumerate(content["cells"], start=1):
        if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
            return f"cell {number}"
        source, about = cell.get("source"), cell.get("metadata", {})
        lines = source if isinstance(source, list) else [source]
        if not all(isinstance(line, str) for line in lines):
            return f"source of cell {number}"
        tags = about.get("tags", []) if isinstance(about, dict) else None
        if not isinstance(tags, list):
            return f"metadata of cell {number}"
    return None


def _parameters_cell(content: Mapping[str, Any], notebook: Path) -> str:
    tagged = [
        cell
        for cell in content["cells"]
        if cell["cell_type"] == "code" and "parameters" in cell.get("metadata", {}).get("tags", [])
    ]
    if len(tagged) != 1:
        raise ReportError(
            f"A report has one cell tagged parameters; this one has {len(tagged)}",
            where=notebook,
            fix="In JupyterLab, tag the cell under Property Inspector, Cell Tags",
        )
    source = tagged[0]["source"]
    return source if isinstance(source, str) else "".join(source)


def _assignments(source: str, notebook: Path) -> dict[str, Any]:
    """Map each name the cell assigns to its value, in order."""
    try:
        return {
            name: ast.literal_eval(value)
            for line in ast.parse(source).body
            for name, value in _assigned(line)
        }
    except _UNREADABLE as error:
        raise ReportError(
            "The parameters cell holds more than plain values",
            where=f"{notebook} ({error})",
            fix="Move everything else to the next cell",
        ) from error


def _assigned(line: ast.stmt) -> list[tuple[str, ast.expr]]:
    if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and line.value:
        return [(line.target.id, line.value)]
    if isinstance(line, ast.Assign) and all(isinstance(name, ast.Name) for name in line.targets):
        return [(name.id, line.value) for name in line.targets if isinstance(name, ast.Name)]
    raise ValueError(ast.unparse(line))


def _kind(annotation: str, default: object) -> str:
    if annotation != "None":
        return annotation.replace(" ", "")
    if isinstance(default, list) and default:
        return f"list[{type(default[0]).__name__}]"
    return type(default).__name__


def _read(value: Any, kind: str) -> Any:
    """Give a value a parameter's type; ValueError or TypeError where it has another."""
    if hasattr(value, "item"):  # numpy's scalars, which papermill would write as text
        value = value.item()
    if kind.startswith("list"):
        inner = kind[5:-1] or "str"
        pieces = value.split(",") if isinstance(value, str) else value
        if not isinstance(pieces, list | tuple):
            raise TypeError
        stripped = (piece.strip() if isinstance(piece, str) else piece for piece in pieces)
        return [_read(piece, inner) for piece in stripped if piece != ""]
    if kind == "str":
        if isinstance(value, bool | int | float | list | dict) or value is None:
            raise TypeError
        return str(value)
    if kind == "bool":
        return _read_bool(value)
    if kind in ("int", "float"):
        return _read_number(value, kind)
    return ast.literal_eval(value) if isinstance(value, str) else value


def _read_bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else None
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise TypeError


def _read_number(value: Any, kind: str) -> int | float:
    if isinstance(value, bool):
        raise TypeError
    if kind == "int":
        if isinstance(value, float):
            raise TypeError
        return int(value)
    number = float(value)
    if not math.isfinite(number):
        raise ValueError
    return number
