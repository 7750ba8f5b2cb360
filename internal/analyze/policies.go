package analyze

import (
	"slices"

	networking "istio.io/api/networking/v1alpha3"
	typebeta "istio.io/api/type/v1beta1"

	"github.com/meshctl/meshctl/internal/object"
)

// Policy is a resource that holds for some workloads: those that its selector
// chooses, those behind its targets, or all of its namespace.
type Policy struct {
	*Resource
	// Labels are those of its selector; HasSelector tells an empty one from none.
	Labels      map[string]string
	HasSelector bool
	// Selector is the field of the labels.
	Selector object.Path
	// Targets are what it is attached to, of targetRef and targetRefs.
	Targets []Target
}

// Target is something that a policy is attached to, in its namespace.
type Target struct {
	Kind Kind
	Name string
	// Field is where the policy says it.
	Field object.Path
}

// PolicyKinds are the kinds that Policies knows.
func PolicyKinds() []Kind {
	return []Kind{
		AuthorizationPolicy, PeerAuthentication, RequestAuthentication, Telemetry,
		WasmPlugin, TrafficExtension, ProxyConfig, Sidecar, EnvoyFilter,
	}
}

// Policies are the policies of a kind in a namespace, or in all if that is
// empty: oldest first, as istiod takes them.
func (m *Mesh) Policies(kind Kind, namespace string) []*Policy {
	byNamespace := m.indexes.policies()[kind]
	if namespace != "" {
		return byNamespace[namespace]
	}
	var all []*Policy
	for _, name := range sortedNamespaces(byNamespace) {
		all = append(all, byNamespace[name]...)
	}
	return all
}

// Chosen are the workloads that a policy holds for: by its selector, or all of
// its namespace; in the root namespace, those of all namespaces. What a policy
// with targets holds for is not among workloads.
func (m *Mesh) Chosen(p *Policy) []*Workload {
	namespace := p.Namespace
	if namespace == m.RootNamespace() {
		namespace = ""
	}
	return m.Select(namespace, p.Labels)
}

// PoliciesFor are the policies of a kind that hold for a workload, by selector
// or namespace: those of its own namespace first, then those of the root.
func (m *Mesh) PoliciesFor(kind Kind, w *Workload) []*Policy {
	var found []*Policy
	namespaces := []string{w.Namespace, m.RootNamespace()}
	for _, namespace := range slices.Compact(namespaces) {
		for _, policy := range m.Policies(kind, namespace) {
			if len(policy.Targets) == 0 && HasLabels(w.Labels, policy.Labels) {
				found = append(found, policy)
			}
		}
	}
	return found
}

// HasLabels says whether labels have all that a selector asks for.
func HasLabels(labels, selector map[string]string) bool {
	for key, value := range selector {
		if have, ok := labels[key]; !ok || have != value {
			return false
		}
	}
	return true
}

type selecting interface {
	GetSelector() *typebeta.WorkloadSelector
}

type targeting interface {
	GetTargetRef() *typebeta.PolicyTargetReference
	GetTargetRefs() []*typebeta.PolicyTargetReference
}

type workloadSelecting interface {
	GetWorkloadSelector() *networking.WorkloadSelector
}

func newPolicies(m *Mesh) map[Kind]map[string][]*Policy {
	policies := map[Kind]map[string][]*Policy{}
	for _, kind := range PolicyKinds() {
		byNamespace := map[string][]*Policy{}
		for r := range m.Of(kind) {
			byNamespace[r.Namespace] = append(byNamespace[r.Namespace], newPolicy(r))
		}
		for _, list := range byNamespace {
			slices.SortStableFunc(list, func(a, b *Policy) int { return byAge(a.Resource, b.Resource) })
		}
		policies[kind] = byNamespace
	}
	return policies
}

func newPolicy(r *Resource) *Policy {
	p := &Policy{Resource: r}
	switch spec := r.body.(type) {
	case selecting:
		p.HasSelector = spec.GetSelector() != nil
		p.Labels, p.Selector = spec.GetSelector().GetMatchLabels(), object.Field("spec.selector.matchLabels")
	case workloadSelecting:
		p.HasSelector = spec.GetWorkloadSelector() != nil
		p.Labels, p.Selector = spec.GetWorkloadSelector().GetLabels(), object.Field("spec.workloadSelector.labels")
	}
	if spec, ok := r.body.(targeting); ok {
		if ref := spec.GetTargetRef(); ref != nil {
			p.Targets = append(p.Targets, newTarget(ref, object.Field("spec.targetRef")))
		}
		for i, ref := range spec.GetTargetRefs() {
			p.Targets = append(p.Targets, newTarget(ref, object.Field("spec.targetRefs", i)))
		}
	}
	return p
}

func newTarget(ref *typebeta.PolicyTargetReference, field object.Path) Target {
	kind := Kind(ref.GetKind())
	if group := ref.GetGroup(); group != "" && group != "core" {
		kind = Kind(ref.GetKind() + "." + group)
	}
	return Target{Kind: kind, Name: ref.GetName(), Field: field}
}
