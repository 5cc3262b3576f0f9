"""Reports run: a notebook and its parameters in, one HTML file out, or a reason why not.

Each notebook runs in a kernel process of its own, which is this Python whatever kernels
are installed. A page is published only when it is whole; of a run that failed the
notebook is kept, as far as it got.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
import os
import re
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from calltrack_nb.errors import CalltrackError, ReportError
from calltrack_nb.phrasing import days
from calltrack_nb.reporting.catalogue import find_notebook
from calltrack_nb.reporting.parameters import OPTIONAL, check_parameters, inspect
from calltrack_nb.reporting.trust import refuse_untrusted
from calltrack_nb.results import BaseResult
from calltrack_nb.workspace import ALL_ACCOUNTS, VARIABLE, Workspace
from calltrack_nb.workspace.leftovers import scratch
from calltrack_nb.workspace.store import account_folder
from calltrack_nb.workspace.writing import replacing

if TYPE_CHECKING:
    from nbformat import NotebookNode

PARALLEL: Final = 4
"""Most reports at once: each holds its tables in memory."""

_GIVEN: Final = ("workspace", "account", "period", "audio", "share_safe")


@dataclass(frozen=True, slots=True)
class Job:
    """A report that can run: its notebook is there and its parameters fit.

    Attributes
    ----------
    name : str
        Stem of the notebook.
    notebook : pathlib.Path
        Where it lies.
    parameters : mapping
        What it will be run with.
    own : tuple of str
        Those given that are not the notebook's default, as ``name=value``.
    """

    name: str
    notebook: Path
    parameters: Mapping[str, Any]
    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportRun(BaseResult):
    """What came of running a report.

    Attributes
    ----------
    name : str
        The report.
    html : pathlib.Path or None
        The page, where there is one.
    seconds : float
        How long it took.
    error : str or None
        Why there is no page.
    text : str
        All that in one line.
    """

    name: str
    html: Path | None
    seconds: float
    error: str | None = None

    @property
    def text(self) -> str:
        """Say in one line what came of it."""
        if self.error or self.html is None:
            return f"{self.name}: {self.error}"
        megabytes = self.html.stat().st_size / 1e6
        return f"{self.name}: {self.html} ({megabytes:.1f} MB, {self.seconds:.0f} s)"


def prepare(
    workspace: Workspace, names: Sequence[str | Path], parameters: Mapping[str, Any]
) -> tuple[Job, ...]:
    """Find the notebooks of some reports and check every parameter, before any runs.

    Parameters
    ----------
    workspace : Workspace
        What the reports are about.
    names : sequence of str or pathlib.Path
        Names of reports, or paths of notebooks.
    parameters : mapping
        Given to each of them, and what the settings say of ``audio`` and ``share_safe``
        where a notebook takes them and nothing is given. Of one client's workspace, its
        ``account`` too: a notebook that does not take it is refused.

    Raises
    ------
    ReportError
        When there is no such notebook, or nobody trusted it; see
        :mod:`calltrack_nb.reporting.trust`.
    ParameterError
        When a parameter is unknown or of the wrong type.
    """
    return tuple(_job(workspace, name, parameters) for name in names)


def run_report(
    workspace: Workspace,
    name_or_path: str | Path,
    parameters: Mapping[str, Any] | None = None,
    *,
    out: Path | None = None,
) -> ReportRun:
    """Run one report and publish its page.

    Parameters
    ----------
    workspace : Workspace
        What the report is about; it is not brought up to date first.
    name_or_path : str or pathlib.Path
        Such as ``listen_and_learn``, or the path of a notebook of your own.
    parameters : mapping, optional
        Such as ``{"period": "2026-08"}``.
    out : pathlib.Path, optional
        Folder for the page; by default the workspace's ``reports/``.

    Raises
    ------
    ReportError
        When the report cannot be run, or a parameter does not fit. What goes wrong
        while it runs is in the result.
    """
    (job,) = prepare(workspace, [name_or_path], parameters or {})
    return _run(workspace, job, out or workspace.reports, bar=False)


def run_reports(
    workspace: Workspace, jobs: Sequence[Job], out: Path, *, bar: bool = False
) -> list[ReportRun]:
    """Run several reports at once; one that fails does not stop the others.

    Parameters
    ----------
    workspace : Workspace
        What they are about.
    jobs : sequence of Job
        From :func:`prepare`.
    out : pathlib.Path
        Folder for the pages.
    bar : bool
        Whether to draw a progress bar on the terminal.

    Returns
    -------
    list of ReportRun
        In the order of the jobs.
    """
    from tqdm import tqdm  # noqa: PLC0415 - only where there is something to run

    # The work is done in the kernels' processes; the threads here only wait for them.
    workers = max(1, min(len(jobs), os.cpu_count() or 1, PARALLEL))
    with ThreadPoolExecutor(workers) as threads:
        runs = threads.map(lambda job: _run(workspace, job, out, bar=bar and len(jobs) == 1), jobs)
        several = bar and len(jobs) > 1
        return list(tqdm(runs, "Reports", total=len(jobs), unit="report", disable=not several))


def _job(workspace: Workspace, name: str | Path, given: Mapping[str, Any]) -> Job:
    notebook = find_notebook(workspace, name)
    refuse_untrusted(workspace, notebook)
    known = inspect(notebook)
    privacy = workspace.settings.privacy
    usual: dict[str, Any] = {"audio": privacy.audio, "share_safe": privacy.share_safe}
    if workspace.account is not None:
        usual["account"] = workspace.account
    given = {**usual, **given}
    optional = {*OPTIONAL, *(("account",) if workspace.account == ALL_ACCOUNTS else ())}
    fitting = {key: value for key, value in given.items() if key in known or key not in optional}
    checked = check_parameters(notebook.stem, known, fitting)
    own = tuple(
        f"{key}={_written(value)}"
        for key, value in checked.items()
        if key not in _GIVEN and value != known[key].default
    )
    # Papermill injects nothing where nothing is given, and the cell that says what the
    # report was made with would be missing.
    always = {key: known[key].default for key in _GIVEN if key in known}
    if "workspace" in known and not checked.get("workspace"):
        checked["workspace"] = str(workspace.folder)
    return Job(notebook.stem, notebook, always | checked, own)


def _run(workspace: Workspace, job: Job, out: Path, *, bar: bool) -> ReportRun:
    started = time.monotonic()
    try:
        html = _publish(workspace, job, out, started, bar=bar)
    except CalltrackError as error:
        return ReportRun(job.name, None, time.monotonic() - started, str(error))
    return ReportRun(job.name, html, time.monotonic() - started)


def _publish(workspace: Workspace, job: Job, out: Path, started: float, *, bar: bool) -> Path:
    from calltrack_nb.reporting import html, sharing  # noqa: PLC0415 - heavy

    target = out / f"{_stem(job)}.html"
    executed = _execute(workspace, job, out / "failed" / f"{target.stem}.ipynb", bar=bar)
    made_at = dt.datetime.now(dt.UTC)
    safe = bool(job.parameters.get("share_safe", workspace.settings.privacy.share_safe))
    meta = {
        "report": job.name,
        "period": str(job.parameters.get("period", "all")),
        "made-at": made_at.isoformat(timespec="seconds"),
        "seconds": f"{time.monotonic() - started:.1f}",
        "share-safe": str(safe).lower(),
        "parameters": json.dumps(
            {key: value for key, value in job.parameters.items() if key != "workspace"}
        ),
    }
    business = workspace.settings.business
    cover = html.Cover(
        business=business.name,
        period=_in_words(workspace, meta["period"]),
        made_at=made_at,
        timezone=business.timezone,
        share_safe=safe,
        facts=job.own,
        level=workspace.settings.evidence.level,
        meta=meta,
    )
    page = html.export_html(executed, cover)
    if safe:
        sharing.check_share_safe(page, sharing.private_values(workspace))
    encoded = page.encode()
    if len(encoded) > html.LARGEST_BYTES:
        raise ReportError(
            f"The report is too large to send ({len(encoded) / 1e6:.1f} MB)",
            where=job.name,
            fix="Choose a shorter period or run without audio",
        )
    with replacing(target) as draft:
        draft.write(encoded)
    return target


def _execute(workspace: Workspace, job: Job, failed: Path, *, bar: bool) -> NotebookNode:
    """Run a notebook; where it fails, keep it as far as it got."""
    import papermill  # noqa: PLC0415 - heavy
    from jupyter_client.manager import AsyncKernelManager  # noqa: PLC0415 - heavy

    logging.getLogger("papermill").setLevel(logging.ERROR)
    with scratch() as folder:
        draft = folder / "run.ipynb"
        source = folder / "report.ipynb"  # papermill would format braces in a path
        source.write_bytes(job.notebook.read_bytes())
        try:
            executed: NotebookNode = papermill.execute_notebook(
                str(source),
                str(draft),
                parameters=dict(job.parameters),
                kernel_name="python3",
                language="python",
                progress_bar=bar,
                request_save_on_cell_execute=False,
                kernel_manager_class=_this_python(AsyncKernelManager, workspace),
            )
        except papermill.PapermillExecutionError as error:
            with replacing(failed) as kept:
                kept.write(draft.read_bytes())
            raise ReportError(
                f"The notebook stopped in its cell {error.exec_count}, {error.ename}",
                where=_one_line(error.evalue),
                fix=f"See {failed}",
            ) from error
        except (RuntimeError, OSError) as error:  # the kernel died or did not start
            raise ReportError(
                "The notebook's kernel stopped",
                where=f"{job.notebook} ({_one_line(str(error))})",
                fix="It may have run out of memory: choose a shorter period",
            ) from error
    return executed


def _this_python(manager: Any, workspace: Workspace) -> Any:
    """Return a kernel manager that starts this very Python, whatever kernels there are.

    An installed kernel spec may name another interpreter, and a wheel installed into a
    fresh environment may find none at all.
    """
    from jupyter_client.kernelspec import KernelSpec  # noqa: PLC0415 - heavy

    spec = KernelSpec(
        argv=[
            sys.executable,
            "-Xfrozen_modules=off",
            *("-m", "ipykernel_launcher", "-f", "{connection_file}", "--log-level=CRITICAL"),
            # a pandas.py in the folder somebody is in is no pandas
            "--InteractiveShellApp.ignore_cwd=True",
        ],
        display_name="Python 3",
        language="python",
        env={VARIABLE: str(workspace.folder), "MPLBACKEND": "agg"},
    )
    return type("ThisPython", (manager,), {"kernel_spec": property(lambda _: spec)})


def _stem(job: Job) -> str:
    """Name a page by report and period, and by whatever else was asked for."""
    parts = [job.name]
    if job.parameters.get("account", "") not in ("", ALL_ACCOUNTS):
        parts.append(account_folder(str(job.parameters["account"])))
    if "period" in job.parameters:
        parts.append(re.sub(r"[^\w.-]+", "-", str(job.parameters["period"])))
    if job.own:
        parts.append(hashlib.sha256("\n".join(sorted(job.own)).encode()).hexdigest()[:6])
    if not job.parameters.get("share_safe", True):
        parts.append("private")
    return "-".join(parts)


def _in_words(workspace: Workspace, period: str) -> str:
    """Write a period as its first and last day."""
    try:
        span = workspace.period(period)
    except CalltrackError:  # such as all of a log that is empty
        return period
    return days(span.first, span.last)


def _written(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]
