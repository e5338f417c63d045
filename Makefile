# Vetted. `make` alone prints what there is.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
SNAPSHOT := api/openapi.yaml

.PHONY: help demo demo-clean run dev test test-fast check lint format openapi bench bench-editor prove lock screenshots phones words train-intake measure-intake measure-sources

help: ## Print the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

.venv/installed: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/installed-test: requirements-test.txt .venv/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.txt
	@touch $@

demo: .venv/installed ## Set up, take the sample articles through the whole pipeline, serve (Ctrl-C ends it)
	@exec $(MANAGE) demo

demo-clean: ## Delete the demo: its database, pictures, mail and logins in VAR_DIR
	@cd "$${VAR_DIR:-var}" 2>/dev/null && rm -rf vetted.sqlite3 vetted.sqlite3-shm vetted.sqlite3-wal media editions mail demo_logins.json || true

run: .venv/installed ## Serve what is there, without the demo's content
	@$(MANAGE) migrate --verbosity 0
	@exec $(BIN)/python -m cms.serve --worker

dev: .venv/installed ## Serve with Django's debug pages, and start again when a file changes
	@$(MANAGE) migrate --verbosity 0
	@exec env DEBUG=true $(MANAGE) runserver 127.0.0.1:$${PORT:-8000}

test-fast: .venv/installed-test ## Run chosen tests on SQLite, for example: make test-fast T=tests/review
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile $(or $(T),tests)

test: .venv/installed-test ## Run all tests: on PostgreSQL too where it answers
	@$(BIN)/python -m tests.run

check: .venv/installed-test lint test ## What CI runs: linters and contracts, then all tests

lint: .venv/installed-test ## Linters, types, contracts, migrations, deployment settings
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/mypy
	@$(BIN)/djhtml --check --tabwidth 2 templates
	@$(MANAGE) makemigrations --check --dry-run
	@SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(60))") DATABASE_URL=sqlite:///var/check.sqlite3 \
	  PUBLIC_URL=https://vetted.example ALLOWED_HOSTS=vetted.example RP_ID=vetted.example DJANGO_SETTINGS_MODULE=cms.settings.production \
	  $(MANAGE) check --deploy --fail-level WARNING
	@$(MANAGE) spectacular --settings cms.settings.delivery --validate --fail-on-warn --file /dev/null

format: .venv/installed-test ## Format Python and templates
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/djhtml --tabwidth 2 templates

openapi: .venv/installed-test ## Write the OpenAPI snapshot anew
	@$(MANAGE) spectacular --settings cms.settings.delivery --validate --fail-on-warn --file $(SNAPSHOT)

bench: .venv/installed-test ## Measure: delivery beside Wagtail's API v2, import, publishing, start
	@$(BIN)/python -m tests.bench.run

bench-editor: .venv/installed-test ## Measure: a long article in the editor beside stock Wagtail (needs Chromium)
	@$(BIN)/python -m tests.bench.editor.run

train-intake: .venv/installed-test ## Teach the models of the import anew, from their corpus
	@$(MANAGE) train_intake

measure-intake: .venv/installed-test ## Measure the import: the unseen articles, and the shared cases in every format
	@$(BIN)/python -m tests.intake.measure

measure-sources: .venv/installed-test ## Measure look-ups and printed references, with the recorded works of ../shared
	@$(BIN)/python -m tests.sources.lookup.measure

words: ## Compile the catalogue of our words for the admin
	@msgfmt --check -o cms/locale/en/LC_MESSAGES/django.mo cms/locale/en/LC_MESSAGES/django.po

prove: .venv/installed-test ## The long proofs (not part of CI)
	@PROVE=1 $(BIN)/python -m tests.run -m prove

screenshots: .venv/installed-test ## Take the documentation's screenshots anew, by the browser tests
	@SCREENSHOTS=docs/images $(BIN)/python -m pytest tests/browser -q --ignore tests/browser/test_hostile.py

phones: .venv/installed-test ## Take a picture of every page at the width of a phone, into var/phones
	@mkdir -p var/phones
	@PHONES=var/phones $(BIN)/python -m pytest tests/browser/test_accessible.py -q

lock: .venv/installed-test ## Compile the requirements anew
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url requirements.in -o requirements.txt
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url requirements-test.in -o requirements-test.txt
