"""Commands that fetch calls from a provider and transcribe recordings."""

from __future__ import annotations

import datetime as dt
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from calltrack_nb.cli.common import finish, on_terminal, opened, workspace_option

if TYPE_CHECKING:
    from concurrent.futures import Executor


@click.command()
@click.argument("provider")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="The first day to fetch.")
@click.option("--no-recordings", is_flag=True, help="Fetch the log only.")
@workspace_option
def sync(
    provider: str, since: dt.datetime | None, folder: Path | None, *, no_recordings: bool
) -> None:
    """Fetch what is new at PROVIDER, such as callrail, and import it.

    Keys come from the environment or the keyring, never from a file of the workspace;
    docs/providers.md names them.
    """
    from calltrack_nb.workspace import pipeline
    from calltrack_nb.workspace import sync as syncing

    workspace = opened(folder)
    with workspace.lock(pipeline.LOCK_WAIT_S):
        report = syncing.sync(
            workspace,
            provider,
            since.date() if since else None,
            recordings=not no_recordings,
            bar=on_terminal(),
        )
    finish([pipeline.Step("sync", report.text, report.problems, report.imported.lines)])


@click.command()
@click.option("--engine", type=click.Choice(["auto", "faster-whisper", "openai-whisper"]))
@click.option(
    "--model",
    help="Whisper model: tiny.en (bundled), another name such as small.en or large-v3-turbo "
    "(downloaded), or the place of one: a CTranslate2 folder or a .pt file.",
)
@click.option("--workers", type=click.IntRange(1), default=1, help="Processes to spread over.")
@click.option("--scheduler", help="Address of a Dask scheduler, such as tcp://host:8786.")
@workspace_option
def transcribe(
    engine: str | None,
    model: str | None,
    workers: int,
    scheduler: str | None,
    folder: Path | None,
) -> None:
    """Transcribe the recordings that have no transcript yet."""
    from calltrack_nb.transcription import describe_engine
    from calltrack_nb.workspace import pipeline

    workspace = opened(folder)
    said = {"engine": engine, "model": model}
    choice = workspace.settings.transcription.model_copy(
        update={key: value for key, value in said.items() if value}
    )
    click.echo(f"Transcribing with {describe_engine(choice).text}.")
    with workspace.lock(pipeline.LOCK_WAIT_S), ExitStack() as stack:
        executor = _executor(stack, workers, scheduler)
        steps = [
            pipeline.import_logs(workspace, bar=on_terminal()),
            pipeline.transcribe_calls(
                workspace, choice=choice, executor=executor, bar=on_terminal()
            ),
        ]
    finish(steps)


def _executor(stack: ExitStack, workers: int, scheduler: str | None) -> Executor | None:
    if scheduler:
        from calltrack_nb.transcription import dask_executor

        return stack.enter_context(dask_executor(scheduler))
    if workers > 1:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        # spawned, not forked: the engines' threads do not survive a fork
        return stack.enter_context(ProcessPoolExecutor(workers, mp_context=get_context("spawn")))
    return None
