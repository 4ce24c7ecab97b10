# The front door. Each target does the set-up it needs; the work itself is in .ci/.
.DEFAULT_GOAL := help
SHELL := bash
.PHONY: help run test check fmt dev e2e bench bindings services stop-services clean-services setup clean
MAKEFLAGS += --no-print-directory

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## install what is missing, build, open the window on demo data (without a display: a table)
	@.ci/start

test: ## everything: checks, all tests on real services, the real window
	@.ci/test

check: ## format, lints, types, spelling, licences
	@.ci/check

fmt: ## put all sources into the agreed format
	@.ci/setup build
	@cargo fmt --all
	@cd ui && npm run --silent format

dev: ## the window on demo data, with the UI reloading as you edit it
	@.ci/dev

e2e: ## only the test of the real window; screenshots in artifacts/e2e
	@.ci/setup test
	@source .ci/lib.sh && ui_build && cargo_build_everything
	@.ci/e2e

bench: ## records per second from the broker to the store, beside the raw limit of this machine
	@.ci/bench

bindings: ## rewrite ui/src/bindings.ts from the Rust commands and events
	@PICKET_UPDATE_BINDINGS=1 cargo test --locked --workspace --lib bindings

services: ## start Kafka, PostgreSQL and Redis for tests by hand, and print how to reach them
	@.ci/setup test
	@tests/services/services start
	@tests/services/services env

stop-services: ## stop them, keep their data
	@tests/services/services stop

clean-services: ## stop them and delete their data
	@tests/services/services reset

setup: ## only install what building and testing need
	@.ci/setup test

clean: clean-services ## delete everything that was built or downloaded here
	@cargo clean
	@rm -rf ui/dist ui/node_modules .services .tools artifacts gen
