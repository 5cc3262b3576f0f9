"""Commands for transcripts: out to a file, back in with a person's corrections."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from calltrack_nb.cli.common import (
    FOLDER,
    InOrder,
    account_option,
    opened,
    say,
    workspace_option,
)
from calltrack_nb.phrasing import plural

if TYPE_CHECKING:
    from calltrack_nb.workbench import Workbench


@click.group(cls=InOrder)
@workspace_option
@click.pass_context
def transcripts(context: click.Context, folder: Path | None) -> None:
    """Write transcripts to files, or read corrected ones back."""
    context.obj = opened(folder)


@transcripts.command("export")
@click.argument("call_ids", nargs=-1)
@click.option(
    "--form", "--format", "form", type=click.Choice(["vtt", "srt", "json", "csv"]), default="vtt"
)
@click.option("--out", type=FOLDER, help="Folder for the files; else exports/transcripts.")
@account_option
@click.pass_obj
def export(
    workspace: Workbench,
    call_ids: tuple[str, ...],
    form: str,
    out: Path | None,
    account: str | None,
) -> None:
    """Write the transcripts of CALL_IDS, or of every call, by speaker; private words are shown."""
    written = workspace.of_account(account or "").export_transcripts(*call_ids, out=out, form=form)
    where = f" in {written[0].parent}" if written else ""
    click.echo(f"{plural(len(written), 'transcript')}{where}")


@transcripts.command("correct")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--call", "call_id", help="The call's id, if the file does not name it.")
@click.pass_obj
def correct(workspace: Workbench, file: Path, call_id: str | None) -> None:
    """Read back an exported FILE that you corrected; your words replace the transcript's."""
    say(workspace.correct_transcripts(file, call_id=call_id))
