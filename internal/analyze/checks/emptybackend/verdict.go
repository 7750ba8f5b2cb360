package emptybackend

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

// verdict is why nothing answers for a backend.
type verdict struct {
	severity analyze.Severity
	text     string
	absent   []analyze.Absence
	related  []analyze.Related
}

// judge looks for what answers. It returns nil if there is something, or nobody
// can know.
func judge(mesh *analyze.Mesh, to backend) *verdict {
	hosts := mesh.AllHosts().Exact(to.host)
	if len(hosts) == 0 {
		return nil
	}
	name, labels := to.host, map[string]string(nil)
	var related []analyze.Related
	if to.subset != "" {
		rule, number := subsetOf(mesh, to)
		if rule == nil {
			return nil
		}
		labels = rule.Spec.Subsets[number].GetLabels()
		name = "subset " + to.subset + " of " + to.host
		related = append(related, analyze.Related{On: rule, Field: subsetField(number), Note: "what the workloads of the subset have"})
	}
	var worst *verdict
	for _, host := range hosts {
		found := judgeHost(mesh, host, name, labels)
		if found == nil {
			return nil // this one answers
		}
		if worst == nil {
			worst = found
		}
	}
	worst.related = append(related, worst.related...)
	return worst
}

func judgeHost(mesh *analyze.Mesh, host *analyze.Host, name string, labels map[string]string) *verdict {
	endpoints, known := mesh.EndpointsOf(host, labels)
	if !known || endpoints.Listed > 0 || mesh.MakesOtherPods(host.Namespace) {
		return nil
	}
	workloads := endpoints.Workloads
	v := &verdict{severity: analyze.Error}
	switch {
	case len(workloads) == 0:
		v.none(mesh, host, name, labels)
	case all(workloads, (*analyze.Workload).Idle):
		v.severity = analyze.Info
		v.text = name + " is scaled down to nothing"
		v.related = []analyze.Related{{On: workloads[0], Field: object.Field("spec.replicas"), Note: "asks for none"}}
	case all(workloads, (*analyze.Workload).Unready):
		v.severity = analyze.Warning
		v.text = fmt.Sprintf("none of the pods of %s is ready (%s)", name, analyze.Names(workloads, 2))
	default:
		return nil
	}
	return v
}

func all(workloads []*analyze.Workload, is func(*analyze.Workload) bool) bool {
	return !slices.ContainsFunc(workloads, func(w *analyze.Workload) bool { return !is(w) })
}

// none says that there is no workload, and which one comes near.
func (v *verdict) none(mesh *analyze.Mesh, host *analyze.Host, name string, labels map[string]string) {
	v.related = append(v.related, analyze.Related{On: host, Field: selector(host), Note: "the workloads of the host"})
	whole, selected := mesh.EndpointsOf(host, nil)
	if host.Entry != nil && host.Entry.GetWorkloadSelector() == nil {
		v.text = name + " has no endpoint"
		if len(labels) > 0 {
			v.text += " with " + written(labels)
		}
		return
	}
	v.absent = mesh.AbsentWorkloads(host.Namespace)
	if !selected || len(whole.Workloads) == 0 {
		v.text = name + " has no workload: " + host.String() + " selects none"
		return
	}
	v.text = name + " has no workload with " + written(labels)
	near, differences := nearest(whole.Workloads, labels)
	v.text += ", the nearest is " + near.String() + " with " + differences
	v.related = append(v.related, analyze.Related{On: near, Field: near.TemplateField().With("metadata.labels"), Note: "the nearest"})
}

func selector(host *analyze.Host) object.Path {
	switch {
	case host.Service != nil:
		return object.Field("spec.selector")
	case host.Entry.GetWorkloadSelector() != nil:
		return object.Field("spec.workloadSelector.labels")
	}
	return object.Field("spec.endpoints")
}

// nearest finds the workload that lacks the fewest of the labels, and tells what
// it has in their place.
func nearest(workloads []*analyze.Workload, labels map[string]string) (near *analyze.Workload, differences string) {
	fewest := len(labels) + 1
	for _, w := range workloads {
		var lacks []string
		for _, key := range slices.Sorted(maps.Keys(labels)) {
			value, ok := w.Labels[key]
			switch {
			case !ok:
				lacks = append(lacks, "no label "+key)
			case value != labels[key]:
				lacks = append(lacks, key+"="+value)
			}
		}
		if len(lacks) < fewest {
			near, differences, fewest = w, strings.Join(lacks, " and "), len(lacks)
		}
	}
	return near, differences
}

func written(labels map[string]string) string {
	texts := make([]string, 0, len(labels))
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		texts = append(texts, key+"="+labels[key])
	}
	return strings.Join(texts, ", ")
}
