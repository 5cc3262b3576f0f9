"""Notebooks of reports with something odd in a cell, an output or what is said of them."""

from __future__ import annotations

import json
import random
from typing import Any, Final

from calltrack_nb import shipped
from tools.fuzzing.mutations import ODD_TEXTS, mutated_bytes, mutated_text, mutated_value, odd_json

PARAMETERS: Final = """workspace: str = ""  # folder of the workspace
period: str = "all"  # such as 2026-08
account: str = ""  # one client
campaign: str = ""  # one campaign
share_safe: bool = True  # hide numbers and names
audio: bool = False  # put sound into the report
top: int = 3  # how many rows
shares: list[float] = [0.5, 1.0]  # two figures
names: list[str] = []  # of anything
more: dict = {}  # and more"""
_BUNDLE: Final = {
    "text/plain": "3 calls",
    "text/html": "<b>3</b> calls <script>1</script>",
    "text/markdown": "**3** calls",
    "text/latex": "$x$",
    "image/png": "iVBORw0KGgo=",
    "image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "application/json": {"calls": 3},
    "application/vnd.jupyter.widget-view+json": {"model_id": "x", "version_major": 2},
    "application/javascript": "1",
}
_LINES: Final = (
    "top: int = None", "top = 3; more = [1, 2]", "shares: list[float] = [1e999]", "x: int = 10**9",
    "period: str = 'all' 'x'", "class: int = 1", "a = b = 2", "top: 'int' = 3", "é: str = 'ü'",
    "t: dict = {'a': {1, 2}}", "u: bytes = b'x'", "w: float = float('nan')", "workspace = 3",
    "period: int = 2026", "account: list[str] = ['a']", "share_safe: str = 'no'", "audio = None",
    "%matplotlib inline", "!ls", "import os", "x: int", "*a, b = 1, 2", "f: str = f'{1}'", "\\",
    "deep = " + "(" * 300 + "1" + ")" * 300, "z: complex = 1j", "n: int = " + "9" * 5_000, "# only",
    "top: int = 3  # a\x00b", "shares: list[list[int]] = [[1], [2]]", "v: tuple = (1,)", "_ = ...",
)  # fmt: skip


def _cell(source: str, *tags: str) -> dict[str, Any]:
    return {
        "cell_type": "code", "id": f"c{len(source)}", "execution_count": None, "outputs": [],
        "metadata": {"tags": list(tags)} if tags else {},
        "source": source.splitlines(keepends=True),
    }  # fmt: skip


def notebook(*sources: str, parameters: str = PARAMETERS) -> dict[str, Any]:
    """Return a valid notebook of a report.

    Examples
    --------
    >>> len(notebook("1 + 1")["cells"])
    4
    """
    cells = [
        {
            "cell_type": "markdown",
            "id": "m",
            "metadata": {},
            "source": ["# A report\n", "Of **calls**."],
        },
        _cell(parameters, "parameters"),
        *(_cell(source) for source in sources),
        _cell("period, top, shares"),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python", "version": "3.11"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def mutated_notebook(rng: random.Random) -> bytes:
    """Return a notebook with something odd in it."""
    way = rng.random()
    if way < 0.2:
        return odd_json(rng, notebook(parameters=_odd_parameters(rng)))
    if way < 0.55:
        return json.dumps(notebook(_odd_display(rng))).encode()
    if way < 0.65:
        paths = sorted(shipped.notebooks().glob("*.ipynb"))
        value = json.loads(rng.choice(paths).read_text(encoding="utf-8"))
        cells = [one for one in value["cells"] if "parameters" in one["metadata"].get("tags", ())]
        value = {**value, "cells": [*value["cells"][:1], *cells]}  # what it does takes long
    else:
        value = notebook("1 + 1")
    if way > 0.9:
        return mutated_bytes(rng, json.dumps(value, indent=1).encode())
    for _ in range(rng.choice((1, 1, 2, 4))):
        value = _odd_notebook(rng, value)
    return odd_json(rng, value)


def _odd_notebook(rng: random.Random, value: Any) -> Any:
    """Change a member that readers of notebooks look at, or any."""
    cells = value.get("cells") if isinstance(value, dict) else None
    if not isinstance(cells, list) or not cells:
        return mutated_value(rng, value)
    at = rng.randrange(len(cells))
    versions = {rng.choice(("nbformat", "nbformat_minor")): rng.choice((0, 2, 3, 99, "4", None))}
    return rng.choice(
        (
            lambda: {
                **value,
                "cells": [*cells[:at], mutated_value(rng, cells[at]), *cells[at + 1 :]],
            },
            lambda: {**value, "metadata": mutated_value(rng, value.get("metadata"))},
            lambda: {**value, **versions},
            lambda: {**value, "cells": [*cells, *cells[at:]]},
            lambda: {"worksheets": [{"cells": cells}], "metadata": {}, "nbformat": 3},
            lambda: mutated_value(rng, value),
        )
    )()


def _odd_parameters(rng: random.Random) -> str:
    lines = PARAMETERS.splitlines()
    for _ in range(rng.choice((1, 1, 3))):
        line = rng.choice(_LINES)
        if rng.random() < 0.4:
            line = mutated_text(rng, rng.choice(PARAMETERS.splitlines()))
        lines.insert(rng.randint(0, len(lines)), line)
    return "\n".join(lines)


def _odd_display(rng: random.Random) -> str:
    """Write a cell that shows something odd."""
    bundle: Any = _BUNDLE
    for _ in range(rng.choice((0, 1, 2, 3))):
        bundle = mutated_value(rng, bundle)
    text = json.dumps(json.dumps(bundle))
    lines = [
        "import json, sys",
        "from IPython.display import HTML, display",
        f"shown = json.loads({text})",
        "display(shown if isinstance(shown, dict) else {'text/plain': shown}, raw=True)",
    ]
    odd = ascii(rng.choice(ODD_TEXTS))
    lines.append(
        rng.choice(
            (
                f"print({odd})",
                f"sys.stderr.write({odd})",
                f"HTML({odd})",
                f"{{{odd}: float('nan')}}",
                "raise ValueError('\\x1b[31mred')",
                "display(HTML('<table>' + '<tr><td>' * 300))",
                "sys.exit(3)",
                "print('x' * 3_000_000)",
                "class A:\n    def _repr_html_(self): return 5\nA()",
                "import IPython; IPython.display.clear_output()",
            )
        )
    )
    return "\n".join(lines)
