package status

import (
	"context"
	"encoding/json"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/object"
)

// Labels and annotations by which pods and namespaces take part in the mesh.
const (
	injectionLabel   = "istio-injection"
	revisionLabel    = "istio.io/rev"
	statusAnnotation = "sidecar.istio.io/status"
)

// Namespace is a namespace whose new pods get a sidecar.
type Namespace struct {
	Name string `json:"name"`
	// Label is the label that asks for it: "istio-injection=enabled".
	Label string `json:"label"`
	// Pods counts the pods in it, Injected those of them that have a sidecar.
	Pods     int `json:"pods"`
	Injected int `json:"injected"`
}

// Usage is who builds on a revision of the control plane.
type Usage struct {
	Namespaces []Namespace
	// Pods have a sidecar of the revision, wherever they are.
	Pods []object.Ref
}

// None says that nobody does.
func (u Usage) None() bool { return len(u.Namespaces) == 0 && len(u.Pods) == 0 }

// UsageOf lists the namespaces and pods that a revision serves.
func UsageOf(ctx context.Context, revision string, cluster Cluster) (Usage, error) {
	namespaces, err := cluster.List(ctx, schema.GroupKind{Kind: "Namespace"}, object.Query{})
	if err != nil {
		return Usage{}, err
	}
	pods, err := cluster.List(ctx, schema.GroupKind{Kind: "Pod"}, object.Query{})
	if err != nil {
		return Usage{}, err
	}
	usage := Usage{}
	byName := map[string]*Namespace{}
	for _, namespace := range namespaces {
		if label := injectedBy(namespace, revision); label != "" {
			byName[namespace.GetName()] = &Namespace{Name: namespace.GetName(), Label: label}
		}
	}
	for _, pod := range pods {
		injected := sidecarRevision(pod) == revision
		if injected {
			usage.Pods = append(usage.Pods, pod.Ref())
		}
		if namespace := byName[pod.GetNamespace()]; namespace != nil {
			namespace.Pods++
			if injected {
				namespace.Injected++
			}
		}
	}
	for _, namespace := range byName {
		usage.Namespaces = append(usage.Namespaces, *namespace)
	}
	usage.Namespaces = sortedByName(usage.Namespaces)
	return usage, nil
}

// InjectedNamespaces lists the namespaces whose new pods get a sidecar from the revision.
func InjectedNamespaces(ctx context.Context, revision string, cluster Cluster) ([]Namespace, error) {
	usage, err := UsageOf(ctx, revision, cluster)
	return usage.Namespaces, err
}

// injectedBy is the label that gives the namespace's pods to the revision;
// istio-injection wins over istio.io/rev, as in the webhooks' selectors.
func injectedBy(namespace object.Object, revision string) string {
	labels := namespace.GetLabels()
	switch injection := labels[injectionLabel]; {
	case injection == "enabled" && revision == "default":
		return injectionLabel + "=enabled"
	case injection != "":
		return ""
	case labels[revisionLabel] == revision:
		return revisionLabel + "=" + revision
	}
	return ""
}

// sidecarRevision is the revision that injected a pod; empty if none did.
func sidecarRevision(pod object.Object) string {
	annotation := pod.GetAnnotations()[statusAnnotation]
	if annotation == "" {
		return ""
	}
	var injected struct {
		Revision string `json:"revision"`
	}
	if json.Unmarshal([]byte(annotation), &injected) != nil || injected.Revision == "" {
		return "default"
	}
	return injected.Revision
}
