# SPDX-License-Identifier: MPL-2.0
# `make` alone lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
ARGS ?=
bin := .venv/bin
pytest := PYTHONDEVMODE=1 $(bin)/python -m pytest
export PYTHON

.PHONY: help setup setup-dev demo run test test-sqlite test-postgresql check format lint spelling types floors migrations \
	docs house pages tidy bench bench-quick mutants attacks lock

help:  ## show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## everything a new machine needs to run Arkanum
	@tools/setup.sh run

setup-dev:  ## the same, and what its builders need
	@tools/setup.sh dev

demo: setup  ## a lively practice with invented patients (ARGS="--patients 60000" for the big one)
	@$(bin)/arkanum demo $(ARGS)

run: setup  ## serve the practice in ./data (ARGS="--data DIR --port N")
	@$(bin)/arkanum serve $(ARGS)

test: test-sqlite test-postgresql  ## all tests, on SQLite and then on PostgreSQL 15

test-sqlite: setup-dev
	$(pytest) $(ARGS)

test-postgresql: setup-dev
	$(bin)/python tests/postgres.py env PYTHONDEVMODE=1 $(bin)/python -m pytest -m postgresql $(ARGS)

check: format lint spelling types floors migrations docs house  ## what CI asks before the tests; green before you push

format: setup-dev
	$(bin)/ruff format --check .

lint: setup-dev
	$(bin)/ruff check .

spelling: setup-dev
	$(bin)/codespell docs changes *.md

types: setup-dev
	$(bin)/mypy

floors: setup-dev
	$(bin)/lint-imports

migrations: setup-dev
	@folder=$$(mktemp -d) && trap "rm -r $$folder" EXIT && \
		ARKANUM_DATA=$$folder DJANGO_SETTINGS_MODULE=arkanum.storage.settings $(bin)/django-admin makemigrations --check --dry-run

docs: setup-dev
	$(bin)/python tools/render_docs.py --check
	NO_MKDOCS_2_WARNING=1 $(bin)/mkdocs build --strict --quiet

house: setup-dev
	$(bin)/python -m pytest -q tests/house

pages: setup-dev  ## write the pages of docs/ that are made from data
	$(bin)/python tools/render_docs.py

tidy: setup-dev  ## let ruff put the code in order
	$(bin)/ruff check --fix .
	$(bin)/ruff format .

bench: setup-dev  ## measure on 60,000 patients, beside a plaintext twin
	$(bin)/python -m bench $(ARGS)

bench-quick: setup-dev  ## the same on a tenth of the data
	$(bin)/python -m bench --quick $(ARGS)

mutants: setup-dev  ## do tests notice a changed line? (ARGS="'arkanum.vault.*'" for one room)
	$(bin)/mutmut run $(ARGS)
	$(bin)/mutmut results --all true | $(bin)/python tools/mutation_score.py

attacks: setup-dev  ## the forty weaknesses alone
	$(pytest) tests/attacks -v $(ARGS)

lock: setup-dev  ## pin requirements*.in again, by version and hash, without any address
	tools/lock.sh
