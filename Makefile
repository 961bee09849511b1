# `make run` needs Python 3.11 or newer with its venv module, and make; nothing else.
# A stamp in .venv marks what is installed, so nothing is installed twice.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
UNREACHED := echo "The packages could not be installed; the lines above say why. Is there a network? Then run make again."; exit 1
UV := .tools/bin/uv
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --no-emit-build-options --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help run test coverage check style types layers texts parity spelling fmt bench picture translations ledger lock clean
.DELETE_ON_ERROR:

help: ## Show what can be made
	@grep -E '^[a-z]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

run: .venv/installed ## Start the bot with its sample community, and print its address
	@$(BIN)/connections run $(ARGS)

test: .venv/installed-dev ## Bring what the tests need (PostgreSQL, a browser) and run them all
	@$(BIN)/python -m scripts.test_needs
	@$(BIN)/pytest -n 2 --dist loadfile $(ARGS)

coverage: .venv/installed-dev ## Run the tests and show the lines and branches they never reach
	@$(BIN)/python -m scripts.test_needs
	@$(BIN)/pytest -n 2 --dist loadfile --cov --cov-report=term $(ARGS)

check: style types layers texts parity spelling ## Check style, types, layers, translations and spelling (-k: all of them)

style: .venv/installed-dev
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet

types: .venv/installed-dev
	$(BIN)/mypy

layers: .venv/installed-dev
	$(BIN)/lint-imports --no-logo

texts: .venv/installed-dev
	$(BIN)/python -m scripts.translations check

parity: .venv/installed-dev
	$(BIN)/python -m scripts.parity check

spelling: .venv/installed-dev
	$(BIN)/codespell

fmt: .venv/installed-dev ## Format the code and mend what can be mended by itself
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: .venv/installed-dev ## Measure beside the rivals, and write docs/performance.md (about fifteen minutes, on a quiet machine)
	@$(BIN)/python -m scripts.test_needs
	@$(BIN)/python -m benchmarks

picture: .venv/installed-dev ## Take the README's picture anew, from the browser test
	@$(BIN)/pytest -q "tests/e2e/test_conversations.py::test_conversation[ask-en]"
	@mkdir -p docs/images && cp build/screenshots/ask-en.png docs/images/chat.png

translations: .venv/installed-dev ## Bring the texts of the code into the catalogs to translate
	$(BIN)/python -m scripts.translations update

ledger: .venv/installed-dev ## Write docs/parity.md anew from what the adapters can do
	$(BIN)/python -m scripts.parity update

lock: $(UV) ## Pin every dependency at its newest version, with hashes
	$(LOCK) --upgrade --group build pyproject.toml -o requirements.txt
	$(LOCK) --upgrade --group build --group dev pyproject.toml -c requirements.txt -o requirements-dev.txt
	$(LOCK) --upgrade --no-deps --group postgres -o requirements-postgres.txt

clean: ## Remove everything that make has made (the community's data stays)
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage htmlcov dist
	find bot adapters storage schedules scripts tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed, and there is no '$(PYTHON)' here. Install it, or name yours: make run PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; '$(PYTHON)' is $$($(PYTHON) -V 2>&1). Name a newer one: make run PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/installed: requirements.txt pyproject.toml | .venv/bin/python
	@echo "Installing what the bot needs into .venv (once; a minute or two) ..."
	@$(PIP) install --quiet --require-hashes -r requirements.txt || { $(UNREACHED); }
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/installed-dev: requirements-dev.txt pyproject.toml | .venv/bin/python
	@echo "Installing what the bot and its developers need into .venv (once; a minute or two) ..."
	@$(PIP) install --quiet --require-hashes -r requirements-dev.txt || { $(UNREACHED); }
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch .venv/installed $@

$(UV):
	@$(PYTHON) -m venv .tools
	@.tools/bin/pip install --quiet --disable-pip-version-check uv
