package inject

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Kinds says for kinds of workloads where in them their pod is: "spec.template",
// or "" for an object that is the pod itself. A key is a kind, whatever its
// group and version, or "Kind.group".
type Kinds map[string]string

// StandardKinds are those that Kubernetes, OpenShift and Argo Rollouts have.
func StandardKinds() Kinds {
	const template = "spec.template"
	return Kinds{
		"Pod":                   "",
		"Deployment":            template,
		"ReplicaSet":            template,
		"ReplicationController": template,
		"StatefulSet":           template,
		"DaemonSet":             template,
		"Job":                   template,
		"CronJob":               "spec.jobTemplate.spec.template",
		"DeploymentConfig":      template,
		"Rollout":               template,
	}
}

// With adds kinds given as "Kind=path" or "Kind.group=path".
func (k Kinds) With(specs ...string) (Kinds, error) {
	all := maps.Clone(k)
	for _, spec := range specs {
		kind, path, ok := strings.Cut(spec, "=")
		path = strings.TrimPrefix(strings.TrimSpace(path), ".")
		if !ok || kind == "" || path == "" || slices.Contains(strings.Split(path, "."), "") {
			return nil, fmt.Errorf("%q: want a kind and the path of its pod template, as in CloneSet=spec.template", spec)
		}
		all[kind] = path
	}
	return all, nil
}

// pathOf finds the pod in an object. It is false for objects that have none.
func (k Kinds) pathOf(kind, group string) ([]string, bool) {
	path, ok := k[kind+"."+group]
	if !ok {
		path, ok = k[kind]
	}
	if path == "" {
		return nil, ok
	}
	return strings.Split(path, "."), ok
}

// controllerMarks are what a controller gives to its pods and a template does not
// have. A pod made of a template has them for as long as it is being injected.
type controllerMarks struct {
	labels map[string]string
	meta   metav1.ObjectMeta
}

// asCreated makes the pod that the controller of a workload would create.
func asCreated(kind metav1.TypeMeta, workload, template metav1.ObjectMeta, spec corev1.PodSpec) (*corev1.Pod, controllerMarks) {
	pod := &corev1.Pod{TypeMeta: metav1.TypeMeta{Kind: "Pod", APIVersion: "v1"}, ObjectMeta: template, Spec: spec}
	pod = pod.DeepCopy()
	marks := controllerMarks{labels: map[string]string{}, meta: template}
	if pod.Namespace == "" || kind.Kind != "Pod" {
		pod.Namespace = workload.Namespace
	}
	if kind.Kind == "Pod" {
		return pod, marks
	}
	const hash = "0"
	owner := metav1.OwnerReference{APIVersion: kind.APIVersion, Kind: kind.Kind, Name: workload.Name, Controller: new(true)}
	switch kind.Kind {
	case "Deployment":
		owner.Kind, owner.Name = "ReplicaSet", workload.Name+"-"+hash
		marks.labels[hashLabel] = hash
	case "Rollout":
		owner.APIVersion, owner.Kind, owner.Name = "apps/v1", "ReplicaSet", workload.Name+"-"+hash
		marks.labels[rolloutHashLabel] = hash
	case "DeploymentConfig":
		owner.APIVersion, owner.Kind, owner.Name = "v1", "ReplicationController", workload.Name+"-1"
		marks.labels[configLabel] = workload.Name
	case "CronJob":
		owner.Kind, owner.Name = "Job", workload.Name+"-10000000"
		marks.ofJob(owner.Name)
	case "Job":
		marks.ofJob(owner.Name)
	}
	pod.GenerateName = owner.Name + "-"
	pod.OwnerReferences = []metav1.OwnerReference{owner}
	for label, value := range marks.labels {
		if _, own := pod.Labels[label]; own {
			delete(marks.labels, label)
		}
		setKey(&pod.Labels, label, value)
	}
	return pod, marks
}

// ofJob adds the labels that pods of Jobs have: selectors that spare them go by these.
func (m *controllerMarks) ofJob(name string) {
	for _, prefix := range []string{"", "batch.kubernetes.io/"} {
		m.labels[prefix+"job-name"] = name
		m.labels[prefix+"controller-uid"] = "0"
	}
}

// remove takes the marks from a pod again.
func (m controllerMarks) remove(pod *corev1.Pod) {
	for label := range m.labels {
		delete(pod.Labels, label)
	}
	if len(pod.Labels) == 0 {
		pod.Labels = nil
	}
	pod.Namespace, pod.GenerateName, pod.OwnerReferences = m.meta.Namespace, m.meta.GenerateName, m.meta.OwnerReferences
}
