// Package deprecated finds what Istio has deprecated or no longer acts upon.
package deprecated

import (
	_ "embed"

	meshapi "istio.io/api/mesh/v1alpha1"
	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0002.md
var ist0002 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "deprecated",
	Legacy: []string{"deprecation.DeprecationAnalyzer", "telemetry.LightstepAnalyzer"},
	Doc:    "Nothing uses fields, kinds or providers that Istio has deprecated.",
	Needs:  []analyze.Kind{analyze.VirtualService, analyze.Sidecar},
	Uses:   []analyze.Kind{analyze.CustomResourceDefinition, analyze.Telemetry, analyze.MeshConfig},
	Codes:  []*analyze.Code{outdated},
	Run:    run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var outdated = &analyze.Code{ID: "IST0002", Severity: analyze.Warning, Title: "Something deprecated is used", Doc: ist0002}

func run(pass *analyze.Pass) error {
	for vs := range pass.Mesh.VirtualServices().All() {
		for i, route := range vs.Spec.Http {
			checkDelay(pass, vs, route, i)
		}
	}
	for sidecar := range pass.Mesh.Sidecars().All() {
		if sidecar.Spec.GetOutboundTrafficPolicy().GetEgressProxy() != nil {
			pass.Reportf(outdated, sidecar, object.Field("spec.outboundTrafficPolicy.egressProxy"),
				"egressProxy is ignored: traffic to unknown hosts goes out directly; route it through an egress gateway")
		}
	}
	for definition := range pass.Mesh.Definitions().All() {
		if definition.Spec.Group == "rbac.istio.io" {
			pass.Reportf(outdated, definition, object.Field("spec.names.kind"),
				"%s.rbac.istio.io has not been read since Istio 1.6, and protects nothing: use AuthorizationPolicy", definition.Spec.Names.Kind)
		}
	}
	checkProviders(pass)
	return nil
}

func checkDelay(pass *analyze.Pass, vs analyze.Of[networking.VirtualService], route *networking.HTTPRoute, number int) {
	percent := route.GetFault().GetDelay().GetPercent() //nolint:staticcheck // the deprecated field is what this looks for
	if percent <= 0 {
		return
	}
	at := object.Field("spec.http", number, "fault.delay")
	finding := analyze.Diagnostic{
		Code: outdated, On: vs, Field: at.With("percent"),
		Message: "fault.delay.percent is deprecated: use percentage, which takes fractions too",
	}
	edits := []analyze.Edit{{On: vs, Op: analyze.Remove, Field: at.With("percent")}}
	if route.Fault.Delay.Percentage == nil {
		edits = append(edits, analyze.Edit{On: vs, Op: analyze.Set, Field: at.With("percentage.value"), Value: float64(percent)})
	}
	finding.Fixes = []analyze.Fix{{Title: "use percentage", Safe: true, Edits: edits}}
	pass.Report(finding)
}

// checkProviders looks for traces that go to providers of a type that is to be removed.
func checkProviders(pass *analyze.Pass) {
	lightstep := map[string]bool{}
	for _, provider := range pass.Mesh.Config().Spec.GetExtensionProviders() {
		if _, ok := provider.GetProvider().(*meshapi.MeshConfig_ExtensionProvider_Lightstep); ok {
			lightstep[provider.GetName()] = true
		}
	}
	for telemetry := range pass.Mesh.Telemetries().All() {
		for i, tracing := range telemetry.Spec.GetTracing() {
			for j, provider := range tracing.GetProviders() {
				if lightstep[provider.GetName()] {
					pass.Reportf(outdated, telemetry, object.Field("spec.tracing", i, "providers", j, "name"),
						"provider %q is of type lightstep, which is deprecated: send traces by opentelemetry", provider.GetName())
				}
			}
		}
	}
}
