"""A workspace: the folder that holds one analyst's logs, recordings, tables and reports.

Everything is written to a temporary name and renamed, so a reader never sees half a
file, and tables that change together change at once (:mod:`calltrack_nb.workspace.states`), so
a batch run and JupyterLab can work on the same folder at once. Calls are kept in one Parquet
file per month and read back only for the months asked for.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from calltrack_nb import _moved, phrasing, schema, shipped
from calltrack_nb.calls import about_periods, counted, spend_about
from calltrack_nb.errors import (
    AccountError,
    CalltrackError,
    ReadOnlyWorkspace,
    RecordingNotFound,
    TableError,
    WorkspaceBusy,
    WorkspaceError,
)
from calltrack_nb.periods import Period
from calltrack_nb.settings import FILE_NAME, Settings, read_settings
from calltrack_nb.workspace import reads
from calltrack_nb.workspace.leftovers import (
    SETTLED_S,
    remove_drafts,
    remove_scratch,
    scratch,
)
from calltrack_nb.workspace.states import (
    Change,
    State,
    carry_out,
    read_state,
    remove_drafts_of_changes,
)
from calltrack_nb.workspace.writing import is_forbidden, unwritable

if TYPE_CHECKING:
    from calltrack_nb.transcription import Transcript, TranscriptStore

T = TypeVar("T")

VARIABLE: Final = "CALLTRACK_WORKSPACE"
PINNED: Final = "CALLTRACK_PINNED"
"""Where a report's kernel finds the tables as they were when the report began."""
ALL_ACCOUNTS: Final = "all"
MONTHLY: Final = ("calls", "provider_calls")
#: On disk a table keeps the name that version 0.2 stored it under.
_STORED_AS: Final = {"provider_calls": "sightings"}
#: In a pinned state's folder: the tables, and whose they are.
_TABLES, _WHOSE = "tables", "workspace"
#: How often is read anew what changed meanwhile, before the state is pinned.
_AGAIN: Final = 3
_PINNING_S: Final = 60.0


