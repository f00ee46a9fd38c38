# `make demo` and `make test` do everything on a machine with Rust, gcc and make.

MUPAC := target/release/mupac
PREFIX := /usr/local

.PHONY: help setup demo install emulator nvcc test check-format lint suite doc fuzz scoreboard bench gpu-bundle graph train clean

help:
	@echo "make demo        build mupac, translate an example and check it"
	@echo "make install     mupac, mupac-cc and what CMake finds them by, below PREFIX=$(PREFIX)"
	@echo "make test        formatting, lints, documentation and the whole suite"
	@echo "make scoreboard  figures over MUPAC_DATA, MUPAC_POLYBENCH, MUPAC_TSVC, MUPAC_FIELD (folders you name)"
	@echo "make fuzz        random programs through every stage (FUZZ=\"--programs N --seed S\")"
	@echo "make bench       timings by stage"
	@echo "make graph       the trajectories that guide -O3, from the examples and the corpus"
	@echo "make train       the networks that guide -O3, from searches of random programs (needs Python)"
	@echo "make gpu-bundle  examples and more in out/gpu-bundle, to be run on a machine with a GPU"

setup:
	@sh tools/setup.sh

demo: setup
	cargo build --release --locked
	@mkdir -p out
	$(MUPAC) examples/two_regions.c -o out/two_regions.cu --cpu-threshold 0
	@echo "The translated program is out/two_regions.cu; on a machine with CUDA: nvcc out/two_regions.cu && ./a.out"

# MUPAC names another build than the one that is made here.
install:
	@[ "$(MUPAC)" != target/release/mupac ] || { sh tools/setup.sh && cargo build --release --locked; }
	install -D $(MUPAC) $(DESTDIR)$(PREFIX)/bin/mupac
	ln -sf mupac $(DESTDIR)$(PREFIX)/bin/mupac-cc
	install -D -m 644 tools/cmake/mupacConfig.cmake $(DESTDIR)$(PREFIX)/lib/cmake/mupac/mupacConfig.cmake

test: setup emulator nvcc check-format lint doc suite

# A compiler for aarch64 and an emulator; without them the tests that need them are ignored by name.
emulator:
	@sh tools/setup.sh --suite || echo "setup: no compiler and emulator for aarch64; the tests that need them are ignored"

# NVIDIA's compiler for the suite, in the cache folder; without it the tests that need it are ignored by name.
nvcc:
	@sh tools/nvcc.sh --install >/dev/null || echo "nvcc: not to be had; the tests that need it are ignored"

check-format:
	cargo fmt --all --check

lint:
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo clippy --workspace --test fuzz --test learning --test registers --test scoreboard --locked -- -D warnings

doc:
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked --quiet

suite:
	@if cargo nextest --version >/dev/null 2>&1; then \
		cargo nextest run --workspace --locked --no-fail-fast && cargo test --workspace --doc --locked --quiet; \
	else \
		cargo test --workspace --locked; \
	fi

# As many random programs as one likes through every stage: make fuzz FUZZ="--programs 10000 --seed 5".
fuzz: setup
	cargo test --release --locked --test fuzz -- $(FUZZ)

# One suite: make scoreboard SCOREBOARD=polybench; one of its rows: SCOREBOARD="polybench --only gemm".
scoreboard: setup
	cargo test --release --locked --test scoreboard -- $(SCOREBOARD)

bench: setup
	cargo bench --locked --bench translate -- $(BENCH)

# Examples, programs of our own, and BabelTower's functions where MUPAC_DATA names their folder; compiled for an H100 or
# H200 where there is an nvcc. On the other machine: sh run.sh; back here: mupac import out/gpu-bundle/results.jsonl.
GPU_BUNDLE := out/gpu-bundle
gpu-bundle: setup
	cargo build --release --locked
	rm -rf $(GPU_BUNDLE) out/babeltower
	@mkdir -p out/babeltower
	@if [ -n "$$MUPAC_DATA" ]; then cargo test --release --locked --test scoreboard -- --write "$(CURDIR)/out/babeltower"; fi
	@prebuilt=""; if sh tools/nvcc.sh >/dev/null; then prebuilt=--prebuilt; fi; \
		$(MUPAC) bundle examples/*.c tests/gpu/*.c $$(find out/babeltower -name '*.c' | sort) \
		-o $(GPU_BUNDLE) --cpu-threshold 0 --check-level quick $$prebuilt || [ -f $(GPU_BUNDLE)/run.sh ]
	@rm -rf out/babeltower
	@megabytes=$$(du -sm $(GPU_BUNDLE) | cut -f1); echo "$(GPU_BUNDLE): $$megabytes MB"; [ $$megabytes -le 60 ]

# What -O3 knows of other programs: searched anew where the cost model or the steps have changed.
GRAPH := model/graph/trajectories.jsonl
graph: setup
	cargo build --release --locked
	rm -f $(GRAPH)
	$(MUPAC) graph update examples/*.c tests/corpus/*.c --into $(GRAPH)

# The networks that guide -O3: what searches of random programs teach, written, learnt and exported. See model/train/MODEL.md.
TRAIN := out/train
LEARNING := cargo test --release --locked -p mupac-model --test learning --
train: setup
	$(LEARNING) data "$(CURDIR)/$(TRAIN)/data" 120 1000 512
	$(LEARNING) sequences "$(CURDIR)/$(TRAIN)/data" 160 1000 512
	python3 -m venv $(TRAIN)/venv && $(TRAIN)/venv/bin/pip install --quiet -r model/train/requirements.txt
	$(TRAIN)/venv/bin/python model/train/train.py $(TRAIN)/data $(TRAIN)
	XLA_FLAGS=--xla_cpu_multi_thread_eigen=false $(TRAIN)/venv/bin/python model/train/sequence_train.py $(TRAIN)/data $(TRAIN)
	cp $(TRAIN)/policy_value.onnx $(TRAIN)/parity.json model/train
	cp $(TRAIN)/proposals.onnx $(TRAIN)/proposals_parity.json $(TRAIN)/data/tokenizer.json model/train
	$(LEARNING) ablation "$(CURDIR)/$(TRAIN)" held-out 40 81 8 32

clean:
	cargo clean
	rm -rf out
