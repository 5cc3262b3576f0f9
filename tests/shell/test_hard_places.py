"""Folders that can only be read, disks that are full, consoles that lack letters."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from calltrack_nb.errors import WorkspaceError
from calltrack_nb.workspace import importing
from tests.shell.conftest import write_log

READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
COMMANDS = """
import sys
from calltrack_nb.cli import main
folder, out = sys.argv[1:]
for command in (
    ["quarantine"], ["forget", "+14045550101", "--dry-run"],
    ["ring-back", "--out", out + "/ring-back.csv"], ["import"], ["ring-back"],
    ["forget", "+14045550101", "--yes"], ["report", "clients"],
):
    try:
        main([*command, "-w", folder])
        status = 0
    except SystemExit as stop:
        status = stop.code or 0
    print("##", *command[:1], status, flush=True)
"""


@pytest.fixture
def shop(workspace):
    """A workspace with two calls, and an export that is not imported yet."""
    log = write_log(workspace.raw / "a.csv", ["a.mp3", "b.mp3"])
    importing.import_files(workspace, [log])
    write_log(workspace.raw / "b.csv", ["c.mp3", "d.mp3", "e.mp3"])
    return workspace


@pytest.fixture
def read_only(shop) -> Callable[[list[str]], subprocess.CompletedProcess[str]]:
    """Run a command where the workspace can only be read, also by root."""
    if os.geteuid():
        for path in (shop.folder, *shop.folder.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        prefix: list[str] = []
    else:
        prefix = ["unshare", "-m", "sh", "-c", READ_ONLY, str(shop.folder)]
        tried = shutil.which("unshare") and subprocess.run([*prefix, "true"], check=False)
        if not tried or tried.returncode:
            pytest.skip("root may write everywhere here, and nothing can be mounted")
    return lambda command: subprocess.run(
        [*prefix, *command], check=False, capture_output=True, text=True
    )


def state_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "lock"
    }


def test_a_workspace_that_can_only_be_read_answers_and_refuses_in_a_line(shop, read_only, tmp_path):
    """Reading commands work, those that write say why not, and nothing is changed."""
    before = state_of(shop.folder)
    done = read_only([sys.executable, "-c", COMMANDS, str(shop.folder), str(tmp_path)])
    for path in (shop.folder, *shop.folder.rglob("*")):
        path.chmod(0o755)
    statuses = [line.split()[-1] for line in done.stdout.splitlines() if line.startswith("##")]
    assert statuses == ["0", "0", "0", "1", "1", "1", "1"], done.stderr
    assert "Traceback" not in done.stderr
    assert "is read-only" in done.stderr
    assert "--out FOLDER" in done.stderr
    assert (tmp_path / "ring-back.csv").is_file()
    assert state_of(shop.folder) == before


def test_a_full_disk_is_said_and_keeps_what_was(shop):
    """No file may grow beyond some bytes: the import breaks off, and goes through later."""
    calls, imports = shop.calls(), shop.table("imports")
    whole = resource.getrlimit(resource.RLIMIT_FSIZE)
    for most in (100, 4_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, whole[1]))
        try:
            with pytest.raises(WorkspaceError, match=r"cannot be written.*File too large"):
                importing.import_files(shop, [shop.raw / "b.csv"])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, whole)
        assert shop.calls().equals(calls)
        assert shop.table("imports").equals(imports)
    report = importing.import_files(shop, [shop.raw / "b.csv"])
    assert report.problems == ()
    assert len(shop.calls()) == 3  # two of them were in the first export


def test_odd_consoles(shop):
    """Nobody's home, a console of ASCII and one that takes nothing end in no traceback."""
    rows = [path.read_text() for path in shop.raw.glob("b.csv")]
    (shop.raw / "b.csv").write_text(rows[0].replace("Google Ads", "Zoë \x1b[2J", 1) + "x,y\n")
    places = {key: value for key, value in os.environ.items() if not key.startswith("XDG")}
    places.pop("HOME", None)
    command = [sys.executable, "-m", "calltrack_nb.cli", "import", "-w", str(shop.folder)]
    said = subprocess.run(
        command, check=False, capture_output=True, env=places | {"PYTHONIOENCODING": "ascii"}
    )
    assert b"Traceback" not in said.stderr
    assert said.stdout.isascii()
    assert b"\x1b" not in said.stdout + said.stderr
    with Path("/dev/full").open("w") as full:
        command[-3] = "quarantine"
        said = subprocess.run(command, check=False, stdout=full, stderr=subprocess.PIPE, env=places)
    assert said.returncode == 1
    assert said.stderr.decode().splitlines() == [
        "calltrack: No space left on device. Completed work is saved."
    ]
