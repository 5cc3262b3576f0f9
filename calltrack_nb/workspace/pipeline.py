"""Bring a workspace up to date: import, transcribe, listen; each step only what is stale.

The steps run under the workspace's lock and leave it usable after each one, so a run
that is stopped resumes where it was. What could not be done is listed, and the rest of
the batch is done all the same.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import math
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Final

import pandas as pd
from tqdm import tqdm

from calltrack_nb import audio, phrasing, schema, shipped, transcription
from calltrack_nb.calls import counted_for
from calltrack_nb.calls.clock import local_days
from calltrack_nb.calls.recording_lengths import FAR_LONGER, unlike
from calltrack_nb.errors import CalltrackError, SettingsError, TranscriptionError, unforeseen
from calltrack_nb.findings import (
    examples_from,
    find_findings,
    find_wishes,
    likeness_to,
    read_examples,
    read_patterns,
    talk_measures,
)
from calltrack_nb.redaction import redact
from calltrack_nb.results import BaseResult
from calltrack_nb.settings import Listening, Transcription
from calltrack_nb.themes import (
    ThemeRegistry,
    Themes,
    open_embedder,
    read_theme_names,
    tag_themes,
)
from calltrack_nb.transcription.agreement import agreement_of
from calltrack_nb.transcription.planning import Task
from calltrack_nb.workspace import importing
from calltrack_nb.workspace.checks import measured_calls
from calltrack_nb.workspace.failures import Failure, Failures
from calltrack_nb.workspace.provided import (
    ProvidedTranscripts,
    agreement_lines,
    doubt_lines,
    take_provided,
)
from calltrack_nb.workspace.questions import answers_of
from calltrack_nb.workspace.store import Workspace
from calltrack_nb.workspace.theme_names import THEME_NAMES
from calltrack_nb.workspace.workload import (
    keep_speed,
    plans_of,
    recording_reading,
    workload_of,
)
from calltrack_nb.workspace.writing import replacing

_LOGGER = logging.getLogger(__name__)

LOCK_WAIT_S: Final = 3600.0
FINDINGS: Final = "findings.toml"

_COMPARED: Final = ["words", "word_errors"]


@dataclass(frozen=True, slots=True)
class Step(BaseResult):
    """What one step did.

    Attributes
    ----------
    name : str
        ``import``, ``transcribe`` or ``listen``.
    text : str
        What was done, in a sentence.
    problems : tuple of str
        One line for each thing that could not be done.
    details : tuple of str
        What a reader may want to check: how each file was read.
    broken_off : bool
        Whether the step could not be done to its end; what was there before is as it was.
    """

    name: str
    text: str
    problems: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    broken_off: bool = False


@dataclass(frozen=True, slots=True)
class Update(BaseResult):
    """What bringing a workspace up to date did, step by step."""

    steps: tuple[Step, ...]

    @property
    def text(self) -> str:
        """What each step did, a line each."""
        return "\n".join(step.text for step in self.steps)

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that could not be done."""
        return tuple(problem for step in self.steps for problem in step.problems)


def bring_up_to_date(
    workspace: Workspace,
    *,
    choice: Transcription | None = None,
    engine: transcription.Transcriber | None = None,
    bar: bool = False,
) -> Update:
    """Import new exports, transcribe new recordings, and listen to what changed.

    Parameters
    ----------
    workspace : Workspace
        The workspace.
    choice : Transcription, optional
        Engine, model and language, where they are not the settings'.
    engine : Transcriber, optional
        An engine that is open already.
    bar : bool
        Whether to draw progress bars on the terminal.

    Returns
    -------
    Update
        What each step did and what it could not do.
    """
    with workspace.lock(LOCK_WAIT_S):
        return Update(
            (
                _attempted("import", lambda: import_logs(workspace, bar=bar)),
                _attempted(
                    "transcribe",
                    lambda: transcribe_calls(workspace, choice=choice, engine=engine, bar=bar),
                ),
                _attempted("listen", lambda: listen_to_calls(workspace)),
            )
        )


def _attempted(name: str, step: Callable[[], Step]) -> Step:
    """Do a step; where it breaks off, say why, and leave the others what is there."""
    try:
        return step()
    except SettingsError:
        raise  # what every step leans on
    except Exception as error:
        told = error
        if not isinstance(error, CalltrackError):
            _LOGGER.debug("The step %s broke off", name, exc_info=True)
            told = unforeseen(f"The step {name} broke off", "", error)
        return Step(name, f"{name} broke off", (str(told),), broken_off=True)


