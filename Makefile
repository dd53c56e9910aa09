# Python 3.11 to 3.14 with venv and pip, make, and a package index are all that is assumed.
#   make run    the baseline: table on the screen, report in a folder under runs/
#   make test   the whole test suite
#   make quick  the part of it that needs no long run: layers, files, rules, golden numbers
#   make site   the documentation, searchable, in site/
#   make venv   only prepares .venv, with everything (all extras); a second call does nothing

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

# A user's settings for other projects would put packages elsewhere, or take those found elsewhere for installed ones.
unexport PYTHONPATH PYTHONHOME PIP_TARGET PIP_PREFIX PIP_ROOT PIP_PYTHON PIP_REQUIRE_HASHES PIP_NO_DEPS PIP_CONSTRAINT
export PIP_USER := 0

# Caches stay in the checkout, so that nothing depends on a home directory.
export MPLCONFIGDIR := $(CURDIR)/.cache/matplotlib
export NUMBA_CACHE_DIR ?= $(CURDIR)/.cache/numba

# Two goals at once would install into the same .venv.
.NOTPARALLEL:
.PHONY: run test quick venv site lint format golden page words docs regenerate lock clean
.DELETE_ON_ERROR:

run: $(VENV)/.ready-to-run
	@$(BIN)/python -m experiments.engine.compile_ahead
	$(BIN)/python run.py scenarios/baseline.yaml

# Two processes with a file each at a time: what the tests of a file share is computed once.
test: $(VENV)/.ready-to-test
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

# Under a minute where the kernels were compiled before, so that it is run often; what else there is, `make test` runs.
QUICK := architecture data scenario scenario_broken scenario_schema batch_file policy_file help locks agents engine_rules \
  engine_randomness kernel_rules property_rules comparison results drivers validation_checks golden
quick: $(VENV)/.ready-to-test
	$(BIN)/python -m pytest -m 'not slow and not browser' $(QUICK:%=tests/test_%.py)

venv: $(VENV)/.ready-to-test

lint: $(VENV)/.ready-to-test
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

format: $(VENV)/.ready-to-test
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

# Writes the golden numbers anew; look at the difference before committing it, and note it in CHANGELOG.md.
golden: $(VENV)/.ready-to-test
	$(BIN)/python -m pytest tests/test_golden.py --update-golden

# The documentation as a site in site/, tutorials run; `run.py view` serves it under Help.
site: $(VENV)/.ready-to-test
	@$(BIN)/python -m experiments.engine.compile_ahead
	@echo 'running the tutorials, writing the pages: a minute'
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	@echo 'written: site/index.html'

# Makes anew all that derives from the model: golden numbers, tables of the ODD document, what the page opens on, worked
# experiments with their figures, the tables of docs/validation.md. What is finished is kept, so that after an interrupt
# the same command goes on; at the end it says which files moved. About an hour on two cores.
regenerate: golden docs page
	$(BIN)/python -m views.docs.worked
	$(BIN)/python run.py validate --out runs/validation --quiet
	$(BIN)/python -m views.validation.docs runs/validation
	$(BIN)/python -m experiments.forecast.campaign
	$(BIN)/python -m views.forecast.docs
	@git --no-pager diff --stat -- tests docs views || true

# Computes anew what the page opens on: the baseline's first replications, and why, for the presets.
page: $(VENV)/.ready-to-test
	$(BIN)/python -m views.page.stored_baseline
	$(BIN)/python -m views.page.waterfall

# Brings the Chinese catalogue up to date with what the code says, and tells what has no Chinese yet.
words: $(VENV)/.ready-to-test
	$(BIN)/python -m views.words.catalogue

# Writes the tables of docs/odd.md anew from the code's declarations.
docs: $(VENV)/.ready-to-run
	$(BIN)/python -m views.docs.odd

# Absent too where it is a link to a Python that is gone: nothing of that environment is of use then.
$(BIN)/python:
	@"$(PYTHON)" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' || \
	  { echo 'Python 3.11 to 3.14 is needed. Name one: make PYTHON=/path/to/python3.11 ...' >&2; exit 2; }
	"$(PYTHON)" -m venv --clear $(VENV)

# $(call install,SET): what the lock of that name holds, and this project. Something that stopped half-way may have left
# an environment without pip.
define install
	@$(PIP) --version >/dev/null 2>&1 || "$(PYTHON)" -m venv --clear $(VENV)
	$(PIP) install --quiet --require-hashes -r requirements/$(1).txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
endef

$(VENV)/.ready-to-run: setup.cfg requirements/run.txt $(BIN)/python
	$(call install,run)
	@touch $@

$(VENV)/.ready-to-test: setup.cfg requirements/all.txt $(BIN)/python
	$(call install,all)
	@touch $(VENV)/.ready-to-run $@

# Named one by one: locked as "all", the project would be one of its own dependencies.
EXTRAS := test analysis cluster discovery page notebook site

# For maintainers: pins anew what setup.cfg names, for the oldest Python allowed and all newer ones, on every system.
# Needs uv, which asks the index of its own configuration (UV_DEFAULT_INDEX); the locks name none.
lock:
	@for set in run all; do \
	  extra=; test $$set = run || extra='$(EXTRAS:%=--extra %)'; \
	  UV_CUSTOM_COMPILE_COMMAND='make lock' uv pip compile --quiet --universal --python-version 3.11 \
	    --generate-hashes --no-strip-extras $$extra \
	    --output-file requirements/$$set.txt setup.cfg requirements/build.in || exit 1; \
	done

clean:
	rm -rf .cache build site *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
	find agents model experiments views tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
