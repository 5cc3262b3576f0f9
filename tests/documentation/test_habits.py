"""What stands around the code for those who work on it agrees with the code."""

from __future__ import annotations

import tomllib

import yaml

from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def read(name: str) -> dict[str, object]:
    """Read a YAML file of the checkout."""
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_the_citation_names_this_version() -> None:
    """CITATION.cff has the version and the licence of pyproject.toml."""
    cited = read("CITATION.cff")
    assert (cited["version"], cited["license"]) == (PROJECT["version"], PROJECT["license"])


def test_every_place_runs_the_same_checks() -> None:
    """The workflow runs .ci/run, which runs make lint; each pre-commit hook is a part of it."""
    steps = read(".github/workflows/ci.yml")["jobs"]["check"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == [".ci/run"]
    assert "make lint" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    lint = makefile.partition("\nlint:")[2].partition("\n\n")[0]
    (hooks,) = (repository["hooks"] for repository in read(".pre-commit-config.yaml")["repos"])
    for hook in hooks:
        command = hook["entry"].removeprefix(".venv/bin/").removesuffix(" --force-exclude")
        assert f"$(BIN)/{command}" in lint


def test_what_is_claimed_of_pythons_is_what_is_run() -> None:
    """The classifiers name the Pythons of the workflow, the lowest of which is the lower bound."""
    run = read(".github/workflows/ci.yml")["jobs"]["check"]["strategy"]["matrix"]["python"]
    start = "Programming Language :: Python :: 3."
    claimed = [one for one in PROJECT["classifiers"] if one.startswith(start)]
    assert [f"{start}{version.removeprefix('3.')}" for version in run] == claimed
    assert PROJECT["requires-python"] == f">={run[0]}"
    said = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"Python {', '.join(run[:-1])} and {run[-1]}" in said


def test_the_templates_are_forms() -> None:
    """Each template for an issue has a name, a description and fields with labels."""
    for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"):
        form = read(path.relative_to(ROOT).as_posix())
        if path.stem == "config":
            continue
        assert form["name"], path
        assert form["description"], path
        assert all(part["attributes"] for part in form["body"]), path
