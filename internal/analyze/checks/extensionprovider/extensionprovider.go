// Package extensionprovider finds policies that name providers which the mesh
// configuration does not have.
package extensionprovider

import (
	_ "embed"

	meshapi "istio.io/api/mesh/v1alpha1"
	security "istio.io/api/security/v1beta1"
	telemetry "istio.io/api/telemetry/v1alpha1"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed MSH6003.md
var msh6003 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:  "extensionprovider",
	Doc:   "Providers that policies name are in the mesh configuration, and can do what they are named for.",
	Needs: []analyze.Kind{analyze.MeshConfig},
	Uses:  []analyze.Kind{analyze.AuthorizationPolicy, analyze.Telemetry, analyze.ConfigMap},
	Codes: []*analyze.Code{undefined},
	Run:   run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var undefined = &analyze.Code{ID: "MSH6003", Severity: analyze.Error, Title: "A provider is not in the mesh configuration", Doc: msh6003}

func run(pass *analyze.Pass) error {
	authorizing := map[string]bool{}
	for _, provider := range pass.Mesh.Config().Spec.GetExtensionProviders() {
		authorizing[provider.GetName()] = authorizes(provider)
	}
	for policy := range pass.Mesh.AuthorizationPolicies().All() {
		name := policy.Spec.GetProvider().GetName()
		if policy.Spec.GetAction() != security.AuthorizationPolicy_CUSTOM || name == "" {
			continue
		}
		able, known := authorizing[name]
		at := object.Field("spec.provider.name")
		switch {
		case !known:
			pass.Report(analyze.Diagnostic{
				Code: undefined, On: policy, Field: at, Absent: absent(pass.Mesh),
				Message: "the mesh configuration has no provider " + name + ", so all requests that the rules match are denied",
			})
		case !able:
			pass.Reportf(undefined, policy, at, "provider %s does not authorize, so all requests that the rules match are denied: it needs envoyExtAuthzHttp or envoyExtAuthzGrpc", name)
		}
	}
	for telemetry := range pass.Mesh.Telemetries().All() {
		checkTelemetry(pass, telemetry, authorizing)
	}
	return nil
}

func authorizes(provider *meshapi.MeshConfig_ExtensionProvider) bool {
	return provider.GetEnvoyExtAuthzHttp() != nil || provider.GetEnvoyExtAuthzGrpc() != nil
}

// absent is what has to be known to say that a provider is not there: the
// configuration in the cluster, unless one was given.
func absent(mesh *analyze.Mesh) []analyze.Absence {
	if !mesh.Config().Live() {
		return nil
	}
	return analyze.Absences(mesh.Settings.IstioNamespace, analyze.ConfigMap)
}

func checkTelemetry(pass *analyze.Pass, of analyze.Of[telemetry.Telemetry], authorizing map[string]bool) {
	check := func(providers []*telemetry.ProviderRef, at object.Path) {
		for i, provider := range providers {
			name := provider.GetName()
			able, known := authorizing[name]
			finding := analyze.Diagnostic{Code: undefined, Severity: analyze.Warning, On: of, Field: at.With("providers", i, "name")}
			switch {
			case name == "" || builtIn(name):
				continue
			case !known:
				finding.Message = "the mesh configuration has no provider " + name + ", so nothing is sent to it"
				finding.Absent = absent(pass.Mesh)
			case able:
				finding.Message = "provider " + name + " is for authorization and takes no telemetry"
			default:
				continue
			}
			pass.Report(finding)
		}
	}
	for i, tracing := range of.Spec.GetTracing() {
		check(tracing.GetProviders(), object.Field("spec.tracing", i))
	}
	for i, metrics := range of.Spec.GetMetrics() {
		check(metrics.GetProviders(), object.Field("spec.metrics", i))
	}
	for i, logging := range of.Spec.GetAccessLogging() {
		check(logging.GetProviders(), object.Field("spec.accessLogging", i))
	}
}

// builtIn knows the providers that istiod adds to every configuration.
func builtIn(name string) bool {
	return name == "prometheus" || name == "stackdriver" || name == "envoy"
}
