# `make serve` and `make test` need Python 3.11+ and make, nothing else. The steps are in citynet/setup.py.
PYTHON ?= python3
SETUP = @$(PYTHON) -m citynet.setup

.PHONY: help serve test lint soak words lock stop clean

help:  ## Show these commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

serve:  ## Serve the registry at http://127.0.0.1:8000 (PORT=… for another)
	$(SETUP) serve

test:  ## Run the linters, the tests and the browser tests
	$(SETUP) test

lint:  ## Run ruff and mypy alone
	$(SETUP) lint

soak:  ## Run the long tests (pytest -m soak)
	$(SETUP) soak

words:  ## Bring locale/*.po to what code and templates say, and name what is not translated
	$(SETUP) words

lock:  ## Lock the newest requirements with their hashes, and the npm packages
	$(SETUP) lock

stop:  ## Stop the site and the embedded PostgreSQL
	$(SETUP) stop

clean:  ## Remove all that can be made again; the registry's data in var/ stays
	$(SETUP) clean
