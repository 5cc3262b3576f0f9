"""The workbench: a workspace, and what can be done with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calltrack_nb import clock
from calltrack_nb.errors import PeriodError
from calltrack_nb.workspace import ALL_ACCOUNTS, Workspace
from calltrack_nb.workspace import open_workspace as open_store

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd

    from calltrack_nb.audit import AuditResult, TestCalls
    from calltrack_nb.checking import Checked
    from calltrack_nb.effectiveness import Agents, RingBack, Scorecard
    from calltrack_nb.effectiveness.grouping import Grouping
    from calltrack_nb.exports import Consent, UploadFiles, Uploads
    from calltrack_nb.findings.call_list import CallList
    from calltrack_nb.periods import Period
    from calltrack_nb.providers import Preview
    from calltrack_nb.reporting import Nursery
    from calltrack_nb.results import Result
    from calltrack_nb.settings import Transcription
    from calltrack_nb.themes import Question
    from calltrack_nb.transcription import EngineInfo, Transcriber
    from calltrack_nb.workbench.call import Call
    from calltrack_nb.workbench.call_browser import CallBrowser
    from calltrack_nb.workbench.reports import Reports
    from calltrack_nb.workbench.review_widget import ReviewWidget
    from calltrack_nb.workspace.doctor import Diagnosis
    from calltrack_nb.workspace.fetching import Fetched
    from calltrack_nb.workspace.forgetting import Forgotten
    from calltrack_nb.workspace.importing import ImportReport
    from calltrack_nb.workspace.pipeline import Step, Update
    from calltrack_nb.workspace.questions import Answers
    from calltrack_nb.workspace.sync import SyncReport


class Workbench(Workspace):
    """A workspace at hand; ``calltrack_nb.open`` gives it.

    Its tables, settings and folders are those of :class:`calltrack_nb.Workspace`, and every
    function that takes a workspace takes it. What it does, it does under the workspace's
    lock, so that a batch run and a notebook can use one folder.

    Parameters
    ----------
    folder : pathlib.Path
        The folder that holds ``calltrack.toml``.
    account : str, optional
        One client of several; see :meth:`of_account`.

    Examples
    --------
    In every example ``ws`` is a small shop's workspace that was opened so.

    >>> ws
    Workspace('Sugar & Crumb')
    >>> ws.counted("2026-08")["campaign"].tolist()
    ['Cakes - Search', 'Flyer', 'Cakes - Search']
    """

    def _repr_html_(self) -> str:
        from calltrack_nb.workbench.overview import overview_html

        return overview_html(self)

    # -- in: logs and recordings --------------------------------------------------

    def preview(self, path: str | Path, *, provider: str | None = None) -> Preview:
        """Say how a file would be read, without importing anything.

        Parameters
        ----------
        path : str or pathlib.Path
            An export: CSV, XLSX, JSON, zipped or not.
        provider : str, optional
            The provider, where it is not to be found out.

        Returns
        -------
        Preview
            Its columns and what each is taken for, and the first rows.

        Examples
        --------
        >>> ws.preview(log).taken_for
        'spreadsheet calls'
        """
        from calltrack_nb.workspace.importing import preview

        return preview(path, self, provider=provider)

    def import_files(
        self,
        *paths: str | Path,
        provider: str | None = None,
        again: bool = False,
        progress: bool = False,
        ask: bool = False,
    ) -> ImportReport:
        """Import exports of any system; a file that was imported before is passed over.

        Parameters
        ----------
        *paths : str or pathlib.Path
            The files; everything in ``data/raw`` where none is named.
        provider : str, optional
            The provider, where it is not to be recognised by the columns.
        again : bool
            Whether to read files anew that were imported before.
        progress : bool
            Whether to draw a progress bar.
        ask : bool
            Whether to give a file back with a proposal, and not read it, where the columns that
            would be left out may tell which way calls went or what became of them.

        Returns
        -------
        ImportReport
            What each file was taken for, how many rows were read, and what was not. A file
            that cannot be read is among its ``problems``.

        Examples
        --------
        >>> ws.import_files(log).text
        '1 new row from 1 file.'
        >>> ws.import_files(log).text
        '0 new rows from 0 files; 1 file already imported.'
        """
        from calltrack_nb.workspace import importing, pipeline

        chosen = [Path(path).expanduser() for path in paths] or pipeline.exports_in(self)
        with self._held():
            return importing.import_files(
                self, chosen, provider=provider, again=again, progress=progress, ask=ask
            )

    def add_mappings(self, *blocks: str) -> None:
        """Append ``[[mapping]]`` blocks to ``calltrack.toml``, whole or not at all.

        Parameters
        ----------
        *blocks : str
            Such as a preview's or an import's ``proposal``, with its open places filled in.

        Examples
        --------
        >>> ws.add_mappings('''[[mapping]]
        ... name = "our_list"
        ... columns = ["When", "Who"]
        ... fields = {started_at = "When", caller_number = "Who"}''')
        >>> len(ws.settings.mapping)
        1
        """
        from calltrack_nb.workspace import importing

        with self._held():
            importing.add_mappings(self, blocks)
        self.__dict__.pop("settings", None)  # they are read anew when they are next asked for

    def sync(
        self,
        provider: str,
        since: dt.date | str | None = None,
        *,
        until: dt.date | str | None = None,
        recordings: bool = True,
        progress: bool = False,
    ) -> SyncReport:
        """Fetch what is new at a provider, and import it.

        Parameters
        ----------
        provider : str
            ``callrail``, ``whatconverts``, ``calltrackingmetrics`` or ``twilio``; its key comes
            from the environment or the keyring.
        since, until : datetime.date or str, optional
            The first and the last day wanted, such as ``"2026-08-01"``; where not said,
            what is new since the last time.
        recordings : bool
            Whether to download recordings as well.
        progress : bool
            Whether to draw a progress bar.

        Returns
        -------
        SyncReport

        Raises
        ------
        SourceError
            When there is no key, or no such provider.

        Examples
        --------
        >>> ws.sync("callrail", since="2026-08-01")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        calltrack_nb.errors.SourceError: There is no key for callrail: CALLTRACK_CALLRAIL_KEY...
        """
        from calltrack_nb.workspace.sync import sync

        with self._held():
            return sync(
                self,
                provider,
                _day(since),
                until=_day(until),
                recordings=recordings,
                bar=progress,
            )

    # -- up to date ---------------------------------------------------------------

    def fetch(self, *, progress: bool = False) -> Fetched:
        """Download the recordings that the imported logs name by their addresses.

        Parameters
        ----------
        progress : bool
            Whether to draw a progress bar.

        Returns
        -------
        Fetched
            How many were downloaded; why others were not is among its ``problems``.

        Examples
        --------
        >>> ws.fetch().text
        '0 recordings were downloaded.'
        """
        from calltrack_nb.workspace.fetching import fetch_recordings

        with self._held():
            return fetch_recordings(self, bar=progress)

    def update(self, *, engine: str | Transcriber | None = None, progress: bool = False) -> Update:
        """Bring everything up to date: import ``data/raw``, transcribe, analyze.

        Each step does only what is new, and a run that is stopped goes on where it was.

        Parameters
        ----------
        engine : str or Transcriber, optional
            As for :meth:`transcribe`.
        progress : bool
            Whether to draw progress bars.

        Returns
        -------
        Update
            What each step did and what it could not do.

        Examples
        --------
        >>> from calltrack_nb.testing import FakeTranscriber
        >>> [step.name for step in ws.update(engine=FakeTranscriber()).steps]
        ['import', 'transcribe', 'listen']
        """
        from calltrack_nb.workspace import pipeline

        choice, opened = self._engine(engine)
        return pipeline.bring_up_to_date(self, choice=choice, engine=opened, bar=progress)

    def transcribe(
        self,
        *,
        engine: str | Transcriber | None = None,
        model: str | None = None,
        language: str | None = None,
        workers: int = 1,
        scheduler: str | None = None,
        progress: bool = False,
    ) -> Step:
        """Transcribe the recordings that have no transcript yet.

        Parameters
        ----------
        engine : str or Transcriber, optional
            ``auto``, ``faster-whisper`` or ``openai-whisper``; the settings' where not said.
            An engine that is open already is taken as well.
        model : str, optional
            A Whisper model's name, folder or file.
        language : str, optional
            Two letters, or ``auto``: each call in its own language, which is what a model of
            many languages does where this is not said.
        workers : int
            Processes to spread the work over.
        scheduler : str, optional
            Address of a Dask scheduler to spread it over instead.
        progress : bool
            Whether to draw a progress bar.

        Returns
        -------
        Step
            How many were transcribed; those that could not be are among its ``problems``.

        Notes
        -----
        The command line sets the C library's limits so that freed memory stays with its
        process, which saves a quarter of an encoder's time. A method leaves those of the
        kernel it runs in alone; ``with calltrack_nb.transcription.freed_memory_kept():``
        around it sets them for that while.

        Examples
        --------
        >>> from calltrack_nb.testing import FakeTranscriber
        >>> ws.transcribe(engine=FakeTranscriber()).text
        '1 recording transcribed, 0 known already'
        """
        from calltrack_nb.workspace import pipeline

        choice, opened = self._engine(engine, model, language)
        with self._held(), _spread(workers, scheduler) as executor:
            return pipeline.transcribe_calls(
                self, choice=choice, engine=opened, executor=executor, bar=progress
            )

    def engine(self, engine: str | None = None, *, model: str | None = None) -> EngineInfo:
        """Say which engine and model would transcribe, without loading them.

        Parameters
        ----------
        engine, model : str, optional
            As for :meth:`transcribe`.

        Examples
        --------
        >>> ws.engine("openai-whisper").model
        'tiny.en'
        """
        from calltrack_nb.transcription import describe_engine

        return describe_engine(self._engine(engine, model)[0])

    def analyze(self) -> Step:
        """Read the transcripts: hide private words, find themes, hesitations and the like.

        Nothing is done where nothing has changed since the last time.

        Returns
        -------
        Step

        Examples
        --------
        >>> ws.analyze().name
        'listen'
        """
        from calltrack_nb.workspace import pipeline

        with self._held():
            return pipeline.listen_to_calls(self)

    # -- out: answers -------------------------------------------------------------

    def report(  # noqa: PLR0913 - each is said by name
        self,
        *names: str | Path,
        period: Period | str | None = None,
        account: str | None = None,
        audio: bool | None = None,
        share_safe: bool | None = None,
        parameters: Mapping[str, Any] | None = None,
        each: Collection[str] = (),
        force: bool = False,
        out: str | Path | None = None,
        update: bool = True,
        progress: bool = False,
        nursery: Nursery | None = None,
    ) -> Reports:
        """Make reports: one HTML file each, and an index.

        A report that ships with the package is not made again while nothing changed of what
        it can read: tables, checks, settings, recordings, notebook, parameters, code. A
        notebook of your own always runs.

        Parameters
        ----------
        *names : str or pathlib.Path
            Such as ``campaign_effectiveness``, or paths of notebooks of your own; every
            report that ships where none is named.
        period : Period or str, optional
            Such as ``"2026-08"``, ``"2026-Q3"``, ``"last-month"`` or ``"year-to-date"`` on the
            business's clock; the whole log where not said.
        account : str, optional
            One client of several, or ``all`` for all of them together; :meth:`report_each`
            makes those of every client.
        audio : bool, optional
            Whether to put sound into them; as the settings say where not said.
        share_safe : bool, optional
            Whether to hide numbers and names; as the settings say where not said.
        parameters : mapping, optional
            Further parameters of the notebooks, such as ``{"by": "keyword"}``.
        each : collection of str
            ``month``, ``campaign`` or both: a report of each, within the period.
        force : bool
            Whether to make again what is unchanged, too.
        out : str or pathlib.Path, optional
            Folder for the pages; the workspace's ``reports/`` where not said.
        update : bool
            Whether to bring the workspace up to date first.
        progress : bool
            Whether to draw progress bars.
        nursery : Nursery, optional
            Where to fork the kernels from, for several calls of this.

        Returns
        -------
        Reports
            Going through it gives the paths of the pages; a report that could not be made
            is among its ``problems``.

        Raises
        ------
        AccountError
            When there are several clients and none is named.
        ReportError
            When there is no such report, it is one of the workspace's own that nobody has
            trusted (:meth:`trust`), or a parameter does not fit; nothing is done then.

        Examples
        --------
        >>> ws.report("campaign_efectiveness")
        Traceback (most recent call last):
        ...
        calltrack_nb.errors.ReportError: There is no such report: campaign_efectiveness. \
