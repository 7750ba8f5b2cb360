package analyze

import "slices"

// ProxyNamespaces are the namespaces in which something sends its traffic
// through a proxy of its own, a sidecar or a gateway, or may do so for all that
// is known.
func (m *Mesh) ProxyNamespaces() []string { return m.indexes.proxies() }

func newProxyNamespaces(m *Mesh) []string {
	var namespaces []string
	found := map[string]bool{}
	for _, w := range m.Workloads() {
		if !found[w.Namespace] && m.MayHaveProxy(w) {
			found[w.Namespace] = true
			namespaces = append(namespaces, w.Namespace)
		}
	}
	slices.Sort(namespaces)
	return namespaces
}

// MayHaveProxy says whether a workload has a proxy of its own, or may have one:
// what its namespace asks for is not known.
func (m *Mesh) MayHaveProxy(w *Workload) bool {
	switch m.MembershipOf(w) {
	case InSidecar:
		return true
	case InAmbient:
		return false
	}
	return !m.outside(w)
}

// LacksProxy says whether a workload certainly takes no part in the mesh.
func (m *Mesh) LacksProxy(w *Workload) bool { return m.MembershipOf(w) == Outside && m.outside(w) }

// outside says whether being outside is certain, of a workload that seems to be.
func (m *Mesh) outside(w *Workload) bool {
	if w.Pod == nil || w.Pod.HostNetwork || w.Labels[injectLabel] == "false" || w.Annotations[injectLabel] == "false" {
		return true
	}
	_, ok := m.Namespaces().Get("", w.Namespace)
	return ok || m.Knows(Namespace, "")
}

// Observed are the workloads that say how something runs: pods of a cluster
// where it has them, and otherwise what makes pods.
func (m *Mesh) Observed(workloads []*Workload) []*Workload {
	pods := func(w *Workload) bool { return w.Kind == Pod && w.Live() }
	running := slices.ContainsFunc(workloads, pods)
	return slices.DeleteFunc(slices.Clone(workloads), func(w *Workload) bool {
		if running {
			return w.Pod != nil && !pods(w)
		}
		return m.Made(w)
	})
}
