# What developers do every day. Nothing has to be installed but Go, make and bash:
# tools run at the versions named here, by `go run`, and are cached by Go after the first time.
SHELL := bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

GO ?= go
# What is built to be shipped, to be run and to be tested is compiled the same way, so that each package is compiled once,
# whichever target needs it and wherever the checkout lies; and tests run the code that users run.
export CGO_ENABLED ?= 0
export GOFLAGS := -trimpath $(filter-out -trimpath,$(GOFLAGS))
GOLANGCI_LINT := $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GORELEASER := $(GO) run github.com/goreleaser/goreleaser/v2@v2.15.0

# The lab, the tests in a browser and two generators are modules of their own,
# so that their dependencies never reach meshctl's go.mod.
MODULES := . e2e/lab e2e/browser tools/crdgen tools/envoygen
LAB := e2e/lab/bin/lab
CRDS := manifests/charts/base/files/crds
ENVOY := internal/analyze/checks/schema/rules/envoyfilter/envoy.binpb.gz

BUILDINFO := github.com/meshctl/meshctl/internal/buildinfo
VERSION = $(patsubst v%,%,$(shell git describe --tags --dirty 2>/dev/null || echo dev))
COMMIT = $(shell git rev-parse --short=12 HEAD 2>/dev/null)
# The date of the commit, not of the build: the same source gives the same bytes.
DATE = $(shell TZ=UTC git log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format=%cd 2>/dev/null)
LDFLAGS = -s -w -X $(BUILDINFO).version=$(VERSION) -X $(BUILDINFO).commit=$(COMMIT) -X $(BUILDINFO).date=$(DATE)

# For example: make test TESTFLAGS='-run TestPlan -v'
TESTFLAGS ?=
FUZZTIME ?= 10s
# Cluster tests wait for real controllers; ten minutes, Go's default, can be short on a busy machine.
TEST := $(GO) test -timeout 20m $(TESTFLAGS)

# $(call packages,PATTERN) are the packages of the main module with a test file that has PATTERN.
packages = $(shell git grep -lE --untracked '$(1)' -- '*_test.go' ':!e2e/lab' ':!e2e/browser' ':!tools/crdgen' ':!tools/envoygen' | xargs -r -n1 dirname | sort -u | sed 's,^,./,')

##@ Everyday

.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z][a-z0-9-]*:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build bin/meshctl
	@echo 'building bin/meshctl $(VERSION)'
	@$(GO) build -ldflags '$(LDFLAGS)' -o bin/ ./cmd/meshctl

.PHONY: fmt
fmt: ## Format all Go files
	@for module in $(MODULES); do (cd $$module && $(GOLANGCI_LINT) fmt ./...) || exit; done

.PHONY: lint
lint: lint-go lint-format lint-vet lint-tidy lint-release ## Run all linters; findings fail

.PHONY: generate
generate: ## Write what is generated: CRDs of the base chart, Envoy's types, dashboards, docs/reference, docs/values.md, docs/checks
	$(GO) -C tools/crdgen run . -out ../../$(CRDS)
	$(GO) -C tools/envoygen run . -out ../../$(ENVOY)
	$(GO) run ./tools/dashgen
	$(GO) run ./tools/gendocs -reference docs/reference -values docs/values.md -checks docs/checks

.PHONY: clean
clean: ## Remove everything that was built here
	rm -rf bin dist out e2e/lab/bin

##@ Tests

.PHONY: test-fast
test-fast: ## Run what needs no cluster, in under 30 seconds
	$(TEST) -short ./...

.PHONY: test
test: test-generated test-crdgen test-envoygen test-lab test-meshctl test-browser ## Run everything; starts control planes on loopback

