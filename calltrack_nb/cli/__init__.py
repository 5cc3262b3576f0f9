"""The ``calltrack`` command: reads its arguments, calls the package, prints what came of it.

Exit status 0: done. 1: something could not be done, and it is listed. 2: the command was
not understood, or a file needs an answer before it can be imported.
"""

from __future__ import annotations

import errno
import io
import logging
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

import click

from calltrack_nb import __version__
from calltrack_nb.cli.answering import audit_, export, report, ring_back_
from calltrack_nb.cli.common import InOrder
from calltrack_nb.cli.importing import fields, import_, quarantine
from calltrack_nb.cli.loading import fetch, sync, transcribe
from calltrack_nb.cli.reviewing import review_
from calltrack_nb.cli.setting_up import doctor, forget_, init
from calltrack_nb.cli.themes import themes
from calltrack_nb.cli.transcripts import transcripts
from calltrack_nb.errors import CalltrackError, visible


@click.group(cls=InOrder, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="calltrack")
def cli() -> None:
    """Call tracking with recording insights: logs and recordings in, reports out."""


for _command in (
    init,
    import_,
    quarantine,
    fields,
    sync,
    fetch,
    transcribe,
    transcripts,
    themes,
    review_,
    report,
    audit_,
    ring_back_,
    export,
    forget_,
    doctor,
):
    cli.add_command(_command)


def _print_whatever_is_said() -> None:
    """Let a console that lacks a letter show another in its place."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


class _OnErrorStream(logging.Handler):
    """Prints what the package tells on the way; standard output is for what was asked."""

    def emit(self, record: logging.LogRecord) -> None:
        click.echo(self.format(record), err=True)


def _print_what_is_told() -> None:
    logger = logging.getLogger("calltrack_nb")
    if not any(isinstance(handler, _OnErrorStream) for handler in logger.handlers):
        logger.addHandler(_OnErrorStream())
        logger.setLevel(logging.INFO)


def _stop_when_asked_to() -> None:
    """Take the signal that service managers stop a process with as Ctrl-C is taken."""
    with suppress(ValueError):  # in a thread there is no signal to take
        signal.signal(signal.SIGTERM, signal.default_int_handler)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; an error a user can mend is one line, not a traceback."""
    _print_whatever_is_said()
    _print_what_is_told()
    _stop_when_asked_to()
    try:
        cli.main(args=None if arguments is None else list(arguments), standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo(
            "Interrupted. Completed work is saved; run the command again to continue.", err=True
        )
        sys.exit(130)
    except CalltrackError as error:
        click.echo(f"calltrack: {error}", err=True)
        sys.exit(1)
    except OSError as error:  # no room on a disk, or nobody who listens
        _drop_what_is_not_printed()
        if error.errno != errno.EPIPE:
            place = f": {error.filename}" if error.filename else ""
            said = error.strerror or str(error)
            click.echo(f"calltrack: {visible(said + place)}. Completed work is saved.", err=True)
        sys.exit(1)


def _drop_what_is_not_printed() -> None:
    """Let the interpreter end without another try to print into what is full or closed."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, AttributeError):
            with suppress(OSError, ValueError, AttributeError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
