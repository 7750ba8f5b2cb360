// Package gatewayversion finds definitions of the Gateway API that do not serve
// the versions in which istiod reads them.
package gatewayversion

import (
	_ "embed"
	"slices"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

var (
	//go:embed IST0156.md
	ist0156 string
	//go:embed IST0172.md
	ist0172 string
)

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:      "gatewayversion",
	Doc:       "The definitions of the Gateway API serve the versions in which istiod reads them, now and in future.",
	Needs:     []analyze.Kind{analyze.CustomResourceDefinition},
	OnRequest: true,
	Codes:     []*analyze.Code{unsupported, soon},
	Run:       run,
}

//nolint:gochecknoglobals // codes are immutable values with an identity
var (
	unsupported = &analyze.Code{ID: "IST0156", Severity: analyze.Error, Title: "A definition of the Gateway API lacks a version that istiod reads", Doc: ist0156}
	soon        = &analyze.Code{ID: "IST0172", Severity: analyze.Warning, Title: "A definition of the Gateway API lacks the version that istiod will read", Doc: ist0172}
)

const group = "gateway.networking.k8s.io"

func run(pass *analyze.Pass) error {
	for definition := range pass.Mesh.Definitions().All() {
		if definition.Spec.Group != group {
			continue
		}
		kind, at := definition.Spec.Names.Kind, object.Field("spec.versions")
		if slices.Contains([]string{"Gateway", "GatewayClass", "HTTPRoute", "ReferenceGrant"}, kind) && !serves(definition.Spec, "v1beta1") {
			pass.Reportf(unsupported, definition, at, "%s is not served in version v1beta1, in which Istio reads it", kind)
		}
		if slices.Contains([]string{"Gateway", "GatewayClass", "HTTPRoute", "GRPCRoute"}, kind) && !serves(definition.Spec, "v1") {
			pass.Reportf(soon, definition, at, "%s is not served in version v1, the only one that future versions of Istio will read", kind)
		}
	}
	return nil
}

func serves(definition *analyze.Definition, version string) bool {
	for _, one := range definition.Versions {
		if one.Name == version {
			return one.Served
		}
	}
	return false
}
