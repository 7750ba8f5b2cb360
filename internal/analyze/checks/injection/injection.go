// Package injection finds namespaces whose labels are not clear about sidecars,
// and pods that lack theirs.
package injection

import (
	_ "embed"
	"slices"
	"strings"

	core "k8s.io/api/core/v1"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0102.md
var ist0102 string

//go:embed IST0103.md
var ist0103 string

//go:embed IST0123.md
var ist0123 string

//go:embed IST0148.md
var ist0148 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "injection",
	Legacy: []string{"injection.Analyzer"},
	Doc:    "Namespaces say once whether their pods are in the mesh, and pods have the sidecars they are to have.",
	Needs:  []analyze.Kind{analyze.Namespace, analyze.Pod},
	Uses:   []analyze.Kind{analyze.ConfigMap, analyze.MutatingWebhook, analyze.Node},
	Codes:  []*analyze.Code{unlabelled, missing, ambiguous, byDefault},
	Run:    run,
}

//nolint:gochecknoglobals // codes are immutable values with an identity
var (
	unlabelled = &analyze.Code{ID: "IST0102", Severity: analyze.Info, Title: "A namespace does not say whether it is in the mesh", Doc: ist0102}
	missing    = &analyze.Code{ID: "IST0103", Severity: analyze.Warning, Title: "A pod lacks its sidecar", Doc: ist0103}
	ambiguous  = &analyze.Code{ID: "IST0123", Severity: analyze.Warning, Title: "A namespace asks for the mesh in several ways", Doc: ist0123}
	byDefault  = &analyze.Code{ID: "IST0148", Severity: analyze.Info, Title: "A namespace gets sidecars by default", Doc: ist0148}
)

const (
	injection = "istio-injection"
	revision  = "istio.io/rev"
	dataplane = "istio.io/dataplane-mode"
	inject    = "sidecar.istio.io/inject"
)

func run(pass *analyze.Pass) error {
	for namespace := range pass.Mesh.Namespaces().All() {
		if namespace.Name == pass.Mesh.Settings.IstioNamespace || strings.HasPrefix(namespace.Name, "kube-") {
			continue
		}
		asked := ways(namespace.Labels)
		switch {
		case len(asked) > 1:
			pass.Reportf(ambiguous, namespace, object.Field("metadata.labels").Key(asked[1]),
				"the labels %s ask for different things: %s", strings.Join(asked, " and "), outcome(asked))
		case len(asked) == 0 && namespace.Labels[dataplane] == "":
			reportUnlabelled(pass, namespace.Resource)
		}
		if analyze.InjectsSidecars(namespace.Labels) {
			pods(pass, namespace.Resource)
		}
	}
	return nil
}

// ways are the labels by which a namespace takes part in the mesh, or says that
// it does not.
func ways(labels map[string]string) []string {
	var asked []string
	if labels[injection] != "" {
		asked = append(asked, injection)
		if labels[injection] != "enabled" { // an opt-out stands above the other labels
			return asked
		}
	}
	if labels[revision] != "" {
		asked = append(asked, revision)
	}
	if labels[dataplane] == "ambient" {
		asked = append(asked, dataplane)
	}
	return asked
}

func outcome(asked []string) string {
	if slices.Contains(asked, dataplane) {
		return "new pods get sidecars, and those without are captured by ztunnel"
	}
	return "the default revision injects, and " + revision + " is ignored"
}

func reportUnlabelled(pass *analyze.Pass, namespace *analyze.Resource) {
	at := object.Field("metadata.labels")
	if _, values, ok := pass.Mesh.Injector(pass.Mesh.Settings.Revision); ok && values.Namespaces {
		pass.Reportf(byDefault, namespace, at, "the namespace has no label about the mesh, and its pods get sidecars because enableNamespacesByDefault is set")
		return
	}
	pass.Reportf(unlabelled, namespace, at, "the namespace has no label about the mesh, so its pods stay outside: label it %s=enabled or %s=ambient, or %[1]s=disabled if that is meant", injection, dataplane)
}

// pods reports pods without proxies, once for all of one owner.
func pods(pass *analyze.Pass, namespace *analyze.Resource) {
	siblings := map[analyze.Owner][]*analyze.Resource{}
	var lacking []*analyze.Resource
	for pod := range pass.Mesh.Pods().In(namespace.Name) {
		if !lacks(pass.Mesh, pod) {
			continue
		}
		if len(pod.Owners) > 0 {
			owner := pod.Owners[0]
			if siblings[owner] = append(siblings[owner], pod.Resource); len(siblings[owner]) > 1 {
				continue
			}
		}
		lacking = append(lacking, pod.Resource)
	}
	for _, pod := range lacking {
		who := "the pod has"
		if len(pod.Owners) > 0 && len(siblings[pod.Owners[0]]) > 1 {
			who = analyze.Names(siblings[pod.Owners[0]], 3) + " have"
		}
		pass.Reportf(missing, pod, object.Field("spec.containers"),
			"%s no sidecar although the labels of namespace %s ask for one: restart what was there before the labels, or look at the webhook", who, namespace.Name)
	}
}

func lacks(mesh *analyze.Mesh, pod analyze.Of[core.PodSpec]) bool {
	phase, _ := pod.Status["phase"].(string)
	optOut, labelled := pod.Labels[inject]
	if !labelled {
		optOut = pod.Annotations[inject]
	}
	// A pod in a file gets its proxy when it is applied. Nodes are not written by
	// hand, so what has them is a dump of a cluster.
	runs := pod.Live() || mesh.Knows(analyze.Node, "")
	finished := phase == string(core.PodSucceeded) || phase == string(core.PodFailed)
	return runs && !finished && optOut != "false" && !pod.Spec.HostNetwork && !analyze.HasProxy(pod.Spec)
}
