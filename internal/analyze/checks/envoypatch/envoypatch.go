// Package envoypatch finds patches of EnvoyFilters that istiod ignores, or that
// work only if other patches happen to come before.
package envoypatch

import (
	_ "embed"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0151.md
var ist0151 string

//go:embed IST0152.md
var ist0152 string

//go:embed IST0153.md
var ist0153 string

//go:embed IST0154.md
var ist0154 string

//go:embed IST0155.md
var ist0155 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "envoypatch",
	Legacy: []string{"envoyfilter.EnvoyPatchAnalyzer"},
	Doc:    "Patches of EnvoyFilters do something, whatever the order in which they are applied.",
	Needs:  []analyze.Kind{analyze.EnvoyFilter},
	Codes:  []*analyze.Code{relative, replaced, added, removed, versioned},
	Run:    run,
}

//nolint:gochecknoglobals // codes are immutable values with an identity
var (
	relative  = &analyze.Code{ID: "IST0151", Severity: analyze.Warning, Title: "A relative patch has no priority", Doc: ist0151}
	replaced  = &analyze.Code{ID: "IST0152", Severity: analyze.Error, Title: "A patch replaces what cannot be replaced", Doc: ist0152}
	added     = &analyze.Code{ID: "IST0153", Severity: analyze.Error, Title: "A patch adds what cannot be added", Doc: ist0153}
	removed   = &analyze.Code{ID: "IST0154", Severity: analyze.Error, Title: "A patch removes what cannot be removed", Doc: ist0154}
	versioned = &analyze.Code{ID: "IST0155", Severity: analyze.Warning, Title: "A relative patch of what others patch for one version of the proxy has no priority", Doc: ist0155}
)

func run(pass *analyze.Pass) error {
	// versions are those of the proxy for which patches so far have an instance.
	versions := map[string]string{}
	for filter := range pass.Mesh.EnvoyFilters().All() {
		// One priority would heal all patches, so each code is reported once.
		told := map[*analyze.Code]bool{}
		for i, patch := range filter.Spec.GetConfigPatches() {
			name := instance(patch)
			code := judge(filter.Spec, patch, versions[name] != "")
			if code != nil && (!told[code] || code != relative && code != versioned) {
				told[code] = true
				pass.Reportf(code, filter, object.Field("spec.configPatches", i, "patch.operation"), "%s", message(code, patch, versions[name]))
			}
			if version := patch.GetMatch().GetProxy().GetProxyVersion(); version != "" && name != "" {
				versions[name] = version
			}
		}
	}
	return nil
}

// instance is the name of what a patch puts in, or looks for.
func instance(patch *networking.EnvoyFilter_EnvoyConfigObjectPatch) string {
	if name := patch.GetPatch().GetValue().GetFields()["name"].GetStringValue(); name != "" {
		return name
	}
	return patch.GetMatch().GetListener().GetFilterChain().GetFilter().GetName()
}

// judge finds the code for a patch, nil if there is nothing to say. again says
// that a patch before it has the same instance for some versions only.
func judge(filter *networking.EnvoyFilter, patch *networking.EnvoyFilter_EnvoyConfigObjectPatch, again bool) *analyze.Code {
	if patch.GetPatch() == nil {
		return nil
	}
	switch patch.GetPatch().GetOperation() {
	case networking.EnvoyFilter_Patch_ADD:
		if ofRoutes(patch) {
			return added
		}
		return nil
	case networking.EnvoyFilter_Patch_REMOVE:
		if ofRoutes(patch) {
			return removed
		}
	case networking.EnvoyFilter_Patch_REPLACE:
		if !replaceable(patch) {
			return replaced
		}
	case networking.EnvoyFilter_Patch_INSERT_BEFORE, networking.EnvoyFilter_Patch_INSERT_AFTER:
	default:
		return nil
	}
	switch {
	case filter.GetPriority() != 0:
		return nil
	case again:
		return versioned
	}
	return relative
}

func message(code *analyze.Code, patch *networking.EnvoyFilter_EnvoyConfigObjectPatch, version string) string {
	operation, target := patch.GetPatch().GetOperation().String(), patch.GetApplyTo().String()
	switch code {
	case relative:
		return operation + " finds its target only if patches of older EnvoyFilters make it: set spec.priority"
	case versioned:
		return operation + " of " + instance(patch) + ", which another patch has for proxies of version " + version + " only, depends on the age of EnvoyFilters and on which version runs: set spec.priority"
	case replaced:
		return "REPLACE is ignored for " + target + ": it works for NETWORK_FILTER, HTTP_FILTER and VIRTUAL_HOST"
	}
	return operation + " is ignored for " + target
}

func ofRoutes(patch *networking.EnvoyFilter_EnvoyConfigObjectPatch) bool {
	return patch.GetApplyTo() == networking.EnvoyFilter_ROUTE_CONFIGURATION || patch.GetApplyTo() == networking.EnvoyFilter_HTTP_ROUTE
}

func replaceable(patch *networking.EnvoyFilter_EnvoyConfigObjectPatch) bool {
	switch patch.GetApplyTo() {
	case networking.EnvoyFilter_NETWORK_FILTER, networking.EnvoyFilter_HTTP_FILTER, networking.EnvoyFilter_VIRTUAL_HOST:
		return true
	}
	return false
}
