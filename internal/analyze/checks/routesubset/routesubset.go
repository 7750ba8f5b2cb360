// Package routesubset finds routes to subsets that no DestinationRule defines.
package routesubset

import (
	"fmt"
	"slices"
	"strings"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/codes"
	"github.com/meshctl/meshctl/internal/object"
)

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "routesubset",
	Legacy: []string{"virtualservice.DestinationRuleAnalyzer"},
	Doc:    "The subsets that VirtualServices send traffic to are defined.",
	Needs:  []analyze.Kind{analyze.VirtualService, analyze.DestinationRule},
	Uses:   []analyze.Kind{analyze.Service, analyze.ServiceEntry},
	Codes:  []*analyze.Code{codes.NotFound},
	Run:    run,
}

func run(pass *analyze.Pass) error {
	for vs := range pass.Mesh.VirtualServices().All() {
		for to := range analyze.Destinations(vs.Spec) {
			if to.Host != "" && to.Subset != "" {
				check(pass, vs, to)
			}
		}
	}
	return nil
}

// check looks through the rules of all namespaces: which of them clients get to
// see is another question.
func check(pass *analyze.Pass, vs analyze.Of[networking.VirtualService], to analyze.RouteDestination) {
	fqdn := pass.Mesh.FQDN(to.Host, vs.Namespace)
	rules := pass.Mesh.AllRules(fqdn)
	if slices.ContainsFunc(rules, func(rule *analyze.Rule) bool { _, ok := rule.Subset(to.Subset); return ok }) {
		return
	}
	var known []string
	var related []analyze.Related
	for _, rule := range rules {
		for _, subset := range rule.Spec.Subsets {
			known = append(known, subset.GetName())
		}
		related = append(related, analyze.Related{On: rule, Field: object.Field("spec.subsets"), Note: "the subsets of"})
	}
	message := fmt.Sprintf("subset %q of host %q is not defined: ", to.Subset, to.Host)
	switch {
	case len(rules) == 0:
		message += "there is no DestinationRule for the host"
	case len(known) == 0:
		message += "no DestinationRule for the host has subsets"
	default:
		message += "there is only " + strings.Join(known, ", ")
	}
	namespace, _, ok := pass.Mesh.ServiceOf(fqdn)
	if !ok {
		namespace = vs.Namespace
	}
	pass.Report(analyze.Diagnostic{
		Code: codes.NotFound, Alias: codes.AliasSubset, On: vs, Field: to.Field().With("subset"), Message: message,
		Absent: analyze.Absences(namespace, analyze.DestinationRule), Related: related,
	})
}
