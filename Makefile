# make build   bin/sluice
# make demo    the demo: a real export and a real cancel, on an embedded bucket
# make test    installs what the tests need, then runs all of them
# make check   formatting, generated files, build without warnings
# make bench   the whole program beside its peers, and single steps; results go to bench/results. With ARGS='--only NAME …' some scenarios alone
# make soak    the long form of the randomised tests
SHELL := /bin/bash
CONFIGURATION ?= Release
DOTNET := dotnet
# Build servers would outlive make and keep files open.
QUIET := -nologo -v quiet -nodeReuse:false
SOURCES := $(shell find src -name '*.cs' -o -name '*.csproj' -o -name '*.sql' -o -name packages.lock.json) \
  Directory.Build.props Directory.Packages.props global.json

.PHONY: build demo test check fmt bench soak clean
.DELETE_ON_ERROR:

build: bin/sluice

# A launcher, so that bin/ can be put on the PATH or linked to from there.
bin/sluice: artifacts/sluice/sluice.dll eng/launcher.sh
	@mkdir -p bin
	@install -m 755 eng/launcher.sh $@

artifacts/sluice/sluice.dll: $(SOURCES)
	$(DOTNET) publish src/Sluice -c $(CONFIGURATION) --use-current-runtime -o artifacts/sluice $(QUIET)
	@touch $@

demo: build
	bin/sluice demo

test:
	eng/test.sh

check:
	eng/check.sh

fmt:
	$(DOTNET) format Sluice.slnx
	eng/generate-protocol.py

bench: build
	eng/install-test-tools.sh --bench
	$(DOTNET) run --project bench/Sluice.Scenarios -c Release -- $(ARGS)
	$(if $(ARGS),,$(DOTNET) run --project bench/Sluice.Benchmarks -c Release)

soak:
	SLUICE_TRIALS=$${SLUICE_TRIALS:-100000} SLUICE_HYDRATION_TRIALS=$${SLUICE_HYDRATION_TRIALS:-20000} \
	SLUICE_RACE_READS=$${SLUICE_RACE_READS:-1000000000} SLUICE_MODEL_ROUNDS=$${SLUICE_MODEL_ROUNDS:-1000000} \
	SLUICE_WORKER_KILLS=$${SLUICE_WORKER_KILLS:-5000} SLUICE_POWER_LOSSES=$${SLUICE_POWER_LOSSES:-500} \
	SLUICE_ESCAPE_ROUNDS=$${SLUICE_ESCAPE_ROUNDS:-2000} eng/test.sh --soak

clean:
	rm -rf artifacts bin tests/clients/js/node_modules
