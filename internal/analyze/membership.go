package analyze

import (
	core "k8s.io/api/core/v1"
)

// Membership says how a workload takes part in the mesh.
type Membership string

// The ways to take part.
const (
	Outside   Membership = "outside"
	InSidecar Membership = "sidecar"
	InAmbient Membership = "ambient"
)

// The labels and annotations that decide.
const (
	injectLabel    = "sidecar.istio.io/inject"
	injectionLabel = "istio-injection"
	revisionLabel  = "istio.io/rev"
	dataplaneLabel = "istio.io/dataplane-mode"
	redirection    = "ambient.istio.io/redirection"
)

// MembershipOf says how a workload takes part: by what runs in it, else by what
// its labels and those of its namespace ask for. Machines outside the cluster
// that have a WorkloadEntry run a proxy.
func (m *Mesh) MembershipOf(w *Workload) Membership {
	switch {
	case w.Annotations[redirection] == "enabled":
		return InAmbient
	case w.Pod == nil, HasProxy(w.Pod):
		return InSidecar
	}
	inject, asked := w.Labels[injectLabel]
	if !asked {
		inject, asked = w.Annotations[injectLabel]
	}
	var home map[string]string
	if namespace, ok := m.Namespaces().Get("", w.Namespace); ok {
		home = namespace.Labels
	}
	switch {
	case asked && inject == "true":
		return InSidecar
	case (!asked || inject != "false") && !w.Pod.HostNetwork && (InjectsSidecars(home) || w.Labels[revisionLabel] != "" && home[injectionLabel] != "disabled"):
		return InSidecar
	case w.Labels[dataplaneLabel] == "none", w.Pod.HostNetwork:
		return Outside
	case w.Labels[dataplaneLabel] == "ambient", home[dataplaneLabel] == "ambient":
		return InAmbient
	}
	return Outside
}

// InjectsSidecars says whether the labels of a namespace ask for sidecars.
func InjectsSidecars(namespace map[string]string) bool {
	switch namespace[injectionLabel] {
	case "enabled":
		return true
	case "":
		return namespace[revisionLabel] != "" && namespace[dataplaneLabel] != "ambient"
	}
	return false
}

// HasProxy says whether a pod has the container of the sidecar, be it a native one.
func HasProxy(pod *core.PodSpec) bool {
	for _, containers := range [][]core.Container{pod.Containers, pod.InitContainers} {
		for i := range containers {
			if containers[i].Name == "istio-proxy" && containers[i].Image != "" {
				return true
			}
		}
	}
	return false
}
