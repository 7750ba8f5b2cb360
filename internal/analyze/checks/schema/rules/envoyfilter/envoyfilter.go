// Package envoyfilter has the rules of EnvoyFilters.
//
// What a patch puts into the configuration has to be a message of Envoy. The
// code of those messages is many megabytes, their descriptors are a few
// kilobytes: these are embedded, and values are read along them.
package envoyfilter

import (
	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// Checker judges EnvoyFilters.
type Checker struct{ types envoyTypes }

// Err is why Envoy's types could not be read, if they were needed.
func (c *Checker) Err() error { return c.types.err }

// Check judges an EnvoyFilter.
func (c *Checker) Check(j *rules.Judge, spec *networking.EnvoyFilter) {
	at := rules.At("spec")
	j.Doubt(at, "an EnvoyFilter changes configuration that is made by istiod and may be another in the next version: prefer a resource for the purpose if there is one, and try it before each upgrade")
	if selector := spec.GetWorkloadSelector(); selector != nil {
		j.Selector(selector.GetLabels(), at.Field("workloadSelector").Field("labels"))
		if len(selector.GetLabels()) == 0 {
			j.EmptySelector(at.Field("workloadSelector").Field("labels"))
		}
		if len(spec.GetTargetRefs()) > 0 {
			j.Wrong(at.Field("targetRefs"), "an EnvoyFilter has either a workloadSelector or targets, not both")
		}
	}
	j.Targets(spec.GetTargetRefs(), at.Field("targetRefs"))
	for i, patch := range spec.GetConfigPatches() {
		c.judgePatch(j, patch, at.Field("configPatches").Item(i))
	}
}

func (c *Checker) judgePatch(j *rules.Judge, one *networking.EnvoyFilter_EnvoyConfigObjectPatch, at *rules.Place) {
	if one.GetMatch().GetContext() == networking.EnvoyFilter_WAYPOINT {
		return // which istiod does not judge either
	}
	if one.GetApplyTo() == networking.EnvoyFilter_INVALID {
		j.Wrong(at.Field("applyTo"), "a patch needs applyTo: what it changes")
	}
	operation := one.GetPatch().GetOperation()
	switch {
	case one.GetPatch() == nil:
		j.Wrong(at.Field("patch"), "an entry of configPatches needs a patch")
	case operation == networking.EnvoyFilter_Patch_INVALID:
		j.Wrong(at.Field("patch").Field("operation"), "a patch needs an operation")
	case operation != networking.EnvoyFilter_Patch_REMOVE && one.GetPatch().GetValue() == nil:
		j.Wrong(at.Field("patch").Field("value"), "operation %s needs a value", operation)
	}
	if version := one.GetMatch().GetProxy().GetProxyVersion(); version != "" {
		if fault := rules.RegexFault(version); fault != "" {
			j.Wrong(at.Field("match").Field("proxy").Field("proxyVersion"), "%q %s", version, fault)
		}
	}
	if one.GetMatch().GetObjectTypes() != nil {
		judgeMatch(j, one, at)
	}
	if value := one.GetPatch().GetValue(); value != nil {
		c.judgeValue(j, one.GetApplyTo(), value, at.Field("patch").Field("value"))
	}
}

// judgeMatch wants a match that is about what the patch changes.
func judgeMatch(j *rules.Judge, one *networking.EnvoyFilter_EnvoyConfigObjectPatch, at *rules.Place) {
	match, applyTo := one.GetMatch(), one.GetApplyTo()
	const why = "a patch of %s is placed by a match of %s"
	switch applyTo {
	case networking.EnvoyFilter_LISTENER, networking.EnvoyFilter_FILTER_CHAIN, networking.EnvoyFilter_LISTENER_FILTER,
		networking.EnvoyFilter_NETWORK_FILTER, networking.EnvoyFilter_HTTP_FILTER:
		if match.GetListener() == nil {
			j.Wrong(at.Field("match"), why, applyTo, "listener")
			return
		}
		if filter := match.GetListener().GetFilterChain().GetFilter(); filter != nil {
			judgeFilter(j, filter, applyTo, at.Field("match").Field("listener").Field("filterChain").Field("filter"))
		}
	case networking.EnvoyFilter_ROUTE_CONFIGURATION, networking.EnvoyFilter_VIRTUAL_HOST, networking.EnvoyFilter_HTTP_ROUTE:
		if match.GetRouteConfiguration() == nil {
			j.Wrong(at.Field("match"), why, applyTo, "routeConfiguration")
		}
	case networking.EnvoyFilter_CLUSTER:
		if match.GetCluster() == nil {
			j.Wrong(at.Field("match"), why, applyTo, "cluster")
		}
	}
}

const connectionManager = "envoy.filters.network.http_connection_manager"

func judgeFilter(j *rules.Judge, filter *networking.EnvoyFilter_ListenerMatch_FilterMatch, applyTo networking.EnvoyFilter_ApplyTo, at *rules.Place) {
	if applyTo == networking.EnvoyFilter_LISTENER || applyTo == networking.EnvoyFilter_FILTER_CHAIN {
		j.Doubt(at, "a patch of %s is not placed by filters, so this part of the match has no effect", applyTo)
	}
	judgeName(j, filter.GetName(), at)
	sub := filter.GetSubFilter()
	if sub == nil {
		return
	}
	at = at.Field("subFilter")
	if applyTo != networking.EnvoyFilter_HTTP_FILTER {
		j.Wrong(at, "filters within a filter are those of HTTP: applyTo has to be HTTP_FILTER, not %s", applyTo)
	}
	if name := filter.GetName(); name != connectionManager && name != "envoy.http_connection_manager" {
		j.Wrong(at, "filters of HTTP are within %s, not within %q", connectionManager, name)
	}
	judgeName(j, sub.GetName(), at)
}

func judgeName(j *rules.Judge, name string, at *rules.Place) {
	if name == "" {
		j.Wrong(at.Field("name"), "a filter is found by its name: set it")
	} else if renamed := renamedTo(name); renamed != "" {
		j.Doubt(at.Field("name"), "%s is what the filter was called long ago: write %s", name, renamed)
	}
}
