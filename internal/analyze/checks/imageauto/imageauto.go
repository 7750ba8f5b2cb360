// Package imageauto finds proxies whose image injection was to fill in and did
// not, or will not.
package imageauto

import (
	_ "embed"

	core "k8s.io/api/core/v1"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0146.md
var ist0146 string

//go:embed IST0147.md
var ist0147 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "imageauto",
	Legacy: []string{"injection.ImageAutoAnalyzer"},
	Doc:    "Where the image of the proxy is auto, injection fills it in.",
	Needs:  []analyze.Kind{analyze.Pod, analyze.Deployment, analyze.Namespace, analyze.MutatingWebhook},
	Uses:   []analyze.Kind{analyze.StatefulSet, analyze.DaemonSet, analyze.Job, analyze.CronJob},
	Codes:  []*analyze.Code{template, pod},
	Run:    run,
}

//nolint:gochecknoglobals // codes are immutable values with an identity
var (
	template = &analyze.Code{ID: "IST0146", Severity: analyze.Warning, Title: "Injection will not fill in the image of a proxy", Doc: ist0146}
	pod      = &analyze.Code{ID: "IST0147", Severity: analyze.Error, Title: "Injection has not filled in the image of a proxy", Doc: ist0147}
)

func run(pass *analyze.Pass) error {
	webhooks := pass.Mesh.InjectionWebhooks()
	for _, w := range pass.Mesh.Workloads() {
		if w.Pod == nil {
			continue
		}
		at, found := auto(w)
		if !found {
			continue
		}
		namespace, known := pass.Mesh.NamespaceLabels(w.Namespace)
		injected := chosen(webhooks, namespace, w.Labels)
		switch {
		case w.Kind == analyze.Pod && w.Live():
			pass.Reportf(pod, w, at, "the image is still auto, so no webhook has injected the pod and it cannot start")
		case !injected:
			absent := analyze.Absences("", analyze.MutatingWebhook)
			if !known {
				absent = append(absent, analyze.Absences("", analyze.Namespace)...)
			}
			d := analyze.Diagnostic{Code: template, On: w, Field: at, Absent: absent}
			d.Message = "no webhook of Istio chooses these pods, so their image stays auto and they cannot start"
			if w.Kind == analyze.Pod {
				d.Code = pod
				d.Message = "no webhook of Istio chooses the pod, so its image stays auto and it cannot start"
			}
			pass.Report(d)
		}
	}
	return nil
}

// auto finds the proxy that waits for an image.
func auto(w *analyze.Workload) (at object.Path, found bool) {
	for _, list := range []struct {
		name       string
		containers []core.Container
	}{{"containers", w.Pod.Containers}, {"initContainers", w.Pod.InitContainers}} {
		for i := range list.containers {
			if list.containers[i].Name == "istio-proxy" && list.containers[i].Image == "auto" {
				return w.TemplateField().With("spec", list.name, i, "image"), true
			}
		}
	}
	return nil, false
}

func chosen(webhooks []analyze.InjectionWebhook, namespace, labels map[string]string) bool {
	for _, webhook := range webhooks {
		if webhook.Chooses(namespace, labels) {
			return true
		}
	}
	return false
}
