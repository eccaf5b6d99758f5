# The ways to build, try and check the program; each is one line over CMake, ctest or a script.
PRESET ?= release
JOBS   ?= $(shell nproc)
BUILD  := build/$(PRESET)
DEMO   := out/demo
DOCKER ?= docker
IMAGES ?= localhost
TAG    ?= 0.1.0

.PHONY: help build demo serve test test-quick test-asan test-tsan bench bench-features bench-model bench-report bench-serve bench-soak bench-queues bench-quality bench-drift bench-python bench-spark bench-sgcc operations check-reports check-drift fuzz model docs check-api parity wheel test-python test-spark format lint clean setup
help: ## Show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install missing Debian packages and build third-party parts (once)
	@tools/setup.sh

build: setup ## Build the program to bin/meterhound
	@cmake --preset $(PRESET) -Wno-dev $(CMAKE_FLAGS) >$(or $(LOG),/dev/null)
	@cmake --build $(BUILD) -j $(JOBS)
	@mkdir -p bin && ln -sfn ../$(BUILD)/bin/meterhound bin/meterhound

demo: build ## Simulate a town of 3,000 consumers, train, evaluate, rank and write the report
	@mkdir -p $(DEMO)
	bin/meterhound simulate --consumers 3000 --seed 7 --out $(DEMO)/town.csv
	@tools/fetch_model.sh bin/meterhound || echo "SmolLM2 could not be fetched: the template words all reports"
	bin/meterhound run $(DEMO)/town.csv --out $(DEMO) --set llm.engine=llama --set llm.cases=10
	@echo
	@echo "Open $(DEMO)/report.html in a browser."

serve: build ## Serve the demo's model on another town: http://127.0.0.1:8000 (Ctrl-C ends it)
	@mkdir -p $(DEMO)
	@test -f $(DEMO)/town.csv || bin/meterhound simulate --consumers 3000 --seed 7 --out $(DEMO)/town.csv
	@test -f $(DEMO)/model.mh || bin/meterhound train $(DEMO)/town.csv --out $(DEMO)
	@test -f $(DEMO)/next.csv || bin/meterhound simulate --consumers 3000 --seed 8 --out $(DEMO)/next.csv
	bin/meterhound serve --store sqlite:$(DEMO)/service.db --model $(DEMO)/model.mh --detect $(DEMO)/next.csv

bench-serve: build ## Scoring by the service beside the usual Python one, on the same cores
	@tools/install_packages.sh tools/packages-bench.txt
	@bench/serve.py

test: build ## Run every test
	@ctest --test-dir $(BUILD) --output-on-failure -j $(JOBS)

test-quick: build ## Run the quick tests (under two minutes after a build)
	@ctest --test-dir $(BUILD) --output-on-failure -j $(JOBS) -L quick

test-asan: ## Run the quick tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@$(MAKE) --no-print-directory test-quick PRESET=asan

test-tsan: ## Run the quick tests under ThreadSanitizer
	@$(MAKE) --no-print-directory test-quick PRESET=tsan

model: build ## Fetch SmolLM2, a small language model (93 MB), once
	@tools/fetch_model.sh bin/meterhound

bench-model: model ## Tokens a second of SmolLM2, one text at a time and several
	@METERHOUND_LLAMA_BENCH=1 tools/fetch_deps.sh
	@bench/language_model.py --llama-bench "$$(tools/fetch_deps.sh --where llama-cpp-python)/bin/llama-bench"

bench-report: model ## Reports a minute, worded by SmolLM2
	@bench/reports.py

bench-soak: build ## Half an hour of the service at work: its memory minute by minute (MINUTES=30)
	@tools/install_packages.sh tools/packages-bench.txt
	@bench/soak.py --minutes $(or $(MINUTES),30)

bench-queues: build ## Jobs a second through the store and its queue; STORE=url QUEUE=url
	@cmake --build $(BUILD) --target queues
	@$(BUILD)/bench/queues $(or $(STORE),sqlite:$(BUILD)/bench.db) $(or $(QUEUE),store)

bench: build ## Time extraction beside tsfresh on the same cores
	@bench/extract.py

bench-features: build ## Time the feature engine beside tsfresh, tsfx and others, by threads, length and calculator
	@cmake --build $(BUILD) --target limits
	@bench/features.py --limits $(BUILD)/bench/limits

bench-python: setup ## The Python package beside tsfresh, from pandas frame to pandas frame
	@bench/python.py

bench-spark: build ## Extract and score simulated meters with Spark, and what 100 million cost (METERS=20000 DIR=build/bench_spark)
	@tools/install_packages.sh tools/packages-spark.txt
	@bench/spark.py --meters $(or $(METERS),20000) --dir $(or $(DIR),build/bench_spark)

wheel: setup ## Build the Python package into dist/
	@python3 -m pip --disable-pip-version-check wheel --no-deps --wheel-dir dist .

test-python: build ## Test the Python package: its wheel beside tsfresh, and under tsfresh's own tests
	@ctest --test-dir $(BUILD) --output-on-failure -R python.package

operations: build ## The whole story with real servers: drift, people told by chat and mail, retraining, a new model, all well again
	@ctest --test-dir $(BUILD) --output-on-failure -V -R functional.operations

test-spark: build ## Test the Spark route on a cluster on this machine, with kills (installs Java)
	@tools/install_packages.sh tools/packages-spark.txt
	@ctest --test-dir $(BUILD) --output-on-failure -R python.spark

check-api: build ## Call the service with 20,000 requests drawn from its own OpenAPI document (CASES=20000)
	@tools/check_api.py --cases $(or $(CASES),20000)

check-reports: model ## Hold 10,000 reports in five languages against their facts; with DATA=folder with steg/ real ones too
	@bench/honest_reports.py $(if $(DATA),--data $(DATA))

