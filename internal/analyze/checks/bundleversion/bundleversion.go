// Package bundleversion finds definitions of the Gateway API that are too old.
package bundleversion

import (
	_ "embed"

	"github.com/Masterminds/semver/v3"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0176.md
var ist0176 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "bundleversion",
	Legacy: []string{"k8sgateway.CRDVersionAnalyzer"},
	Doc:    "The definitions of the Gateway API are recent enough for istiod.",
	Needs:  []analyze.Kind{analyze.CustomResourceDefinition},
	Codes:  []*analyze.Code{tooOld},
	Run:    run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var tooOld = &analyze.Code{ID: "IST0176", Severity: analyze.Warning, Title: "A definition of the Gateway API is too old", Doc: ist0176}

const bundle = "gateway.networking.k8s.io/bundle-version"

// oldest is the first version of the Gateway API in which istiod watches a kind.
func oldest(definition string) (version *semver.Version, ok bool) {
	switch definition {
	case "grpcroutes.gateway.networking.k8s.io":
		return semver.New(1, 1, 0, "", ""), true
	case "backendtlspolicies.gateway.networking.k8s.io":
		return semver.New(1, 4, 0, "", ""), true
	case "tlsroutes.gateway.networking.k8s.io":
		return semver.New(1, 5, 0, "", ""), true
	}
	return nil, false
}

func run(pass *analyze.Pass) error {
	for definition := range pass.Mesh.Definitions().All() {
		wanted, ok := oldest(definition.Name)
		if !ok {
			continue
		}
		text := definition.Annotations[bundle]
		version, err := semver.NewVersion(text)
		if err != nil {
			continue // made by something else, which has versions of its own
		}
		// A release candidate has what its release has.
		version = semver.New(version.Major(), version.Minor(), version.Patch(), "", "")
		if version.LessThan(wanted) {
			pass.Reportf(tooOld, definition, object.Field("metadata.annotations").Key(bundle),
				"this is version %s of the Gateway API, and istiod ignores %s before v%s", text, definition.Spec.Names.Kind, wanted)
		}
	}
	return nil
}
