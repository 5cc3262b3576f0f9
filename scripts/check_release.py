"""Build the wheel and the sdist, and try the wheel in empty environments outside the checkout.

``make release-check`` runs it. The wheel is built from the sdist, so that both are whole; each must
hold every tracked file it should and no other. Then, on each Python that is named and with the
newest and the lowest versions of all dependencies, the sample shop's reports are made. PyTorch
stays at the version tested: its other builds may be gigabytes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
import zipfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
_RECORDINGS: Final = 6
"""So many of the sample's are kept: they prove it as well as sixty."""


def main() -> int:
    """Build, look into what was built, try it; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pythons", nargs="*", default=[sys.executable], help="to try it on")
    pythons = parser.parse_args().pythons
    with tempfile.TemporaryDirectory(prefix="calltrack-release-") as place:
        folder = Path(place)
        sdist, wheel = build(folder)
        problems = [*missing_or_more(names_in(sdist), "the sdist", of_sdist())]
        problems += missing_or_more(names_in(wheel), "the wheel", of_wheel())
        for python in pythons:
            for versions in ("highest", "lowest-direct"):
                began = time.monotonic()
                said = try_it(wheel, python, versions, folder / "try")
                minutes = (time.monotonic() - began) / 60
                print(
                    f"{python}, {versions}: {said or 'passed'} ({minutes:.1f} minutes)", flush=True
                )
                problems += [f"{python}, {versions}: {said}"] * bool(said)
                shutil.rmtree(folder / "try")
    print("\n".join(problems) or f"calltrack-nb {PROJECT['version']} can be released.")
    return int(bool(problems))


def build(folder: Path) -> tuple[Path, Path]:
    """Build the sdist, and the wheel from it; return their paths."""
    subprocess.run([sys.executable, "-m", "build", "--outdir", folder, ROOT], check=True)
    (sdist,) = folder.glob("calltrack_nb-*.tar.gz")
    (wheel,) = folder.glob("calltrack_nb-*.whl")
    return sdist, wheel


def tracked(*places: str) -> set[str]:
    """Return the files of the checkout that git knows, below some places."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--", *places],
        check=True,
        capture_output=True,
        text=True,
    )
    return set(listed.stdout.split("\0")) - {""}


def of_sdist() -> set[str]:
    """Return what the sdist must hold: what the wheel is built from."""
    places = ("calltrack_nb", "notebooks", "data/sample", "README.md", "LICENSE", "pyproject.toml")
    return tracked(*places, "scripts/build_hook.py")


def of_wheel() -> set[str]:
    """Return what the wheel must hold: the package, and with it the notebooks and the sample."""
    shipped = "calltrack_nb/shipped"
    kept = tracked("data/sample/calltrack.toml", "data/sample/truth.toml", "data/sample/turns.json")
    kept |= tracked("data/sample/data/raw", "data/sample/data/recordings")
    return {
        *tracked("calltrack_nb"),
        *(f"{shipped}/{name}" for name in tracked("notebooks") if name.endswith(".ipynb")),
        *(f"{shipped}/sample/{name.removeprefix('data/sample/')}" for name in kept),
    }


def names_in(built: Path) -> set[str]:
    """Return the files in an sdist or a wheel, without what every one has by itself."""
    if built.suffix == ".whl":
        with zipfile.ZipFile(built) as archive:
            names = set(archive.namelist())
        return {name for name in names if ".dist-info/" not in name}
    with tarfile.open(built) as archive:
        names = {one.name.partition("/")[2] for one in archive.getmembers() if one.isfile()}
    return names - {"PKG-INFO", ".gitignore"}


def missing_or_more(held: set[str], what: str, due: set[str]) -> list[str]:
    """Say which files are missing, and which should not be there."""
    return [
        *(f"{what} lacks {name}" for name in sorted(due - held)),
        *(f"{what} holds {name}, which git does not know" for name in sorted(held - due)),
    ]


def try_it(wheel: Path, python: str, versions: str, folder: Path) -> str:
    """Install the wheel into an empty environment and make the sample's reports there.

    Parameters
    ----------
    wheel : pathlib.Path
        What was built.
    python : str
        The interpreter's command or path.
    versions : {"highest", "lowest-direct"}
        Of what it depends on.
    folder : pathlib.Path
        A new folder for all of it.

    Returns
    -------
    str
        What went wrong; empty where nothing did.
    """
    folder.mkdir()
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PYTHON")
    }
    bin_ = folder / "env" / "bin"
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    (folder / "torch.txt").write_text(next(pin for pin in pins if pin.startswith("torch==")))
    (folder / "asked.txt").write_text("\n".join([str(wheel), *PROJECT["dependencies"]]))
    install = [bin_ / "python", ROOT / "scripts" / "install.py"]
    rest = ["--override", folder / "torch.txt", "-r", folder / "asked.txt"]
    told: list[tuple[list[object], str]] = [
        ([python, "-m", "venv", folder / "env"], ""),
        ([*install, "-r", folder / "torch.txt"], ""),  # first, or the lowest build is taken
        ([*install, "--resolution", versions, *rest], ""),
        ([bin_ / "python", "-c", "import calltrack_nb as c; print(c.__file__)"], str(folder)),
        ([bin_ / "calltrack", "--version"], PROJECT["version"]),
        ([bin_ / "calltrack", "init", "--sample", "shop"], ""),
    ]
    make = [bin_ / "calltrack", "report", "--all", "--workspace", "shop", "--out", "pages"]
    for command, expected in told:
        if wrong := _run(command, expected, folder, environment):
            return wrong
    for recording in sorted((folder / "shop" / "data" / "recordings").iterdir())[_RECORDINGS:]:
        recording.unlink()
    if wrong := _run(make, f"{_RECORDINGS} recordings transcribed", folder, environment):
        return wrong
    return "" if (folder / "pages" / "index.html").is_file() else "no index.html was made"


def _run(command: list[object], expected: str, folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode == 0 and expected in done.stdout:
        return ""
    words = " ".join(Path(str(word)).name for word in command[:3])
    return f"{words} exited with {done.returncode}: {(done.stderr or done.stdout).strip()[-2000:]}"


if __name__ == "__main__":
    sys.exit(main())