Did you mean campaign_effectiveness?
        """
        from calltrack_nb import reporting
        from calltrack_nb.workbench.reports import Reports, updated_before

        given = dict(parameters or {})
        said = {"period": period and str(period), "audio": audio, "share_safe": share_safe}
        given |= {name: value for name, value in said.items() if value is not None}
        wanted = names or reporting.report_names()
        # a notebook that takes no campaign is refused before anything is done
        any_campaign = {"campaign": ""} if "campaign" in each else {}
        reporting.prepare(self, wanted, given | any_campaign)
        whole = Workbench(self.folder)
        folder = Path(out).expanduser() if out else whole.reports
        updated = updated_before(whole, folder, progress=progress) if update else None
        mine = whole.of_account(account or self.account or "")
        folder = folder if out else mine.reports
        jobs = reporting.prepare_each(mine, wanted, given, each)
        runs = reporting.run_reports(mine, jobs, folder, force=force, nursery=nursery, bar=progress)
        return Reports(tuple(runs), reporting.write_index(folder), updated)

    def trust(self, *names: str | Path) -> None:
        """Trust notebooks of the workspace as they are now, so that reports may run them.

        A notebook that differs from the one that ships is code that came with the folder.
        Jupyter's own record of what this user trusts is asked and written, so one that was
        run and saved in JupyterLab needs no other word.

        Parameters
        ----------
        *names : str or pathlib.Path
            As for :meth:`report`.

        Raises
        ------
        ReportError
            When there is no such notebook, or no place to remember it in.

        Examples
        --------
        >>> ws.trust("campaign_efectiveness")
        Traceback (most recent call last):
        ...
        calltrack_nb.errors.ReportError: There is no such report: campaign_efectiveness. \
