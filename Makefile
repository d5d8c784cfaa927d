# Galena: every task of the house in one word; `make` lists them.
#
# Meson does the building, each kind of build in a folder of its own. What a task needs from
# Debian and does not find, tools/packages installs and names.

SHELL = /bin/bash
.SHELLFLAGS = -o pipefail -c

FUZZ_SECONDS = 30
WERROR = false
VERSION = $(shell sed -n "s/.*version: '\([0-9.]*\)',/\1/p" meson.build | head -1)
DIST = build/dist
SOURCES = $(wildcard src/*.c src/*/*.c)
FLAVOUR = -Dfuzz=false -Dwerror=$(WERROR)

# Thread sanitizer needs its shadow addresses free, which a fully random layout does not promise.
STEADY = $(shell setarch -R true 2>/dev/null && echo setarch -R)

.PHONY: help run build test test-build reference lint tidy format asan tsan fuzz bench dist clean

help: ## this list (the default)
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: build ## build, fill var/ with sample leads on the first run, and serve (PORT=8207)
	@PORT=$(PORT) tools/run

build: ## the release program: build/galena
	@tools/packages build
	@tools/build build --buildtype=debugoptimized -Dtests=false $(FLAVOUR)

test: ## every test; the last line counts them
	@$(MAKE) --no-print-directory test-build || { echo "0 passed, 1 failed"; exit 1; }
	@tools/test build-test

test-build:
	@tools/packages build test
	-@tools/npm tests/e2e
	@tools/build build-test --buildtype=debugoptimized -Dtests=true $(FLAVOUR)

reference: ## write docs/reference anew from the catalogue
	@tools/reference_gen.py --markdown . docs/reference

lint: build ## layout, floors, sizes, names, banned functions, stand-alone headers
	@tools/packages lint
	@tools/lint.py

tidy: ## a build with clang, and clang-tidy's bug finders
	@tools/packages build test tidy
	@CC=clang tools/build build-tidy --buildtype=debug -Dtests=false -Dfuzz=false -Dwerror=true
	@printf '%s\n' $(SOURCES) | \
		xargs -P 2 -n 4 clang-tidy -p build-tidy --quiet 2>&1 | sed '/ generated\.$$/d'

format: ## lay out every C file
	@tools/packages lint
	@tools/lint.py --format

asan: ## the whole suite under address and undefined-behaviour sanitizers
	@tools/packages build test
	-@tools/npm tests/e2e
	@tools/build build-asan --buildtype=debugoptimized -Dtests=true $(FLAVOUR) \
		-Db_sanitize=address,undefined
	@ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1 \
		UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 tools/test build-asan

tsan: ## the whole suite under the thread sanitizer
	@tools/packages build test
	-@tools/npm tests/e2e
	@$(STEADY) tools/build build-tsan --buildtype=debugoptimized -Dtests=true $(FLAVOUR) \
		-Db_sanitize=thread
	@TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1 $(STEADY) tools/test build-tsan

fuzz: ## every fuzz target for FUZZ_SECONDS=30 seconds
	@tools/packages build fuzz
	@CC=clang tools/build build-fuzz --buildtype=debugoptimized -Dtests=true -Dfuzz=true \
		-Db_sanitize=address,undefined -Db_lundef=false -- fuzz
	@tools/fuzz build-fuzz $(FUZZ_SECONDS)

bench: build ## measure the release program under load
	@tools/packages bench
	@ninja -C build --quiet tests/bench/load >/dev/null
	@tools/bench

dist: build ## source and binary tarballs with checksums in build/dist
	@tools/dist $(VERSION) $(DIST)

clean: ## remove everything built; var/ stays
	@rm -rf build build-*/
