# The commands of ContractorHub. `make help` lists them; people and CI run the same ones.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

PYTHON ?= $(shell python3 -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && echo python3 || command -v python3.11 || echo python3)
VENV := .venv
PY := $(VENV)/bin/python
UV := $(VENV)/bin/uv
export PYTHONUNBUFFERED := 1
LOCK := $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock"
INSTALL := bash scripts/install.sh $(VENV)
# Both cores; a machine with more may say WORKERS=auto.
WORKERS ?= 2
TESTS := $(PY) -m pytest

.PHONY: help run test test-sqlite test-postgres setup fast lint format types rooms migrations-check bench load faults drill slow messages docs lock backup restore sbom licences audit mutation release smoke pictures ci clean

help: ## List these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-17s %s\n", $$1, $$2}'

# --- Installing: a stamp file says what is installed, so that later starts do not ask again -------------------
$(VENV)/.uv: requirements-uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11) and "ContractorHub needs Python 3.11; name one with PYTHON=python3.11 (this is %d.%d)." % sys.version_info[:2])'
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@echo "Installing the installer ..."
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null
	@$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements-uv.txt
	@touch $@

$(VENV)/.runtime: requirements.txt | $(VENV)/.uv
	@echo "Installing what ContractorHub needs ..."
	@$(INSTALL) requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(VENV)/.uv
	@echo "Installing what tests and checks need ..."
	@$(INSTALL) requirements-dev.txt
	@touch $@ $(VENV)/.runtime

# --- Running ---------------------------------------------------------------------------------------------------
run: $(VENV)/.runtime ## Run everything: database, broker, web, workers, clock, mailbox (PORT=8000 DATA_DIR=var)
	@exec $(PY) manage.py hub

setup: $(VENV)/.dev ## Install what running, testing and checking need

# --- Testing ---------------------------------------------------------------------------------------------------
test: $(VENV)/.dev ## Run the whole suite on SQLite, then the database's tests on PostgreSQL
	@$(PY) -m tests.services.whole_suite --workers $(WORKERS)

fast: $(VENV)/.dev ## Run the tests that need no database
	@$(TESTS) -q tests/unit tests/architecture

slow: $(VENV)/.dev $(VENV)-load/.installed ## Run the long tier
	@$(TESTS) -q -m slow

faults: $(VENV)/.dev ## Cause every fault and print one JSON line each
	@$(PY) -m tests.faults.run_all

drill: $(VENV)/.dev ## Rehearse every disaster and print what users saw (DRILL_PEOPLE=200)
	@$(PY) -m tests.faults.run_drills

# --- Checking --------------------------------------------------------------------------------------------------
lint: $(VENV)/.dev ## Check style, templates and spelling
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/djlint --quiet --lint contractorhub projects notifications
	@git ls-files -z | xargs -0 $(VENV)/bin/codespell
	@$(PY) scripts/licences.py >/dev/null || { $(PY) scripts/licences.py | grep REFUSED >&2; exit 1; }

format: $(VENV)/.dev ## Put style in order
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

types: $(VENV)/.dev ## Check types, strictly
	@$(VENV)/bin/mypy contractorhub projects notifications

rooms: $(VENV)/.dev ## Check that every import runs downwards
	@$(VENV)/bin/lint-imports

migrations-check: $(VENV)/.dev ## Check that the migrations tell all of the models
	@DATA_DIR=$$(mktemp -d) $(PY) manage.py makemigrations --check --dry-run

bench: $(VENV)/.dev ## Measure one part: NAME=delivery|estimate|reports|imports|lock|portal|scale
	@test -n "$(NAME)" || { echo "Say which: make bench NAME=delivery|estimate|reports|imports|lock|portal|scale" >&2; exit 2; }
	@$(PY) -m bench.$(NAME) $(ARGS)

load: $(VENV)-load/.installed ## Let everybody come at once, 100,000 contractors in PostgreSQL (ARGS="--seconds 120 --portal 50")
	@$(PY) -m bench.load $(VENV)-load/bin/locust $(ARGS)

# Beside the product's packages: locust brings a web framework of its own.
$(VENV)-load/.installed: requirements-load.txt | $(VENV)/.dev
	@$(UV) venv -q --python $(PY) $(VENV)-load
	@$(UV) pip install -q --python $(VENV)-load/bin/python --require-hashes -r requirements-load.txt
	@touch $@

messages: $(VENV)/.dev ## Collect what contractors read and compile the translations
	@$(PY) scripts/messages.py

