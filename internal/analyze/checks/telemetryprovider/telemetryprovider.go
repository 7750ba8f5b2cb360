// Package telemetryprovider finds access logging that goes nowhere.
package telemetryprovider

import (
	_ "embed"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0157.md
var ist0157 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "telemetryprovider",
	Legacy: []string{"telemetry.ProviderAnalyzer"},
	Doc:    "Access logging has a provider that writes it.",
	Needs:  []analyze.Kind{analyze.Telemetry},
	Uses:   []analyze.Kind{analyze.MeshConfig},
	Codes:  []*analyze.Code{nowhere},
	Run:    run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var nowhere = &analyze.Code{ID: "IST0157", Severity: analyze.Warning, Title: "Access logging has no provider", Doc: ist0157}

func run(pass *analyze.Pass) error {
	if len(pass.Mesh.Config().Spec.GetDefaultProviders().GetAccessLogging()) > 0 {
		return nil
	}
	for telemetry := range pass.Mesh.Telemetries().All() {
		for i, logging := range telemetry.Spec.GetAccessLogging() {
			if len(logging.GetProviders()) == 0 && !logging.GetDisabled().GetValue() {
				pass.Reportf(nowhere, telemetry, object.Field("spec.accessLogging", i),
					"access logging names no provider and the mesh has no default one, so nothing is logged")
			}
		}
	}
	return nil
}