Did you mean campaign_effectiveness?
        """
        from calltrack_nb import reporting

        for name in names:
            reporting.trust(reporting.find_notebook(self, name))

    def report_each(
        self,
        *names: str | Path,
        out: str | Path | None = None,
        progress: bool = False,
        **choices: Any,
    ) -> Reports:
        """Make the reports of every client, each in a folder of its own, and one over all.

        Parameters
        ----------
        *names : str or pathlib.Path
            As for :meth:`report`.
        out : str or pathlib.Path, optional
            Folder for the clients' folders; the workspace's ``reports/`` where not said.
        progress : bool
            Whether to draw progress bars.
        **choices
            Further arguments of :meth:`report`; ``each`` is of every client's reports.

        Returns
        -------
        Reports
            The pages of all clients, and the overview ``clients``; the index leads to them.

        Examples
        --------
        >>> ws.report_each("campaign_efectiveness")
        Traceback (most recent call last):
        ...
        calltrack_nb.errors.ReportError: There is no such report: campaign_efectiveness. \
Did you mean campaign_effectiveness?
        """
        from calltrack_nb import reporting
        from calltrack_nb.workbench.reports import Reports, updated_before
        from calltrack_nb.workspace.store import account_folder

        kinds = tuple(choices.pop("each", ()))
        any_campaign = {"campaign": ""} if "campaign" in kinds else {}
        reporting.prepare(self, names, (choices.get("parameters") or {}) | any_campaign)
        update = choices.pop("update", True)
        whole = Workbench(self.folder)
        folder = Path(out).expanduser() if out else whole.reports
        updated = updated_before(whole, folder, progress=progress) if update else None
        with reporting.Nursery() as nursery:
            made = [
                whole.report(
                    *names,
                    account=account,
                    each=kinds,
                    out=folder / account_folder(account),
                    update=False,
                    progress=progress,
                    nursery=nursery,
                    **choices,
                )
                for account in whole.accounts()
            ]
        over = whole.report(
            reporting.CLIENTS, account=ALL_ACCOUNTS, out=folder, update=False, **choices
        )
        runs = tuple(run for each in (*made, over) for run in each.runs)
        return Reports(runs, over.index, updated)

    def scorecard(
        self, period: Period | str | None = None, *, by: Grouping = "campaign"
    ) -> Scorecard:
        """Score marketing efforts: calls, qualified calls, cost, revenue, each with its range.

        Parameters
        ----------
        period : Period or str, optional
            Such as ``"2026-08"``; the whole log where not said.
        by : str
            ``campaign``, ``channel``, ``keyword``, ``landing_page`` or ``tracking_number``.

        Returns
        -------
        Scorecard

        Examples
        --------
        >>> card = ws.scorecard("2026-08", by="channel")
        >>> card.table[["channel", "calls", "qualified"]].values.tolist()
        [['google_ads', 2.0, 1.0], ['print', 1.0, 0.0]]
        """
        from calltrack_nb.effectiveness import scorecard

        mine = self.of_account(self.account or "")
        return scorecard(
            mine.table("calls"),
            mine.table("spend"),
            mine.table("outcomes"),
            mine.settings,
            mine.period(period),
            by=by,
        )

    def themes(self, period: Period | str | None = None) -> Result:
        """Say what callers ask about, the largest theme first.

        Parameters
        ----------
        period : Period or str, optional
            Such as ``"2026-08"``; the whole log where not said.

        Returns
        -------
        Result
            Its table has ``theme_id``, ``label``, ``calls``, their ``share`` of the calls that
            were listened to with its range, and the ``state``: new, growing, fading.

        Examples
        --------
        >>> ws.themes("2026-08").table[["theme_id", "label", "calls"]].values.tolist()
        [['T001', 'Wedding cakes', 1]]
        """
        from calltrack_nb.findings import heard_calls
        from calltrack_nb.themes import calls_set_apart, theme_summary

        mine = self.of_account(self.account or "")
        calls = mine.counted(period)
        said = mine.table("utterances")
        heard = heard_calls(said, calls).tolist()
        return theme_summary(
            mine.table("call_themes"),
            mine.table("themes"),
            calls,
            heard,
            timezone=mine.settings.business.timezone,
            min_calls=mine.settings.listening.min_calls,
            level=mine.settings.evidence.level,
            checked=mine.checked(heard),
            apart=calls_set_apart(said[said["call_id"].isin(heard)]),
        )

    def review(self, reviewer: str | None = None, *, chosen: Sequence[str] = ()) -> ReviewWidget:
        """Check calls that are drawn at random, one after another, in JupyterLab.

        Reports correct their shares by the checks. The review goes on where it was left, also
        where it was left in the terminal (``calltrack review``).

        Parameters
        ----------
        reviewer : str, optional
            Your name; the user of this computer where not said.
        chosen : sequence of str
            Calls that you want to check first; they measure nothing, since you chose them.

        Raises
        ------
        ReviewError
            When no call was listened to, or a chosen one was not.

        Examples
        --------
        >>> ws.review("Ann").status  # doctest: +ELLIPSIS
        '0 calls drawn at random are checked. Shares are corrected from 30 checked calls on, ...'
        """
        from calltrack_nb.workbench.review_widget import ReviewWidget
        from calltrack_nb.workspace.reviewing import Review

        return ReviewWidget(self, Review(self, reviewer, chosen=chosen))

    def checked(self, heard: Collection[str]) -> Checked:
        """Return what people checked of some calls; summaries correct their shares by it.

        Parameters
        ----------
        heard : collection of str
            Ids of the calls that shares are of.

        Examples
        --------
        >>> ws.checked(["callrail:1"]).answer().text[:39]
        'The ranges cover chance only, not the m'
        """
        from calltrack_nb.workspace.reviewing import checked_calls

        return checked_calls(self, heard)

    def search(self, text: str, *, most: int = 20) -> pd.DataFrame:
        """Find what was said about something, by words and by meaning.

        Parameters
        ----------
        text : str
            A few words or a sentence, such as ``gluten free for children``.
        most : int
            Most turns to return.

        Returns
        -------
        pandas.DataFrame
            ``call_id``, ``turn``, ``start_s``, ``end_s``, ``speaker``, ``quote`` (redacted),
            ``score``, ``why``; the best first.

        Examples
        --------
        >>> ws.search("wedding cake")[["call_id", "speaker"]].values.tolist()
        [['callrail:1', 'caller']]
        """
        from calltrack_nb.workspace.search import search

        return search(self, text, most=most)

    def find_calls(
        self,
        text: str | None = None,
        *,
        period: Period | str | None = None,
        most: int = 200,
        **filters: Any,
    ) -> CallList:
        """List calls: all of them, those that fit filters, those in which something was said.

        Parameters
        ----------
        text : str, optional
            What was spoken of, by words and by meaning, as for :meth:`search`; the best first.
        period : Period or str, optional
            Such as ``"2026-08"``; the whole log where not said.
        most : int
            Most calls to list.
        **filters
            ``theme`` (its label), ``outcome`` (such as ``booked``), ``campaign``, ``agent``,
            ``at_least_s`` and ``at_most_s`` (length in seconds), ``has_sound``.

        Returns
        -------
        CallList
            Shown as a table in a notebook; ``to_csv`` writes it to a file. Callers' numbers
            and names are not in it.

        Raises
        ------
        ListeningError
            When no call has the theme, outcome, campaign or agent, or there is no such filter.

        Examples
        --------
        >>> ws.find_calls(campaign="cakes - search", has_sound=True).table["call_id"].tolist()
        ['callrail:1']
        >>> ws.find_calls("wedding cake", theme="Wedding cakes").text
        '1 call of 3.'
        >>> ws.find_calls(campaign="Flier")
        Traceback (most recent call last):
        ...
        calltrack_nb.errors.ListeningError: No call has this campaign: Flier. Did you mean Flyer?
        """
        from calltrack_nb.findings.call_list import read_filters
        from calltrack_nb.workspace.search import find_calls

        return find_calls(self, text, read_filters(filters), period=period, most=most)

    def browse(
        self, period: Period | str | None = None, *, share_safe: bool | None = None
    ) -> CallBrowser:
        """List calls in JupyterLab, with search and filters, and play them along with their words.

        Parameters
        ----------
        period : Period or str, optional
            Such as ``"2026-08"``; the whole log where not said.
        share_safe : bool, optional
            Whether to hide private words, in the text and in the sound; as the settings say
            where not said. A caller's number and name are not shown.

        Returns
        -------
        CallBrowser
            A widget. An opened call is played by keys: space, arrows.

        Examples
        --------
        >>> ws.browse("2026-08")
        CallBrowser: 3 calls
        """
        from calltrack_nb.workbench.call_browser import CallBrowser

        safe = self.settings.privacy.share_safe if share_safe is None else share_safe
        return CallBrowser(self, self.calls(period), share_safe=safe)

    def ask_each(self, question: str, yes: Sequence[str], no: Sequence[str]) -> Answers:
        """Put a question of your own to every call, learnt from a few examples of each answer.

        The answers stand in the table ``findings`` as the family "question", and in the
        report; calls that come later are asked too.

        Parameters
        ----------
        question : str
            Such as ``Did the caller mention a competitor?``
        yes, no : sequence of str
            Sentences as callers say them, at least five of each; what nearly is a yes makes
            the best examples of no.

        Returns
        -------
        Answers
            The calls with a yes, each with the words, and how well the examples tell of one
            another.

        Raises
        ------
        ListeningError
            When the examples are too few or too alike; nothing is kept then.

        Examples
        --------
        >>> ws.ask_each("Is it a wedding?", ["It is for my wedding"], ["For a party"])
        Traceback (most recent call last):
        ...
        calltrack_nb.errors.ListeningError: There are too few examples of yes: 1 different \
