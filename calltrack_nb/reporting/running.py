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
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self
from zoneinfo import ZoneInfo

from calltrack_nb import clock
from calltrack_nb.errors import CalltrackError, ReportError, unforeseen
from calltrack_nb.periods import RELATIVE, Period
from calltrack_nb.phrasing import days, moment
from calltrack_nb.reporting import fingerprints, sharing
from calltrack_nb.reporting.catalogue import find_notebook, report_names
from calltrack_nb.reporting.how_made import heard_by, how_made, in_letters
from calltrack_nb.reporting.index import ends_whole, read_meta
from calltrack_nb.reporting.kernels import Nursery, kernel_manager
from calltrack_nb.reporting.parameters import (
    OPTIONAL,
    Parameter,
    check_parameters,
    inspect,
    not_a_notebook,
)
from calltrack_nb.reporting.trust import refuse_untrusted
from calltrack_nb.results import BaseResult
from calltrack_nb.workspace import ALL_ACCOUNTS, Workspace, forgetting, reads
from calltrack_nb.workspace.leftovers import scratch
from calltrack_nb.workspace.store import account_folder
from calltrack_nb.workspace.writing import replacing

if TYPE_CHECKING:
    from jupyter_client.manager import KernelManager
    from nbformat import NotebookNode

    from calltrack_nb.reporting import html
    from calltrack_nb.reporting.rereading import Reader

_NEVER_STARTED: Final = "Kernel died before replying"
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
    unchanged_since : datetime.datetime or None
        When the page was made, where it was not made again since nothing changed.
    text : str
        All that in one line.
    """

    name: str
    html: Path | None
    seconds: float
    error: str | None = None
    unchanged_since: dt.datetime | None = None

    @property
    def text(self) -> str:
        """Say in one line what came of it."""
        if self.error or self.html is None:
            return f"{self.name}: {self.error}"
        if self.unchanged_since:
            return f"{self.name}: {self.html} (unchanged since {moment(self.unchanged_since)})"
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
    return each_job(workspace, names, [parameters])


def each_job(
    workspace: Workspace, names: Sequence[str | Path], choices: Sequence[Mapping[str, Any]]
) -> tuple[Job, ...]:
    """Prepare some reports with each of several choices of parameters.

    Parameters
    ----------
    workspace, names
        As for :func:`prepare`.
    choices : sequence of mapping
        Parameters, each as for :func:`prepare`.
    """
    taken = cache(inspect)  # a notebook that runs many times is read once
    found = [find_notebook(workspace, name) for name in names]
    for notebook in found:
        refuse_untrusted(workspace, notebook)
    return tuple(
        _job(workspace, notebook, taken(notebook), given) for given in choices for notebook in found
    )


def run_report(
    workspace: Workspace,
    name_or_path: str | Path,
    parameters: Mapping[str, Any] | None = None,
    *,
    out: Path | None = None,
    nursery: Nursery | None = None,
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
    nursery : Nursery, optional
        Where to fork its kernel from.

    Raises
    ------
    ReportError
        When the report cannot be run, or a parameter does not fit. What goes wrong
        while it runs is in the result.
    """
    (job,) = prepare(workspace, [name_or_path], parameters or {})
    with _Press.over(workspace, out or workspace.reports, (job,)) as press:
        return press.make(job, nursery)


