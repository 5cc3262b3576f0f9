"""Install the workbench into the environment whose Python runs this, without what it never uses.

``make`` calls it; by hand: ``python scripts/install.py -c constraints.txt -e .`` What is given is
given on to ``uv pip install``, for pip can neither leave out what a package asks for nor choose a
build of PyTorch. Where pip is told where packages come from, uv is told the same.

``TORCH`` in the environment chooses the build of PyTorch: ``cpu``; ``auto`` or a version of CUDA
such as ``cu130`` for a GPU; ``index`` for what the package index has, which on Linux usually is
CUDA's and gigabytes. Without it: ``index`` where pip is told of another source of packages than
its own, else ``cpu``, and ``index`` where PyTorch's own index cannot be reached.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent

LEFT_OUT: Final = {
    "triton": "1 GB of kernels for GPUs, which openai-whisper asks for on every Linux",
    "sentence-transformers": "with transformers 200 MB; the package of MiniLM's weights asks for "
    "it, but 90 lines of ours read them",
}
"""What packages ask for and nothing here imports, with the reason."""

_SOURCES: Final = {
    "index-url": "--index",
    "extra-index-url": "--index",
    "find-links": "--find-links",
    "no-index": "--no-index",
}
_OPTIONS: Final = {**_SOURCES, "trusted-host": "--allow-insecure-host", "constraint": "-c"}
_VARIABLES: Final = {
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
}


def pip_settings(listed: str) -> dict[str, str]:
    """Read what ``pip config list`` prints.

    Parameters
    ----------
    listed : str
        Lines such as ``global.timeout='60'``.

    Returns
    -------
    dict of str to str
        By name of the setting, what holds for ``pip install``: the environment before the
        section ``install`` before ``global``, as pip has it.
    """
    found: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in listed.splitlines():
        key, _, value = line.partition("=")
        section, _, name = key.rpartition(".")
        if section in found:
            found[section][name] = ast.literal_eval(value)
    return {**found["global"], **found["install"], **found[":env:"]}


def as_uv_takes_them(settings: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """Return pip's settings as uv's options and as variables of its environment."""
    options: list[str] = []
    for name, option in _OPTIONS.items():
        values = settings.get(name, "").split()
        if name == "no-index":
            options += [option] if values and values[0].lower() in ("1", "true", "yes") else []
        else:
            options += [word for value in values for word in (option, value)]
    if "index-url" in settings:
        options += ["--default-index", settings["index-url"]]
    if "extra-index-url" in settings:  # pip takes the best version of all, uv the first index's
        options += ["--index-strategy", "unsafe-best-match"]
    return options, {_VARIABLES[name]: settings[name] for name in _VARIABLES if name in settings}


def builds_to_try(settings: Mapping[str, str], torch: str) -> list[str]:
    """Return the builds of PyTorch to ask for, in order, until one can be had."""
    if torch:
        return [torch]
    return ["index"] if any(settings.get(name) for name in _SOURCES) else ["cpu", "index"]


def left_out(torch: str) -> list[str]:
    """Return what is left out beside a build of PyTorch; a GPU may use Triton's kernels."""
    return [name for name in LEFT_OUT if name != "triton" or torch in ("cpu", "index")]


def main(arguments: Sequence[str]) -> int:
    """Install what is asked for, say what it takes, and return the exit status.

    Parameters
    ----------
    arguments : sequence of str
        What ``uv pip install`` is to be given.
    """
    began = time.monotonic()
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    if importlib.util.find_spec("uv") is None:
        pinned = ["--quiet", "-c", str(ROOT / "constraints.txt"), "uv"]
        if subprocess.run([*pip, "install", *pinned], check=False).returncode:
            print(
                f"uv cannot be had, which leaves out {' and '.join(LEFT_OUT)}. pip installs the "
                f"same with them: {sys.executable} -m pip install {' '.join(arguments)}"
            )
            return 1
    listed = subprocess.run([*pip, "config", "list"], check=True, capture_output=True, text=True)
    settings = pip_settings(listed.stdout)
    if settings.get("extra-index-url"):
        # Of one version pip takes the best file of all indexes, uv one of the first index that
        # has the version: let that be the whole index and not one that holds a few files.
        helped = subprocess.run(
            [*pip, "install", "--help"], check=True, capture_output=True, text=True
        )
        if own := re.search(r"--index-url <url>.*?\(default\s+(\S+)\)", helped.stdout, re.DOTALL):
            settings = {"index-url": own[1], **settings}
    status = 0
    for build in builds_to_try(settings, os.environ.get("TORCH", "")):
        without = left_out(build)
        if status:
            print("That failed. Taking PyTorch as the package index has it: several GB on Linux.")
        print(f"Installing, PyTorch: {build}, without {', '.join(without)} …", flush=True)
        status = _install(arguments, settings, build, without)
        if status == 0:
            weight = sum(path.lstat().st_size for path in Path(sys.prefix).rglob("*")) / 1e9
            minutes = (time.monotonic() - began) / 60
            print(f"… in {minutes:.1f} minutes; {sys.prefix} takes {weight:.1f} GB.")
            break
    return status


def _install(
    arguments: Sequence[str], settings: Mapping[str, str], build: str, without: Sequence[str]
) -> int:
    options, variables = as_uv_takes_them(settings)
    if build != "index":
        options += ["--torch-backend", build]
    with tempfile.TemporaryDirectory() as folder:
        excluded = Path(folder) / "left-out.txt"
        excluded.write_text("\n".join(without), encoding="utf-8")
        uv = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", sys.executable]
        return subprocess.run(
            [*uv, *options, "--excludes", str(excluded), *arguments],
            env={**os.environ, **variables},
            check=False,
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
