"""What a report is given must fit its parameters cell, before anything runs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from calltrack_nb import reporting
from calltrack_nb.errors import ParameterError, ReportError
from calltrack_nb.periods import Period
from calltrack_nb.workspace import Workspace
from tests.reporting.conftest import NOTEBOOK, notebook_with


def test_the_cell_is_read_with_types_defaults_and_help() -> None:
    """Name, type, default and comment of each line come out, in order."""
    known = reporting.inspect(NOTEBOOK)
    assert list(known) == ["workspace", "period", "share_safe", "audio", "top", "shares"]
    assert known["shares"] == reporting.Parameter(
        "shares", "list[float]", [0.5, 1.0], "two figures"
    )
    assert known["audio"].default is False


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"top": "7"}, {"top": 7}),
        ({"top": np.int64(7)}, {"top": 7}),
        ({"audio": "yes"}, {"audio": True}),
        ({"audio": "False"}, {"audio": False}),
        ({"shares": "0.25, 1"}, {"shares": [0.25, 1.0]}),
        ({"period": Period.parse("2026-08")}, {"period": "2026-08"}),
        ({"period": "007"}, None),
        ({"workspace": Path("shop")}, {"workspace": "shop"}),
        ({"workspace": "007"}, {"workspace": "007"}),
    ],
)
def test_values_take_the_parameters_type(given: dict, expected: dict | None) -> None:
    """Words from a command line become the cell's types; nothing else is guessed."""
    known = reporting.inspect(NOTEBOOK)
    if expected is None:
        with pytest.raises(ParameterError, match="That is not a period"):
            reporting.check_parameters("tiny", known, given)
        return
    done = reporting.check_parameters("tiny", known, given)
    assert done == expected
    assert [type(value) for value in done.values()] == [type(v) for v in expected.values()]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"perod": "2026-08"}, "no parameter perod. Did you mean period?"),
        ({"zzz": 1}, "It takes workspace, period, share_safe, audio, top, shares"),
        ({"top": "many"}, "top must be int, such as 12, not 'many'"),
        ({"top": 2.5}, "top must be int"),
        ({"top": True}, "top must be int"),
        ({"audio": "maybe"}, "audio must be bool, such as true or false"),
        ({"audio": 1}, "audio must be bool"),
        ({"period": 2026}, "period must be str"),
        ({"shares": "a,b"}, "shares must be list"),
        ({"shares": "nan"}, "shares must be list"),
        ({"shares": [10**400]}, "shares must be list"),
        ({"shares": np.array([1, 2])}, "shares must be list"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_remedy(given: dict, message: str) -> None:
    """An unknown name names its neighbours, an ill-typed value its type and an example."""
    with pytest.raises(ParameterError) as caught:
        reporting.check_parameters("tiny", reporting.inspect(NOTEBOOK), given)
    assert message in str(caught.value)


def test_every_report_is_checked_before_any_runs(shop: Workspace, tmp_path: Path) -> None:
    """A parameter the second report lacks stops both, and leaves no page."""
    own = notebook_with(tmp_path, "1 + 1")
    with pytest.raises(ParameterError, match="own has no parameter top"):
        reporting.prepare(shop, [NOTEBOOK, own], {"top": 4})
    assert not list(shop.reports.iterdir())


@pytest.mark.parametrize("period", [["2026-08"], {"a": 1}, np.array([1, 2])])
def test_a_period_of_any_type_is_refused_by_name(
    shop: Workspace, tmp_path: Path, period: object
) -> None:
    """What is no text and no period is told as such, also where it cannot be hashed."""
    with pytest.raises(ParameterError, match="own cannot run like this"):
        reporting.prepare(shop, [notebook_with(tmp_path, "1 + 1")], {"period": period})


def test_only_the_switches_of_the_command_line_may_be_missing(
    shop: Workspace, tmp_path: Path
) -> None:
    """Audio and share_safe are left out of a notebook that does not take them."""
    own = notebook_with(tmp_path, "1 + 1")
    (job,) = reporting.prepare(shop, [own], {"audio": True, "share_safe": True})
    assert job.parameters == {"period": "all"}


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("import os\nx: int = 1", "more than plain values"),
        ("x: int = 1 + 1", "more than plain values"),
        ('x: str = "a"  # set a=b', "cannot be read"),
    ],
)
def test_a_parameters_cell_of_another_kind_is_refused(
    tmp_path: Path, cell: str, message: str
) -> None:
    """What papermill would skip in silence is an error that says what to write."""
    with pytest.raises(ReportError, match=message):
        reporting.inspect(notebook_with(tmp_path, parameters=cell))