docs: $(VENV)/.dev ## Build the documentation into site/
	@$(VENV)/bin/mkdocs build --strict --quiet

smoke: $(VENV)/.dev ## Start everything in a scratch folder, walk the thread in a browser, stop it, look for what is left
	@$(PY) scripts/smoke.py

pictures: $(VENV)/.dev ## Take the README's pictures from the demo, into docs/images
	@$(PY) scripts/smoke.py --pictures docs/images

ci: lint types rooms migrations-check docs test smoke ## What CI runs

licences: $(VENV)/.runtime ## List the licence of every runtime package; fail for one nobody has said yes to
	@$(PY) scripts/licences.py

audit: $(VENV)-audit/.installed ## Look for unexplained findings in the code and known holes in the lock (exit 3: not looked up)
	@$(VENV)-audit/bin/python scripts/audit.py

# Tools of the audit have their own place: nothing of them is in what runs or tests the product.
$(VENV)-audit/.installed: requirements-audit.txt | $(VENV)/.uv
	@$(UV) venv -q --python $(PY) $(VENV)-audit
	@$(UV) pip install -q --python $(VENV)-audit/bin/python --require-hashes -r requirements-audit.txt
	@touch $@

mutation: $(VENV)-mutation/.installed ## Ask whether tests notice small changes of the pure rooms: ROOM=domain|returns|writers|imports|impact (SAMPLE=200)
	@$(VENV)-mutation/bin/python scripts/mutation.py $(if $(SAMPLE),--sample $(SAMPLE)) $(ROOM)

# Beside the product's packages, so that the tests run, but with nothing added to them.
$(VENV)-mutation/.installed: requirements-mutation.txt | $(VENV)/.dev
	@$(UV) venv -q --python $(PY) $(VENV)-mutation
	@$(UV) pip install -q --python $(VENV)-mutation/bin/python --require-hashes -r requirements-mutation.txt
	@$(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))' > $$(echo $(VENV)-mutation/lib/python3.11/site-packages)/product.pth
	@touch $@

# --- Supplying -------------------------------------------------------------------------------------------------
lock: $(VENV)/.uv ## Turn requirements*.in into hash-locked requirements*.txt (UPGRADE=--upgrade takes newer releases)
	@$(LOCK) $(UPGRADE) requirements-uv.in -o requirements-uv.txt
	@$(LOCK) $(UPGRADE) requirements.in -o requirements.txt
	@$(LOCK) $(UPGRADE) -c requirements.txt requirements-dev.in -o requirements-dev.txt
	@$(LOCK) $(UPGRADE) requirements-audit.in -o requirements-audit.txt
	@$(LOCK) $(UPGRADE) requirements-mutation.in -o requirements-mutation.txt
	@$(LOCK) $(UPGRADE) requirements-load.in -o requirements-load.txt

backup: $(VENV)/.runtime ## Write database and papers into one file: TO=backup.tar
	@test -n "$(TO)" || { echo "Say where: make backup TO=FILE" >&2; exit 2; }
	@$(PY) manage.py backup --output $(TO)

restore: $(VENV)/.runtime ## Put a backup into an empty place: FROM=backup.tar DATA_DIR=new-folder
	@test -n "$(FROM)" || { echo "Say what: make restore FROM=FILE" >&2; exit 2; }
	@$(PY) manage.py restore $(FROM)

sbom: $(VENV)/.dev ## Write the bill of materials of the runtime lock to build/sbom.json
	@mkdir -p build
	@$(VENV)/bin/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --of JSON -o build/sbom.json requirements.txt
	@echo build/sbom.json

DIST ?= dist
release: ## Write dist/contractorhub-VERSION.tar.gz from the last commit, always the same bytes, its hash, and with SIGNING_KEY its signature
	@mkdir -p $(DIST)
	@version=$$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml); name=contractorhub-$$version; \
	  git archive --format=tar --prefix=$$name/ HEAD | gzip -n -9 > $(DIST)/$$name.tar.gz; \
	  cd $(DIST) && sha256sum $$name.tar.gz | tee $$name.tar.gz.sha256; \
	  if [ -n "$(SIGNING_KEY)" ]; then rm -f $$name.tar.gz.sig; ssh-keygen -q -Y sign -f "$(SIGNING_KEY)" -n contractorhub-release $$name.tar.gz; fi

clean: ## Remove what can be made again; the data folder stays
	@rm -rf $(VENV) $(VENV)-audit $(VENV)-mutation $(VENV)-load build dist site .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
