"""The files around the package agree with it and with each other."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import tomllib

import pytest
import yaml

from tests.conftest import ROOT

ASKED_FOR = (
    "jupyterlab",
    "pandas",
    "seaborn",
    "statsmodels",
    "openai-whisper",
    "scikit-learn",
    "papermill",
    "nbval",
)
# conda-forge's name for a package, where it is not PyPI's
CONDA = {
    "duckdb": "python-duckdb",
    "matplotlib": "matplotlib-base",
    "nbconvert": "nbconvert-core",
    "seaborn": "seaborn-base",
    "soundfile": "pysoundfile",
    "torch": "pytorch-cpu",
    "tzdata": "python-tzdata",
}


def split(requirement: str) -> tuple[str, str]:
    """Split a requirement into its name and its bounds."""
    match = re.fullmatch(r"([A-Za-z0-9_-]+)(.*)", requirement)
    assert match
    return match[1], match[2]


@pytest.fixture(scope="module")
def project() -> dict[str, object]:
    """Read pyproject's project table."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@pytest.fixture(scope="module")
def conda() -> dict[str, str]:
    """Read environment.yml: every dependency, pip's among them, with its bounds."""
    entries = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    flat = [
        line
        for entry in entries
        for line in (entry["pip"] if isinstance(entry, dict) else [entry])
        if not line.startswith("-e")
    ]
    return dict(split(line) for line in flat)


def test_the_conda_environment_holds_the_same_bounds(
    project: dict[str, object], conda: dict[str, str]
) -> None:
    """environment.yml asks for pyproject's dependencies, no fewer, no more, no other bounds."""
    wanted = dict(split(line) for line in project["dependencies"])
    nbval = [line for line in project["optional-dependencies"]["test"] if "nbval" in line]
    wanted |= dict(split(line) for line in nbval)
    expected = {CONDA.get(name, name): bounds for name, bounds in wanted.items()}
    assert {name: conda[name] for name in conda if name not in ("python", "pip")} == expected


@pytest.mark.parametrize("package", ASKED_FOR)
def test_what_was_asked_for_by_name_stays(
    package: str, conda: dict[str, str], project: dict[str, object]
) -> None:
    """Each package the workbench is built on by request is a dependency in both files."""
    listed = {
        split(line)[0]
        for line in (*project["dependencies"], *project["optional-dependencies"]["test"])
    }
    assert package in listed
    assert CONDA.get(package, package) in conda


def test_constraints_satisfy_the_bounds(project: dict[str, object]) -> None:
    """Every dependency is pinned in constraints.txt, within the bounds of pyproject."""
    from packaging.requirements import Requirement

    pins = dict(
        line.split("==")
        for line in (ROOT / "constraints.txt").read_text().lower().splitlines()
        if "==" in line
    )
    for line in (*project["dependencies"], *project["optional-dependencies"]["test"]):
        requirement = Requirement(line)
        name = requirement.name.lower()
        pin = pins.get(name) or pins[name.replace("-", "_")]
        assert requirement.specifier.contains(pin), line


def test_the_ways_through_the_house_are_those_of_the_code() -> None:
    """Every function that docs/architecture.md draws on a way is there."""
    text = (ROOT / "docs" / "architecture.md").read_text()
    drawn = text.partition("## The longest ways")[2].partition("\n## ")[0]
    steps = [line.strip("│├└ ") for block in drawn.split("```")[1::2] for line in block.split("\n")]
    named = [step.split()[0] for step in steps if step]
    assert len(named) > 30
    for name in named:
        module, _, function = f"calltrack_nb.{name}".rpartition(".")
        owner = ""
        if module.rpartition(".")[2][:1].isupper():  # a method of a class
            module, _, owner = module.rpartition(".")
        holder = importlib.import_module(module)
        assert callable(getattr(getattr(holder, owner) if owner else holder, function)), name


def test_the_architecture_lists_the_rooms_of_the_import_contract() -> None:
    """docs/architecture.md names every room of the contract, the lowest first."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    house, workspace = (
        [re.split(r" [|:] ", layer) for layer in contract["layers"]]
        for contract in tools["importlinter"]["contracts"][:2]
    )
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)(?:\.py|/)` \| (.+) \|$", text, re.MULTILINE))
    height = {room: -depth for depth, layer in enumerate(house) for room in layer}
    assert set(rows) == set(height)
    assert [height[room] for room in rows] == sorted(height.values())
    assert {room for layer in workspace for room in layer} <= set(
        re.findall(r"`(\w+)`", rows["workspace"])
    )


@pytest.mark.parametrize("command", ["import calltrack_nb", "from calltrack_nb.cli import main"])
def test_importing_is_light(command: str) -> None:
    """Neither the package nor its command line drags in the heavy libraries."""
    heavy = "{'pandas', 'torch', 'sklearn', 'statsmodels', 'matplotlib', 'whisper'}"
    code = f"import sys; {command}; sys.exit(', '.join({heavy} & set(sys.modules)) or None)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_opening_a_workspace_loads_no_report() -> None:
    """What draws and publishes pages is loaded when a page is made, not before."""
    heavy = "{'matplotlib', 'nbconvert', 'great_tables', 'statsmodels', 'sklearn'}"
    told = "import sys; import calltrack_nb; calltrack_nb.open; calltrack_nb.init_workspace;"
    asked = f"{told} print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
