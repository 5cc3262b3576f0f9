"""Where the notebooks and the sample that ship with the project are, and which code this is.

A built wheel carries them beside this module; a checkout has them at its top.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from calltrack_nb.errors import WorkspaceError

_HERE = Path(__file__).resolve().parent
_CHECKOUT = _HERE.parent.parent


def code() -> str:
    """Return the SHA-256 of this package's files: what they made is stale under another one.

    Examples
    --------
    >>> len(code())
    64
    """
    home = _HERE.parent
    skipped = {_HERE / "sample", *home.rglob("__pycache__")}
    digest = hashlib.sha256()
    for path in sorted(home.rglob("*")):
        if path.is_file() and skipped.isdisjoint(path.parents):
            digest.update(f"{path.relative_to(home)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def notebooks() -> Path:
    """Return the folder of the packaged report notebooks."""
    return _first(_HERE / "notebooks", _CHECKOUT / "notebooks")


def without_outputs(notebook: str) -> str:
    """Return a notebook, as JSON, without what it showed when it was run.

    Examples
    --------
    >>> ran = '{"cells": [{"cell_type": "code", "execution_count": 3, "outputs": [1]}]}'
    >>> json.loads(without_outputs(ran))["cells"]
    [{'cell_type': 'code', 'execution_count': None, 'outputs': []}]
    """
    content = json.loads(notebook)
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"execution_count": None, "outputs": []}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def as_copy(notebook: str) -> str:
    """Return a notebook, as JSON, as a workspace gets it: nothing shown yet, and with a seal.

    By the seal a later version knows a copy that nobody changed, and takes its own in its place.

    Examples
    --------
    >>> made = as_copy('{"cells": [{"cell_type": "raw", "source": "a"}], "metadata": {}}')
    >>> len(json.loads(made)["metadata"]["calltrack"]["seal"])
    64
    """
    content = json.loads(without_outputs(notebook))
    content["metadata"].setdefault("calltrack", {})["seal"] = _seal(content)
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def is_untouched(copy: Path) -> bool:
    """Whether a copy is as :func:`as_copy` made it, by this version or an earlier one.

    What it shows since it was run does not count. A seal is no signature: whoever can write the
    notebook can write one, so it says nothing of whether the code may be run.

    Parameters
    ----------
    copy : pathlib.Path
        A notebook of a workspace; of a file that is none, or has no seal, the answer is no.
    """
    try:
        content = json.loads(copy.read_text(encoding="utf-8"))
        return bool(content["metadata"]["calltrack"]["seal"] == _seal(content))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False


def read_and_run(notebook: Any) -> list[tuple[str, str]]:
    """Return the kind and the text of each cell of a notebook's JSON; outputs do not count.

    Examples
    --------
    >>> read_and_run({"cells": [{"cell_type": "code", "source": ["1 +", " 1"], "outputs": [2]}]})
    [('code', '1 + 1')]
    """
    return [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]


def _seal(notebook: Any) -> str:
    return hashlib.sha256(json.dumps(read_and_run(notebook)).encode()).hexdigest()


def sample() -> Path:
    """Return the folder of the sample shop, itself a workspace."""
    return _first(_HERE / "sample", _CHECKOUT / "data" / "sample")


def _first(*places: Path) -> Path:
    for place in places:
        if place.is_dir():
            return place
    raise WorkspaceError(
        "The files that ship with calltrack_nb are missing",
        where=places[0],
        fix="Install it again with pip install calltrack-nb",
    )
