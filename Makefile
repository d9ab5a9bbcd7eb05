.PHONY: run test build bench bench-orders chaos outage fuzz sanitize dashboards stack-config-test stack-test images-test clean

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

bench-orders:  ## Measure orders: clients, fsyncs, a million of them; BENCH="…" passes options
	@command -v python3 >/dev/null || Scripts/system-packages.sh python3
	@exec python3 Benchmarks/orders.py $(BENCH)

chaos:  ## Kill and stop the services at random while clients order; CHAOS="--kills 200 --seed 7"
	@exec Scripts/chaos.sh

outage:  ## Kill the collector for OUTAGE_SECONDS (60) under load, and a service; needs the release build
	@[ -x .venv/bin/python ] || python3 -m venv .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check -r Tests/Integration/requirements.txt
	@cd Tests/Integration && OUTAGE_SECONDS=$${OUTAGE_SECONDS:-60} \
	  OSTACK_BIN=$${OSTACK_BIN:-../../.build/release} ../../.venv/bin/python -m pytest -q test_outage.py

fuzz:  ## Fuzz each parser for FUZZ_SECONDS (60) or FUZZ_RUNS inputs; TARGET=… for one (docs/fuzzing.md)
	@exec Scripts/fuzz.sh

sanitize:  ## Run the Swift tests under AddressSanitizer and ThreadSanitizer (docs/fuzzing.md)
	@exec Scripts/sanitize.sh

dashboards:  ## Write Grafana's dashboards from Scripts/dashboards
	@python3 Scripts/dashboards

stack-config-test:  ## Check the stack's configuration; needs the services built (debug, or OSTACK_BIN)
	@Scripts/stack-tools.sh
	@[ -x .venv/bin/python ] || python3 -m venv .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check -r Tests/Integration/requirements.txt
	@cd Tests/Stack && ../../.venv/bin/python -m pytest

stack-test:  ## Follow an order through the running stack; CHECK="…" passes options
	docker compose run --rm --build ostack-check ostack-check $(CHECK)

images-test:  ## Build and try the services' images; needs a Docker engine
	@exec Scripts/images-test.sh

clean:  ## Remove what was built
	rm -rf .build .venv
