# Everything is run from here. `make help` prints the lines below that have two hashes.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= python3.11
export PYTHON
# Browser tests use the machine's own Chromium.
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD = 1
PY := .venv/bin/python
SERVICES := filing equipment personnel attendance enforcement
# What has to be typed and clean: the code, without its tests.
PACKAGES := $(wildcard services/*/[a-z]*/__init__.py gateway/gateway/__init__.py)
TYPED := $(filter-out %/tests,$(patsubst %/__init__.py,%,$(PACKAGES))) $(wildcard deploy/local deploy/demo)

.PHONY: help setup run test lint format lock contract parked screenshots new-migration bench-locks bench-papers bench-portal bench-positions bench-positions-stored bench-board bench-enforcement report-spoofing clean

help: ## print this
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

setup: ## make .venv from requirements.lock (run, test and lint do it by themselves)
	@sh deploy/local/setup.sh

run: setup ## run the whole system on this machine; Ctrl-C stops it, the data stay
	@exec $(PY) -m deploy.local.run

test: setup ## all tests; T=path or T="path -k word" for some of one package
	@$(PY) -m $(if $(T),pytest $(T),deploy.local.test)

lint: setup ## ruff, its formatting, mypy
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy $(TYPED)

format: setup ## let ruff lay out and mend what it can
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

lock: setup ## pin requirements.in, and all that it needs, into requirements.lock
	@CUSTOM_COMPILE_COMMAND="make lock" $(PY) -m piptools compile --quiet --allow-unsafe --strip-extras \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file requirements.lock requirements.in

contract: setup ## write contract/ of every service anew from its schemas
	@for service in $(SERVICES); do $(PY) -m $$service contract || exit 1; done

parked: setup ## messages that could not be handled, of the running system; S=filing A="show ID" (mend, replay) for more
	@$(PY) -m deploy.local.parked "$(S)" $(A)

new-migration: setup ## the next numbered migration of a service: S=filing M="what it does"
	@$(PY) -m deploy.local.new_migration "$(S)" "$(M)"

bench-locks: setup ## 50 users submit notices that lock machines; prints JSON
	@$(PY) -m tests.bench.locks

bench-portal: setup ## lists, search, inbox and figures over a full register and a tenth of it; prints JSON (A="--applications 50000" for a short one)
	@$(PY) -m tests.bench.portal $(A)

bench-positions: setup ## positions from the phones to the day's minutes; prints JSON
	@$(PY) -m tests.bench.positions

bench-positions-stored: setup ## what a position costs when 10 and 100 million are stored (needs 20 GB of disk); prints JSON (A="--rows 1000000,10000000" for a short one)
	@$(PY) -m tests.bench.stored $(A)

bench-board: setup ## the duty board and a person's month, over a province of people on duty; prints JSON
	@$(PY) -m tests.bench.board

bench-enforcement: setup ## lists, figures, map and the overdue sweep over a million findings; prints JSON (A="--findings 100000" for a short one)
	@$(PY) -m tests.bench.enforcement $(A)

report-spoofing: setup ## the corpus of false positions: what is noticed and who is accused wrongly, by kind; prints JSON
	@$(PY) -m services.attendance.tests.corpus.report

bench-papers: setup ## what PDF cost: forms, whole applications with their attachments; prints JSON
	@$(PY) -m tests.bench.papers

screenshots: setup ## pictures of the main pages of the demo province, into docs/pictures
	@$(PY) -m deploy.local.screenshots

clean: setup ## stop what a killed run left behind, forget all data (.run) and caches; .venv stays
	@$(PY) -m deploy.local.clean
