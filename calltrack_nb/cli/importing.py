"""Commands about exports: import and preview them, list fields and rows not read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from calltrack_nb.cli.common import finish, on_terminal, opened, say, workspace_option
from calltrack_nb.errors import visible
from calltrack_nb.phrasing import number, plural

if TYPE_CHECKING:
    from calltrack_nb.providers import Preview
    from calltrack_nb.workbench import Workbench
    from calltrack_nb.workspace.importing import FileImport, ImportReport

NOT_CERTAIN = 2
"""Exit status where a file can be read in more than one way and nobody was asked."""


@click.command("import")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--provider", help="Provider of the files; detected from each file by default.")
@click.option("--dry-run", is_flag=True, help="Show how the files would be read; import nothing.")
@click.option("--again", is_flag=True, help="Read files again even if they were imported before.")
@workspace_option
def import_(
    files: tuple[Path, ...],
    provider: str | None,
    folder: Path | None,
    *,
    dry_run: bool,
    again: bool,
) -> None:
    """Import exports (CSV, XLSX, JSON); without FILES, everything new in data/raw.

    Exit status: 0 imported, 1 a file cannot be read, 2 a file needs an answer.
    """
    workspace = opened(folder)
    if dry_run:
        _preview(workspace, files, provider)
        return
    report = workspace.import_files(
        *files, provider=provider, again=again, progress=on_terminal(), ask=asks()
    )
    if report.unclear and asks():
        report = _ask(workspace, files, report)
    _finish_import(report)


def asks() -> bool:
    """Tell whether somebody sits at a terminal who can answer."""
    return sys.stdin.isatty() and on_terminal()


def _finish_import(report: ImportReport) -> None:
    for file in report.unclear:
        click.echo(visible(f"\n# {file.file}\n{file.proposal}"), err=True)
    if report.unclear and len(report.unclear) == len(report.problems):
        say(report)
        sys.exit(NOT_CERTAIN)
    finish(report)


def _preview(workspace: Workbench, files: Sequence[Path], provider: str | None) -> None:
    from calltrack_nb.workspace.pipeline import exports_in

    status = 0
    for path in files or exports_in(workspace):
        shown = workspace.preview(path, provider=provider)
        click.echo(visible(shown.text) + "\n", err=bool(shown.problem))
        status = max(status, (NOT_CERTAIN if shown.proposal else 1) if shown.problem else 0)
    if status:
        sys.exit(status)


def _ask(workspace: Workbench, files: Sequence[Path], report: ImportReport) -> ImportReport:
    """Ask on the terminal what is not certain, write it down, and import again."""
    from calltrack_nb.cli.dialogue import answered

    blocks = [
        block for file in report.unclear if (block := answered(file, _reader(workspace, file)))
    ]
    if not blocks:
        return report
    workspace.add_mappings(*blocks)
    click.echo("Your answers are saved as a [[mapping]] in calltrack.toml.")
    return workspace.import_files(*files, progress=on_terminal())


def _reader(workspace: Workbench, file: FileImport) -> Callable[[str], Preview]:
    """Return what shows how a file would be read by the mapping of a block of TOML."""
    from calltrack_nb.providers import preview_file
    from calltrack_nb.settings import parse_settings

    inside = workspace.folder / file.file
    path = inside if inside.exists() else Path(file.file)

    def read(block: str) -> Preview:
        mapping = (*parse_settings(block).mapping, *workspace.settings.mapping)
        settings = workspace.settings.model_copy(update={"mapping": mapping})
        return preview_file(path, settings)

    return read


@click.command()
@click.option("--kind", type=click.Choice(["calls", "spend"]), default="calls")
def fields(kind: str) -> None:
    """List the fields that a [[mapping]] in calltrack.toml can fill."""
    from calltrack_nb.providers import fields_of

    known = fields_of(kind)
    width = max(map(len, known))
    for name, meaning in known.items():
        click.echo(f"{name:<{width}}  {meaning}")


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write every row to this CSV file.",
)
@workspace_option
def quarantine(out: Path | None, folder: Path | None) -> None:
    """List what imports could not read, by file and reason.

    Correct the rows in the file they came from and import it again. Rows that can be read then
    leave this list.
    """
    workspace = opened(folder)
    rows = workspace.table("quarantine")
    if out:
        rows.drop(columns="import_id").to_csv(out, index=False)
        click.echo(f"{plural(len(rows), 'entry')} in {out}")
        return
    if not len(rows):
        click.echo("Every row was read.")
        return
    grouped = rows.groupby(["file", rows["column"].fillna("the row"), "reason"], sort=False)
    for (file, column, reason), group in grouped:
        numbers = group["row"].dropna().astype(int).tolist()
        places = ", ".join(map(str, numbers[:5])) + (", …" if len(numbers) > 5 else "")
        where = f" (rows {places})" if numbers else ""
        example = group["value"].dropna()
        shown = f", such as {example.iloc[0][:40]!r}" if len(example) else ""
        click.echo(visible(f"{file}: {number(len(group))}x {column}: {reason}{shown}{where}"))
