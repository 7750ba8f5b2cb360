// Package annotations finds annotations of Istio that have no effect: misspelt,
// in the wrong place, or with a value that cannot be read.
package annotations

import (
	_ "embed"
	"maps"
	"slices"
	"strings"

	"istio.io/api/annotation"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/near"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0107.md
var ist0107 string

//go:embed IST0108.md
var ist0108 string

//go:embed IST0125.md
var ist0125 string

//go:embed IST0135.md
var ist0135 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "annotations",
	Legacy: []string{"annotations.K8sAnalyzer"},
	Doc:    "Annotations of Istio exist, stand where they are read, and have values that can be read.",
	Needs:  []analyze.Kind{analyze.Namespace, analyze.Service, analyze.Pod, analyze.Deployment},
	Uses:   []analyze.Kind{analyze.StatefulSet, analyze.DaemonSet, analyze.Job, analyze.CronJob},
	Codes:  []*analyze.Code{misplaced, unknown, invalid, deprecated},
	Run:    run,
}

//nolint:gochecknoglobals // codes are immutable values with an identity
var (
	misplaced  = &analyze.Code{ID: "IST0107", Severity: analyze.Warning, Title: "An annotation of Istio is in the wrong place", Doc: ist0107}
	unknown    = &analyze.Code{ID: "IST0108", Severity: analyze.Warning, Title: "An annotation of Istio does not exist", Doc: ist0108}
	invalid    = &analyze.Code{ID: "IST0125", Severity: analyze.Warning, Title: "An annotation has a value that cannot be read", Doc: ist0125}
	deprecated = &analyze.Code{ID: "IST0135", Severity: analyze.Info, Title: "An annotation is deprecated", Doc: ist0135}
)

// set is the annotations and labels at one place of a resource, and what that
// place is: a Pod in the template of a Deployment.
type set struct {
	on          *analyze.Resource
	at          object.Path
	as          annotation.ResourceTypes
	annotations map[string]string
	labels      map[string]string
}

func run(pass *analyze.Pass) error {
	known := map[string]*annotation.Instance{}
	for _, instance := range annotation.AllResourceAnnotations() {
		known[instance.Name] = instance
	}
	for r := range pass.Mesh.Of(analyze.Namespace) {
		check(pass, known, top(r, annotation.Namespace))
	}
	for r := range pass.Mesh.Of(analyze.Service) {
		check(pass, known, top(r, annotation.Service))
	}
	for _, w := range pass.Mesh.Workloads() {
		template := w.TemplateField()
		switch {
		case w.Pod == nil, pass.Mesh.Made(w):
			continue
		case len(template) > 0:
			check(pass, known, top(w.Resource, annotation.Unknown))
		}
		check(pass, known, set{w.Resource, template.With("metadata.annotations"), annotation.Pod, w.Annotations, w.Labels})
	}
	return nil
}

func top(r *analyze.Resource, as annotation.ResourceTypes) set {
	return set{r, object.Field("metadata.annotations"), as, r.Annotations, r.Labels}
}

func check(pass *analyze.Pass, known map[string]*annotation.Instance, s set) {
	for _, key := range slices.Sorted(maps.Keys(s.annotations)) {
		if !ofIstio(key) || written(key) {
			continue
		}
		at := s.at.Key(key)
		instance, ok := known[key]
		if !ok {
			pass.Report(notKnown(known, s, key))
			continue
		}
		if _, replaced := s.labels[key]; instance.Deprecated && !replaced {
			pass.Report(analyze.Diagnostic{
				Code: deprecated, On: s.on, Field: at, Fixes: replacements(s, key),
				Message: "the annotation " + key + " is deprecated" + instead(key),
			})
		}
		switch {
		case slices.Contains(instance.Resources, annotation.Any):
		case !slices.Contains(instance.Resources, s.as):
			pass.Reportf(misplaced, s.on, at, "the annotation %s is read from %s only, so it has no effect here", key, places(instance, s))
		default:
			if reason := reject(key, s.annotations[key]); reason != "" {
				pass.Reportf(invalid, s.on, at, "the annotation %s cannot be read: %s", key, reason)
			}
		}
	}
}

