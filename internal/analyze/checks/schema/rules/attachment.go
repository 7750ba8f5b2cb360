package rules

import (
	types "istio.io/api/type/v1beta1"
)

// Selecting is the spec of a policy that holds for workloads with some labels.
type Selecting interface {
	GetSelector() *types.WorkloadSelector
}

// Targeting is the spec of a policy that can be attached to something.
type Targeting interface {
	Selecting
	GetTargetRefs() []*types.PolicyTargetReference
}

// Selected judges the selector of a policy.
func (j *Judge) Selected(spec Selecting) {
	selector := spec.GetSelector()
	if selector == nil {
		return
	}
	at := At("spec").Field("selector").Field("matchLabels")
	j.Selector(selector.GetMatchLabels(), at)
	if len(selector.GetMatchLabels()) == 0 {
		j.EmptySelector(at)
	}
}

// Attached judges what a policy holds for: by selector, by targetRef, which
// some kinds have, or by targetRefs.
func (j *Judge) Attached(spec Targeting, single *types.PolicyTargetReference) {
	j.Selected(spec)
	at, many := At("spec"), spec.GetTargetRefs()
	switch selects := spec.GetSelector() != nil; {
	case selects && single != nil:
		j.Wrong(at.Field("targetRef"), "a policy has either a selector or targets, not both")
	case selects && len(many) > 0:
		j.Wrong(at.Field("targetRefs"), "a policy has either a selector or targets, not both")
	case single != nil && len(many) > 0:
		j.Wrong(at.Field("targetRefs"), "a policy has either targetRef or targetRefs, not both")
	}
	if single != nil {
		j.target(single, at.Field("targetRef"))
	}
	j.Targets(many, at.Field("targetRefs"))
}

// Targets judges what a policy is attached to.
func (j *Judge) Targets(targets []*types.PolicyTargetReference, at *Place) {
	for i, target := range targets {
		j.target(target, at.Item(i))
	}
}

func (j *Judge) target(target *types.PolicyTargetReference, at *Place) {
	if target.GetName() == "" {
		j.Wrong(at.Field("name"), "a target needs a name")
	}
	if namespace := target.GetNamespace(); namespace != "" {
		j.Wrong(at.Field("namespace"), "a policy is attached to what is in its own namespace: leave %s out", namespace)
	}
	if isTarget(target.GetGroup(), target.GetKind()) {
		return
	}
	kind := target.GetKind()
	if target.GetGroup() != "" {
		kind += "." + target.GetGroup()
	}
	j.Wrong(at.Field("kind"), "a policy cannot be attached to %q: only to a Service, ServiceEntry (of networking.istio.io), Gateway or GatewayClass (of gateway.networking.k8s.io)", kind)
}

func isTarget(group, kind string) bool {
	switch kind {
	case "Service":
		return group == "" || group == "core"
	case "ServiceEntry":
		return group == "networking.istio.io"
	case "Gateway", "GatewayClass":
		return group == "gateway.networking.k8s.io"
	}
	return false
}
