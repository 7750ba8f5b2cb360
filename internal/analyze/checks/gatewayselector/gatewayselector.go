// Package gatewayselector finds policies that select pods of Gateways of the
// Gateway API, which are to be named as targets.
package gatewayselector

import (
	_ "embed"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0166.md
var ist0166 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "gatewayselector",
	Legacy: []string{"k8sgateway.SelectorAnalyzer"},
	Doc:    "Policies for Gateways of the Gateway API name them as targets.",
	Needs:  []analyze.Kind{analyze.Pod},
	Uses: []analyze.Kind{
		analyze.AuthorizationPolicy, analyze.RequestAuthentication, analyze.Telemetry, analyze.WasmPlugin, analyze.TrafficExtension, analyze.Deployment,
	},
	Codes: []*analyze.Code{ineffective},
	Run:   run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var ineffective = &analyze.Code{ID: "IST0166", Severity: analyze.Warning, Title: "A policy selects pods of a Gateway instead of naming it", Doc: ist0166}

const (
	gatewayName = "gateway.networking.k8s.io/gateway-name"
	managed     = "gateway.istio.io/managed"
	ofWaypoints = "istio.io-mesh-controller"
)

func run(pass *analyze.Pass) error {
	for _, kind := range []analyze.Kind{analyze.AuthorizationPolicy, analyze.RequestAuthentication, analyze.Telemetry, analyze.WasmPlugin, analyze.TrafficExtension} {
		for _, policy := range pass.Mesh.Policies(kind, "") {
			if len(policy.Labels) > 0 && len(policy.Targets) == 0 {
				check(pass, policy)
			}
		}
	}
	return nil
}

func check(pass *analyze.Pass, policy *analyze.Policy) {
	for _, workload := range pass.Mesh.Chosen(policy) {
		name := workload.Labels[gatewayName]
		if name == "" {
			continue
		}
		effect := "obeys it only as long as istiod is told to support selectors there"
		if workload.Labels[managed] == ofWaypoints {
			effect = "is a waypoint and ignores it"
		}
		pass.Report(analyze.Diagnostic{
			Code: ineffective, On: policy, Field: policy.Selector,
			Message: "the selector chooses pods of Gateway " + workload.Namespace + "/" + name + ", which " + effect + ": name the Gateway in targetRefs",
			Related: []analyze.Related{{On: workload, Field: object.Field("metadata.labels").Key(gatewayName), Note: "a workload of the Gateway"}},
		})
		return
	}
}
