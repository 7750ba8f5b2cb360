package status

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/install/release"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
)

// Labels and annotations by which pods and namespaces take part in the mesh.
const (
	injectionLabel   = "istio-injection"
	revisionLabel    = "istio.io/rev"
	dataplaneLabel   = "istio.io/dataplane-mode"
	ambientMode      = "ambient"
	statusAnnotation = "sidecar.istio.io/status"
	// redirectionAnnotation is set by the CNI node agent on pods whose traffic goes through ztunnel.
	redirectionAnnotation = "ambient.istio.io/redirection"
)

// Server is what workloads build on: a revision of the control plane, with or
// without ztunnel beside it.
type Server struct {
	Revision string
	Ambient  bool
}

// ServerOf is what a release installs.
func ServerOf(record release.Record) Server {
	server := Server{Revision: "default"}
	if revision, ok := strings.CutPrefix(record.Name, release.Name("")+"-"); ok {
		server.Revision = revision
	}
	server.Ambient = slices.ContainsFunc(record.Objects, func(o object.Object) bool {
		return o.GetLabels()[kindLabel] == string(profiles.Ztunnel)
	})
	return server
}

// Namespace is a namespace whose pods are in the mesh.
type Namespace struct {
	Name string `json:"name"`
	// Label is the label that asks for it: "istio-injection=enabled".
	Label string `json:"label"`
	// Pods counts the pods in it, Injected those of them that have a sidecar
	// or whose traffic goes through ztunnel.
	Pods     int `json:"pods"`
	Injected int `json:"injected"`
}

// Usage is who builds on a revision of the control plane.
type Usage struct {
	Namespaces []Namespace
	// Pods have a sidecar of the revision or go through ztunnel, wherever they are.
	Pods []object.Ref
}

// None says that nobody does.
func (u Usage) None() bool { return len(u.Namespaces) == 0 && len(u.Pods) == 0 }

// UsageOf lists the namespaces and pods that a server has.
func UsageOf(ctx context.Context, server Server, cluster Cluster) (Usage, error) {
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
		if label := servedBy(namespace, server); label != "" {
			byName[namespace.GetName()] = &Namespace{Name: namespace.GetName(), Label: label}
		}
	}
	for _, pod := range pods {
		injected := sidecarRevision(pod) == server.Revision || server.Ambient && redirected(pod)
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

func redirected(pod object.Object) bool {
	return pod.GetAnnotations()[redirectionAnnotation] == "enabled"
}

// servedBy is the label that brings the namespace's pods to the server; among
// those for sidecars istio-injection wins over istio.io/rev, as in the webhooks'
// selectors, and sidecars win over ztunnel.
func servedBy(namespace object.Object, server Server) string {
	labels, revision := namespace.GetLabels(), server.Revision
	switch injection := labels[injectionLabel]; {
	case injection == "enabled" && revision == "default":
		return injectionLabel + "=enabled"
	case injection != "":
		return ""
	case labels[revisionLabel] == revision:
		return revisionLabel + "=" + revision
	case server.Ambient && labels[dataplaneLabel] == ambientMode:
		return dataplaneLabel + "=" + ambientMode
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