def exports_in(workspace: Workspace) -> tuple[Path, ...]:
    """Return every file in ``data/raw``, in order of name."""
    return tuple(sorted(path for path in workspace.raw.rglob("*") if _is_export(path)))


def import_logs(workspace: Workspace, *, bar: bool = False) -> Step:
    """Import every file in ``data/raw`` that has not been imported yet."""
    report = importing.import_files(workspace, exports_in(workspace), progress=bar)
    return Step("import", report.text, report.problems, report.lines)


def transcribe_calls(
    workspace: Workspace,
    *,
    choice: Transcription | None = None,
    engine: transcription.Transcriber | None = None,
    executor: Executor | None = None,
    bar: bool = False,
) -> Step:
    """Transcribe every recording whose transcript is not in the store yet.

    What providers transcribed is taken in as well. Where a call has both, the settings say
    whose words count; the other's stay beside them, and how far they agree is said.

    Parameters
    ----------
    workspace : Workspace
        The workspace.
    choice : Transcription, optional
        Engine, model and language, where they are not the settings'.
    engine : Transcriber, optional
        An engine that is open already, in place of the one that was chosen.
    executor : concurrent.futures.Executor, optional
        Where to spread the work; by default one call after another in this process.
    bar : bool
        Whether to draw a progress bar.
    """
    choice = choice or workspace.settings.transcription
    calls = workspace.table("calls").set_index("call_id")
    matched = audio.match(calls.reset_index(), workspace.recordings).set_index("call_id")
    away = matched["problem"].str.startswith(audio.NOT_FETCHED, na=False)
    matched["account"] = calls["account"].reindex(matched.index)
    matched["transcript_key"] = None
    matched["recorded_s"] = math.nan
    plans = plans_of(
        workspace,
        matched.reset_index(),
        engine or choice,
        transcription.options_from(choice),
    )
    ahead = workload_of(workspace, plans)
    if ahead.recordings:
        _LOGGER.info(ahead.text)
    started = time.perf_counter()
    done = chain.from_iterable(
        transcription.carry_out(made, workspace.transcripts, engine=engine, executor=executor)
        for made in plans
    )
    tasks = {task.call_id: task for made in plans for task in made.todo}
    failures = Failures.read(workspace)
    fresh, fresh_s, total = 0, 0.0, int(matched["path"].notna().sum())
    odd: list[str] = []
    for result in tqdm(done, "Transcribing", total, unit="call", disable=not bar):
        problem = None if result.error is None else str(result.error)
        if result.call_id in tasks:
            _remember(workspace, failures, tasks[result.call_id], result.error)
        matched.loc[result.call_id, ["transcript_key", "problem"]] = [result.key, problem]
        if result.transcript is not None:
            matched.loc[result.call_id, "recorded_s"] = result.transcript.duration_s
        if result.transcript is not None and not result.cached:
            fresh += 1
            fresh_s += result.transcript.duration_s
            if result.transcript.truncated:
                odd.append(f"{result.call_id}: {' '.join(result.transcript.remarks)}")
    failures.keep(workspace)
    keep_speed(workspace, plans[0].info, fresh_s, time.perf_counter() - started)
    matched, lengths_told = _of_their_calls(matched, calls)
    provided = take_provided(workspace, calls.reset_index())
    recordings = _chosen(workspace, matched, provided, calls["account"])
    workspace.write_table("recordings", recordings)
    problems = matched.loc[~away, "problem"].dropna()
    known = int(matched["transcript_key"].notna().sum()) - fresh
    text = (
        f"{phrasing.plural(fresh, 'recording')} transcribed, {phrasing.number(known)} known already"
    )
    if away.any():
        text += (
            f"; {phrasing.number(away.sum())} {phrasing.agree(away.sum(), 'is')} still with the "
            "provider (calltrack fetch downloads them)"
        )
    owners = counted_for(recordings, calls.reset_index()).to_dict()
    shared = {call_id: owner for call_id, owner in owners.items() if call_id != owner}
    if shared:
        text += (
            f"; {phrasing.plural(len(shared), 'call')} {phrasing.agree(len(shared), 'has')} the "
            "recording of another call, which is counted once"
        )
    taken = sum(one.key is not None for one in provided.of.values())
    if provided.of:
        text += f"; {phrasing.plural(taken, 'transcript')} of a provider added"
    left_out = {call_id: one.problem for call_id, one in provided.of.items() if one.problem}
    told = [
        *(f"{call_id}: {why}" for call_id, why in problems.items()),
        *(f"{call_id}: {why}" for call_id, why in left_out.items()),
    ]
    details = [
        *odd,
        *lengths_told,
        *(f"{call_id}: the same recording as {owner}" for call_id, owner in shared.items()),
        *agreement_lines(recordings),
        *doubt_lines(provided.of),
        *(f"{path}: the transcript belongs to no known call" for path in provided.strays),
    ]
    return Step("transcribe", text, tuple(told), tuple(details))


