# Every target makes the virtual environment it needs first; `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
q ?= who handles backups under GL8 5.1(c)?
PIP := $(BIN)/pip --quiet --disable-pip-version-check install --require-hashes

.DEFAULT_GOAL := help
.PHONY: help ask run test check lint types corpus golden bench clients e2e playground lock clean

help: ## Show what each target does
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/run: requirements.txt pyproject.toml
	@echo "Setting up .venv (once) …" >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Clausebot needs Python 3.11 or newer; name one with: make PYTHON=python3.11 …")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) -r requirements.txt
	@$(BIN)/pip --quiet --disable-pip-version-check install --no-deps --no-build-isolation --no-index -e .
	@touch $@

# Compiled here, because an environment that keeps Python from writing bytecode would compile at every start.
.venv/compiled: .venv/run $(wildcard bot/*.py bot/*/*.py corpus/*.py retrieval/*.py)
	@$(BIN)/python -m compileall -q bot corpus retrieval
	@touch $@

.venv/dev: .venv/run requirements-dev.txt requirements-schemas.txt
	@echo "Adding what the tests need (once) …" >&2
	@$(PIP) -r requirements-dev.txt
	@$(PIP) --no-deps -r requirements-schemas.txt
	@touch $@

.venv/bench: .venv/dev requirements-bench.txt
	@echo "Adding the peers that the benchmarks run beside Clausebot (once) …" >&2
	@$(PIP) -r requirements-bench.txt
	@touch $@

# The playground and the tests in a browser are programs of others, which come without what they would run to install.
CLIENTS := tests/e2e/node_modules/.package-lock.json
$(CLIENTS): tests/e2e/package-lock.json
	@command -v npm >/dev/null || { echo "Node.js with npm is needed: apt-get install nodejs npm" >&2; exit 1; }
	@echo "Fetching Microsoft's playground and renderer (once) …" >&2
	@npm ci --prefix tests/e2e --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

clients: $(CLIENTS) ## Fetch what the tests take from Microsoft: playground, renderer, schema

export q
ask: .venv/compiled ## Answer one question: make ask q="who handles backups under GL8 5.1(c)?"
	@$(BIN)/clausebot ask -- "$$q"

run: .venv/compiled ## Start the service: pages and API on http://127.0.0.1:3000, Slack and Teams when they are set up
	@$(BIN)/clausebot serve

test: .venv/dev ## Run every test
	@$(BIN)/python -m pytest

lint: .venv/dev ## Lint and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: .venv/dev ## Strict types of corpus, retrieval and bot
	@$(BIN)/mypy

corpus: .venv/run ## Check the guides' packs (and their source, where it is attached)
	@$(BIN)/clausebot corpus check

check: lint types corpus test ## Lint, types, corpus and tests

golden: .venv/dev ## Write the golden files and the table of settings anew, to be read in the diff
	@$(BIN)/python -m pytest -q --golden-update tests

eval: .venv/dev ## Ask the gold questions; fails under the floors
	@$(BIN)/python -m bench questions

bench: .venv/bench ## Measure: cold start, retrieval, scale, a review, answers a second in Slack
	@$(BIN)/python -m bench all

e2e: .venv/dev $(CLIENTS) ## Try Teams and the pages in a real browser, and reviewed files in LibreOffice
	@command -v chromium >/dev/null || { echo "Chromium is needed: apt-get install chromium" >&2; exit 1; }
	@command -v soffice >/dev/null || { echo "LibreOffice is needed: apt-get install libreoffice-calc libreoffice-writer" >&2; exit 1; }
	@command -v pdftotext >/dev/null || { echo "pdftotext is needed: apt-get install poppler-utils" >&2; exit 1; }
	@$(BIN)/python -m pytest tests/e2e

playground: .venv/compiled $(CLIENTS) ## Try Teams on this machine: the service, and Microsoft's playground before it
	@PYTHONPATH=tests $(BIN)/python -m e2e.develop

lock: ## Pin every dependency anew, with hashes (needs uv)
	@for extras in ":requirements" "--extra dev:requirements-dev" "--extra dev --extra bench:requirements-bench"; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade --no-header --no-annotate \
	    --no-emit-index-url --no-emit-find-links pyproject.toml requirements.in $${extras%%:*} -o $${extras##*:}.txt; done

clean: ## Remove the virtual environment and caches
	@rm -rf .venv build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis \
	  tests/e2e/node_modules tests/e2e/artefacts
