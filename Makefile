# `make` alone lists what there is. Everything is set up on first use: system packages (.ci/need), then .venv.

PYTHON ?= python3
PORT   ?= 8000
SERVE  ?= yes
KIND   ?= resolution
OUT    ?= var/letter.pdf
LANGUAGE ?= en
FORMAT ?= block
PAPER  ?= a4

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test run check check-style check-imports check-templates check-deployment check-migrations \
	bench bench-letters bench-sweep bench-admin faults letter letters clockwork lock clean system interpreter

VENV := .venv
BIN  := $(VENV)/bin
# macOS drops DYLD_* on the way through a shell, so it stands before each command that may set a letter
BREW := $(if $(filter Darwin,$(shell uname -s)),DYLD_FALLBACK_LIBRARY_PATH=$(shell brew --prefix 2>/dev/null)/lib:/usr/lib)
PY   := $(BREW) $(BIN)/python
MANAGE := $(PY) manage.py

# what `manage.py check --deploy` looks at: a made-up production, so that its warnings are ours
PRODUCTION := SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))')" DEBUG=off \
	ALLOWED_HOSTS=complaints.example.com SITE_URL=https://complaints.example.com \
	DATABASE_URL=postgres://casetracker@127.0.0.1/casetracker REDIS_URL=redis://127.0.0.1/0 \
	MAIL_URL=smtp+tls://mail.example.com:587 MAIL_FROM="Customer relations <complaints@example.com>"

# the demo has rows, files and mails of its own, and never touches those of `make run`
DEMO := DATABASE_URL="sqlite:///$(CURDIR)/var/demo/demo.sqlite3" MEDIA_ROOT="$(CURDIR)/var/demo/media" \
	MAIL_URL="folder:$(CURDIR)/var/demo/mail" SITE_URL="http://127.0.0.1:$(PORT)"

help: ## List what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  PORT=8001 moves demo and run; PYTHON=python3.12 chooses the interpreter (3.11 or newer)."

demo: $(VENV)/product.stamp ## One complaint through all five stages, then the admin on loopback (SERVE=no: only the walk)
	@$(DEMO) $(MANAGE) demo --port $(PORT) $(if $(filter no,$(SERVE)),--no-serve)

# begun first, so that no core waits in the end for the last of them
SLOW := tests/faults tests/browser tests/test_production.py tests/cases/test_rights.py

test: $(VENV)/tests.stamp ## Every test over SQLite, then cases and letters once more over PostgreSQL
	@echo "Testing over SQLite ..."
	@$(PY) -m pytest -n auto --dist loadfile --no-loadscope-reorder $(SLOW) tests
	@echo "Testing cases and letters over PostgreSQL ..."
	@$(PY) -m pytest -n auto -p tests.postgresql tests/cases tests/letters tests/test_frozen.py tests/test_journey.py

run: $(VENV)/product.stamp ## Bring the database up to date and serve on loopback (PORT=)
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) runserver 127.0.0.1:$(PORT)

clockwork: $(VENV)/product.stamp ## Send letters and follow promises up, in one process, until Ctrl-C
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) clockwork

letter: $(VENV)/product.stamp ## Set one sample letter as a PDF (KIND=resolution LANGUAGE=en FORMAT=block PAPER=a4 OUT=var/letter.pdf)
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) letter "$(KIND)" --lang "$(LANGUAGE)" --format "$(FORMAT)" --paper "$(PAPER)" --out "$(OUT)"

letters: $(VENV)/product.stamp ## Set the specimen book: every letter in every language and format (var/specimens.pdf)
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) letters

check: check-style check-imports check-templates check-deployment check-migrations ## Style, imports, templates, deployment, migrations

check-style: $(VENV)/tests.stamp
	@echo "ruff ..."
	@$(BIN)/ruff check && $(BIN)/ruff format --check

check-imports: $(VENV)/tests.stamp
	@echo "Import contracts ..."
	@$(BIN)/lint-imports --no-logo

