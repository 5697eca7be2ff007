# Two commands matter: `make run` and `make test`. Both do all set-up by themselves and ask nothing.

# Data of the sample household, and the copy of its home that is run: what is changed in a browser is no change of the sources.
# Git-ignored; `rm -r .lares` begins anew.
DATA_DIR ?= .lares
SAMPLE   := $(DATA_DIR)/home
HOME_DIR ?= $(or $(LARES_HOME),$(SAMPLE))
# The day that its simulated sensors live, and how fast it passes; `make run DAY=` leaves them to chance.
DAY      ?= $(if $(filter $(SAMPLE),$(HOME_DIR)),$(SAMPLE)/days/tuesday.jsonl)
SPEED    ?= 12
# Simulated devices beside the household; `make run DEMO=` leaves them out.
DEMO     ?= --demo
TARGET   := $(or $(CARGO_TARGET_DIR),target)
LARES    := $(TARGET)/release/lares
# Recordings, corpora and the harness that measures other systems too.
SHARED   := $(or $(LARES_SHARED),../shared)

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench peers graph drill clean

help: ## this list
	@echo "Lares: a household as a mesh of supervised actors."
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo "  HOME_DIR=DIR   another home folder for make run (now: $(HOME_DIR))"
	@echo "  DATA_DIR=DIR   another data folder for make run (now: $(DATA_DIR))"
	@echo "  DEMO=          make run without simulated devices"
	@echo "  SPEED=60       how fast the sample home's recorded day passes (now: $(SPEED))"
	@echo "  DAY=FILE       another recorded day; DAY= leaves the simulated devices to chance"

setup: ## install what building and testing need (apt, a Python environment under target/)
	@tests/setup.sh test

# To try things out; as a service it is `lares run` (docs/operations.md).
run: ## build, then run a home with its own broker and simulated devices
	@tests/setup.sh run
	@# Together: each by itself would have other features of what both are made of, and all of that would be built twice.
	cargo build --release --package lares $$(pkg-config --exists alsa 2>/dev/null && echo --package lares-sound)
	@test "$(HOME_DIR)" != "$(SAMPLE)" || test -d "$(SAMPLE)" || { install -d -m 700 "$(DATA_DIR)" && $(LARES) init "$(SAMPLE)" >/dev/null; }
	@exec $(LARES) run --watch $(DEMO) $(if $(and $(DEMO),$(DAY)),--day "$(DAY)" --speed $(SPEED)) --home "$(HOME_DIR)" --data "$(DATA_DIR)"

test: ## set up, then everything that must hold before a change is merged
	@tests/setup.sh test
	cargo xtask ci

check: ## the quick part: format, lints, house rules, tests of the pure crates
	cargo xtask check

bench: ## every benchmark, in order
	cargo bench --workspace

# Reaction latency, saturation, flood, cold start, memory and kills; see docs/performance.md.
peers: ## measure the product beside the physical floor, with the harness in ../shared/peers
	@tests/setup.sh test
	cargo build --release --package lares
	$(SHARED)/peers/setup.sh --null-only
	PEERS_ADAPTERS="$(CURDIR)/tests/peers" $(SHARED)/peers/run.sh --systems null,lares --rooms 50,500 \
		--ramp 5 --latency 30 --settle 8 --idle 15 --kills 2 --repeat 3
	PEERS_ADAPTERS="$(CURDIR)/tests/peers" $(SHARED)/peers/report.py

graph: ## ask SQLite, DuckDB, ladybug and the life graph the same questions, and write to them, as tables
	test -x $(TARGET)/graph/bin/python || python3 -m venv $(TARGET)/graph
	$(TARGET)/graph/bin/pip install --quiet duckdb==2.0.1 ladybug==0.22.0
	mkdir -p $(TARGET)/graph-data
	$(TARGET)/graph/bin/python tests/peers/graph.py $(SHARED)/tools/graph_bench.py $(TARGET)/graph-data
	$(TARGET)/graph/bin/python tests/peers/write.py $(TARGET)/graph-data

drill: ## the long drills: 1,000 kills, 500 calls and an hour of other speech, ten minutes without a wire, two hours of everything, ten thousand households, a million sequences, five million messages
	@tests/setup.sh test
	LARES_KILLS=1000 LARES_OUTAGE_S=600 cargo test --release --package lares-tests --test promises -- --nocapture \
		kill_anywhere stale_commands slow_broker
	LARES_WAKES=500 LARES_OTHERS_S=3600 LARES_COMMANDS=40 cargo test --release --package lares-tests --test promises -- --nocapture \
		wake:: spoken
	LARES_SOAK_S=7200 cargo test --release --package lares-tests --test promises -- --nocapture soak
	LARES_HOUSEHOLDS=10000 cargo test --release --package lares-tests --test replay -- --nocapture households
	LARES_SEQUENCES=1000000 cargo test --release --package lares-household --lib -- sequences
	LARES_FUZZ_INPUTS=5000000 cargo test --release --package lares-devices --test fuzz -- --nocapture

clean: ## remove what was built; leaves homes and data folders alone
	cargo clean
