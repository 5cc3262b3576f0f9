"""Fixtures that several rooms' tests share."""

from __future__ import annotations

import os
from pathlib import Path

import matplotlib as mpl
import pytest

from calltrack_nb import init_workspace
from calltrack_nb.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent

mpl.use("Agg")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real recordings, texts and provider objects that stand beside the checkout."""
    place = Path(os.environ.get("CALLTRACK_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not place.is_dir():
        pytest.skip(f"no shared data at {place}; set CALLTRACK_SHARED_DATA to run this test")
    return place


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new, empty workspace."""
    return init_workspace(tmp_path / "shop")


@pytest.fixture(scope="session")
def pinned(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The workspace on which the committed notebooks were run; nobody writes to it."""
    from tests.pinned.workspace import build

    return build(tmp_path_factory.mktemp("pinned") / "shop")
