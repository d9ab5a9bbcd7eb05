.PHONY: run test build bench clean

run:  ## Build and run both services
	@exec Scripts/run.sh

build:  ## Build everything, release
	@Scripts/system-packages.sh
	swift build -c release

test:  ## Install what the tests need, and run all of them
	@exec Scripts/test.sh

bench:  ## Measure beside a C server and peers; BENCH="…" passes options
	@command -v python3 >/dev/null || Scripts/system-packages.sh python3
	@exec python3 Benchmarks/bench.py $(BENCH)

clean:  ## Remove what was built
	rm -rf .build .venv
