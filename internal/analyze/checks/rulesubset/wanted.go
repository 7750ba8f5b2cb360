package rulesubset

import (
	"slices"
	"strings"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze"
)

// wanted are the labels of a subset: those that workloads have themselves, and
// those that istiod gives their endpoints after the place they run at.
type wanted struct {
	own   map[string]string
	place map[string]string
}

const (
	region   = "topology.kubernetes.io/region"
	zone     = "topology.kubernetes.io/zone"
	subzone  = "topology.istio.io/subzone"
	hostname = "kubernetes.io/hostname"
	cluster  = "topology.istio.io/cluster"
	network  = "topology.istio.io/network"
)

func newWanted(labels map[string]string) wanted {
	w := wanted{own: map[string]string{}, place: map[string]string{}}
	for key, value := range labels {
		if slices.Contains([]string{region, zone, subzone, hostname, cluster, network}, key) {
			w.place[key] = value
		} else {
			w.own[key] = value
		}
	}
	return w
}

// in says whether a host has such endpoints, or may have for all that is known.
func (w wanted) in(mesh *analyze.Mesh, host *analyze.Host) bool {
	if len(w.own)+len(w.place) == 0 {
		return true
	}
	if host.Entry != nil {
		switch host.Entry.GetResolution() {
		case networking.ServiceEntry_NONE, networking.ServiceEntry_DYNAMIC_DNS:
			return true // requests go where they were going, whatever the subset
		}
		if host.Entry.GetWorkloadSelector() == nil {
			return slices.ContainsFunc(host.Entry.GetEndpoints(), w.isEndpoint)
		}
	}
	workloads, known := mesh.Backends(host, w.own)
	if !known {
		return true
	}
	if len(w.place) == 0 {
		return len(workloads) > 0
	}
	// Where pods run is known of pods; templates may come to run anywhere.
	isPod := func(workload *analyze.Workload) bool { return workload.Kind == analyze.Pod }
	if slices.ContainsFunc(workloads, isPod) {
		workloads = slices.DeleteFunc(slices.Clone(workloads), func(workload *analyze.Workload) bool {
			return !isPod(workload) && workload.Pod != nil
		})
	}
	return slices.ContainsFunc(workloads, func(workload *analyze.Workload) bool { return w.runsThere(mesh, workload) })
}

func (w wanted) isEndpoint(endpoint *networking.WorkloadEntry) bool {
	return analyze.HasLabels(endpoint.GetLabels(), w.own) && w.isAt(endpoint.GetLabels(), locality(endpoint.GetLocality()))
}

// locality reads region/zone/subzone.
func locality(text string) map[string]string {
	place := map[string]string{}
	for i, part := range strings.SplitN(text, "/", 3) {
		place[[]string{region, zone, subzone}[i]] = part
	}
	return place
}

// runsThere says whether a workload runs at the place, or may come to.
func (w wanted) runsThere(mesh *analyze.Mesh, workload *analyze.Workload) bool {
	if workload.Pod == nil {
		entry, _ := analyze.As[networking.WorkloadEntry](workload.Resource)
		return workload.Kind == analyze.WorkloadGroup || w.isAt(workload.Labels, locality(entry.Spec.GetLocality()))
	}
	if name := workload.Pod.NodeName; name != "" {
		node, _ := mesh.Nodes().Get("", name)
		return w.isAt(workload.Labels, ofNode(node.Resource, name))
	}
	for node := range mesh.Nodes().All() {
		if w.isAt(workload.Labels, ofNode(node.Resource, node.Name)) {
			return true
		}
	}
	return w.isAt(workload.Labels, nil)
}

func ofNode(node *analyze.Resource, name string) map[string]string {
	place := map[string]string{hostname: name}
	if node == nil {
		return place
	}
	for _, key := range []string{region, zone, subzone, hostname} {
		if value := node.Labels[key]; value != "" {
			place[key] = value
		}
	}
	return place
}

// isAt compares the place with what is asked for. In which cluster and network
// something runs is not known here.
func (w wanted) isAt(labels, place map[string]string) bool {
	for key, value := range w.place {
		elsewhere := place[key] != value && labels[key] != value && key != cluster && key != network
		if value == "" || elsewhere {
			return false
		}
	}
	return true
}

// absent is what is missing where no host has such endpoints.
func (w wanted) absent(mesh *analyze.Mesh, hosts []*analyze.Host) []analyze.Absence {
	var absent []analyze.Absence
	for _, host := range hosts {
		if host.Entry == nil || host.Entry.GetWorkloadSelector() != nil {
			absent = append(absent, mesh.AbsentWorkloads(host.Namespace)...)
		}
	}
	if len(w.place) > 0 {
		absent = append(absent, analyze.Absences("", analyze.Node)...)
	}
	return absent
}