sentence, and it takes 5: Is it a wedding?. Add sentences of callers for which the answer is yes.
        """
        from calltrack_nb.workspace.questions import ask_each

        with self._held():
            return ask_each(self, question, yes, no)

    def forget_question(self, question: str) -> None:
        """Ask a question of :meth:`ask_each` no more, and drop its answers.

        Parameters
        ----------
        question : str
            In the words in which it was asked.

        Examples
        --------
        >>> ws.forget_question("Is it a wedding?")
        Traceback (most recent call last):
        ...
        calltrack_nb.errors.WorkspaceError: There is no such question: Is it a wedding?. \
Ask it first.
        """
        from calltrack_nb.workspace.questions import forget_question

        with self._held():
            forget_question(self, question)

    def call(self, call_id: str, *, share_safe: bool | None = None) -> Call:
        """Take one call: its facts, transcript, findings, themes and sound.

        Parameters
        ----------
        call_id : str
            As in the table ``calls``.
        share_safe : bool, optional
            Whether to hide the caller's number and name, and private words; as the
            settings say where not said.

        Returns
        -------
        Call

        Raises
        ------
        WorkspaceError
            When there is no such call.

        Examples
        --------
        >>> ws.call("callrail:2")
        Call('callrail:2', '20 Aug 2026, 11:30 · Flyer · missed')
        """
        from calltrack_nb.workbench.call import read_call

        safe = self.settings.privacy.share_safe if share_safe is None else share_safe
        return read_call(self, call_id, share_safe=safe)

    def doctor(self) -> Diagnosis:
        """Say what is still missing for which report, and how to get it.

        Examples
        --------
        >>> ws.doctor().can_report
        True
        """
        from calltrack_nb.workspace.doctor import diagnose

        return diagnose(self)

    # -- the wiring ---------------------------------------------------------------

    def audit(self, since: dt.date | str | None = None) -> AuditResult:
        """Check that numbers, campaigns and destinations are wired right.

        Parameters
        ----------
        since : datetime.date or str, optional
            Leave out findings whose last evidence is older than this local day.

        Returns
        -------
        AuditResult
            The findings, the broken ones first, and what each check says.

        Examples
        --------
        >>> ws.audit().of("unlisted_number").verdict
        'cannot say'
        """
        from calltrack_nb.workspace.auditing import audit_workspace

        return audit_workspace(self, since=_day(since))

    def accept_findings(self, *keys: str, reason: str) -> Path:
        """Accept findings of the audit, so that they are left out from now on.

        Parameters
        ----------
        *keys : str
            As the audit's findings have them.
        reason : str
            Why they are accepted.

        Returns
        -------
        pathlib.Path
            The file in which they stand.

        Raises
        ------
        CalltrackError
            When the audit does not find what is to be accepted.

        Examples
        --------
        >>> ws.accept_findings("no_such_key", reason="known")
        Traceback (most recent call last):
        ...
        calltrack_nb.errors.CalltrackError: The audit has no such finding: no_such_key. \
