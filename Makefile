# Every recipe works on a fresh machine with Python 3.11 or newer; environments are made once, by stamp files.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

JOBS ?= 2
PYTEST_ARGS ?=
BENCH_ARGS ?=
# The first interpreter that starts and is new enough: a name on the PATH may be a broken shim.
PYTHON ?= $(shell for python in python3.11 python3 python3.12 python3.13; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)

VENV := .venv
BENCH_VENV := .venv-bench
# Libraries that are raced against and want dependencies of their own.
PEERS_VENV := .venv-peers
# -qq: errors only. One -q still prints pip's remarks about every package index it looks into.
PIP_INSTALL := -m pip install -qq -c constraints.txt
SYSTEM_PACKAGES := postgresql redis-server ffmpeg espeak-ng chromium
SOURCES := .ci $(wildcard src tests benchmarks docs examples)

.PHONY: help demo test check types bench docs system constraints clean

help:  ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do \
		printf '  make %-12s %s\n' "$$name" "$$text"; done

demo: $(VENV)/.deep  ## install the package and see recommendations with reasons in a synthetic world
	@$(VENV)/bin/ml demo

test: $(VENV)/.dev system  ## run the tests, with a real PostgreSQL and Redis (PYTEST_ARGS=… is passed on)
	@$(VENV)/bin/python -m pytest -q -n $(JOBS) --dist loadfile --no-loadscope-reorder --benchmark-skip $(PYTEST_ARGS)

check: $(VENV)/.dev  ## lint, formatting, types, the direction of imports, the documentation
	@$(VENV)/bin/ruff check --quiet --output-format concise $(SOURCES)
	@$(VENV)/bin/ruff format --check --quiet $(SOURCES) || { echo "run: $(VENV)/bin/ruff format $(SOURCES)"; exit 1; }
	@$(VENV)/bin/lint-imports --no-cache --no-logo
	@$(MAKE) --no-print-directory --jobs=2 types docs

# Types and pages take most of the time of a check, each one core of it.
types: $(VENV)/.dev
	@$(VENV)/bin/mypy --no-error-summary

docs: $(VENV)/.dev  ## build the documentation into docs/_build/html; a warning is an error
	@$(VENV)/bin/python -m sphinx -q -W --keep-going -E -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

bench: $(BENCH_VENV)/.bench $(PEERS_VENV)/.peers  ## measure, and write the table of docs/benchmarks.md (BENCH_ARGS="import_time --quick")
	@$(BENCH_VENV)/bin/python -m benchmarks $(BENCH_ARGS)

system:  ## install PostgreSQL, Redis, ffmpeg, espeak-ng and Chromium for the tests, where they are missing and we are root
	@missing=(); \
	for package in $(SYSTEM_PACKAGES); do dpkg -s "$$package" >/dev/null 2>&1 || missing+=("$$package"); done; \
	if [ $${#missing[@]} -eq 0 ]; then exit 0; fi; \
	if [ "$$(id -u)" -ne 0 ]; then \
		echo "tests of what is missing are skipped; to run them: sudo apt-get install -y $${missing[*]}"; exit 0; fi; \
	export DEBIAN_FRONTEND=noninteractive; \
	apt-get update -qq </dev/null; \
	apt-get install -y -qq --no-install-recommends "$${missing[@]}" </dev/null >/dev/null

constraints:  ## resolve every dependency anew and pin the result in constraints.txt
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	$(PYTHON) -m venv "$$folder/venv"; \
	"$$folder/venv/bin/python" -m pip install -qq --upgrade pip setuptools; \
	"$$folder/venv/bin/python" -m pip install -qq -c <(grep '^torch==' constraints.txt) \
		-e '.[all]' --group test --group check --group docs --group bench; \
	"$$folder/venv/bin/python" -m pip freeze --all --exclude-editable | sed -E 's/\+cpu$$//' > "$$folder/pins"; \
	$(PYTHON) -m venv "$$folder/peers"; \
	"$$folder/peers/bin/python" -m pip install -qq -c "$$folder/pins" --upgrade pip setuptools --group peers; \
	"$$folder/peers/bin/python" -m pip freeze --all >> "$$folder/pins"; \
	{ sed -n '/^#/p' constraints.txt; LC_ALL=C sort -fu "$$folder/pins"; } > "$$folder/constraints.txt"; \
	cp "$$folder/constraints.txt" constraints.txt

clean:  ## remove environments, caches and built pages
	@rm -rf $(VENV) $(BENCH_VENV) $(PEERS_VENV) docs/_build docs/reference/generated .mypy_cache .ruff_cache .benchmarks build dist
	@find src tests benchmarks docs examples -name __pycache__ -type d -prune -exec rm -rf {} +

# $(1) is the folder of the environment.
define make_venv
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed: apt-get install -y python3 python3-venv"; exit 1; }
	@[ -x $(1)/bin/python ] || $(PYTHON) -m venv $(1) \
		|| { rm -rf $(1); echo "venv is missing: apt-get install -y python3-venv"; exit 1; }
	@$(1)/bin/python $(PIP_INSTALL) --upgrade pip
endef

$(VENV)/.deep: pyproject.toml constraints.txt
	$(call make_venv,$(VENV))
	@$(VENV)/bin/python $(PIP_INSTALL) -e '.[deep]'
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt
	$(call make_venv,$(VENV))
	@$(VENV)/bin/python $(PIP_INSTALL) -e '.[all]' --group test --group check --group docs
	@touch $@ $(VENV)/.deep

$(BENCH_VENV)/.bench: pyproject.toml constraints.txt
	$(call make_venv,$(BENCH_VENV))
	@$(BENCH_VENV)/bin/python $(PIP_INSTALL) -e '.[all]' --group bench
	@touch $@

$(PEERS_VENV)/.peers: pyproject.toml constraints.txt
	$(call make_venv,$(PEERS_VENV))
	@$(PEERS_VENV)/bin/python $(PIP_INSTALL) --group peers
	@touch $@
