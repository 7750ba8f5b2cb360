package analyze

import (
	"slices"
	"strings"
)

// ProxyNamespaces are the namespaces in which something sends its traffic
// through a proxy of its own, a sidecar or a gateway, or may do so for all that
// is known.
func (m *Mesh) ProxyNamespaces() []string { return m.indexes.clients().proxies }

// SidecarNamespaces are those of them where it is not only gateways that do.
func (m *Mesh) SidecarNamespaces() []string { return m.indexes.clients().sidecars }

// clients are the namespaces with clients that have a proxy.
type clients struct{ proxies, sidecars []string }

func newClients(m *Mesh) *clients {
	proxies, sidecars := map[string]bool{}, map[string]bool{}
	for _, w := range m.Workloads() {
		if !sidecars[w.Namespace] && m.MayHaveProxy(w) {
			proxies[w.Namespace] = true
			if !w.onlyProxy() {
				sidecars[w.Namespace] = true
			}
		}
	}
	return &clients{sortedNamespaces(proxies), sortedNamespaces(sidecars)}
}

// onlyProxy says whether a workload is a proxy and nothing else, as gateways are.
func (w *Workload) onlyProxy() bool {
	return strings.Contains(w.Annotations["inject.istio.io/templates"], "gateway") ||
		w.Pod != nil && len(w.Pod.Containers) == 1 && w.Pod.Containers[0].Name == "istio-proxy"
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
