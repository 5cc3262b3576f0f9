# calltrack_nb: every target installs what it needs into .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := scripts/install.py -c constraints.txt
# the build of PyTorch: cpu, or for a GPU auto or cu130; scripts/install.py says what else
export TORCH

.DEFAULT_GOAL := help
.PHONY: help setup reports test coverage lowest release-check lint docs lab bench notebooks sample clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/installed ## install everything the workbench needs into .venv

reports: $(VENV)/installed ## run the whole job on the sample shop and write reports/index.html
	$(BIN)/calltrack report --all --workspace data/sample --out reports --audio

test: $(VENV)/installed-tests browser ## run every test
	$(BIN)/python -m pytest -n 2 --dist loadfile

coverage: $(VENV)/installed-tests browser ## run every test and print the share of lines they run
	$(BIN)/python -m coverage run --source=calltrack_nb -m pytest
	$(BIN)/python -m coverage report --format=total

# torch stays at the version tested: its older builds are gigabytes; warnings are no errors here, since
# an old release warns of what its own dependencies have deprecated since
lowest: ## run the quick tests on the lowest versions that pyproject.toml states
	$(PYTHON) -m venv .venv-lowest
	grep '^torch==' constraints.txt > .venv-lowest/torch.txt
	.venv-lowest/bin/python scripts/install.py -r .venv-lowest/torch.txt
	.venv-lowest/bin/python scripts/install.py \
	  --resolution lowest-direct --override .venv-lowest/torch.txt -e '.[test]'
	.venv-lowest/bin/python -m pytest -m 'not slow' -W default

# PYTHONS="python3.11 python3.13" tries it on each of these
release-check: $(VENV)/installed-tests ## build wheel and sdist, try them outside the checkout
	$(BIN)/python scripts/check_release.py $(PYTHONS)

lint: $(VENV)/installed-tests ## check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/installed-tests ## build the documentation, strictly, into build/docs
	$(BIN)/python -m sphinx -q -W --keep-going docs build/docs
	@echo $(CURDIR)/build/docs/index.html

lab: $(VENV)/installed ## open JupyterLab on the notebooks
	$(BIN)/jupyter lab --notebook-dir notebooks

bench: $(VENV)/installed-bench ## print every benchmark table, the peers beside
	$(BIN)/python -m benchmarks all

notebooks: $(VENV)/installed-tests ## run the committed notebooks again and keep their outputs
	$(BIN)/python scripts/execute_notebooks.py

sample: $(VENV)/installed-tests ## make data/sample again from its seed (needs flite)
	$(BIN)/python scripts/make_sample.py

clean: ## remove what was made: tables, transcripts, reports; the environment stays
	rm -rf data/sample/data/tables data/sample/data/transcripts data/sample/data/themes data/sample/data/embeddings data/sample/.calltrack
	find reports -mindepth 1 ! -name README.md -delete

# The report tests open a real browser; where it is missing and cannot be installed, they say so.
.PHONY: browser
browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || \
	  { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; } || \
	  echo "No Chromium found: install it to run the browser tests."

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "calltrack_nb needs Python 3.11 or newer: make PYTHON=python3.11 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml constraints.txt scripts/install.py | $(VENV)/bin/python
	$(BIN)/python $(INSTALL) -e .
	@touch $@

$(VENV)/installed-tests: $(VENV)/installed
	$(BIN)/python $(INSTALL) -e '.[test,docs]'
	@touch $@

$(VENV)/installed-bench: $(VENV)/installed
	$(BIN)/python $(INSTALL) -e '.[bench]'
	@touch $@