def run_reports(
    workspace: Workspace,
    jobs: Sequence[Job],
    out: Path,
    *,
    force: bool = True,
    nursery: Nursery | None = None,
    bar: bool = False,
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
    force : bool
        Whether to run those too whose page is there, and all that it was made from is as it
        was (:mod:`calltrack_nb.reporting.fingerprints`).
    nursery : Nursery, optional
        Where to fork the kernels from; one is made for several reports where none is given.
    bar : bool
        Whether to draw a progress bar on the terminal.

    Returns
    -------
    list of ReportRun
        In the order of the jobs.
    """
    from tqdm import tqdm  # noqa: PLC0415 - only where there is something to run

    with ExitStack() as stack:
        press = stack.enter_context(_Press.over(workspace, out, tuple(jobs)))
        kept = {} if force else {at: press.kept(job) for at, job in enumerate(jobs)}
        runs = {at: run for at, run in kept.items() if run}
        left = [at for at in range(len(jobs)) if at not in runs]
        several = len(left) > 1
        # The work is done in the kernels' processes; the threads here only wait for them.
        workers = max(1, min(len(left), os.cpu_count() or 1, PARALLEL))
        if several:
            press = replace(press, batch=stack.enter_context(scratch()))
        if several and nursery is None:
            nursery = stack.enter_context(Nursery())
        threads = stack.enter_context(ThreadPoolExecutor(workers))
        make = partial(press.make, nursery=nursery, bar=bar and not several)
        made = threads.map(make, [jobs[at] for at in left])
        shown = tqdm(made, "Reports", len(left), unit="report", disable=not (bar and several))
        runs |= dict(zip(left, shown, strict=True))
    return [runs[at] for at in range(len(jobs))]


def _job(
    workspace: Workspace,
    notebook: Path,
    known: Mapping[str, Parameter],
    given: Mapping[str, Any],
) -> Job:
    privacy = workspace.settings.privacy
    usual: dict[str, Any] = {"audio": privacy.audio, "share_safe": privacy.share_safe}
    if workspace.account is not None:
        usual["account"] = workspace.account
    given = {**usual, **given}
    if "period" in given:
        given["period"] = on_the_clock(workspace, given["period"])
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


def on_the_clock(workspace: Workspace, period: Any) -> Any:
    """Return the days that ``last-month`` and its like mean today; any other period as it is."""
    if not isinstance(period, str) or period not in RELATIVE:
        return period
    today = clock.today(workspace.settings.business.timezone)
    return str(Period.relative(period, today))


@dataclass(frozen=True)
class _Press:
    """What the reports of one run have in common; makes one after another, from any thread."""

    workspace: Workspace
    out: Path
    jobs: tuple[Job, ...]
    forgotten: str
    """Who was forgotten before."""
    batch: Path | None = None
    """Where the reports of one batch keep what they have in common."""

    @classmethod
    @contextmanager
    def over(cls, workspace: Workspace, out: Path, jobs: tuple[Job, ...]) -> Iterator[Self]:
        """Give the press of some reports, made from one state of the tables."""
        forgotten = forgetting.marks(workspace)
        with workspace.pinned() as held:
            yield cls(held, out, jobs, forgotten)

    @cached_property
    def read(self) -> str:
        return fingerprints.of_workspace(self.workspace, but=self.out)

    def refuse_forgotten(self, *made: Path) -> None:
        """Delete what was made where a caller was forgotten meanwhile, and say so."""
        if self.forgotten == forgetting.marks(self.workspace):
            return
        for path in made:
            path.unlink(missing_ok=True)
        raise ReportError(
            "A caller was removed while the report was made, and may still be in it",
            fix="Run the report again",
        )

    @cached_property
    def code(self) -> str:
        return fingerprints.of_code()

    @cached_property
    def reader(self) -> Reader:
        from calltrack_nb.reporting.rereading import Reader  # noqa: PLC0415 - heavy

        return Reader(self.workspace, self.out)

    @cached_property
    def state(self) -> str:
        """What the workspace was before any report ran."""
        return fingerprints.of_times_of_workspace(self.workspace, but=self.out)

    def fingerprint(self, job: Job) -> str:
        """Tell what a report is made from; empty where that cannot be known."""
        if not fingerprints.can_be_known(job.notebook):
            return ""
        return fingerprints.fingerprint(
            job.notebook, job.parameters, read=self.read, code=self.code
        )

    def kept(self, job: Job) -> ReportRun | None:
        """Return the run whose page is there, is whole, and is made from just what there is."""
        started = time.monotonic()
        page, made_from = self.page(job), self.fingerprint(job)
        told = read_meta(page)
        if not made_from or not told or not ends_whole(page):
            return None
        if told.get("fingerprint") != made_from and not self.as_read(job, told.get("reads", "")):
            return None
        zone = ZoneInfo(self.workspace.settings.business.timezone)
        since = dt.datetime.fromisoformat(told["made-at"]).astimezone(zone)
        return ReportRun(job.name, page, time.monotonic() - started, unchanged_since=since)

    def as_read(self, job: Job, noted: str) -> bool:
        """Tell whether all that a report read, as its page says, is as it was."""
        try:
            told = {tuple(read): digest for read, digest in json.loads(noted)}
        except (TypeError, ValueError):  # an older page says nothing
            return False
        return told.pop(("job",), "") == self.of_job(job) and all(
            digest and self.digest(read) == digest for read, digest in told.items()
        )

    def of_job(self, job: Job) -> str:
        """Digest what a report is made from beside the workspace."""
        made = fingerprints.fingerprint(job.notebook, job.parameters, read="", code=self.code)
        return in_letters(made)

    def digest(self, read: reads.Read) -> str:
        """Digest something that was read, in letters."""
        return in_letters(self.reader.digest(read))

    def digests(self, job: Job, noted: set[reads.Read]) -> dict[reads.Read, str]:
        """Digest all that a report read; nothing where that is not known for sure."""
        from calltrack_nb.reporting.rereading import REST  # noqa: PLC0415 - heavy

        if not noted or not fingerprints.can_be_known(job.notebook):
            return {}
        read = {each: self.digest(each) for each in sorted({*noted, REST})}
        return read if all(read.values()) else {}

    def page(self, job: Job) -> Path:
        """Tell where a report's page goes."""
        return self.out / f"{_stem(job)}.html"

    def beside(self, job: Job) -> dict[str, str]:
        """Return where the other reports of a report's period lie, or will: for its links."""
        mark = _stem(job).removeprefix(job.name)
        coming = {self.page(other).name for other in self.jobs}
        pages = {name: f"{name}{mark}.html" for name in report_names() if name != job.name}
        return {
            name: page
            for name, page in pages.items()
            if page in coming or (self.out / page).is_file()
        }

    def make(self, job: Job, nursery: Nursery | None, *, bar: bool = False) -> ReportRun:
        """Run a report and publish its page."""
        started = time.monotonic()
        made_from, target, _ = self.fingerprint(job), self.page(job), self.state
        failed = self.out / "failed" / f"{target.stem}.ipynb"
        try:
            with scratch() as folder:
                notes = folder / "notes"
                env = {reads.VARIABLE: str(notes)}
                if self.batch:
                    env[reads.BATCH] = str(self.batch)
                pin = self.workspace.pin
                manager = kernel_manager(self.workspace.folder, nursery, pin=pin, env=env)
                try:
                    executed = _execute(job, manager, failed, bar=bar)
                finally:
                    self.refuse_forgotten(failed)
                noted = reads.notes_in(notes)
            self._publish(job, executed, noted, started, made_from)
            self.refuse_forgotten(target)
        except CalltrackError as error:
            return ReportRun(job.name, None, time.monotonic() - started, str(error))
        except Exception as error:  # noqa: BLE001 - one odd report must not stop the others
            told = unforeseen("The report cannot be made", job.notebook, error)
            return ReportRun(job.name, None, time.monotonic() - started, str(told))
        return ReportRun(job.name, target, time.monotonic() - started)

    def _publish(
        self,
        job: Job,
        executed: NotebookNode,
        noted: set[reads.Read],
        started: float,
        made_from: str,
    ) -> None:
        from calltrack_nb.reporting import html  # noqa: PLC0415 - heavy

        target = self.page(job)
        with reads.taken_down() as more:
            heard = heard_by(self.workspace, job.parameters)
            period = _in_words(self.workspace, str(job.parameters.get("period", "all")))
        read = self.digests(job, noted | more if noted else noted)
        if self.reader.state() != self.state:
            made_from, read = "", {}  # settings or recordings changed, and it may hold either
        of_data = hashlib.sha256(repr(read).encode()).hexdigest() if read else self.read
        settings = self.workspace.settings
        made_at = clock.now().astimezone(ZoneInfo(settings.business.timezone))
        safe = bool(job.parameters.get("share_safe", settings.privacy.share_safe))
        meta = {
            "report": job.name,
            "period": str(job.parameters.get("period", "all")),
            "made-at": made_at.isoformat(timespec="seconds"),
            "seconds": f"{time.monotonic() - started:.1f}",
            "share-safe": str(safe).lower(),
            "parameters": json.dumps(
                {key: value for key, value in job.parameters.items() if key != "workspace"}
            ),
            **({"fingerprint": made_from} if made_from else {}),
            **(
                {"reads": json.dumps([*read.items(), (("job",), self.of_job(job))])} if read else {}
            ),
        }
        business = settings.business
        cover = html.Cover(
            business=business.name,
            period=period,
            made_at=made_at,
            timezone=business.timezone,
            share_safe=safe,
            facts=job.own,
            level=settings.evidence.level,
            meta=meta,
            made=(*how_made(job.parameters, read=of_data if made_from else ""), *heard),
            files=self.beside(job),
        )
        page = _shown(job, executed, cover)
        if safe:
            sharing.check_share_safe(page, sharing.private_values(self.workspace))
        encoded = page.encode()
        if len(encoded) > html.LARGEST_BYTES:
            raise ReportError(
                f"The report is too large to send ({len(encoded) / 1e6:.1f} MB)",
                where=job.name,
                fix="Choose a shorter period or run without audio",
            )
        with replacing(target) as draft:
            draft.write(encoded)


def _execute(job: Job, manager: type[KernelManager], failed: Path, *, bar: bool) -> NotebookNode:
    """Run a notebook; where it fails, keep it as far as it got."""
    import papermill  # noqa: PLC0415 - heavy

    logging.getLogger("papermill").setLevel(logging.ERROR)
    with scratch() as folder:
        draft = folder / "run.ipynb"
        source = folder / "report.ipynb"  # papermill would format braces in a path
        source.write_bytes(job.notebook.read_bytes())

        def execute() -> NotebookNode:
            executed: NotebookNode = papermill.execute_notebook(
                str(source),
                str(draft),
                parameters=dict(job.parameters),
                kernel_name="python3",
                language="python",
                progress_bar=bar,
                request_save_on_cell_execute=False,
                kernel_manager_class=manager,
            )
            return executed

        try:
            try:
                executed = execute()
            except RuntimeError as error:
                if _NEVER_STARTED not in str(error):
                    raise
                # another process took a port that Jupyter had found free, before the kernel did
                executed = execute()
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
        except Exception as error:  # the form of a cell or output, which only running it shows
            raise not_a_notebook(job.notebook, error) from error
    return executed


def _shown(job: Job, executed: NotebookNode, cover: html.Cover) -> str:
    """Render what a notebook shows; an output may have a form that no page can show."""
    from calltrack_nb.reporting import html  # noqa: PLC0415 - heavy

    try:
        return html.export_html(executed, cover)
    except CalltrackError:
        raise
    except Exception as error:
        raise ReportError(
            "What the notebook shows cannot be put on a page",
            where=f"{job.notebook} ({type(error).__name__}: {_one_line(str(error))})",
            fix="Look at its outputs in JupyterLab",
        ) from error


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
