"""Commands that fetch calls from a provider and transcribe recordings."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from calltrack_nb.cli.common import finish, on_terminal, opened, workspace_option


@click.command()
@click.argument("provider")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="First day to fetch; by default 3 days before the last run ended, at first 90 days ago.",
)
@click.option("--no-recordings", is_flag=True, help="Fetch the call log only.")
@workspace_option
def sync(
    provider: str, since: dt.datetime | None, folder: Path | None, *, no_recordings: bool
) -> None:
    """Fetch what is new at PROVIDER, such as callrail, and import it.

    Keys come from the environment or the keyring, never from a file of the workspace.
    docs/providers.md names them.
    """
    finish(
        opened(folder).sync(
            provider,
            since.date() if since else None,
            recordings=not no_recordings,
            progress=on_terminal(),
        )
    )


@click.command()
@workspace_option
def fetch(folder: Path | None) -> None:
    """Download the recordings whose web addresses are in the imported logs.

    Only the providers' hosts and sources.recording_hosts in calltrack.toml are asked, with a
    provider's key where one is set. docs/providers.md names the keys.
    """
    finish(opened(folder).fetch(progress=on_terminal()))


@click.command()
@click.option("--engine", type=click.Choice(["auto", "faster-whisper", "openai-whisper"]))
@click.option(
    "--model",
    help="Whisper model: tiny.en (bundled), another name such as small.en or large-v3-turbo "
    "(downloaded), or a path to a CTranslate2 folder or a .pt file.",
)
@click.option("--workers", type=click.IntRange(1), default=1, help="Number of worker processes.")
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
    from calltrack_nb.transcription import freed_memory_kept

    workspace = opened(folder)
    click.echo(f"Transcribing with {workspace.engine(engine, model=model).text}.")
    imported = workspace.import_files(progress=on_terminal())
    with freed_memory_kept():
        transcribed = workspace.transcribe(
            engine=engine,
            model=model,
            workers=workers,
            scheduler=scheduler,
            progress=on_terminal(),
        )
    finish(imported, transcribed)
