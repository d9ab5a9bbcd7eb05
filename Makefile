.PHONY: run test build clean

run:  ## Build and run both services
	@exec Scripts/run.sh

build:  ## Build everything, release
	@Scripts/system-packages.sh
	swift build -c release

test:  ## Install what the tests need, and run all of them
	@exec Scripts/test.sh

clean:  ## Remove what was built
	rm -rf .build .venv
