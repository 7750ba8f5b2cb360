// Package jwksfetch finds control planes that fetch keys from wherever a
// RequestAuthentication says.
package jwksfetch

import (
	_ "embed"

	security "istio.io/api/security/v1beta1"
	core "k8s.io/api/core/v1"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0175.md
var ist0175 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "jwksfetch",
	Legacy: []string{"authn.BlockedCIDRsAnalyzer"},
	Doc:    "Where istiod may fetch keys from is limited.",
	Needs:  []analyze.Kind{analyze.RequestAuthentication, analyze.Deployment},
	Codes:  []*analyze.Code{unlimited},
	Run:    run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var unlimited = &analyze.Code{ID: "IST0175", Severity: analyze.Warning, Title: "istiod fetches keys from anywhere", Doc: ist0175}

const variable = "BLOCKED_CIDRS_IN_JWKS_URIS"

func run(pass *analyze.Pass) error {
	fetching, at, found := firstFetch(pass.Mesh)
	if !found {
		return nil
	}
	for deployment := range pass.Mesh.Deployments().All() {
		if deployment.Labels["app"] != "istiod" || limits(&deployment.Spec.Template.Spec) {
			continue
		}
		pass.Report(analyze.Diagnostic{
			Code: unlimited, On: deployment, Field: object.Field("spec.template.spec.containers", 0, "env"),
			Message: "istiod fetches keys from any address that a RequestAuthentication names, internal ones too: set " + variable,
			Related: []analyze.Related{{On: fetching, Field: at, Note: "the first that has istiod fetch keys"}},
		})
	}
	return nil
}

// firstFetch finds a rule whose keys are not in it.
func firstFetch(mesh *analyze.Mesh) (of analyze.Of[security.RequestAuthentication], at object.Path, found bool) {
	for authentication := range mesh.RequestAuthentications().All() {
		for i, rule := range authentication.Spec.GetJwtRules() {
			if rule.GetJwks() == "" {
				return authentication, object.Field("spec.jwtRules", i), true
			}
		}
	}
	return of, nil, false
}

func limits(pod *core.PodSpec) bool {
	for i := range pod.Containers {
		for _, env := range pod.Containers[i].Env {
			if env.Name == variable && (env.Value != "" || env.ValueFrom != nil) {
				return true
			}
		}
		if len(pod.Containers[i].EnvFrom) > 0 {
			return true // what is in there is not known here
		}
	}
	return false
}