class Workspace:
    """An open workspace; see :func:`open_workspace`.

    Parameters
    ----------
    folder : pathlib.Path
        The folder that holds ``calltrack.toml``.
    account : str, optional
        One client of several; see :meth:`of_account`.

    Attributes
    ----------
    pin : pathlib.Path or None
        Where the state of the tables lies that is read whatever is imported meanwhile, in
        reports and of :meth:`pinned`.

    Raises
    ------
    WorkspaceError
        When there is no ``calltrack.toml`` in the folder.
    """

    def __init__(self, folder: Path, account: str | None = None) -> None:
        self.folder = folder.resolve()
        self.account = account
        self._only = None if account == ALL_ACCOUNTS else account
        self._change: Change | None = None
        self.pin = _pinned_for(self.folder)
        if not (self.folder / FILE_NAME).is_file():
            raise WorkspaceError(
                f"There is no {FILE_NAME}, so this is not a workspace",
                where=self.folder,
                fix=f"Create one with calltrack init {folder}",
            )

    def __repr__(self) -> str:
        return f"Workspace({self.settings.business.name!r})"

    # -- places ---------------------------------------------------------------

    @property
    def raw(self) -> Path:
        """Exports as they came, never changed."""
        return self.folder / "data" / "raw"

    @property
    def recordings(self) -> Path:
        """Audio files."""
        self.note("recordings")
        return self.folder / "data" / "recordings"

    @property
    def tables(self) -> Path:
        """Parquet files of the canonical tables."""
        for name in schema.TABLES:
            self.note("table", name)
        return self._stored

    @property
    def _stored(self) -> Path:
        return self.folder / "data" / "tables" if self.pin is None else self.pin / _TABLES

    def _for_others(self, name: str) -> Path:
        every = self.folder / name
        return every if self._only is None else every / account_folder(self._only)

    def theme_registry(self, account: str) -> Path:
        """Return the folder of a client's theme registry; the business's own has no name."""
        every = self.folder / "data" / "themes"
        own = account == self.settings.business.account
        return every if own else every / account_folder(account)

    @property
    def embeddings(self) -> Path:
        """Folder that keeps vectors of texts, so that none is computed twice."""
        return self.folder / "data" / "embeddings"

    @property
    def reports(self) -> Path:
        """Where reports go unless told otherwise; one client's have a folder of their own."""
        return self._for_others("reports")

    @property
    def exports(self) -> Path:
        """Where files for other systems go; one client's have a folder of their own."""
        return self._for_others("exports")

    @property
    def state(self) -> Path:
        """Folder of the workspace's own small state: lock, secret, freshness."""
        return self.folder / ".calltrack"

    @property
    def half_forgotten(self) -> Path:
        """Plans of forgetting callers that are not carried out to their end."""
        return self.state / "forgetting"

    @cached_property
    def settings(self) -> Settings:
        """What ``calltrack.toml`` says, of this client where it is one's, read once."""
        said = read_settings(self.folder / FILE_NAME)
        return said if self._only is None else said.of_account(self._only)

    @property
    def transcripts(self) -> TranscriptStore:
        """The store of transcripts, by content of the audio."""
        self.note("transcripts")
        return self._transcripts

    @cached_property
    def _transcripts(self) -> TranscriptStore:
        from calltrack_nb.transcription import TranscriptStore  # noqa: PLC0415 - heavy

        return TranscriptStore(self.folder / "data" / "transcripts")

    # -- clients --------------------------------------------------------------

    def accounts(self) -> tuple[str, ...]:
        """Return the clients of whom there are calls or leads, in alphabetical order."""
        with self.noting("accounts"):
            found = self.whole(_accounts)
        return tuple(sorted(found if self._only is None else found & {self._only}))

    def of_account(self, account: str = "") -> Self:
        """Return the workspace as one client's: its rows and settings, and no other's.

        Parameters
        ----------
        account : str
            The client's name, as the tables have it. Empty where there is only one;
            ``all`` for all of them together.

        Returns
        -------
        Workspace
            To read from. What changes tables is done to the workspace as a whole.

        Raises
        ------
        AccountError
            When there are several and none is named, or there is none of that name.
        """
        known = self.accounts()
        if account == ALL_ACCOUNTS and ALL_ACCOUNTS in known:
            raise AccountError(
                f"A client is called {ALL_ACCOUNTS}, which also means all of them",
                fix="Give it another name in the log's company column",
            )
        if account in (*known, ALL_ACCOUNTS):
            return self if account == self.account else self._of(account, self.pin)
        if not account and len(known) < 2:
            return self
        if not account:
            raise AccountError(
                f"The workspace holds {phrasing.plural(len(known), 'client')}",
                where=phrasing.listed(known, 6),
                fix=f"Name the account, or pass {ALL_ACCOUNTS} for all of them together",
            )
        near = difflib.get_close_matches(account, known, n=1)
        raise AccountError(
            "There is no such client",
            where=account,
            fix=f"Did you mean {near[0]}?" if near else f"There are {phrasing.listed(known, 6)}",
        )

    def _of(self, account: str | None, pin: Path | None) -> Self:
        view = type(self)(self.folder, account)
        view.pin = pin
        return view

    # -- states -----------------------------------------------------------------

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Change several tables at once: readers see all that is written within, or nothing.

        What is read within is what was written within. Where an error leaves the block, or the
        process is killed in it, the tables are as they were.
        """
        if self._change is not None:
            yield  # the one around it makes the change
            return
        tables = self.folder / "data" / "tables"
        carry_out(self.state, tables)
        self._change = change = Change(self.state, tables)
        try:
            yield
            self._change = None
            change.make()
        except WorkspaceError:
            if read_state(self.state).mark != change.state.mark:
                change.drop()
            raise
        except BaseException:
            if self._change is not None:
                change.drop()
            raise
        finally:
            self._change = None

    def whole(self, read: Callable[[Self], T]) -> T:
        """Read several files or tables as they were at one moment.

        Parameters
        ----------
        read : callable
            Takes the workspace and reads. It is done again where something changed meanwhile,
            and from a pinned state where something always does.
        """
        for _ in range(_AGAIN):
            before = self._state()
            try:
                found = read(self)
            except (OSError, CalltrackError):
                # a file may be in its place by now, or gone with a change
                if not before.coming and before == self._state():
                    raise
            else:
                if before.mark == self._state().mark:
                    return found
        with self.pinned() as held:
            return read(held)

    @contextmanager
    def pinned(self) -> Iterator[Self]:
        """Give the workspace with its tables as they are now, whatever is imported meanwhile.

        Raises
        ------
        WorkspaceBusy
            When the tables change all the time.
        """
        if self.pin is not None or self._change is not None:
            yield self
            return
        with ExitStack() as stack:
            try:
                place = stack.enter_context(scratch(self.state))
            except OSError:  # it may only be read
                place = stack.enter_context(scratch())
            (place / _WHOSE).write_text(str(self.folder), encoding="utf-8")
            until = time.monotonic() + _PINNING_S
            while not self._linked(place / _TABLES):
                if time.monotonic() > until:
                    raise WorkspaceBusy(
                        "The tables of the workspace keep changing",
                        where=self.folder,
                        fix="Wait until the import has finished and try again",
                    )
            held = self._of(self.account, place)
            held.__dict__["settings"] = self.settings
            yield held

    def _linked(self, place: Path) -> bool:
        """Link all tables from a folder; tell whether they are of one state."""
        shutil.rmtree(place, ignore_errors=True)
        before = self._state()
        try:
            for name in schema.TABLES:
                for key, part in self._places(name).items():
                    target = place / key
                    target.parent.mkdir(parents=True, exist_ok=True)
                    _link(part, target)
        except FileNotFoundError:
            return False
        place.mkdir(parents=True, exist_ok=True)
        return before.mark == self._state().mark

    def _state(self) -> State:
        if self.pin is not None:
            return State()
        return self._change.state if self._change else read_state(self.state)

    # -- tables ---------------------------------------------------------------

    def table(self, name: str, *, about: Period | Sequence[Period] | None = None) -> pd.DataFrame:
        """Read a whole table; a table nothing was stored in is empty.

        Parameters
        ----------
        name : str
            A key of :data:`calltrack_nb.schema.TABLES`.
        about : Period or sequence of Period, optional
            Of ``calls``, what a report of these days reads
            (:func:`calltrack_nb.calls.about_periods`), of tables with a ``call_id`` but
            ``outcomes`` the rows of these calls, of ``spend`` the days; others are whole.
            A report that says this is not made again when other months change.

        Returns
        -------
        pandas.DataFrame
            With the columns and dtypes of the schema.
        """
        if name in _moved.TABLES:
            _moved.say(f"The table {name}", _moved.TABLES[name], above=1)
            name = _moved.TABLES[name]
        if about is None or name not in self._PARTED:
            self.note("table", name)
            return self._read(name)
        return self._about(name, (about,) if isinstance(about, Period) else tuple(about))

    _PARTED: Final = ("calls", "spend", *reads.OF_CALLS)

    def _about(self, name: str, periods: tuple[Period, ...]) -> pd.DataFrame:
        """Read the rows of a table that are about some periods."""
        with self.noting("about", name, *map(str, periods)):
            rows = self.table(name)
            if rows.empty:
                return rows
            if name == "spend":
                return spend_about(rows, periods).reset_index(drop=True)
            calls = rows if name == "calls" else self.table("calls")
            zone = self.settings.business.timezone
            mine = about_periods(calls, self.table("outcomes"), zone, periods)
            if name != "calls":
                mine = rows[rows["call_id"].isin(mine["call_id"])]
            return mine.reset_index(drop=True)

    def parts(self, name: str) -> tuple[Path, ...]:
        """Return the Parquet files of a table, in order of time where it is monthly.

        One client's view has none of a table that does not tell clients apart.
        """
        self.note("table", name)
        return self._parts(name)

    def _parts(self, name: str) -> tuple[Path, ...]:
        columns = schema.columns(name)
        if self._only is not None and "account" not in columns:
            return ()
        return tuple(self._places(name).values())

    def _places(self, name: str) -> dict[str, Path]:
        """Return where the files of a table lie, by the places that are theirs."""
        top = self._stored
        pattern = f"{_folder_of(name)}/????-??.parquet" if name in MONTHLY else f"{name}.parquet"
        # what was said before the folder is looked at: a file that is on its way is in either
        states = [] if self.pin else [read_state(self.state)]
        if self._change is not None:
            states.append(self._change.state)
        found = {path.relative_to(top).as_posix(): path for path in top.glob(pattern)}
        for state in states:
            for key, draft in state.coming.items():
                if PurePosixPath(key).match(pattern):
                    found[key] = draft if draft.is_file() else top / key
            for key in state.going:
                found.pop(key, None)
        return dict(sorted(found.items()))

    def rows(self, name: str) -> int:
        """Return how many rows a table has, without reading them."""
        if self._only is not None:
            return len(self.table(name))
        return self.whole(lambda held: sum(map(_rows_of, held.parts(name))))

    def write_table(self, name: str, frame: pd.DataFrame) -> None:
        """Replace a table by a valid frame.

        Raises
        ------
        TableError
            When the frame breaks the table's schema; nothing is written then.
        """
        valid = schema.validate(schema.conform(frame, name), name)
        with self.changing():
            if name not in MONTHLY:
                self._store(valid, name, f"{name}.parquet")
                return
            months = valid["started_at"].dt.strftime("%Y-%m")
            for month, rows in valid.groupby(months):
                self.write_month(name, str(month), rows)
            kept = set(months.unique())
            for key, stale in self._places(name).items():
                if stale.stem not in kept and self._change is not None:
                    self._change.remove(key)

    def read_month(self, name: str, month: str) -> pd.DataFrame:
        """Read one UTC month, such as ``2026-08``, of a monthly table."""
        self.note("table", name)
        return self._read(name, lambda stem: stem == month)

    def write_month(self, name: str, month: str, frame: pd.DataFrame) -> None:
        """Replace one UTC month of a monthly table by a valid frame."""
        valid = schema.validate(schema.conform(frame, name), name)
        self._store(valid, name, f"{_folder_of(name)}/{month}.parquet")

    def calls(self, period: Period | str | None = None) -> pd.DataFrame:
        """Read the calls of a period of local days, opening only the months it touches.

        Parameters
        ----------
        period : Period or str, optional
            For instance ``"2026-08"``; None or ``"all"`` reads every call.

        Returns
        -------
        pandas.DataFrame
            The table ``calls``, ordered by start.
        """
        wanted = self._period(period)
        if wanted is None:
            return self.table("calls").sort_values("started_at", ignore_index=True)
        self.note("calls", str(wanted))
        start, end = wanted.bounds(self.settings.business.timezone)
        months = (f"{start:%Y-%m}", f"{end:%Y-%m}")
        frame = self._read("calls", lambda stem: months[0] <= stem <= months[1])
        inside = (frame["started_at"] >= start) & (frame["started_at"] < end)
        return frame[inside].sort_values("started_at", ignore_index=True)

    def counted(self, period: Period | str | None = None) -> pd.DataFrame:
        """Return the calls of a period that count: what every figure of a report is over.

        Parameters
        ----------
        period : Period or str, optional
            As for :meth:`calls`.

        Returns
        -------
        pandas.DataFrame
            See :func:`calltrack_nb.calls.counted`, ordered by start.
        """
        return counted(self.calls(period), self.settings)

    def period_of_log(self) -> Period:
        """Return the local days from the first call to the last.

        Raises
        ------
        WorkspaceError
            When no call has been imported.
        """
        with self.noting("log"):
            span = self.sql("select min(started_at) as first, max(started_at) as last from calls")
        if span["first"].isna().all():
            raise WorkspaceError(
                "There are no calls in the workspace yet",
                where=self.folder,
                fix="Import a log with calltrack import FILE",
            )
        local = [
            pd.Timestamp(span[end].iloc[0]).tz_convert(self.settings.business.timezone).date()
            for end in ("first", "last")
        ]
        return Period(*local)

    def knows_campaign(self, campaign: str) -> bool:
        """Tell whether any call or cost of the whole log is of a campaign."""
        with self.noting("campaign", campaign):
            tables = (self.table("calls"), self.table("spend"))
        return any(table["campaign"].eq(campaign).any() for table in tables)

    def _period(self, period: Period | str | None) -> Period | None:
        if period is None or period in ("", "all"):
            return None
        return period if isinstance(period, Period) else Period.parse(period)

    def period(self, period: Period | str | None) -> Period:
        """Read a period as a report's parameter says it; ``all`` is the whole log."""
        return self._period(period) or self.period_of_log()

    def sql(self, query: str) -> pd.DataFrame:
        """Answer a query over the tables with DuckDB.

        Every table of :data:`calltrack_nb.schema.TABLES` can be named in it, and
        ``counted``, the calls that every figure of a report is over. Times are UTC and
        money stays exact.

        Parameters
        ----------
        query : str
            One SQL statement, such as ``select channel, count(*) from calls group by 1``.

        Raises
        ------
        WorkspaceError
            When DuckDB refuses the statement, with its reason.
        """
        return self.whole(partial(_answer, query=query, only=self._only))

    # -- transcripts and audio --------------------------------------------------

    def transcript(self, call_id: str) -> Transcript | None:
        """Return the machine's transcript of a call, or None where there is none."""
        known = self.table("recordings")
        keys = known.loc[known["call_id"] == call_id, "transcript_key"].dropna()
        return self.transcripts.get(str(keys.iloc[0])) if len(keys) else None

    def recording(self, call_id: str) -> Path:
        """Return the audio file of a call.

        Raises
        ------
        RecordingNotFound
            When the call has no recording in the workspace.
        """
        known = self.table("recordings")
        found = known.loc[known["call_id"] == call_id, "path"].dropna()
        path = self.recordings / str(found.iloc[0]) if len(found) else None
        if path is None or not path.is_file():
            raise RecordingNotFound(
                "The call has no recording in the workspace",
                where=call_id,
                fix=f"Put the file into {self.recordings} and run calltrack transcribe",
            )
        return path

    # -- what was read -----------------------------------------------------------

    def note(self, *what: str) -> None:
        """Take down that something was read, for a report that runs; see :mod:`.reads`."""
        reads.note((self.account or "", *what))

    @contextmanager
    def noting(self, *what: str) -> Iterator[None]:
        """Take down that something was read, in place of all that is read meanwhile."""
        self.note(*what)
        with reads.nothing_noted():
            yield

    # -- state ----------------------------------------------------------------

    def secret(self) -> bytes:
        """Return the key under which caller numbers are hashed, made on first use.

        It never leaves the workspace: with it, a caller key could be traced back to
        a number.
        """
        path = self.state / "secret"
        if not path.is_file():
            try:
                _keep_first(path, secrets.token_bytes(32))
            except OSError as error:
                raise unwritable(path, error) from error
        return path.read_bytes()

    @contextmanager
    def lock(self, timeout_s: float = 0.0) -> Iterator[None]:
        """Hold the workspace while its tables are brought up to date.

        Parameters
        ----------
        timeout_s : float
            How long to wait for another process to finish.

        Raises
        ------
        AccountError
            When this is the view of one client.
        ReadOnlyWorkspace
            When it may only be read.
        WorkspaceBusy
            When the other process is not done by then.
        """
        if self._only is not None:
            raise AccountError(
                "The view of one client is read-only",
                where=self._only,
                fix="To change it, open the workspace without an account",
            )
        # who changes the tables reads them as they are from here on
        self.pin = None
        os.environ.pop(PINNED, None)
        lock = FileLock(self.state / "lock")
        try:
            self.state.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=timeout_s)
        except Timeout:  # which is an OSError too
            raise WorkspaceBusy(
                "Another process is bringing the workspace up to date",
                where=self.folder,
                fix="Wait until it has finished and try again",
            ) from None
        except OSError as error:
            if not is_forbidden(error):
                raise unwritable(self.state / "lock", error) from error
            raise ReadOnlyWorkspace(
                "The workspace is read-only",
                where=f"{self.folder} ({error.strerror})",
                fix="Make the folder writable, or work in a copy of it",
            ) from error
        try:
            self._remove_leftovers()
            yield
        finally:
            lock.release()

    def _remove_leftovers(self) -> None:
        """Delete what a process that was killed under the lock had read or half written."""
        carry_out(self.state, self._stored)
        remove_drafts_of_changes(self.state)
        remove_scratch(self.state)
        for folder in self.state.glob("import-*"):
            shutil.rmtree(folder, ignore_errors=True)
        remove_drafts(self.folder.glob(".*"))
        for place in (self.folder / "data", self.state):
            remove_drafts(place.rglob(".*"))
        for place in (self.reports, self.exports):  # written without the lock
            remove_drafts(place.rglob(".*"), older_s=SETTLED_S)
        remove_scratch()

    def _read(self, name: str, wanted: Callable[[str], bool] | None = None) -> pd.DataFrame:
        """Read a table, or those of its months that are wanted, as it was at one moment."""
        with ExitStack() as stack:
            try:
                # what is open stays as it is, whatever takes its place
                with reads.nothing_noted():
                    files = self.whole(partial(_opened, name=name, wanted=wanted, stack=stack))
                if not files:
                    return schema.empty(name)
                mine = None if self._only is None else pc.field("account") == self._only
                stored = [pq.read_table(file, partitioning=None, filters=mine) for file in files]
                merged = pa.concat_tables(stored, promote_options="permissive")
                return schema.from_arrow(merged.combine_chunks(), name)
            except (pa.ArrowInvalid, OSError) as error:
                raise TableError(
                    f"The table {name} cannot be read",
                    where=f"{self._stored} ({error})",
                    fix="Delete the file and run calltrack import again",
                ) from error

    def _store(self, frame: pd.DataFrame, name: str, key: str) -> None:
        rows = schema.to_arrow(frame, name)
        with self.changing():
            if self._change is not None:
                with self._change.replacing(key) as file:
                    pq.write_table(rows, file, compression="zstd")


