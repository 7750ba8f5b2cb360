package outlier

import (
	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze"
)

// count is how many endpoints a host has, or a subset of it. known is false
// where that changes by itself, or nothing says it.
func count(mesh *analyze.Mesh, rule *analyze.Rule, host *analyze.Host, subset int) (n int, known bool) {
	var labels map[string]string
	if subset != analyze.NoSubset {
		labels = rule.Spec.Subsets[subset].GetLabels()
	}
	endpoints, known := mesh.EndpointsOf(host, labels)
	switch {
	case !known || mesh.MakesOtherPods(host.Namespace):
		return 0, false
	case endpoints.Listed > 0:
		return endpoints.Listed, host.Entry.GetResolution() == networking.ServiceEntry_STATIC
	}
	for _, w := range endpoints.Workloads {
		switch {
		case w.Kind == analyze.Pod || w.Kind == analyze.WorkloadEntry:
			n++
		case w.Replicas != nil && !mesh.Scales(w):
			n += int(*w.Replicas)
		default:
			return 0, false
		}
	}
	return n, true
}
