// Package schema finds resources that their kind does not allow: unknown fields,
// wrong types, and values that break the rules of the kind.
package schema

import (
	"slices"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
	"github.com/meshctl/meshctl/internal/analyze/codes"
	"github.com/meshctl/meshctl/internal/analyze/decode"
	"github.com/meshctl/meshctl/internal/object"
)

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name: "schema",
	Legacy: []string{
		"schema.ValidationAnalyzer.AuthorizationPolicy", "schema.ValidationAnalyzer.DestinationRule", "schema.ValidationAnalyzer.EnvoyFilter",
		"schema.ValidationAnalyzer.Gateway", "schema.ValidationAnalyzer.MeshConfig", "schema.ValidationAnalyzer.MeshNetworks",
		"schema.ValidationAnalyzer.PeerAuthentication", "schema.ValidationAnalyzer.ProxyConfig", "schema.ValidationAnalyzer.RequestAuthentication",
		"schema.ValidationAnalyzer.ServiceEntry", "schema.ValidationAnalyzer.Sidecar", "schema.ValidationAnalyzer.Telemetry",
		"schema.ValidationAnalyzer.TrafficExtension", "schema.ValidationAnalyzer.VirtualService", "schema.ValidationAnalyzer.WasmPlugin",
		"schema.ValidationAnalyzer.WorkloadEntry", "schema.ValidationAnalyzer.WorkloadGroup",
	},
	Doc:   "Resources have the fields and values that their kind allows.",
	Needs: []analyze.Kind{analyze.MeshConfig},
	Uses: []analyze.Kind{
		analyze.VirtualService, analyze.DestinationRule, analyze.Gateway, analyze.ServiceEntry, analyze.WorkloadEntry, analyze.WorkloadGroup,
		analyze.Sidecar, analyze.EnvoyFilter, analyze.ProxyConfig, analyze.AuthorizationPolicy, analyze.PeerAuthentication,
		analyze.RequestAuthentication, analyze.Telemetry, analyze.WasmPlugin, analyze.TrafficExtension,
	},
	Codes: []*analyze.Code{codes.UnknownField, rules.Invalid, rules.Dubious, rules.Unreachable, rules.Ineffective},
	Run:   run,
}

func run(pass *analyze.Pass) error {
	for resource := range pass.Mesh.Resources() {
		problems(pass, resource)
	}
	problems(pass, pass.Mesh.Config().Resource)
	problems(pass, pass.Mesh.Networks().Resource)
	return judge(pass)
}

// problems reports what was noticed when the resource was read.
func problems(pass *analyze.Pass, resource *analyze.Resource) {
	if resource.Live() {
		return
	}
	for _, problem := range resource.Problems {
		name := lastName(problem.Path)
		switch problem.Reason {
		case decode.UnknownField:
			pass.Report(codes.Unknown(resource, problem.Path, problem.Known))
		case decode.UnknownValue:
			pass.Reportf(codes.UnknownField, resource, problem.Path, "%s: %s", name, problem.Message)
		default:
			pass.Reportf(rules.Invalid, resource, problem.Path, "%s %s", name, problem.Message)
		}
	}
}

func lastName(path object.Path) string {
	for _, step := range slices.Backward(path) {
		if step.Name != "" {
			return step.Name
		}
	}
	return path.String()
}
