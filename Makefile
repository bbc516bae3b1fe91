# One command to set up, one to test; `.ci/run` runs the same ones. `make help` lists them.
#
# Nothing here needs root, and nothing is written outside this folder except the caches of pip and Prefect.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PYTEST := $(BIN)/pytest

# A browser for the tests of the web page; they are left out without one, except in CI, where that is a failure.
CHROMIUM ?= $(firstword $(foreach name,chromium chromium-browser google-chrome,$(shell command -v $(name) 2>/dev/null)))
export CHROMIUM

ifeq ($(CI)$(CHROMIUM),)
SHORT := not full and not browser
else
SHORT := not full
endif

# One process a core, a file of tests in one of them; in the order of the folders, of which the first take longest.
SIDE_BY_SIDE := -n auto --dist loadfile --no-loadscope-reorder

# How long `make chaos` is, on each database.
DELIVERIES ?= 10000
KILLS      ?= 200

# Prefect asks home for nothing.
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help install demo run up test test-full chaos lint format quality bench accuracy pictures wheel lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(VENV)/.runtime  ## what Sectorwatch needs, into .venv

demo: $(VENV)/.runtime  ## the whole pipeline on the bundled sample newsroom, without internet
	$(BIN)/sectorwatch demo

run: $(VENV)/.runtime  ## one live cycle over sectorwatch.toml
	$(BIN)/sectorwatch apply sectorwatch.toml
	$(BIN)/sectorwatch run

up: $(VENV)/.runtime  ## Prefect server, schedules and worker on this machine, until Ctrl-C
	$(BIN)/sectorwatch up

test: $(VENV)/.dev  ## the tests, without the long ones
ifeq ($(CI)$(CHROMIUM),)
	@echo "No Chromium found: the browser tests are left out (set CHROMIUM=/path/to/chromium to run them)."
endif
	$(PYTEST) -m "$(SHORT)" $(SIDE_BY_SIDE)

test-full: $(VENV)/.dev  ## the long tests that 'make test' leaves out
	$(PYTEST) -m full $(SIDE_BY_SIDE)

chaos: $(VENV)/.dev  ## 10,000 deliveries, 200 kills and a receiver in bad weather, on both databases; some 15 minutes
	CHAOS_DELIVERIES=$(DELIVERIES) CHAOS_KILLS=$(KILLS) $(PYTEST) -s tests/crashes/test_chaos.py

lint: $(VENV)/.dev  ## style, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev  ## lets ruff put the style right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

quality: $(VENV)/.dev  ## how well detection and extraction do, beside their floors
	$(PYTEST) -s tests/quality

bench: $(VENV)/.dev  ## every figure beside a peer, in one run
	$(BIN)/python -m benchmarks

accuracy: $(VENV)/.dev  ## writes docs/accuracy.md anew
	$(BIN)/python -m tests.quality.accuracy

pictures: $(VENV)/.dev  ## takes the pictures of the README anew, from the demo
	$(BIN)/python docs/pictures/take.py

wheel: $(VENV)/.dev  ## builds dist/sectorwatch-*.whl
	$(BIN)/python -m build --wheel --no-isolation

# The development lock is made on top of the runtime lock: what both name has the same version.
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
           --no-header --no-emit-index-url --no-emit-find-links
lock: $(BIN)/uv  ## makes both locks anew from pyproject.toml (add UPGRADE=--upgrade for the newest versions)
	$(COMPILE) $(UPGRADE) pyproject.toml -o requirements.lock
	$(COMPILE) $(UPGRADE) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

clean:  ## removes the environment and everything built; data in var/ stays
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .grimp_cache

# ------------------------------------------------------------------------------------------------ the environment
# The stamps say which lock is installed, so that a second `make` starts at once. pip checks every hash. The project
# itself is installed editable: a change of the code needs no new install, a change of pyproject.toml does.
# A lock is its own constraints file too: pip before 23.3 looks for "sqlalchemy[asyncio]", which Prefect asks for, without
# regard to the pin of "sqlalchemy", finds a newer one, and has no hash for it.

PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Sectorwatch needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1 | head -n 1)." >&2; \
	  echo "Name another one: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(BIN)/uv: | $(BIN)/python  # only for `make lock`, so in no lock itself
	$(PIP) uv

$(VENV)/.runtime: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing Sectorwatch into $(VENV) (once; a minute or two)"
	$(PIP) --require-hashes -r requirements.lock -c requirements.lock
	$(PIP) --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "Installing Sectorwatch and what its tests need into $(VENV) (once; two minutes or so)"
	$(PIP) --require-hashes -r requirements-dev.lock -c requirements-dev.lock
	$(PIP) --no-deps --editable .
	@touch $@ $(VENV)/.runtime
