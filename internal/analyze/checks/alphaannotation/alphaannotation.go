// Package alphaannotation finds annotations whose meaning Istio may still change.
package alphaannotation

import (
	_ "embed"
	"maps"
	"slices"

	"istio.io/api/annotation"
	core "k8s.io/api/core/v1"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0136.md
var ist0136 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "alphaannotation",
	Legacy: []string{"annotations.AlphaAnalyzer"},
	Doc:    "Annotations are not of those that Istio may still change.",
	Needs:  []analyze.Kind{analyze.Namespace, analyze.Service, analyze.Pod, analyze.Deployment},
	Uses:   []analyze.Kind{analyze.StatefulSet, analyze.DaemonSet, analyze.Job, analyze.CronJob},
	Codes:  []*analyze.Code{alpha},
	// It is a matter of upgrades: precheck asks for it.
	OnRequest: true,
	Run:       run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var alpha = &analyze.Code{ID: "IST0136", Severity: analyze.Info, Title: "An annotation is experimental", Doc: ist0136}

func run(pass *analyze.Pass) error {
	experimental := map[string]bool{}
	for _, instance := range annotation.AllResourceAnnotations() {
		experimental[instance.Name] = instance.FeatureStatus == annotation.Alpha
	}
	for _, key := range []string{
		// Istio writes these itself, and the last one is for programs like this.
		annotation.SidecarStatus.Name, annotation.GatewayControllerVersion.Name, annotation.IoIstioRev.Name,
		annotation.GalleyAnalyzeSuppress.Name,
	} {
		delete(experimental, key)
	}
	top := object.Field("metadata.annotations")
	for _, kind := range []analyze.Kind{analyze.Namespace, analyze.Service} {
		for r := range pass.Mesh.Of(kind) {
			check(pass, experimental, r, top, r.Annotations)
		}
	}
	for _, w := range pass.Mesh.Workloads() {
		if w.Pod == nil || pass.Mesh.Made(w) {
			continue
		}
		template := w.TemplateField()
		if len(template) > 0 {
			check(pass, experimental, w.Resource, top, w.Resource.Annotations)
		}
		check(pass, experimental, w.Resource, template.With("metadata.annotations"), chosen(w))
	}
	return nil
}

func check(pass *analyze.Pass, experimental map[string]bool, on *analyze.Resource, at object.Path, annotations map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(annotations)) {
		if experimental[key] {
			pass.Reportf(alpha, on, at.Key(key), "the annotation %s is experimental: another version of Istio may read it differently or not at all", key)
		}
	}
}

// chosen are the annotations of pods that their owners have set: where the CNI
// plugin captures traffic, injection writes some of its own into each pod.
func chosen(w *analyze.Workload) map[string]string {
	if w.Kind != analyze.Pod || slices.ContainsFunc(w.Pod.InitContainers, func(c core.Container) bool { return c.Name == "istio-init" }) {
		return w.Annotations
	}
	annotations := maps.Clone(w.Annotations)
	for _, key := range []string{
		annotation.SidecarInterceptionMode.Name, annotation.SidecarTrafficIncludeInboundPorts.Name,
		annotation.SidecarTrafficExcludeInboundPorts.Name, annotation.SidecarTrafficIncludeOutboundIPRanges.Name,
	} {
		delete(annotations, key)
	}
	return annotations
}
