package analyze

import (
	"slices"
	"strings"

	networking "istio.io/api/networking/v1alpha3"
)

// Endpoints is what is known of what answers for a host, or a subset of it.
type Endpoints struct {
	// Workloads are those that make the endpoints; there are none where a
	// ServiceEntry lists them.
	Workloads []*Workload
	// Listed is how many a ServiceEntry lists.
	Listed int
}

// EndpointsOf finds what answers for a host, or for those parts of it that have
// the labels of a subset. known is false where the mesh cannot tell, as for a
// Service whose endpoints somebody else makes, or a name that DNS resolves.
func (m *Mesh) EndpointsOf(host *Host, subset map[string]string) (endpoints Endpoints, known bool) {
	subset = withoutTopology(subset)
	if host.Entry != nil && host.Entry.GetWorkloadSelector() == nil {
		endpoints.Listed, known = listed(host.Entry, subset)
		return endpoints, known
	}
	workloads, known := m.Backends(host, subset)
	return Endpoints{Workloads: m.Observed(workloads)}, known
}

// withoutTopology leaves out the labels that istiod makes for endpoints from
// where their nodes are.
func withoutTopology(labels map[string]string) map[string]string {
	kept := make(map[string]string, len(labels))
	for key, value := range labels {
		if !strings.HasPrefix(key, "topology.") && !strings.HasPrefix(key, "failure-domain.") && key != "kubernetes.io/hostname" && key != "istio-locality" {
			kept[key] = value
		}
	}
	return kept
}

func listed(entry *networking.ServiceEntry, subset map[string]string) (count int, known bool) {
	switch entry.GetResolution() {
	case networking.ServiceEntry_STATIC:
	case networking.ServiceEntry_DNS, networking.ServiceEntry_DNS_ROUND_ROBIN:
		if len(entry.GetEndpoints()) == 0 {
			return 0, len(subset) > 0 // the host itself is the endpoint, and has no labels
		}
	default:
		return 0, false
	}
	for _, endpoint := range entry.GetEndpoints() {
		if HasLabels(endpoint.GetLabels(), subset) {
			count++
		}
	}
	return count, true
}

// Idle says whether nothing runs that the workload stands for, because it is
// scaled down to nothing.
func (w *Workload) Idle() bool { return w.Replicas != nil && *w.Replicas == 0 }

// Unready says whether the workload is a pod of a cluster that takes no traffic now.
func (w *Workload) Unready() bool {
	if w.Kind != Pod || !w.Live() {
		return false
	}
	conditions, _ := w.Status["conditions"].([]any)
	for _, item := range conditions {
		condition, _ := item.(map[string]any)
		if condition["type"] == "Ready" {
			return condition["status"] != "True"
		}
	}
	return true
}

// OneCluster says whether all endpoints are in this cluster, as far as can be seen.
func (m *Mesh) OneCluster() bool {
	for secret := range m.Secrets().All() {
		if secret.Labels["istio/multiCluster"] == "true" {
			return false
		}
	}
	return len(m.Networks().Spec.GetNetworks()) < 2
}

// MakesOtherPods says whether something in a namespace makes pods in a way that
// the mesh cannot follow, such as a Rollout.
func (m *Mesh) MakesOtherPods(namespace string) bool { return m.indexes.makers().pods[namespace] }

// Scales says whether the number of replicas of a workload may change by itself:
// there is something in its namespace that does that.
func (m *Mesh) Scales(w *Workload) bool { return m.indexes.makers().scalers[w.Namespace] }

// makers are the namespaces with objects that make pods, or change how many
// there are, among kinds that no check knows.
type makers struct{ pods, scalers map[string]bool }

func newMakers(m *Mesh) *makers {
	pods := []Kind{
		"Rollout.argoproj.io", "Service.serving.knative.dev", "Configuration.serving.knative.dev", "DeploymentConfig.apps.openshift.io",
		"CloneSet.apps.kruise.io", "StatefulSet.apps.kruise.io", "DaemonSet.apps.kruise.io", "ReplicationController", "HelmRelease.helm.toolkit.fluxcd.io",
	}
	scalers := []Kind{"HorizontalPodAutoscaler.autoscaling", "ScaledObject.keda.sh"}
	found := &makers{map[string]bool{}, map[string]bool{}}
	for other := range m.Others() {
		switch {
		case slices.Contains(pods, other.Kind):
			found.pods[other.Namespace] = true
		case slices.Contains(scalers, other.Kind):
			found.scalers[other.Namespace] = true
		}
	}
	return found
}