def _accounts(held: Workspace) -> set[str]:
    parts = [part for name in ("calls", "leads") for part in held.parts(name)]
    named = [pq.read_table(part, columns=["account"])["account"].unique() for part in parts]
    return {str(account) for each in named for account in each.to_pylist()}


def _answer(held: Workspace, query: str, only: str | None) -> pd.DataFrame:
    try:
        with duckdb.connect() as connection:
            _name_tables(connection, held, only)
            if re.search(r"\bcounted\b", query):
                connection.register("counted", held.counted())
            answer = connection.sql(query)
            rows = None if answer is None else answer.to_arrow_table()
    except duckdb.Error as error:
        reason, *more = str(error).splitlines()
        hints = [line for line in more if line.startswith(("Did you mean", "Candidate"))]
        raise WorkspaceError(
            "The query cannot be answered",
            where=reason.rstrip("!"),
            fix=hints[0] if hints else "Compare it with the documentation's tables and columns",
        ) from error
    if rows is None:
        raise WorkspaceError(
            "The query returns nothing", where=query, fix="Write a select statement"
        )
    frame: pd.DataFrame = rows.to_pandas(types_mapper=_exact)
    return frame


def _name_tables(connection: duckdb.DuckDBPyConnection, held: Workspace, only: str | None) -> None:
    connection.execute("set timezone = 'UTC'")
    for name in schema.TABLES:
        parts = [str(part) for part in held.parts(name)]
        if parts:
            relation = connection.read_parquet(parts, union_by_name=True)
            if only is not None:
                mine = duckdb.ColumnExpression("account") == only
                relation = relation.filter(mine)
        else:
            relation = connection.from_arrow(schema.arrow_schema(name).empty_table())
        relation.create_view(name)
    for old, name in _moved.TABLES.items():
        connection.execute(f"create view {old} as from {name}")


