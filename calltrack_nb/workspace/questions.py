"""Questions of a user's own to every call, kept in ``questions.toml`` for calls to come."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import tomlkit

from calltrack_nb.errors import ListeningError, WorkspaceError
from calltrack_nb.findings import Question, answer_each, heard_calls, learn_question
from calltrack_nb.findings.asking import FAMILY, LearntQuestion
from calltrack_nb.findings.unmeasured import NOT_MEASURED
from calltrack_nb.phrasing import agree, number, out_of, percent, plural
from calltrack_nb.results import Check, Result
from calltrack_nb.stats import wilson
from calltrack_nb.themes import open_embedder
from calltrack_nb.workspace.store import Workspace
from calltrack_nb.workspace.writing import replacing

QUESTIONS: Final = "questions.toml"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Answers(Result):
    """Which calls a question is answered yes for.

    Its table has ``call_id``, ``turn``, ``start_s``, ``end_s``, ``quote`` (redacted) and
    ``probability``, the most probable first.
    """


def read_questions(path: Path) -> tuple[Question, ...]:
    """Read the questions of a workspace; none where there is no file.

    Raises
    ------
    WorkspaceError
        When the file cannot be read as it was written.
    """
    if not path.is_file():
        return ()
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))
        return tuple(
            Question(str(one["text"]), tuple(one["yes"]), tuple(one["no"]))
            for one in body.get("question", [])
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise WorkspaceError(
            "The questions cannot be read",
            where=f"{path} ({error})",
            fix="Fix the TOML syntax: each [[question]] has text, yes and no",
        ) from error


def answers_of(
    workspace: Workspace, utterances: pd.DataFrame
) -> tuple[list[pd.DataFrame], tuple[str, ...]]:
    """Answer every question that was asked so far, and say which can be no more.

    Returns
    -------
    list of pandas.DataFrame
        Tables ``findings``.
    tuple of str
        Why a question could not be answered, such as a changed setting.
    """
    found, problems = [], []
    for question in read_questions(workspace.folder / QUESTIONS):
        try:
            found.append(answer_each(utterances, _learn(workspace, question)))
        except ListeningError as error:
            problems.append(str(error))
    return found, tuple(problems)


def ask_each(workspace: Workspace, text: str, yes: Sequence[str], no: Sequence[str]) -> Answers:
    """Put a question to every call, and keep it for the calls to come.

    Call it under the workspace's lock. A question that was asked before under the same words
    is learnt anew from these examples.

    Raises
    ------
    ListeningError
        When the examples are too few or too alike; nothing is kept then.
    """
    learnt = _learn(workspace, Question(text, tuple(yes), tuple(no)))
    question = learnt.question
    found = answer_each(workspace.table("utterances"), learnt)
    path = workspace.folder / QUESTIONS
    _write(path, [*(one for one in read_questions(path) if one.kind != question.kind), question])
    before = workspace.table("findings")
    other = (before["family"].astype(str) != FAMILY) | (before["kind"] != question.kind)
    workspace.write_table("findings", pd.concat([before[other], found], ignore_index=True))
    return _answers(workspace, learnt, found)


def forget_question(workspace: Workspace, text: str) -> None:
    """Ask a question no more, and drop its answers; call it under the workspace's lock.

    Raises
    ------
    WorkspaceError
        When it was never asked.
    """
    path = workspace.folder / QUESTIONS
    known, kind = read_questions(path), Question(text, (), ()).kind
    if kind not in {one.kind for one in known}:
        raise WorkspaceError(
            "There is no such question",
            where=text,
            fix=f"Use one of {'; '.join(one.text for one in known)}" if known else "Ask it first",
        )
    _write(path, [one for one in known if one.kind != kind])
    before = workspace.table("findings")
    other = (before["family"].astype(str) != FAMILY) | (before["kind"] != kind)
    workspace.write_table("findings", before[other].reset_index(drop=True))


def _learn(workspace: Workspace, question: Question) -> LearntQuestion:
    embedder = open_embedder(workspace.settings.listening.embedder, workspace.embeddings)
    return learn_question(question, embedder)


def _write(path: Path, questions: Sequence[Question]) -> None:
    tables = tomlkit.aot()
    for one in questions:
        table = tomlkit.table()
        table.add("text", one.text)
        for answer in ("yes", "no"):
            table.add(answer, tomlkit.item(list(getattr(one, answer))).multiline(multiline=True))
        tables.append(table)
    document = tomlkit.document()
    document.add("question", tables)
    with replacing(path) as draft:
        draft.write(tomlkit.dumps(document).encode())


def _answers(workspace: Workspace, learnt: LearntQuestion, found: pd.DataFrame) -> Answers:
    heard = heard_calls(workspace.table("utterances"), workspace.table("calls"))
    mine: Any = found[found["call_id"].isin(heard)].sort_values("confidence", ascending=False)
    table = mine.rename(columns={"words": "quote", "confidence": "probability"})
    share = ""
    if len(heard):
        bounds = wilson(len(mine), len(heard), workspace.settings.evidence.level)
        ends = f"{percent(float(bounds.low))} to {percent(float(bounds.high))}"
        share = f" ({percent(len(mine) / len(heard))}; {ends})"
    told = Check(
        "Examples checked against each other",
        None,
        f"Each judged by all others, {number(learnt.recognised)} of "
        f"{plural(learnt.of_yes, 'example')} of yes {agree(learnt.recognised, 'is')} found, and "
        f"{number(learnt.mistaken)} of {number(learnt.of_no)} of no by mistake.",
    )
    columns = ["call_id", "turn", "start_s", "end_s", "quote", "probability"]
    return Answers(
        table[columns].reset_index(drop=True),
        f"{learnt.question.text} Yes in {out_of(len(mine), len(heard), 'call')}{share}.",
        (told, NOT_MEASURED),
    )
