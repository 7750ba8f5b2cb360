// Package destinationrule has the rules of DestinationRules, and of those of
// their settings that other kinds have too.
package destinationrule

import (
	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// Check judges a DestinationRule.
func Check(j *rules.Judge, spec *networking.DestinationRule) {
	at := rules.At("spec")
	if fault := rules.WildcardFault(spec.GetHost()); fault != "" {
		j.Wrong(at.Field("host"), "host %q %s", spec.GetHost(), fault)
	}
	if spec.GetTrafficPolicy() != nil {
		policy(j, spec.GetTrafficPolicy(), at.Field("trafficPolicy"))
	}
	subsets(j, spec.GetSubsets(), at.Field("subsets"))
	j.ExportTo(spec.GetExportTo(), false)
	if spec.GetWorkloadSelector() != nil {
		selected(j, spec, at)
	}
}

// selected judges a rule that holds for some clients: it stays in its namespace.
func selected(j *rules.Judge, spec *networking.DestinationRule, at *rules.Place) {
	labels := spec.GetWorkloadSelector().GetMatchLabels()
	j.Selector(labels, at.Field("workloadSelector").Field("matchLabels"))
	if len(labels) == 0 {
		j.EmptySelector(at.Field("workloadSelector").Field("matchLabels"))
	}
	for i, to := range spec.GetExportTo() {
		if to != "." && to != j.On.Namespace {
			j.Wrong(at.Field("exportTo").Item(i), "a rule with a workloadSelector holds for workloads of its own namespace, and cannot be exported to %q", to)
		}
	}
}

func subsets(j *rules.Judge, subsets []*networking.Subset, at *rules.Place) {
	for i, subset := range subsets {
		at, name := at.Item(i), subset.GetName()
		switch {
		case name == "":
			j.Wrong(at.Field("name"), "a subset needs a name")
		case !rules.IsLabel(name):
			j.Wrong(at.Field("name"), "%q is no name of a subset: letters, digits and dashes", name)
		}
		for _, other := range subsets[:i] {
			if other.GetName() == name && name != "" {
				j.Wrong(at.Field("name"), "there are two subsets called %s", name)
				break
			}
		}
		j.Labels(subset.GetLabels(), at.Field("labels"))
		if subset.GetTrafficPolicy() != nil {
			policy(j, subset.GetTrafficPolicy(), at.Field("trafficPolicy"))
		}
	}
}