check-templates: $(VENV)/tests.stamp
	@echo "Templates ..."
	@$(BIN)/djlint templates --check --lint

check-deployment: $(VENV)/tests.stamp
	@echo "manage.py check --deploy ..."
	@$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING

check-migrations: $(VENV)/tests.stamp
	@echo "Migrations ..."
	@DATABASE_URL=sqlite://:memory: $(MANAGE) makemigrations --check --dry-run

bench: bench-letters bench-sweep ## What a letter costs, ours beside eight other ways (LETTERS=10000: the whole memory run)

bench-letters: $(VENV)/tests.stamp
	@$(MANAGE) migrate --verbosity 0
	@$(PY) -m bench.letters

faults: $(VENV)/tests.stamp ## Send letters while workers are killed, lines cut and bells lost (N=10000: the long run; SEED=)
	@$(PY) -m tests.faults.long

bench-sweep: $(VENV)/tests.stamp ## Bringing to mind with a million follow-ups (ROWS=10000000: ten), beside django-helpdesk
	@$(PY) -m bench.sweep

bench-admin: $(VENV)/tests.stamp ## What the admin's pages cost with 100,000 and a million cases, beside django-helpdesk (CASES="...")
	@$(PY) -m bench.admin

lock: ## Pin every dependency anew, with hashes, from pyproject.toml (UPGRADE=yes: the newest that fit)
	@echo "Choosing versions (about a minute) ..."
	@tool=$$(mktemp -d) && trap 'rm -rf "$$tool"' EXIT && \
	$(PYTHON) -m venv "$$tool" && "$$tool/bin/pip" install --quiet --disable-pip-version-check uv && \
	compile() { "$$tool/bin/uv" pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate \
		--no-header --python-version 3.11 $(if $(filter yes,$(UPGRADE)),--upgrade) pyproject.toml "$$@"; } && \
	compile -o requirements.txt >/dev/null && \
	compile --extra test --constraint requirements.txt -o requirements-test.txt >/dev/null
	@echo "Pinned $$(grep -c "^[a-z]" requirements.txt) packages, $$(grep -c "^[a-z]" requirements-test.txt) with the tests."

clean: ## Remove the virtual environment and all caches; var/ with its data stays
	rm -rf $(VENV) .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- setting up --------------------------------------------------------------------------------------------------------

# A new environment needs an interpreter that can make one; an existing one has it inside.
NEW := $(if $(wildcard $(BIN)/python),,yes)
LISTS := packages.txt $(if $(filter test faults bench%,$(MAKECMDGOALS)),packages-test.txt)

interpreter:
	@command -v "$(PYTHON)" >/dev/null || { \
		echo "Python 3.11 or newer is needed, and there is no $(PYTHON) here (PYTHON=... names another)." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is $$("$(PYTHON)" -V 2>&1). Name another: make PYTHON=python3.12 ..." >&2; \
		exit 1; }

system: $(if $(NEW),interpreter)
	@.ci/need $(if $(NEW),--venv "$(PYTHON)") $(LISTS)

$(BIN)/python: | system
	@echo "Making the virtual environment $(VENV) with $$("$(PYTHON)" -V) ..."
	@"$(PYTHON)" -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }

# A dot for every package that pip takes up; its errors as they are.
define install
	@echo "Installing $$(grep -c '^[a-z]' $(1)) Python packages (about a minute) ..."
	@set -o pipefail; PYTHONUNBUFFERED=1 $(BIN)/python -m pip install --disable-pip-version-check --require-hashes \
		-r $(1) | while read -r word rest; do case "$$word" in \
		Collecting) printf .;; Installing) printf ' setting up';; esac; done; \
		status=$$?; echo; exit $$status
endef

$(VENV)/product.stamp: requirements.txt $(BIN)/python
	$(call install,requirements.txt)
	@touch $@

# What tests need holds all of what the product needs, in the same versions, so both are set up.
$(VENV)/tests.stamp: requirements-test.txt $(BIN)/python
	$(call install,requirements-test.txt)
	@touch $(VENV)/product.stamp $@
