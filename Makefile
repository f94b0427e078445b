# The manual of this repository: `make run` to try it, `make test` before you trust it.
GO      ?= go
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION)
BUILD    = CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)'
LINT     = $(GO) tool -modfile=.ci/tools.mod golangci-lint
AREAS   := idn-area-data@4.0.1
ADDR    ?= :8080
CASES   ?= 100000

.PHONY: help run build build-windows test test-nightly check fmt vet lint imports rego tidy bench screenshots assets areas generate clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

run: build ## build, then serve the training data set on http://localhost:8080
	bin/layak serve --demo --addr $(ADDR)

build: ## one static binary: bin/layak
	$(BUILD) -o bin/layak ./cmd/layak

build-windows: ## the same for Windows: bin/layak.exe
	GOOS=windows GOARCH=amd64 $(BUILD) -o bin/layak.exe ./cmd/layak

test: ## everything: Rego tests, Go tests on both databases, browser tests
	@.ci/needs
	@.ci/test

test-nightly: ## the long ones: 200 processes killed among complaints on each database, every page state in every look
	@.ci/needs
	LAYAK_LOOKS=all $(GO) test -count=1 -timeout 60m -run '^TestGalleryInTheBrowser$$' ./web
	LAYAK_KILLS=200 $(GO) test -count=1 -timeout 60m -run '^TestKilledAmongComplaints$$' ./cmd/layak
	LAYAK_MUTANTS=200 $(GO) test -count=1 -timeout 60m -run '^TestAlikeByMutatedRules$$' ./policy
	LAYAK_PARITY_PEOPLE=1000000 $(GO) test -count=1 -timeout 180m -run '^TestAlikeAmongMany$$' ./policy
	LAYAK_PARITY_PEOPLE=20000 $(GO) test -count=1 -timeout 180m -run '^TestPreviewIsExact$$' ./eligibility/impact

check: fmt vet imports rego tidy lint ## format, vet, lint, import rules, Rego format and strict check

fmt:
	@out=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$out" || { echo "gofmt these files:"; echo "$$out"; exit 1; }

vet:
	$(GO) vet ./...

lint:
	$(LINT) run ./...

imports:
	$(GO) test -run '^TestImportRules$$' ./cmd/layak

rego:
	$(GO) tool opa fmt --fail --list policy/rules
	$(GO) tool opa check --strict --bundle policy/rules

tidy:
	$(GO) mod tidy -diff

bench: build ## a table of speed and memory on both databases, 200,000 residents; CASES=1000000 stores more complaints
	@.ci/needs
	$(GO) build -o bin/opa github.com/open-policy-agent/opa
	$(GO) run ./cmd/bench -layak bin/layak -opa bin/opa -complaints $(CASES)

screenshots: ## take the pictures of the guide again, docs/img
	@.ci/needs
	rm -f docs/img/*.png
	LAYAK_SHOTS=$(CURDIR)/docs/img $(GO) test -count=1 -run '^TestWalk(Through|OfCases|OfMovedCard|OfRules|OfTheEditor|OfTheStop)$$' ./cmd/layak

assets: ## build web/static again from npm packages
	cd web/assets && npm ci --no-audit --no-fund && npm run build

areas: ## build the table of areas again from the npm package
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && \
	npm pack --silent --pack-destination "$$dir" $(AREAS) >/dev/null && tar xzf "$$dir"/*.tgz -C "$$dir" && \
	$(GO) run ./internal/area/gen -from "$$dir/package" -out internal/area/areas.bin

generate: areas assets ## everything that is generated and committed

clean:
	rm -rf bin
