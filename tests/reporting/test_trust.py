"""A workspace's own notebook runs only where somebody has trusted it."""

from __future__ import annotations

import json
import shutil

import pytest

from calltrack_nb import init_workspace, reporting, shipped
from calltrack_nb.errors import ReportError
from calltrack_nb.workbench import Workbench
from tests.reporting.conftest import NOTEBOOK


@pytest.fixture
def own(tmp_path, monkeypatch) -> Workbench:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    return Workbench(init_workspace(tmp_path / "shop").folder)


def prepared(workspace, name) -> str:
    return reporting.prepare(workspace, [name], {})[0].name


def test_a_notebook_that_differs_from_the_shipped_one_is_refused_until_it_is_trusted(own):
    """Its copy runs, shown outputs or none; one changed cell is refused, by name and by path."""
    name = "number_audit"
    path = own.folder / "notebooks" / f"{name}.ipynb"
    content = json.loads(path.read_text())
    code = [cell for cell in content["cells"] if cell["cell_type"] == "code"][-1]
    code["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "shown once"}]
    path.write_text(json.dumps(content))
    assert prepared(own, name) == name
    code["source"] = [*code["source"], "\nimport os\n"]
    path.write_text(json.dumps(content))
    for asked in (name, path):
        with pytest.raises(ReportError, match=rf"report {name} --trust"):
            prepared(own, asked)
    own.trust(name)
    assert prepared(own, name) == name
    code["source"] = [*code["source"], "print(1)\n"]
    path.write_text(json.dumps(content))
    with pytest.raises(ReportError, match="--trust"):
        prepared(own, name)


def test_after_an_update_a_copy_that_nobody_changed_gives_way_to_the_new_one(own):
    """An old copy, shown outputs or none, asks for nothing; a changed one is the user's own."""
    name = "number_audit"
    path = own.folder / "notebooks" / f"{name}.ipynb"
    old = json.loads(shipped.without_outputs((shipped.notebooks() / path.name).read_text()))
    old["cells"][-1]["source"] = ["print('as an earlier version had it')"]
    sealed = json.loads(shipped.as_copy(json.dumps(old)))
    sealed["cells"][-1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "it"}]
    path.write_text(json.dumps(sealed))
    for asked in (name, path):
        assert reporting.find_notebook(own, asked).parent == shipped.notebooks()
        assert prepared(own, asked) == name
    sealed["cells"][-1]["source"] = ["print('as I have it')"]
    path.write_text(json.dumps(sealed))
    assert reporting.find_notebook(own, name) == path
    with pytest.raises(ReportError, match="--trust"):
        prepared(own, name)


def test_trust_does_not_travel_with_the_folder(own, tmp_path, monkeypatch):
    """The same folder on another machine asks anew; a link out of it is no way around."""
    shutil.copy(NOTEBOOK, own.folder / "notebooks" / "mine.ipynb")
    (own.folder / "notebooks" / "link.ipynb").symlink_to(NOTEBOOK)
    own.trust("mine")
    assert prepared(own, "mine") == "mine"
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "another"))
    sent = Workbench(shutil.copytree(own.folder, tmp_path / "sent", symlinks=True))
    for name in ("mine", "link"):
        with pytest.raises(ReportError, match="--trust"):
            prepared(sent, name)
    assert prepared(sent, NOTEBOOK) == NOTEBOOK.stem


def test_where_nothing_can_be_remembered_that_is_said(own, tmp_path, monkeypatch):
    """Without a place for what is trusted the notebook stays refused, with what to set."""
    shutil.copy(NOTEBOOK, own.folder / "notebooks" / "mine.ipynb")
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "file"))
    with pytest.raises(ReportError, match="JUPYTER_DATA_DIR"):
        own.trust("mine")
    with pytest.raises(ReportError, match="--trust"):
        prepared(own, "mine")