def _remember(
    workspace: Workspace, failures: Failures, task: Task, error: CalltrackError | None
) -> None:
    """Remember that a recording could not be read, so that it is not tried again as it is."""
    with suppress(OSError):
        name, reading = recording_reading(workspace, task)
        failures.of.pop(name, None)
        # what keeps an engine from its work, or its words from the disk, is no fault of the file
        if error is not None and not isinstance(error, TranscriptionError):
            failures.of[name] = Failure(reading, str(error))


def _of_their_calls(
    matched: pd.DataFrame, calls: pd.DataFrame
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Leave out recordings that cannot be their call's, and say which are of another length.

    One that is far longer, and that the log does not name, only bears the call's id by chance.
    """
    of_files = matched[matched["transcript_key"].notna()].reset_index()
    owners = counted_for(of_files, calls.reset_index())
    matched, told = matched.copy(), []
    for row in unlike(of_files, calls.reset_index()).to_dict("records"):
        call_id = row["call_id"]
        recorded, call = phrasing.number(row["recorded_s"]), phrasing.number(row["call_s"])
        if row["far"] and pd.isna(calls.loc[call_id, "recording"]):
            problem = (
                f"{FAR_LONGER}: {matched.loc[call_id, 'path']}, {recorded} s for a call of "
                f"{call} s; if it does belong to the call, name it in the log"
            )
            matched.loc[call_id, ["path", "transcript_key", "problem"]] = [None, None, problem]
        elif owners[call_id] == call_id:
            told.append(f"{call_id}: its recording has {recorded} s, the call had {call} s")
    return matched, tuple(told)


def _chosen(
    workspace: Workspace,
    matched: pd.DataFrame,
    provided: ProvidedTranscripts,
    accounts: pd.Series[str],
) -> pd.DataFrame:
    """Return the table ``recordings``: for each call whose words count, and whose stand by."""
    theirs = pd.Series({call_id: one.key for call_id, one in provided.of.items()}, dtype="str")
    why_not = {call_id: one.problem for call_id, one in provided.of.items()}
    rows = matched.reindex(matched.index.union(theirs.index, sort=False)).rename_axis("call_id")
    rows["account"] = accounts.reindex(rows.index)
    rows["transcript_problem"] = pd.Series(why_not, dtype="str").reindex(rows.index)
    ours, theirs = rows["transcript_key"].astype("str"), theirs.reindex(rows.index)
    first, second = ours, theirs
    if workspace.settings.transcription.prefer == "provider":
        first, second = theirs, ours
    both = ours.notna() & theirs.notna()
    rows["transcript_key"] = first.fillna(second)
    rows["other_key"] = second.where(both)
    rows["origin"] = [
        None if pd.isna(key) else _origin(workspace, str(key), own=key == mine)
        for key, mine in zip(rows["transcript_key"], ours, strict=True)
    ]
    known = workspace.table("recordings").dropna(subset="words").set_index("call_id")
    compared = {
        call_id: {key, other}
        for call_id, key, other in zip(
            known.index, known["transcript_key"], known["other_key"], strict=True
        )
    }
    for call_id, one, other in zip(rows.index[both], ours[both], theirs[both], strict=True):
        if {one, other} == compared.get(call_id):
            rows.loc[call_id, _COMPARED] = known.loc[call_id, _COMPARED]
            continue
        mine, made = workspace.transcripts.get(str(one)), workspace.transcripts.get(str(other))
        if mine is not None and made is not None:
            found = agreement_of(mine, made)
            rows.loc[call_id, _COMPARED] = found.words, found.errors
    return schema.conform(rows.reset_index(), "recordings")


def _origin(workspace: Workspace, key: str, *, own: bool) -> str | None:
    """Return whose words a transcript holds; the provider's say so themselves."""
    if own:
        return schema.FROM_AUDIO
    made = workspace.transcripts.get(key)
    return None if made is None else made.origin


def listen_to_calls(workspace: Workspace) -> Step:
    """Turn transcripts into utterances, talk measures, findings and themes.

    A recording that several calls have is read for one of them. Nothing is done where
    transcripts, corrections, the user's names and examples, and the settings are those of
    the last time.
    """
    calls = workspace.table("calls")
    recordings = workspace.table("recordings")
    owners = counted_for(recordings, calls)
    known = recordings[recordings["call_id"].isin(set(owners))].dropna(subset="transcript_key")
    signature = _signature(workspace, known)
    mark = workspace.state / "listened"
    if mark.is_file() and mark.read_text(encoding="utf-8") == signature:
        return Step("listen", f"{phrasing.plural(len(known), 'transcript')}, none of them new")
    keys = zip(known["call_id"], known["transcript_key"], strict=True)
    stored = {str(call_id): workspace.transcripts.get(str(key)) for call_id, key in keys}
    transcripts = {call_id: found for call_id, found in stored.items() if found is not None}
    accounts = calls.set_index("call_id")["account"]
    account = workspace.settings.business.account
    utterances = _of_accounts(transcription.utterances_table(transcripts, account), accounts)
    corrections = workspace.table("corrections")
    unfitting = transcription.unfitting_corrections(utterances, corrections)
    as_heard = utterances
    utterances = transcription.apply_corrections(utterances, corrections)
    utterances = _redacted(workspace, utterances)
    read = _as_machine_reads(workspace, as_heard, utterances)
    examples = workspace.folder / FINDINGS
    themes = themes_of_accounts(workspace, read, workspace.settings.listening)
    own = examples if examples.is_file() else None
    patterns = read_patterns(own)
    known_examples = read_examples(own)
    likeness = likeness_to(
        (*known_examples, *examples_from(workspace.table("lessons"), known_examples)),
        patterns,
        open_embedder(workspace.settings.listening.embedder, workspace.embeddings),
    )
    for client, found in themes.items():
        found.registry.save(workspace.theme_registry(client))
    with workspace.changing():
        workspace.write_table("utterances", utterances)
        talk = talk_measures(_timed(workspace, transcripts, known), account)
        workspace.write_table("talk", _of_accounts(talk, accounts))
        findings = find_findings(read, patterns, likeness)
        answers, unanswered = answers_of(workspace, read)
        workspace.write_table("findings", pd.concat([findings, *answers], ignore_index=True))
        workspace.write_table("wishes", _wishes(workspace, read, findings, calls))
        for name in ("call_themes", "themes"):
            tables = [getattr(found, name) for found in themes.values()]
            workspace.write_table(name, pd.concat(tables, ignore_index=True))
    with replacing(mark) as draft:
        draft.write(signature.encode())
    lost = tuple(
        f"{change.call_id}, turn {change.turn}: the corrected words are no longer there; export "
        "the transcript and correct it again"
        for change in unfitting.itertuples()
    )
    several = len(themes) > 1
    texts = [
        f"{client}: {found.text}" if several else found.text for client, found in themes.items()
    ]
    return Step("listen", "\n".join(texts), unanswered, lost)


def _wishes(
    workspace: Workspace, utterances: pd.DataFrame, findings: pd.DataFrame, calls: pd.DataFrame
) -> pd.DataFrame:
    """Read callers' wishes, each against its call's day on its client's own clock."""
    said_on: dict[str, dt.date] = {}
    country: dict[str, str] = {}
    for name, mine in calls.groupby("account"):
        business = workspace.settings.of_account(str(name)).business
        days = local_days(mine["started_at"], business.timezone).dt.date
        said_on |= dict(zip(mine["call_id"].astype(str), days, strict=True))
        country[str(name)] = business.country
    return find_wishes(utterances, findings, said_on, country)


def _as_machine_reads(
    workspace: Workspace, as_heard: pd.DataFrame, corrected: pd.DataFrame
) -> pd.DataFrame:
    """Return the turns that themes and findings are found in.

    Calls that measure the machine keep its own words there: with a person's, it would look
    better in them than in the others.
    """
    corrections = workspace.table("corrections")
    own = as_heard["call_id"].isin(measured_calls(workspace) & set(corrections["call_id"]))
    if not own.any():
        return corrected
    rows = [corrected[~own], _redacted(workspace, as_heard[own])]
    return pd.concat(rows).sort_index()


def _redacted(workspace: Workspace, utterances: pd.DataFrame) -> pd.DataFrame:
    """Hide private words; a shop's own name and its products' are none."""
    glossary = workspace.settings.transcription.glossary
    parts = [
        redact(said, keep=(workspace.settings.of_account(str(account)).business.name, *glossary))
        for account, said in utterances.groupby("account", sort=False)
    ]
    return pd.concat(parts).sort_index() if parts else redact(utterances)


def themes_of_accounts(
    workspace: Workspace, utterances: pd.DataFrame, listening: Listening
) -> dict[str, Themes]:
    """Find each client's themes among its own calls.

    Parameters
    ----------
    workspace : Workspace
        Its registries are read, not written.
    utterances : pandas.DataFrame
        The table ``utterances``, redacted.
    listening : Listening
        How themes are found.

    Returns
    -------
    dict of str to Themes
        By account. No two clients have a theme's id in common.
    """
    settings, calls = workspace.settings, workspace.table("calls")
    accounts = sorted(utterances["account"].unique()) or [settings.business.account]
    registries = {
        account: ThemeRegistry.open(workspace.theme_registry(account)) for account in accounts
    }
    names = read_theme_names(workspace.folder / THEME_NAMES)
    next_id = max(registry.next_id for registry in registries.values())
    themes = {}
    for account, registry in registries.items():
        themes[account] = tag_themes(
            utterances[utterances["account"] == account].reset_index(drop=True),
            calls,
            listening,
            replace(registry, next_id=next_id),
            names,
            cache=workspace.embeddings,
            timezone=settings.of_account(account).business.timezone,
            account=account,
        )
        next_id = themes[account].registry.next_id
    return themes


def _timed(
    workspace: Workspace,
    transcripts: Mapping[str, transcription.Transcript],
    known: pd.DataFrame,
) -> dict[str, transcription.Transcript]:
    """Return the transcripts that tell when somebody spoke: ours before a provider's.

    One of another language is among them in any case, since it is counted as left out there.
    """
    others = dict(zip(known["call_id"].astype(str), known["other_key"], strict=True))
    timed = {}
    for call_id, made in transcripts.items():
        heard = made
        if made.origin != schema.FROM_AUDIO and pd.notna(others[call_id]):
            heard = workspace.transcripts.get(str(others[call_id])) or made
        foreign = any(schema.OTHER_LANGUAGE in said.flags for said in made.utterances)
        if heard.speech or heard.origin == schema.FROM_AUDIO or foreign:
            timed[call_id] = heard
    return timed


def _of_accounts(frame: pd.DataFrame, accounts: pd.Series[str]) -> pd.DataFrame:
    return frame.assign(account=frame["call_id"].map(accounts).fillna(frame["account"]))


def _signature(workspace: Workspace, known: pd.DataFrame) -> str:
    files = (workspace.folder / name for name in (THEME_NAMES, FINDINGS))
    corrections = workspace.table("corrections")
    parts = (
        shipped.code(),
        known[["call_id", "transcript_key", "other_key"]].sort_values("call_id").to_csv(),
        corrections.to_csv(),
        workspace.table("lessons").to_csv(),
        *sorted(measured_calls(workspace) & set(corrections["call_id"])),
        workspace.settings.listening.model_dump_json(),
        *(
            f"{account} {own.name} {own.country} {own.timezone}"
            for account in sorted(known["account"].astype(str).unique())
            for own in [workspace.settings.of_account(account).business]
        ),
        known[["call_id", "account"]].to_csv(),
        *workspace.settings.transcription.glossary,
        *(file.read_text(encoding="utf-8") if file.is_file() else "" for file in files),
    )
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def _is_export(path: Path) -> bool:
    return path.is_file() and not path.name.startswith((".", "~$"))