Copy the key from the output of calltrack audit.
        """
        from calltrack_nb.workspace.auditing import accept_findings

        today = clock.today()
        with self._held():
            return accept_findings(self, keys, reason=reason, on=today)

    def tick_test_calls(self, since: dt.date | str | None = None) -> TestCalls:
        """Tick the plan of test calls off from the log.

        Parameters
        ----------
        since : datetime.date or str, optional
            The local day testing began; the last day of the log where not said.

        Raises
        ------
        CalltrackError
            When there is no inventory of numbers to test.

        Examples
        --------
        >>> ws.tick_test_calls("2026-08-03")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        calltrack_nb.errors.CalltrackError: ...
        """
        from calltrack_nb.audit import tick_test_calls
        from calltrack_nb.workspace.auditing import audit_input

        return tick_test_calls(audit_input(self), since=_day(since))

    # -- a person's word ----------------------------------------------------------

    def rename_theme(self, theme_id: str, name: str) -> Step:
        """Call a theme by your own name.

        Parameters
        ----------
        theme_id : str
            Such as ``T003``.
        name : str

        Raises
        ------
        WorkspaceError
            When there is no such theme.

        Examples
        --------
        >>> ws.rename_theme("T009", "Wedding cakes")
        Traceback (most recent call last):
        ...
        calltrack_nb.errors.WorkspaceError: There is no such theme: T009. Use one of T001.
        """
        from calltrack_nb.workspace.theme_names import rename_theme

        rename_theme(self, theme_id, name)
        return self.analyze()

    def merge_themes(self, theme_id: str, into: str) -> Step:
        """Count a theme's calls under another theme from now on.

        Parameters
        ----------
        theme_id, into : str
            Such as ``T003`` and ``T001``.

        Raises
        ------
        WorkspaceError
            When there is no such theme, or they are the same.

        Examples
        --------
        >>> ws.merge_themes("T001", "T001")
        Traceback (most recent call last):
        ...
        calltrack_nb.errors.WorkspaceError: A theme cannot be merged into itself: T001.
        """
        from calltrack_nb.workspace.theme_names import merge_themes

        merge_themes(self, theme_id, into)
        return self.analyze()

    def seed_theme(self, name: str, *examples: str) -> Step:
        """Look for a theme by a few sentences or words of callers, from now on.

        Parameters
        ----------
        name : str
            What the theme is called.
        *examples : str
            What callers say who ask for it.

        Raises
        ------
        WorkspaceError
            When there is no example.

        Examples
        --------
        >>> ws.seed_theme("Wedding cakes")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        calltrack_nb.errors.WorkspaceError: ...
        """
        from calltrack_nb.workspace.theme_names import seed_theme

        seed_theme(self, name, examples)
        return self.analyze()

    def split_theme(self, theme_id: str, one: str, other: str) -> Step:
        """Part a theme by two of its calls that are about different things.

        Parameters
        ----------
        theme_id : str
            Such as ``T003``.
        one, other : str
            Ids of the two calls.

        Raises
        ------
        WorkspaceError
            When there is no such theme, or it lacks one of the calls.

        Examples
        --------
        >>> ws.split_theme("T009", "callrail:1", "callrail:2")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        calltrack_nb.errors.WorkspaceError: There is no such theme: T009...
        """
        from calltrack_nb.workspace.theme_names import split_theme

        split_theme(self, theme_id, one, other)
        return self.analyze()

    def theme_question(
        self, account: str | None = None, passed: Collection[tuple[str, str]] = ()
    ) -> Question | None:
        """Find the two calls of which it settles most to know whether they are alike.

        Parameters
        ----------
        account : str, optional
            Whose calls.
        passed : collection of (str, str)
            Pairs of which you could not tell.

        Returns
        -------
        Question or None
            None where there are too few calls, or nothing is open.

        Examples
        --------
        >>> ws.theme_question() is None
        True
        """
        from calltrack_nb.workspace.theme_names import theme_question

        return theme_question(self, account, passed)

    def answer_theme_question(self, first: str, second: str, *, same: bool) -> None:
        """Keep whether two calls are about the same thing; :meth:`analyze` then goes by it.

        Parameters
        ----------
        first, second : str
            Ids of the two calls.
        same : bool
            Whether they are about the same thing.

        Raises
        ------
        CalltrackError
            When a call has no transcript, or the answer contradicts earlier ones.

        Examples
        --------
        >>> ws.answer_theme_question("callrail:1", "callrail:2", same=True)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        calltrack_nb.errors.WorkspaceError: No call with a transcript has this id...
        """
        from calltrack_nb.workspace.theme_names import answer_question

        answer_question(self, first, second, same=same)

    def export_transcripts(
        self, *call_ids: str, out: str | Path | None = None, form: str = "vtt"
    ) -> tuple[Path, ...]:
        """Write transcripts by speaker, one file a call; nothing is redacted.

        Parameters
        ----------
        *call_ids : str
            Which calls; every call that has a transcript where none is named.
        out : str or pathlib.Path, optional
            A folder; it is made where it does not exist. By default the workspace's
            ``exports/transcripts``, where forgetting a caller finds them.
        form : str
            ``vtt``, ``srt``, ``json`` or ``csv``.

        Examples
        --------
        >>> ws.export_transcripts()
        ()
        """
        from calltrack_nb.workspace.corrections import export_transcripts

        place = Path(out).expanduser() if out else self.exports / "transcripts"
        return export_transcripts(self, call_ids, place, form)

    def correct_transcripts(self, file: str | Path, *, call_id: str | None = None) -> Step:
        """Read back an exported transcript that was corrected by hand; its words win.

        Parameters
        ----------
        file : str or pathlib.Path
        call_id : str, optional
            The call, where the file does not say.

        Examples
        --------
        >>> ws.correct_transcripts("callrail-1.vtt")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        calltrack_nb.errors.TranscriptionError: ...
        """
        from calltrack_nb.workspace import pipeline
        from calltrack_nb.workspace.corrections import correct_transcripts

        with self._held():
            changed = correct_transcripts(self, Path(file).expanduser(), call_id=call_id)
            step = pipeline.listen_to_calls(self)
        return replace(step, text=f"{changed} corrections applied. {step.text}")

    def forget(self, number: str, *, dry_run: bool = False) -> Forgotten:
        """Remove a caller: rows, audio, transcripts, raw rows, reports that quote them.

        It cannot be undone, and nobody is asked. Where a run is stopped half-way, the next
        one for the same caller, or :meth:`finish_forgetting`, does the rest.

        Parameters
        ----------
        number : str
            The caller's number in any usual form.
        dry_run : bool
            Whether to say only what would be removed.

        Returns
        -------
        Forgotten
            What was removed, and which reports held the caller.

        Raises
        ------
        WorkspaceError
            When the text is not a telephone number.

        Examples
        --------
        >>> ws.forget("(212) 555-0188", dry_run=True).calls
        1
        >>> ws.forget("(212) 555-0188").calls
        1
        """
        from calltrack_nb.workspace import pipeline
        from calltrack_nb.workspace.forgetting import forget, would_forget

        if dry_run:
            return would_forget(self, number)
        with self._held():
            forgotten = forget(self, number)
            pipeline.listen_to_calls(self)
        return forgotten

    def finish_forgetting(self) -> tuple[Forgotten, ...]:
        """Remove what stopped runs of :meth:`forget` left; nothing where there is none.

        Examples
        --------
        >>> ws.finish_forgetting()
        ()
        """
        from calltrack_nb.workspace import pipeline
        from calltrack_nb.workspace.forgetting import finish

        with self._held():
            forgotten = finish(self)
            if forgotten:
                pipeline.listen_to_calls(self)
        return forgotten

    def export_google_ads(
        self,
        *,
        consent: Consent,
        qualified: str = "",
        won: str = "",
        form: str = "",
        out: str | Path | None = None,
    ) -> Uploads:
        """Write Google Ads' upload files; the templates carry unmasked numbers.

        Parameters
        ----------
        consent : {"granted", "denied"}
            What callers said about use of their data.
        qualified, won, form : str
            Names of the conversion actions for a qualified call, an order won and a form
            sent after a click; those of which the action is not named are left out.
        out : str or pathlib.Path, optional
            Folder for the files; the workspace's ``exports/`` where not said.

        Examples
        --------
        >>> ws.export_google_ads(consent="granted", qualified="Qualified call").calls.name
        'google-ads-conversions-from-calls.csv'
        """
        from calltrack_nb import exports

        return exports.write_google_ads(
            self,
            Path(out).expanduser() if out else self.exports,
            consent=consent,
            now=_now(),
            conversion=exports.Conversion(qualified=qualified, won=won, form=form),
        )

    def export_microsoft_ads(
        self,
        *,
        consent: Consent,
        qualified: str = "",
        won: str = "",
        form: str = "",
        out: str | Path | None = None,
    ) -> UploadFiles:
        """Write Microsoft Advertising's file of offline conversions.

        Parameters
        ----------
        consent : {"granted", "denied"}
            What callers said about use of their data; without consent only click ids go.
        qualified, won, form : str
            Names of the conversion goals for a qualified call, an order won and a form sent
            after a click; those of which the goal is not named are left out.
        out : str or pathlib.Path, optional
            Folder for the files; the workspace's ``exports/`` where not said.

        Examples
        --------
        >>> ws.export_microsoft_ads(consent="granted", qualified="Qualified call").files[0].name
        'microsoft-ads-offline-conversions.csv'
        """
        from calltrack_nb import exports

        return exports.write_microsoft_ads(
            self,
            Path(out).expanduser() if out else self.exports,
            consent=consent,
            now=_now(),
            conversion=exports.Conversion(qualified=qualified, won=won, form=form),
        )

    def agents(self, period: Period | str | None = None) -> Agents:
        """Set the people who answer side by side: calls, time to answer, qualified, talking.

        Parameters
        ----------
        period : Period or str, optional
            Such as ``"2026-08"``; the whole log where not said.

        Returns
        -------
        Agents
            Rates with their ranges; it names somebody only where chance does not explain it.

        Examples
        --------
        >>> ws.agents("2026-08").text
        '2 people are named on 2 answered calls.'
        """
        from calltrack_nb.effectiveness import agents

        mine = self.of_account(self.account or "")
        return agents(mine.table("calls"), mine.settings, mine.period(period), mine.table("talk"))

    def ring_back(self) -> RingBack:
        """List the callers of the log's last days whom the business has not spoken to since.

        Returns
        -------
        RingBack
            ``to_csv()`` gives it with numbers, for those who will ring.

        Examples
        --------
        >>> ws.ring_back().text
        '1 caller of 14 to 21 Aug 2026 was not spoken to by the end of the log: 1 missed.'
        """
        from calltrack_nb.effectiveness import ring_back
        from calltrack_nb.workspace.auditing import audit_workspace, broken_days

        mine = self.of_account(self.account or "")
        when = mine.period_of_log()
        return ring_back(
            mine.table("calls"),
            mine.settings,
            when,
            mine.table("findings"),
            broken=broken_days(mine, audit_workspace(mine)),
        )

    # -----------------------------------------------------------------------------

    @contextmanager
    def _held(self) -> Iterator[None]:
        from calltrack_nb.workspace.pipeline import LOCK_WAIT_S

        with self.lock(LOCK_WAIT_S):
            yield

    def _engine(
        self,
        engine: str | Transcriber | None,
        model: str | None = None,
        language: str | None = None,
    ) -> tuple[Transcription, Transcriber | None]:
        """Return what to transcribe with, and the engine where it is open already."""
        opened = None if engine is None or isinstance(engine, str) else engine
        if model and not model.endswith(".en"):
            # who asks for a model of many languages wants each call in its own
            language = language or "auto"
        said = {"engine": None if opened else engine, "model": model, "language": language}
        choice = self.settings.transcription.model_copy(
            update={name: value for name, value in said.items() if value}
        )
        return choice, opened


def open_workspace(
    folder: str | Path | None = None, *, account: str | None = None, or_sample: bool = True
) -> Workbench:
    """Open a workspace, to work with it; ``calltrack_nb.open`` is the same.

    Parameters
    ----------
    folder : str or pathlib.Path, optional
        The workspace. Where it is not said: ``$CALLTRACK_WORKSPACE``, else the current
        folder or the nearest one above it with a ``calltrack.toml``, else the sample
        that ships with the project.
    account : str, optional
        One client of several, to read from: only that one's rows, with its settings. Empty
        asks for the only one there is, ``all`` for all of them together; the whole
        workspace, to work with, where it is not said.
    or_sample : bool
        Whether the sample may stand in.

    Raises
    ------
    AccountError
        When the account is empty and there are several, or there is none of that name.
    WorkspaceError
        When the folder is not a workspace, or none is said or near and the sample may not
        stand in.

    Examples
    --------
    >>> import calltrack_nb
    >>> calltrack_nb.open(ws.folder)
    Workspace('Sugar & Crumb')
    """
    found = open_store(folder, account=account, or_sample=or_sample)
    return Workbench(found.folder, found.account)


def init_workspace(folder: str | Path, *, sample: bool = False) -> Workbench:
    """Make a new workspace, with editable copies of the report notebooks.

    Parameters
    ----------
    folder : str or pathlib.Path
        A folder that does not exist yet, or is empty.
    sample : bool
        Whether to put the sample shop's logs, recordings and settings into it.

    Raises
    ------
    WorkspaceError
        When the folder already holds something, or cannot be written.

    Examples
    --------
    >>> import calltrack_nb
    >>> calltrack_nb.init_workspace(ws.folder.parent / "another")
    Workspace('another')
    """
    from calltrack_nb.workspace.init import init_workspace as make

    return Workbench(make(Path(folder).expanduser(), sample=sample).folder)


def _day(day: dt.date | str | None) -> dt.date | None:
    if day is None or isinstance(day, dt.date):
        return day
    try:
        return dt.date.fromisoformat(day)
    except ValueError:
        raise PeriodError("That is not a date", where=repr(day), fix="Write 2026-08-31") from None


@contextmanager
def _spread(workers: int, scheduler: str | None) -> Iterator[Executor | None]:
    """Open what the work is spread over, where it is to be spread."""
    if scheduler:
        from calltrack_nb.transcription import dask_executor

        with dask_executor(scheduler) as executor:
            yield executor
    elif workers > 1:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        from calltrack_nb.transcription import keep_freed_memory

        # spawned, not forked: the engines' threads do not survive a fork
        spawned = get_context("spawn")
        with ProcessPoolExecutor(workers, spawned, keep_freed_memory) as executor:
            yield executor
    else:
        yield None


def _now() -> pd.Timestamp:
    """Return the time with its zone; pandas is only loaded where it is needed."""
    import pandas as pd

    return pd.Timestamp(clock.now())
