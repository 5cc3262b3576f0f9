"""Notebooks go into the wheel as they are written; what they showed stays in the repository."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BareNotebooks(BuildHookInterface):
    """Puts the notebooks into the wheel without their outputs."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the notebooks without outputs and name them to the builder."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from calltrack_nb.shipped import without_outputs  # noqa: PLC0415 - from this very tree

        sys.path.remove(self.root)
        self.folder = Path(tempfile.mkdtemp(prefix="calltrack-"))
        for notebook in (Path(self.root) / "notebooks").glob("*.ipynb"):
            bare = self.folder / notebook.name
            bare.write_text(without_outputs(notebook.read_text(encoding="utf-8")), encoding="utf-8")
            build_data["force_include"][str(bare)] = (
                f"calltrack_nb/shipped/notebooks/{notebook.name}"
            )

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Take the written notebooks away."""
        del build_data, artifact_path
        if version != "editable":
            shutil.rmtree(self.folder)
