"""What came of making reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from calltrack_nb.errors import ReadOnlyWorkspace
from calltrack_nb.results import BaseResult

if TYPE_CHECKING:
    from calltrack_nb.reporting import ReportRun
    from calltrack_nb.workbench.bench import Workbench
    from calltrack_nb.workspace.pipeline import Update


def updated_before(workspace: Workbench, out: Path, *, progress: bool) -> Update:
    """Bring a workspace up to date; one that can only be read is reported as it is.

    Raises
    ------
    ReadOnlyWorkspace
        When it can only be read, and the reports are to be written into it.
    """
    from calltrack_nb.workspace.pipeline import Step, Update  # noqa: PLC0415 - heavy

    try:
        return workspace.update(progress=progress)
    except ReadOnlyWorkspace as error:
        if out.resolve().is_relative_to(workspace.folder):
            raise ReadOnlyWorkspace(
                error.what,
                where=error.where,
                fix="Pass --out FOLDER to write the reports elsewhere",
            ) from error
        said = "The workspace is read-only: reports use it as it is, and nothing new is imported"
        return Update((Step("update", said),))


@dataclass(frozen=True)
class Reports(BaseResult):
    """Some reports that were made; going through it gives their pages.

    Parameters
    ----------
    runs : tuple of ReportRun
        What came of each report.
    index : pathlib.Path
        The page that lists the reports.
    update : Update or None
        How the workspace was brought up to date before, where it was.
    """

    runs: tuple[ReportRun, ...]
    index: Path
    update: Update | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """The pages that were made, in order."""
        return tuple(run.html for run in self.runs if run.html)

    @property
    def problems(self) -> tuple[str, ...]:
        """One line for each report that could not be made, or was made of what was there."""
        broken = [step for step in self.update.steps if step.broken_off] if self.update else []
        return (
            *(f"Not up to date: {problem}" for step in broken for problem in step.problems),
            *(run.text for run in self.runs if run.error),
        )

    @property
    def text(self) -> str:
        """What was made, a line for each report, and where they are listed."""
        made = [run.text for run in self.runs if not run.error]
        return "\n".join([*made, f"All reports are listed in {self.index}"])

    def __iter__(self) -> Iterator[Path]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)
