// Package applicationuid finds applications that run as the user of the proxy.
package applicationuid

import (
	_ "embed"

	core "k8s.io/api/core/v1"

	"github.com/meshctl/meshctl/internal/analyze"
)

//go:embed IST0144.md
var ist0144 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "applicationuid",
	Legacy: []string{"applicationUID.Analyzer"},
	Doc:    "Applications do not run as the user of the proxy.",
	Needs:  []analyze.Kind{analyze.Pod, analyze.Deployment},
	Uses:   []analyze.Kind{analyze.StatefulSet, analyze.DaemonSet, analyze.Job, analyze.CronJob},
	Codes:  []*analyze.Code{proxyUser},
	Run:    run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var proxyUser = &analyze.Code{ID: "IST0144", Severity: analyze.Warning, Title: "An application runs as the user of the proxy", Doc: ist0144}

// proxyUID is the user whose traffic is not captured.
const proxyUID = 1337

func run(pass *analyze.Pass) error {
	for _, w := range pass.Mesh.Workloads() {
		if w.Pod == nil || analyze.OfControlPlane(w.Labels) || pass.Mesh.Made(w) {
			continue
		}
		check(pass, w)
	}
	return nil
}

func check(pass *analyze.Pass, w *analyze.Workload) {
	if context := w.Pod.SecurityContext; context != nil && isProxy(context.RunAsUser) && hasApplication(w.Pod) {
		pass.Reportf(proxyUser, w, w.TemplateField().With("spec.securityContext.runAsUser"),
			"the pod runs as user %d, so the sidecar captures none of its traffic", proxyUID)
		return
	}
	for i := range w.Pod.Containers {
		container := &w.Pod.Containers[i]
		if context := container.SecurityContext; context != nil && isProxy(context.RunAsUser) && !ofIstio(container) {
			pass.Reportf(proxyUser, w, w.TemplateField().With("spec.containers", i, "securityContext.runAsUser"),
				"container %s runs as user %d, so the sidecar captures none of its traffic", container.Name, proxyUID)
		}
	}
}

func hasApplication(pod *core.PodSpec) bool {
	for i := range pod.Containers {
		if !ofIstio(&pod.Containers[i]) {
			return true
		}
	}
	return false
}

func ofIstio(container *core.Container) bool {
	return container.Name == "istio-proxy" || container.Name == "istio-operator"
}

func isProxy(user *int64) bool { return user != nil && *user == proxyUID }