.PHONY: golden
golden: lab-build ## Rewrite the golden files from what the code does now
	$(TEST) $(call packages,flag.Bool."update"|meshctl/internal/golden") -update

.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZTIME (10s)
	@git grep -hE --untracked '^func Fuzz' -- '*_test.go' >/dev/null || echo 'no fuzz targets'
	@git grep -E --untracked '^func Fuzz' -- '*_test.go' | sed -E 's,^(.*)/[^/]*:func (Fuzz[A-Za-z0-9_]*).*,\1 \2,' | \
	{ found=0; while read -r dir target; do \
		echo "fuzzing $$target in $$dir for $(FUZZTIME)"; \
		$(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) "./$$dir" || found=1; \
	done; exit $$found; }

.PHONY: bench
bench: build lab-build ## Run the benchmarks; compare with istioctl if it and hyperfine are on the PATH
	@packages='$(call packages,^func Benchmark)'; \
	if [ -n "$$packages" ]; then $(GO) test -run '^$$' -bench . -benchmem $(TESTFLAGS) $$packages; else echo 'no benchmarks'; fi
	@if command -v hyperfine >/dev/null && command -v istioctl >/dev/null; then \
		hyperfine -N --warmup 3 'bin/meshctl version --remote=false' 'istioctl version --remote=false' && \
		hyperfine -N --warmup 1 'bin/meshctl manifest generate --set profile=demo' 'istioctl manifest generate --set profile=demo'; \
	else echo 'not compared with istioctl: it takes istioctl and hyperfine on the PATH'; fi

.PHONY: bench-analyze
bench-analyze: build ## Time analyze over meshes of 73,000 and 292,000 objects; beside istioctl if it is on the PATH
	@mkdir -p out; for n in 1000 4000; do \
		$(GO) run ./tools/meshgen $$n > out/mesh-$$n.yaml; \
		echo "meshctl, $$n namespaces"; time bin/meshctl analyze out/mesh-$$n.yaml; \
		if command -v istioctl >/dev/null; then echo "istioctl, $$n namespaces"; time istioctl analyze --use-kube=false out/mesh-$$n.yaml; fi; \
	done

##@ A cluster to play with

.PHONY: lab
lab: lab-build ## Start a Kubernetes control plane on loopback and leave it running
	@kubeconfig=$$($(LAB) up --detach) || exit; \
	printf '\nA Kubernetes control plane runs on loopback. To use it:\n\n  export KUBECONFIG=%s\n\nTo stop it:\n\n  %s down %s\n' \
		"$$kubeconfig" '$(LAB)' "$$kubeconfig"

.PHONY: demo
demo: build lab-build ## Install the demo profile into a fresh lab, show its status, stop the lab
	@export KUBECONFIG; KUBECONFIG=$$($(LAB) up --detach) || exit; \
	trap 'exit 130' INT TERM; \
	trap '$(LAB) down "$$KUBECONFIG"; printf "\nThe lab is stopped. To start one that stays: make lab\n"' EXIT; \
	show() { printf '\n$$ %s\n' "$$*"; "$$@"; }; \
	show bin/meshctl install --profile demo --yes && \
	show bin/meshctl status

# Parts of the above, for .ci/run and for those in a hurry.

.PHONY: lint-go lint-format lint-vet lint-tidy lint-release
lint-go:
	@for module in $(MODULES); do echo "golangci-lint: $$module"; (cd $$module && $(GOLANGCI_LINT) run ./...) || failed=1; done; exit $${failed:-0}

lint-format:
	@unformatted=$$(gofmt -l .) && test -z "$$unformatted" || \
		{ printf 'not formatted, run `make fmt`:\n%s\n' "$$unformatted"; exit 1; }

lint-vet:
	@for module in $(MODULES); do echo "go vet: $$module"; $(GO) -C $$module vet ./... || failed=1; done; exit $${failed:-0}

lint-tidy:
	@for module in $(MODULES) e2e/lab/helm e2e/lab/prometheus; do echo "go mod tidy: $$module"; $(GO) -C $$module mod tidy -diff || failed=1; done; exit $${failed:-0}

lint-release:
	$(GORELEASER) check

# Releases are built for these systems too; a file for one of them alone must not break unseen.
.PHONY: build-others
build-others:
	@for system in darwin/arm64 windows/amd64; do echo "go build: $$system"; \
		GOOS=$${system%/*} GOARCH=$${system#*/} $(GO) build -o /dev/null ./cmd/meshctl || exit; done

.PHONY: test-generated test-crdgen test-envoygen test-lab test-meshctl test-browser
test-generated:
	$(GO) -C tools/crdgen run . -out ../../$(CRDS) -check
	$(GO) -C tools/envoygen run . -out ../../$(ENVOY) -check
	$(GO) run ./tools/dashgen -check
	$(GO) run ./tools/gendocs -reference docs/reference -values docs/values.md -checks docs/checks -check

test-crdgen:
	$(GO) -C tools/crdgen test -timeout 20m ./...

test-envoygen:
	$(GO) -C tools/envoygen test -timeout 20m ./...

test-lab: lab-build
	$(GO) -C e2e/lab test -timeout 20m ./...

test-meshctl: lab-build
	$(TEST) ./...

# -v, so that whoever has no Chromium reads that pages were not looked at.
test-browser: lab-build
	$(GO) -C e2e/browser test -timeout 20m -v ./...

.PHONY: lab-build
lab-build:
	@$(GO) -C e2e/lab run . build