@pytest.mark.parametrize("given", ["{", "(" * 9_000, "{[]: 1}", "a b"])
def test_a_value_that_is_no_python_is_refused(tmp_path: Path, given: str) -> None:
    """A parameter of any other kind is read as Python's own values, or refused."""
    known = reporting.inspect(notebook_with(tmp_path, parameters="more: dict = {}"))
    with pytest.raises(ParameterError, match="more must be dict"):
        reporting.check_parameters("own", known, {"more": given})


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (lambda made: [made], "cells"),
        (lambda made: {**made, "cells": {}}, "cells"),
        (lambda made: {**made, "metadata": []}, "metadata"),
        (lambda made: {**made, "metadata": {"kernelspec": "python"}}, "metadata"),
        (lambda made: {**made, "cells": ["1 + 1"]}, "cell 1"),
        (lambda made: {**made, "cells": [{"source": ""}]}, "cell 1"),
        (lambda made: {**made, "cells": [{"cell_type": "code", "source": 1}]}, "source of cell 1"),
        (lambda made: {**made, "cells": [{**made["cells"][0], "metadata": 1}]}, "metadata of cell"),
        (lambda made: {**made, "nbformat_minor": "5"}, "AssertionError"),
        (lambda made: {**made, "nbformat": None}, ""),
        (lambda made: {**made, "cells": [{**made["cells"][0], "id": 5}]}, "5 is not of type"),
        (lambda made: {**made, "metadata": {"title": 5}}, "5 is not of type"),
    ],
)
def test_a_notebook_of_another_form_is_refused(tmp_path: Path, change, part: str) -> None:
    """Whatever stands where a notebook has cells, sources or metadata is named."""
    path = notebook_with(tmp_path, "1 + 1")
    path.write_text(json.dumps(change(json.loads(path.read_text()))))
    with pytest.raises(ReportError, match=f"This is not a notebook: .*{part}"):
        reporting.inspect(path)


def test_a_notebook_nested_without_end_is_refused(tmp_path: Path) -> None:
    """Neither the file nor its parameters may be nested deeper than Python reads."""
    path = tmp_path / "x.ipynb"
    path.write_text("[" * 100_000)
    with pytest.raises(ReportError, match="This is not a notebook"):
        reporting.inspect(path)
    for cell in ("x = " + "(" * 9_000 + "1" + ")" * 9_000, "x = {[]: 1}"):
        with pytest.raises(ReportError, match="more than plain values"):
            reporting.inspect(notebook_with(tmp_path, parameters=cell))


def test_a_notebook_needs_its_one_cell(tmp_path: Path) -> None:
    """A file without a parameters cell, or that is no notebook, is refused by name."""
    path = tmp_path / "x.ipynb"
    path.write_text('{"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}')
    with pytest.raises(ReportError, match="one cell tagged parameters; this one has 0"):
        reporting.inspect(path)
    path.write_text("no notebook")
    with pytest.raises(ReportError, match=r"not a notebook: .*x\.ipynb"):
        reporting.inspect(path)


def test_the_nearest_report_is_named(shop: Workspace) -> None:
    """A misspelled report is answered with the one that was meant."""
    (shop.folder / "notebooks" / "my_month.ipynb").write_bytes(NOTEBOOK.read_bytes())
    assert reporting.find_notebook(shop, "my_month").parent == shop.folder / "notebooks"
    with pytest.raises(ReportError, match="Did you mean my_month"):
        reporting.find_notebook(shop, "my-moth")
    with pytest.raises(ReportError, match="no such notebook"):
        reporting.find_notebook(shop, "no/such.ipynb")