bench-quality: build ## Measure detection on bills and under attack; DATA=folder with steg/, swiss_15min/, sgsc10/
	@cmake --build $(BUILD) --target hold_out
	@bench/quality_steg.py --data $(DATA)/steg
	@bench/quality_daily.py --data $(DATA)

bench-drift: build ## False alarms and power of the drift check, beside Evidently and alibi-detect
	@cmake --build $(BUILD) --target drift_rates
	@bench/drift.py

check-drift: ## Check the goldens of the drift check against scipy and Evidently
	@python3 -c 'import sys; sys.path.append("tools"); from pathlib import Path; from peers import peer_python; print(peer_python(Path("oracles/requirements-drift.txt")))' | xargs -I{} {} oracles/make_drift_goldens.py --check

bench-sgcc: build ## The whole protocol on your copy of SGCC: make bench-sgcc DATA=data.csv
	@bench/sgcc.py $(DATA)

.PHONY: check-quality drift drift-issue retrain dispatch-retraining
check-quality: build ## Train on a simulated town; fail where fewer of its thefts are found than before
	@tools/check_quality.py bin/meterhound

drift: build ## Hold DATA against what MODEL was trained on, into out/drift: MODEL=model.mh DATA=now.csv
	@tools/watch_model.py drift bin/meterhound $(MODEL) $(DATA) out/drift

drift-issue: ## File what make drift has found as an issue (gh)
	@tools/watch_model.py issue out/drift

retrain: build ## Train a challenger on DATA and hold it against MODEL, into out/retrain: MODEL=model.mh DATA=now.csv
	@tools/watch_model.py retrain bin/meterhound $(MODEL) $(DATA) out/retrain

dispatch-retraining: ## Have the workflow of retraining run (gh)
	@gh workflow run retrain.yml

.PHONY: images push-images sign-images attest-images sign-packages release try-images
images: ## Build the images of the service and of training: IMAGES=registry/owner TAG=0.1.0, DOCKER=docker or podman
	@$(DOCKER) build -f docker/Dockerfile.api -t $(IMAGES)/meterhound:$(TAG) .
	@$(DOCKER) build -f docker/Dockerfile.training -t $(IMAGES)/meterhound-training:$(TAG) .

push-images: ## Push what make images has built
	@$(DOCKER) push $(IMAGES)/meterhound:$(TAG)
	@$(DOCKER) push $(IMAGES)/meterhound-training:$(TAG)

sign-images: ## Sign what make push-images has pushed (cosign)
	@for name in meterhound meterhound-training; do \
	  cosign sign --yes "$$($(DOCKER) image inspect --format '{{index .RepoDigests 0}}' $(IMAGES)/$$name:$(TAG))" || exit 1; done

attest-images: ## Sign the lists of what is in the images, NAME.spdx.json each (cosign)
	@for name in meterhound meterhound-training; do \
	  cosign attest --yes --type spdxjson --predicate $$name.spdx.json \
	    "$$($(DOCKER) image inspect --format '{{index .RepoDigests 0}}' $(IMAGES)/$$name:$(TAG))" || exit 1; done

sign-packages: ## Sign what make deb, tarball and sbom have built (cosign)
	@for file in dist/*.deb dist/*.tar.gz dist/*.spdx.json; do cosign sign-blob --yes --bundle $$file.sigstore.json $$file || exit 1; done

release: ## Publish dist/ as the release TAG (gh)
	@gh release create $(TAG) --verify-tag --generate-notes dist/*.deb dist/*.tar.gz dist/*.spdx.json dist/*.sha256 dist/*.sigstore.json

try-images: build ## Build both images around the built program, without a registry (root, buildah), and use them
	@tools/try_image.sh $(BUILD)

.PHONY: deb tarball sbom
deb: build ## Build the Debian package into dist/
	@cpack --config $(BUILD)/CPackConfig.cmake -G DEB -B dist >/dev/null && rm -rf dist/_CPack_Packages

tarball: build ## Build a tarball that brings its libraries into dist/
	@cpack --config $(BUILD)/CPackConfig.cmake -G TGZ -B dist >/dev/null && rm -rf dist/_CPack_Packages

sbom: build ## List what the programs are made of, in SPDX, into dist/
	@tools/sbom.py $(BUILD) dist/meterhound.spdx.json

fuzz: setup ## Feed damaged inputs to every reader for FUZZ_SECONDS (60) each
	@tools/install_packages.sh tools/packages-fuzz.txt
	@cmake --preset fuzz -Wno-dev >/dev/null
	@cmake --build build/fuzz -j $(JOBS)
	@tools/fuzz.sh build/fuzz $(or $(FUZZ_SECONDS),60)

docs: build ## Rewrite docs/features.md and docs/api.md from the program; with MEASURE=1 time every calculator too
	@tools/features_page.py bin/meterhound $(if $(MEASURE),--measure)
	@tools/api_page.py bin/meterhound

.PHONY: site
site: ## Build the documentation as a site into build/site
	@tools/build_site.py

parity: build ## Write docs/parity.md anew from a run of the parity test
	@METERHOUND_PARITY_PAGE=1 $(BUILD)/tests/test_features --gtest_brief=1 --gtest_filter='ParityPage.*'

format: ## Format the sources
	@tools/install_packages.sh tools/packages-lint.txt
	@git ls-files 'src/*.h' 'src/*.cc' 'apps/*.cc' 'tests/*.h' 'tests/*.cc' 'python/native/*' | xargs clang-format-14 -i

lint: build ## Check includes, format, clang-tidy and shell scripts
	@tools/install_packages.sh tools/packages-lint.txt
	@tools/lint.sh $(BUILD)

clean: ## Remove build outputs (third-party parts stay cached)
	@rm -rf build bin
