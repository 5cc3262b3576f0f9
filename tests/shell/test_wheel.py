"""The built wheel is enough: notebooks and sample come with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from scripts import check_release
from tests.conftest import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    folder = tmp_path_factory.mktemp("built")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    (wheel,) = folder.glob("calltrack_nb-*.whl")
    return wheel


@pytest.fixture(scope="module")
def calltrack(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a new environment, and return its command.

    The dependencies are lent from this environment; the package itself is the wheel's.
    """
    folder = tmp_path_factory.mktemp("wheel")
    venv.create(folder / "env", with_pip=False, symlinks=True)
    python = folder / "env" / "bin" / "python"
    home = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    subprocess.run([*install, "--no-deps", str(wheel)], check=True, capture_output=True)
    (Path(home) / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "env" / "bin" / "calltrack"


def test_the_wheel_carries_nothing_derived(wheel: Path) -> None:
    """The sample comes as it is kept: no tables, no transcripts, no secret key."""
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if "/shipped/sample/" in name}
    tracked = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "data/sample"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert {name.partition("/sample/")[2] for name in shipped} <= {
        name.removeprefix("data/sample/") for name in tracked
    }


def test_the_wheel_lacks_nothing(wheel: Path) -> None:
    """Every tracked file of the package, every notebook and the sample come, and no other file."""
    held = check_release.names_in(wheel)
    due = check_release.of_wheel()
    assert check_release.missing_or_more(held, "the wheel", due) == []
    (lost,) = check_release.missing_or_more(held - {"calltrack_nb/py.typed"}, "the wheel", due)
    assert lost == "the wheel lacks calltrack_nb/py.typed"
    (more,) = check_release.missing_or_more(held | {"calltrack_nb/secret"}, "the wheel", due)
    assert "calltrack_nb/secret" in more


def test_the_wheel_carries_notebooks_as_they_are_written(wheel: Path) -> None:
    """Every notebook comes, and none with figures of the sample in it."""
    with zipfile.ZipFile(wheel) as archive:
        carried = {
            name.rpartition("/")[2]: json.loads(archive.read(name))
            for name in archive.namelist()
            if name.endswith(".ipynb")
        }
    assert set(carried) == {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert not [
        name
        for name, notebook in carried.items()
        if any(cell.get("outputs") for cell in notebook["cells"])
    ]


def test_the_wheel_carries_no_tools(wheel: Path) -> None:
    """Only the package and its metadata: no simulators, tests or benchmarks."""
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert tops == {"calltrack_nb", f"{wheel.stem.removesuffix('-py3-none-any')}.dist-info"}


def test_a_report_runs_from_the_wheel_alone(calltrack: Path, tmp_path: Path) -> None:
    """Outside the checkout, init --sample and one report work from what the wheel carries."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    environment["JUPYTER_PATH"] = str(Path(sys.prefix) / "share" / "jupyter")  # lent as well
    where = subprocess.run(
        [calltrack.parent / "python", "-c", "import calltrack_nb; print(calltrack_nb.__file__)"],
        cwd=tmp_path,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert str(calltrack.parent.parent) in where

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [calltrack, *arguments],
            cwd=tmp_path,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
        )

    made = run("init", "--sample", "shop")
    assert made.returncode == 0, made.stderr
    recordings = sorted((tmp_path / "shop" / "data" / "recordings").glob("*.mp3"))
    assert len(recordings) > 40
    for path in recordings[3:]:  # three real transcriptions prove it as well as sixty
        path.unlink()
    ran = run("report", "campaign_effectiveness", "--workspace", "shop", "--period", "2026-08")
    assert ran.returncode == 0, ran.stderr
    assert "3 recordings transcribed" in ran.stdout
    assert list((tmp_path / "shop" / "reports").glob("campaign_effectiveness*.html"))
