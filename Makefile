# `make run` and `make test` need only Python 3.11 or later; the README gives the plain pip lines.
PYTHON ?= python3
WORKERS ?= 2
VENV := .venv
PY := $(VENV)/bin/python
NEWEST := .venv-newest
OLDEST := .venv-oldest
QUICK := not slow and not browser and not system and not long
# An editable install: only a change of what is installed asks for a new one.
INSTALL = $(PY) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable

.DEFAULT_GOAL := run
.PHONY: run test check types quick newest oldest nightly bench docs clean

run: $(VENV)/.run  ## environment, install, base case with its report
	$(PY) solve.py

test: $(VENV)/.test  ## environment, install, the whole suite but for its slow part
	$(PY) -m pytest -n $(WORKERS) --dist worksteal

check: $(VENV)/.test  ## lint, types, fast tests
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(MAKE) --no-print-directory --jobs=2 types quick

types:  ## part of check: its half minute passes while the tests run
	$(PY) -m mypy

quick:  ## part of check
	$(PY) -m pytest -m "$(QUICK)" -n $(WORKERS) --dist worksteal

newest:  ## the quick tests on the newest versions that pyproject.toml allows, in an environment of their own
	$(PYTHON) -m venv --clear $(NEWEST)
	$(NEWEST)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	$(NEWEST)/bin/python -m pip list --disable-pip-version-check
	$(NEWEST)/bin/python -m pytest -m "$(QUICK)" -n $(WORKERS) --dist worksteal

oldest:  ## the quick tests on the oldest versions of what the program needs that pyproject.toml allows
	$(PYTHON) -m venv --clear $(OLDEST)
	sed -n '/^dependencies/,/^]/s/.*"\([a-z0-9-]*\)>=\([0-9.]*\)".*/\1==\2/p' pyproject.toml > $(OLDEST)/oldest.txt
	$(OLDEST)/bin/python -m pip install --quiet --disable-pip-version-check --constraint $(OLDEST)/oldest.txt --editable '.[test]'
	$(OLDEST)/bin/python -m pip list --disable-pip-version-check
	$(OLDEST)/bin/python -m pytest -m "$(QUICK)" -n $(WORKERS) --dist worksteal

nightly: $(VENV)/.test  ## the slow part: thousands of random cases, kills, fuzzing
	$(PY) -m pytest -m slow -n $(WORKERS)

bench: $(VENV)/.bench  ## measure, print ratios
	$(PY) -m benchmarks

docs: $(VENV)/.docs  ## the documentation as a site, in build/docs
	$(PY) -m mkdocs build --strict --quiet

clean:  ## drop the environment and caches; runs stay
	rm -rf $(VENV) $(NEWEST) $(OLDEST) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(PY):
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(PY) pyproject.toml constraints.txt
	$(INSTALL) .
	$(PY) -m compileall -q model reports solve.py  # so that the first run is as quick as the next
	touch $@

$(VENV)/.test: $(PY) pyproject.toml constraints.txt
	$(INSTALL) '.[test]'
	touch $@ $(VENV)/.run

$(VENV)/.docs: $(PY) pyproject.toml constraints.txt
	$(INSTALL) '.[docs]'
	touch $@ $(VENV)/.run

$(VENV)/.bench: $(PY) pyproject.toml constraints.txt
	$(INSTALL) '.[bench]'
	touch $@ $(VENV)/.run