def _opened(
    held: Workspace, name: str, wanted: Callable[[str], bool] | None, stack: ExitStack
) -> list[pa.NativeFile]:
    parts = (part for part in held.parts(name) if wanted is None or wanted(part.stem))
    return [stack.enter_context(pa.OSFile(str(part))) for part in parts]


def _rows_of(part: Path) -> int:
    rows: int = pq.read_metadata(part).num_rows
    return rows


def _folder_of(name: str) -> str:
    return _STORED_AS.get(name, name)


def _pinned_for(folder: Path) -> Path | None:
    """Return the pinned tables that this process is to read, where they are that workspace's."""
    pin = os.environ.get(PINNED)
    if not pin:
        return None
    try:
        whose = (Path(pin) / _WHOSE).read_text(encoding="utf-8")
    except OSError as error:
        raise WorkspaceError(
            "The tables that this report reads are gone",
            where=pin,
            fix="A caller may have been removed meanwhile; run the report again",
        ) from error
    return Path(pin) if Path(whose) == folder else None


def _link(part: Path, target: Path) -> None:
    """Let a file be found under another name too, or copy it where that cannot be."""
    try:
        os.link(part, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(part, target)


def _keep_first(path: Path, content: bytes) -> None:
    """Write a file that is not there yet; whoever writes first decides, nobody overwrites."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        draft.write_bytes(content)
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        with suppress(OSError):
            draft.unlink()


def account_folder(account: str) -> str:
    """Return a client's name as a folder is called; no two clients share one.

    Examples
    --------
    >>> account_folder("riverside"), account_folder("Dr. O'Neil & Sons")
    ('riverside', 'dr-o-neil-sons-defa')
    """
    plain = re.sub(r"[^a-z0-9]+", "-", account.lower()).strip("-")
    if plain == account:
        return plain
    return f"{plain}-{hashlib.sha256(account.encode()).hexdigest()[:4]}".lstrip("-")


def open_workspace(
    folder: str | Path | None = None, *, account: str | None = None, or_sample: bool = True
) -> Workspace:
    """Open a workspace.

    Parameters
    ----------
    folder : str or pathlib.Path, optional
        The workspace. Where it is not said: ``$CALLTRACK_WORKSPACE``, else the current
        folder or the nearest one above it with a ``calltrack.toml``, else the sample
        that ships with the project.
    account : str, optional
        One client of several, as for :meth:`Workspace.of_account`; the whole workspace
        where it is not said.
    or_sample : bool
        Whether the sample may stand in; not for commands that write.

    Raises
    ------
    AccountError
        When the account is empty and there are several, or there is none of that name.
    WorkspaceError
        When the folder is not a workspace, or none is said or near and the sample may not
        stand in.
    """
    found = Workspace(_folder(folder, or_sample=or_sample))
    return found if account is None else found.of_account(account)


def _folder(said: str | Path | None, *, or_sample: bool) -> Path:
    chosen = said or os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    here = Path.cwd()
    for place in (here, *here.parents):
        if (place / FILE_NAME).is_file():
            return place
    if not or_sample:
        raise WorkspaceError(
            "There is no workspace here",
            where=here,
            fix="Go to its folder, pass --workspace FOLDER, or create one: calltrack init FOLDER",
        )
    return shipped.sample()


def _exact(kind: pa.DataType) -> Any:
    if pa.types.is_decimal(kind) or pa.types.is_list(kind) or pa.types.is_date(kind):
        return pd.ArrowDtype(kind)
    return None
