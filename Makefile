# Python 3.11 or newer with venv and pip, make, and a package index are all that is assumed.
#   make run    the baseline: table on the screen, report in a folder under runs/
#   make test   the whole test suite
#   make venv   only prepares .venv, with everything (all extras); a second call does nothing

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# One lock per line of Python versions: mesa has no version for all of them.
LOCK = $$($(BIN)/python -c 'import sys; print("py311" if sys.version_info < (3, 12) else "py312")')

# Caches stay in the checkout, so that nothing depends on a home directory.
export MPLCONFIGDIR := $(CURDIR)/.cache/matplotlib
export NUMBA_CACHE_DIR ?= $(CURDIR)/.cache/numba

.PHONY: run test venv lint format golden page docs lock clean
.DELETE_ON_ERROR:

run: $(VENV)/.ready-to-run
	@$(BIN)/python -m experiments.compile_ahead
	$(BIN)/python run.py scenarios/baseline.yaml

test: $(VENV)/.ready-to-test
	$(BIN)/python -m pytest

venv: $(VENV)/.ready-to-test

lint: $(VENV)/.ready-to-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.ready-to-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Writes the golden numbers anew; look at the difference before committing it, and note it in CHANGELOG.md.
golden: $(VENV)/.ready-to-test
	$(BIN)/python -m pytest tests/test_golden.py --update-golden

# Computes anew what the page opens on: the baseline's first replications, and why, for the presets.
page: $(VENV)/.ready-to-test
	$(BIN)/python -m views.page.stored_baseline
	$(BIN)/python -m views.page.waterfall

# Writes the tables of docs/odd.md anew from the code's declarations.
docs: $(VENV)/.ready-to-run
	$(BIN)/python -m views.odd

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'Python 3.11 or newer is needed. Name one: make PYTHON=/path/to/python3.11 ...' >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready-to-run: setup.cfg requirements/run-py311.txt requirements/run-py312.txt | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements/run-$(LOCK).txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.ready-to-test: setup.cfg requirements/all-py311.txt requirements/all-py312.txt | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements/all-$(LOCK).txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $(VENV)/.ready-to-run $@

# Named one by one: locked as "all", the project would be one of its own dependencies.
EXTRAS := test analysis cluster discovery page

# For maintainers: pins anew what setup.cfg names. Needs pip-tools, in each line of Python versions once:
#   make lock PYTHON=python3.11    and    make lock PYTHON=python3.12
lock:
	@for set in run all; do \
	  line=$$($(PYTHON) -c 'import sys; print("py311" if sys.version_info < (3, 12) else "py312")'); \
	  extra=; test $$set = run || extra='$(EXTRAS:%=--extra %)'; \
	  CUSTOM_COMPILE_COMMAND='make lock' $(PYTHON) -m piptools compile --quiet --generate-hashes --allow-unsafe \
	    --no-strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options $$extra \
	    --output-file requirements/$$set-$$line.txt setup.cfg requirements/build.in || exit 1; \
	done

clean:
	rm -rf .cache build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
	find agents model experiments views tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