// notKnown is the finding of an annotation that nobody reads, with the one that
// may be meant.
func notKnown(known map[string]*annotation.Instance, s set, key string) analyze.Diagnostic {
	at := s.at.Key(key)
	finding := analyze.Diagnostic{Code: unknown, On: s.on, Field: at, Message: "there is no annotation " + key + ", so it has no effect"}
	if meant, _ := near.Certain(key, slices.Sorted(maps.Keys(known))); meant != "" {
		finding.Message += ": did you mean " + meant + "?"
		if _, taken := s.annotations[meant]; !taken {
			// It had no effect, and will have: that is for the user to decide.
			finding.Fixes = []analyze.Fix{{
				Title: "rename it to " + meant,
				Edits: []analyze.Edit{{On: s.on, Op: analyze.Rename, Field: at, Name: meant}},
			}}
		}
	}
	return finding
}

// ofIstio knows annotations of Istio by their prefix, and the one of Kubernetes
// that Istio reads.
func ofIstio(key string) bool {
	prefix, _, found := strings.Cut(key, "/")
	return found && (prefix == "istio.io" || strings.HasSuffix(prefix, ".istio.io")) || key == "kubernetes.io/ingress.class"
}

// written knows the annotations that Istio itself writes to say what it did.
func written(key string) bool {
	return slices.Contains([]string{"sidecar.istio.io/status", "gateway.istio.io/controller-version", "istio.io/rev"}, key)
}

// instead names what to use in place of a deprecated annotation.
func instead(key string) string {
	switch {
	case key == annotation.SidecarInject.Name:
		return ": use the label of the same name"
	case key == annotation.SidecarDiscoveryAddress.Name:
		return ": set discoveryAddress in proxy.istio.io/config"
	case key == annotation.SidecarTrafficKubevirtInterfaces.Name:
		return ": use " + annotation.IoIstioRerouteVirtualInterfaces.Name
	case strings.HasPrefix(key, "sidecar.istio.io/statsInclusion"):
		return ": set proxyStatsMatcher in proxy.istio.io/config"
	case key == annotation.SidecarExtraStatTags.Name:
		return ": set extraStatTags in proxy.istio.io/config"
	}
	return ""
}

// replacements are fixes for annotations that a label or another annotation stands for.
func replacements(s set, key string) []analyze.Fix {
	if s.as != annotation.Pod {
		return nil
	}
	metadata := s.at[:len(s.at)-1]
	switch next := annotation.IoIstioRerouteVirtualInterfaces.Name; key {
	case annotation.SidecarInject.Name:
		return []analyze.Fix{{Title: "make it a label", Safe: true, Edits: []analyze.Edit{
			{On: s.on, Op: analyze.Set, Field: metadata.With("labels").Key(key), Value: s.annotations[key]},
			{On: s.on, Op: analyze.Remove, Field: s.at.Key(key)},
		}}}
	case annotation.SidecarTrafficKubevirtInterfaces.Name:
		if _, there := s.annotations[next]; !there {
			return []analyze.Fix{{Title: "rename it to " + next, Safe: true, Edits: []analyze.Edit{
				{On: s.on, Op: analyze.Rename, Field: s.at.Key(key), Name: next},
			}}}
		}
	}
	return nil
}

// places says where an annotation is read, and where a template has it.
func places(instance *annotation.Instance, s set) string {
	var names []string
	for _, kind := range instance.Resources {
		names = append(names, kind.String())
	}
	text := strings.Join(names, " and ")
	if s.as == annotation.Unknown && slices.Contains(instance.Resources, annotation.Pod) {
		text += " (the metadata of the pod template)"
	}
	return text
}
