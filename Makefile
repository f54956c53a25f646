# make run and make test need nothing before them but Python 3.11 and make; the rest is installed on first use.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup run test spark-test coverage lint format docs bench lock mutants clean

# A module path or a user installation from outside would make the environment ours only in part.
unexport PYTHONPATH PYTHONHOME PIP_USER PIP_TARGET PIP_PREFIX VIRTUAL_ENV

BIN := .venv/bin
PIP_FLAGS := -qq --no-input --disable-pip-version-check --root-user-action=ignore

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS=$$'\t' read -r name text; do printf 'make %-9s %s\n' "$$name" "$$text"; done

setup: .venv/.ready ## install what the lock file names into .venv
	@:

# The demonstration stays on this machine, so its accounts are spared the one-time code.
run: export TUODI_TWO_FACTOR := optional
run: .venv/.ready ## settle real cases of all five documents, explain one; then a city to sign in to, with a month of bills
	@$(BIN)/tuodi demo
	@$(BIN)/tuodi migrate
	@$(BIN)/tuodi city
	@$(BIN)/tuodi serve --work $(if $(PORT),--port $(PORT))

test: .venv/.ready ## everything that must hold: lint, all quick tests, the coverage gate
	@$(MAKE) --no-print-directory lint
	@echo 'test: pytest on all cores, with branch coverage'
	@$(BIN)/python -m pytest -m 'not slow' -n auto --dist worksteal --cov=tuodi
	@$(MAKE) --no-print-directory coverage

spark-test: .venv-spark/.ready ## the batch on a Spark cluster of two workers, started and ended here; slow, needs Java 17
	@.venv-spark/bin/python -c 'import pyspark, pandas' # or the tests would be left out
	@.venv-spark/bin/python -m pytest tests/batch/test_spark.py

lint: .venv/.ready ## style, types and walls
	@echo 'lint: ruff'
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --quiet --diff
	@echo 'lint: mypy --strict'
	@$(BIN)/mypy
	@echo 'lint: import walls'
	@$(BIN)/lint-imports --no-logo

format: .venv/.ready ## let ruff lay out the code
	@$(BIN)/ruff check --quiet --fix; $(BIN)/ruff format

# The rooms that decide about money.
EXACT := src/tuodi/core/*,src/tuodi/language/*,src/tuodi/engine/*,src/tuodi/ledger/*

coverage: ## core, language, engine and ledger at 100 % of lines and branches, by the last test run
	@echo 'coverage: 100 % of core, language, engine, ledger'
	@$(BIN)/coverage report --include='$(EXACT)' --fail-under=100

docs: .venv/.ready ## write what is generated: schema, catalogue of messages, pages of the policies
	@$(BIN)/python -m tests.generate

bench: .venv-bench/.ready ## speed of engine and batch, beside others; some minutes, SHORT=1 for a short one
	@.venv-bench/bin/python -m bench $(if $(SHORT),short)

mutants: .venv/.ready ## mutation score of core and engine; slow
	@$(BIN)/mutmut run && $(BIN)/mutmut results

lock: ## renew the lock files from pyproject.toml; needs uv
	@for lock in dev:requirements bench:requirements-bench spark,spark-test:requirements-spark; do \
	  echo "lock: $${lock#*:}.lock"; extras=$${lock%%:*}; \
	  uv pip compile pyproject.toml --quiet --upgrade --extra $${extras//,/ --extra } --universal --python-version 3.11 \
	    --generate-hashes --no-strip-extras --no-emit-index-url --no-header --output-file "$${lock#*:}.lock"; \
	done

clean: ## remove environments and caches
	@rm -rf .venv .venv-bench .venv-spark .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache mutants .coverage build

# One environment for work, one for comparisons, one for a cluster (1.5 GB). Each is renewed when its lock file or the
# package's frame changes.
.venv/.ready: requirements.lock pyproject.toml
	@$(call install,.venv,requirements.lock)

.venv-bench/.ready: requirements-bench.lock pyproject.toml
	@$(call install,.venv-bench,requirements-bench.lock)

.venv-spark/.ready: requirements-spark.lock pyproject.toml
	@$(call install,.venv-spark,requirements-spark.lock)

# $(call install,FOLDER,LOCK): an environment with exactly what the lock file names, and this package, editable.
# The build tool comes first: what has no wheel (pyspark) is built with it, and with nothing that has no hash.
# Its modules are compiled here, so that the commands start quickly also where Python may not write beside its sources.
define install
python=$$(.ci/python) || exit 1; \
if ! $(1)/bin/python -c 'import pip' 2>/dev/null; then echo "setup: $(1) with $$python"; "$$python" -m venv --clear $(1); fi; \
echo 'setup: packages of $(2), each checked against its hash'; \
$(1)/bin/python -m pip install $(PIP_FLAGS) --require-hashes -r <(awk '/^[a-z]/ {tool = /^setuptools==/} tool' $(2)); \
$(1)/bin/python -m pip install $(PIP_FLAGS) --require-hashes --no-build-isolation --use-pep517 -r $(2); \
$(1)/bin/python -m pip install $(PIP_FLAGS) --no-index --no-deps --no-build-isolation -e .; \
$(1)/bin/python -m compileall -q src/tuodi; \
touch $@
endef
