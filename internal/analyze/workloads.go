package analyze

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	core "k8s.io/api/core/v1"
)

// Workload is something that a selector can choose: a pod, the template of
// pods, a WorkloadEntry, or the template of a WorkloadGroup.
type Workload struct {
	*Resource
	// Labels are those that selectors see.
	Labels map[string]string
	// Annotations are those of the pods.
	Annotations map[string]string
	// Pod is the specification of the pods, nil for machines outside the cluster.
	Pod *core.PodSpec
	// Replicas is how many there are to be, nil where nothing says so.
	Replicas *int32
}

// Workloads are all there are, ordered by kind, namespace and name.
func (m *Mesh) Workloads() []*Workload { return m.indexes.workloads().all }

// Select finds the workloads that have all labels of a selector, or of several,
// in a namespace or, if that is empty, in all. No label at all selects everything.
func (m *Mesh) Select(namespace string, selectors ...map[string]string) []*Workload {
	return m.indexes.workloads().selected(namespace, selectors)
}

// AbsentWorkloads is what is missing where Select finds nothing, for Diagnostic.Absent.
func (m *Mesh) AbsentWorkloads(namespace string) []Absence {
	for _, kind := range []Kind{Pod, Deployment, StatefulSet, DaemonSet} {
		if m.Knows(kind, namespace) {
			return nil
		}
	}
	return Absences(namespace, Deployment)
}

// workloads has, for each namespace and label, the numbers of the workloads that have it.
type workloads struct {
	all        []*Workload
	postings   map[label][]int32
	namespaces map[string][]int32
	everywhere map[label][]int32
}

type label struct{ namespace, key, value string }

func (w *workloads) selected(namespace string, selectors []map[string]string) []*Workload {
	posting := w.postings
	if namespace == "" {
		posting = w.everywhere
	}
	const usual = 8 // labels of a selector, whose lists then stay on the stack
	lists := make([][]int32, 0, usual)
	for _, labels := range selectors {
		for key, value := range labels {
			lists = append(lists, posting[label{namespace, key, value}])
		}
	}
	var numbers []int32
	if len(lists) == 0 {
		if namespace == "" {
			return w.all
		}
		numbers = w.namespaces[namespace]
	}
	// The rarest label leaves the least to look at.
	slices.SortFunc(lists, func(a, b []int32) int { return cmp.Compare(len(a), len(b)) })
	for i, list := range lists {
		if i == 0 {
			numbers = list
		} else {
			numbers = intersect(numbers, list)
		}
	}
	found := make([]*Workload, len(numbers))
	for i, number := range numbers {
		found[i] = w.all[number]
	}
	return found
}

// intersect finds what two ascending lists have in common.
func intersect(short, long []int32) []int32 {
	var both []int32
	for _, number := range short {
		at, found := slices.BinarySearch(long, number)
		if found {
			both = append(both, number)
		}
		long = long[at:]
	}
	return both
}

func newWorkloads(m *Mesh) *workloads {
	w := &workloads{postings: map[label][]int32{}, namespaces: map[string][]int32{}, everywhere: map[label][]int32{}}
	w.all = collectWorkloads(m)
	for i, workload := range w.all {
		number := int32(i)
		w.namespaces[workload.Namespace] = append(w.namespaces[workload.Namespace], number)
		for key, value := range workload.Labels {
			here, anywhere := label{workload.Namespace, key, value}, label{"", key, value}
			w.postings[here] = append(w.postings[here], number)
			w.everywhere[anywhere] = append(w.everywhere[anywhere], number)
		}
	}
	return w
}

func collectWorkloads(m *Mesh) []*Workload {
	var all []*Workload
	template := func(r *Resource, t *core.PodTemplateSpec, replicas *int32) {
		all = append(all, &Workload{Resource: r, Labels: t.Labels, Annotations: t.Annotations, Pod: &t.Spec, Replicas: replicas})
	}
	for r := range m.Deployments().All() {
		template(r.Resource, &r.Spec.Template, r.Spec.Replicas)
	}
	for r := range m.StatefulSets().All() {
		template(r.Resource, &r.Spec.Template, r.Spec.Replicas)
	}
	for r := range m.DaemonSets().All() {
		template(r.Resource, &r.Spec.Template, nil)
	}
	for r := range m.ReplicaSets().All() {
		if len(r.Owners) == 0 {
			template(r.Resource, &r.Spec.Template, r.Spec.Replicas)
		}
	}
	for r := range m.Jobs().All() {
		if len(r.Owners) == 0 {
			template(r.Resource, &r.Spec.Template, nil)
		}
	}
	for r := range m.CronJobs().All() {
		template(r.Resource, &r.Spec.JobTemplate.Spec.Template, nil)
	}
	for r := range m.Pods().All() {
		all = append(all, &Workload{Resource: r.Resource, Labels: r.Labels, Annotations: r.Annotations, Pod: r.Spec})
	}
	for r := range m.WorkloadEntries().All() {
		labels := maps.Clone(r.Spec.Labels)
		if labels == nil {
			labels = r.Labels
		}
		all = append(all, &Workload{Resource: r.Resource, Labels: labels})
	}
	for r := range m.WorkloadGroups().All() {
		meta := r.Spec.GetMetadata()
		all = append(all, &Workload{Resource: r.Resource, Labels: meta.GetLabels(), Annotations: meta.GetAnnotations()})
	}
	return all
}

// Names lists a few resources for a message: "Pod shop/a, Pod shop/b and 3 more".
func Names[S Subject](subjects []S, most int) string {
	var names []string
	for _, subject := range subjects[:min(most, len(subjects))] {
		names = append(names, subject.resource().String())
	}
	text := strings.Join(names, ", ")
	if more := len(subjects) - most; more > 0 {
		text += " and " + plural(more, "more", "more")
	}
	return text
}
