package analyze

import (
	"strings"

	networking "istio.io/api/networking/v1alpha3"
)

// Scope is what a Sidecar lets the clients it is for see of the mesh, or what
// they see without one.
type Scope struct {
	// Sidecar decides; its Spec is nil where there is none, and all is seen that
	// is exported to the namespace.
	Sidecar Of[networking.Sidecar]
	// client is the namespace that a dot stands for.
	client string
	// imports are the hosts of egress, by the namespace they are taken from.
	imports map[string]*HostMap[struct{}]
}

// ScopeOf is the scope of a workload: by the Sidecar that selects it, else that
// of its namespace, else that of the root namespace. Gateways have none.
func (m *Mesh) ScopeOf(w *Workload) *Scope {
	if scope := m.indexes.scopes().own[w]; scope != nil {
		return scope
	}
	return m.ScopeIn(w.Namespace)
}

// ScopeIn is the scope of the workloads in a namespace that no Sidecar selects.
func (m *Mesh) ScopeIn(namespace string) *Scope {
	scopes := m.indexes.scopes()
	if scope := scopes.spaces[namespace]; scope != nil {
		return scope
	}
	if scopes.root != nil { // nothing that has a proxy is known there
		return newScope(scopes.root, namespace)
	}
	return &Scope{client: namespace}
}

// SeesHost says whether clients in the scope may send to the host, by whatever
// Service or ServiceEntry declares it.
func (s *Scope) SeesHost(host *Host) bool {
	return host.Visibility.Sees(s.client) && s.takes(host.Namespace, host.Name)
}

// SeesRoute says whether clients in the scope use a VirtualService of a
// namespace for a host.
func (s *Scope) SeesRoute(route *Route, host string) bool {
	return route.Visibility.Sees(s.client) && s.takes(route.Namespace, host)
}

func (s *Scope) takes(namespace, host string) bool {
	if s.imports == nil {
		return true
	}
	for _, from := range []string{namespace, "*"} {
		if imports := s.imports[from]; imports != nil && len(imports.Overlapping(host)) > 0 {
			return true
		}
	}
	return false
}

// scopes are the Sidecars by what they are for.
type scopes struct {
	own    map[*Workload]*Scope
	spaces map[string]*Scope
	root   *Policy
}

func newScopes(m *Mesh) *scopes {
	s := &scopes{own: map[*Workload]*Scope{}, spaces: map[string]*Scope{}}
	compiled := map[*Policy]*Scope{}
	for w, policy := range m.selected(Sidecar) {
		if compiled[policy] == nil {
			compiled[policy] = newScope(policy, w.Namespace)
		}
		s.own[w] = compiled[policy]
	}
	defaults := m.unselective(Sidecar)
	for namespace, policy := range defaults {
		s.spaces[namespace] = newScope(policy, namespace)
	}
	if s.root = defaults[m.RootNamespace()]; s.root != nil {
		for _, namespace := range m.ProxyNamespaces() {
			if s.spaces[namespace] == nil {
				s.spaces[namespace] = newScope(s.root, namespace)
			}
		}
	}
	return s
}

func newScope(policy *Policy, client string) *Scope {
	spec, _ := policy.body.(*networking.Sidecar)
	s := &Scope{Sidecar: Of[networking.Sidecar]{policy.Resource, spec}, client: client}
	if len(spec.GetEgress()) == 0 {
		return s // no egress is all egress
	}
	s.imports = map[string]*HostMap[struct{}]{}
	for _, egress := range spec.GetEgress() {
		for _, text := range egress.GetHosts() {
			namespace, host, ok := strings.Cut(text, "/")
			switch {
			case !ok, namespace == "~":
				continue
			case namespace == ".":
				namespace = client
			}
			if s.imports[namespace] == nil {
				s.imports[namespace] = &HostMap[struct{}]{}
			}
			s.imports[namespace].Add(host, struct{}{})
		}
	}
	return s
}

// HiddenBy finds the Sidecar that hides a host from the clients of a namespace,
// though it is exported to them; ok is false if none does.
func (m *Mesh) HiddenBy(client string, host *Host) (sidecar Of[networking.Sidecar], ok bool) {
	scope := m.ScopeIn(client)
	if !host.Visibility.Sees(client) || scope.SeesHost(host) {
		return Of[networking.Sidecar]{}, false
	}
	return scope.Sidecar, true
}
