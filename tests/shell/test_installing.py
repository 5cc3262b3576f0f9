"""``make`` installs what is needed, from where pip is told, and nothing else."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from scripts import install
from tests.conftest import ROOT

LISTED = r"""
:env:.cert='/etc/own.pem'
:env:.find-links='/srv/wheels /srv/more'
global.extra-index-url='https://a.example/simple\nhttps://b.example/simple'
global.index-url='https://own.example'
global.find-links='/overridden'
global.no-index='false'
global.trusted-host='a.example'
download.index-url='https://not-for-install.example'
global.timeout='60'
install.find-links='/overridden too'
install.timeout='180'
install.constraint='/etc/constraints.txt'
"""


def test_uv_is_told_what_pip_is_told() -> None:
    """Sources, trust, time limits and constraints of pip's configuration reach uv, each its own."""
    options, variables = install.as_uv_takes_them(install.pip_settings(LISTED))
    assert options == [
        *("--index", "https://own.example"),  # before the others: see scripts/install.py
        *("--index", "https://a.example/simple", "--index", "https://b.example/simple"),
        *("--find-links", "/srv/wheels", "--find-links", "/srv/more"),
        *("--allow-insecure-host", "a.example", "-c", "/etc/constraints.txt"),
        *("--default-index", "https://own.example", "--index-strategy", "unsafe-best-match"),
    ]
    assert variables == {"SSL_CERT_FILE": "/etc/own.pem", "UV_HTTP_TIMEOUT": "180"}


def test_pips_own_list_is_read(tmp_path: Path) -> None:
    """What pip itself prints of its configuration is understood."""
    ours = {"PIP_INDEX_URL": "https://a.example/it's", "PIP_CONFIG_FILE": str(tmp_path / "none")}
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"],
        env=ours,
        capture_output=True,
        text=True,
        check=True,
    )
    assert install.pip_settings(listed.stdout)["index-url"] == ours["PIP_INDEX_URL"]


@pytest.mark.parametrize(
    ("settings", "asked", "builds"),
    [
        ({}, "", ["cpu", "index"]),
        ({"cert": "/etc/own.pem", "find-links": ""}, "", ["cpu", "index"]),
        ({"index-url": "https://a.example"}, "", ["index"]),
        ({"find-links": "/srv/wheels"}, "", ["index"]),
        ({"find-links": "/srv/wheels"}, "cpu", ["cpu"]),
        ({}, "cu130", ["cu130"]),
    ],
)
def test_the_build_of_pytorch(settings: dict[str, str], asked: str, builds: list[str]) -> None:
    """What is asked for is taken; else what pip's own sources have; else the CPU's."""
    assert install.builds_to_try(settings, asked) == builds


def test_a_gpu_keeps_its_kernels() -> None:
    """Triton is left out beside builds for a CPU only."""
    assert [
        build for build in ("cpu", "index", "auto", "cu130") if "triton" in install.left_out(build)
    ] == [
        "cpu",
        "index",
    ]


def test_nothing_imports_what_is_left_out() -> None:
    """No module of ours imports a package that is left out, nor is one a dependency."""
    modules = {name.replace("-", "_") for name in install.LEFT_OUT} | {"transformers"}
    for folder in ("calltrack_nb", "benchmarks", "tools", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                assert not modules & {name.partition(".")[0] for name in names}, path
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert not [
        line for line in project["dependencies"] if line.startswith(tuple(install.LEFT_OUT))
    ]


def test_without_uv_it_says_what_pip_would_take(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where uv cannot be had nothing is installed, and what to type instead is said."""
    monkeypatch.setattr(install.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(
        install.subprocess, "run", lambda *a, **k: subprocess.CompletedProcess(a, 1)
    )
    assert install.main(["-e", "."]) == 1
    assert "-m pip install -e ." in capsys.readouterr().out


def test_the_next_build_is_tried_aloud(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where PyTorch's own index gives nothing, the package index is asked, and that is said."""
    given: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        given.append(command)
        return subprocess.CompletedProcess(command, int("--torch-backend" in command), stdout="")

    monkeypatch.delenv("TORCH", raising=False)
    monkeypatch.setattr(install.importlib.util, "find_spec", lambda name: name)
    monkeypatch.setattr(install.subprocess, "run", run)
    assert install.main(["-e", "."]) == 0
    assert ["--torch-backend" in command for command in given[1:]] == [True, False]
    assert "several GB" in capsys.readouterr().out
