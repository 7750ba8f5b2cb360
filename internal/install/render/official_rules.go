package render

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
)

// hookAnnotation is Helm's mark of objects that are made at a certain moment of
// a release and are no part of it.
const hookAnnotation = "helm.sh/hook"

// HookError is a chart that needs something run before or after it is installed.
type HookError struct {
	Object object.Ref
	Hook   string
}

func (e *HookError) Error() string {
	return fmt.Sprintf("%s is to be run at %s, and meshctl runs no hooks", e.Object, e.Hook)
}

// withoutHooks leaves out the objects that installing does not need, and lists them.
func withoutHooks(objects []object.Object) (kept []object.Object, left []string, err error) {
	for _, o := range objects {
		hook := o.GetAnnotations()[hookAnnotation]
		switch {
		case hook == "", hook == "crd-install": // the latter is what Helm 2 called definitions
			kept = append(kept, o)
		case slices.ContainsFunc(strings.Split(hook, ","), installs):
			return nil, nil, &HookError{Object: o.Ref(), Hook: hook}
		default:
			left = append(left, fmt.Sprintf("%s (%s)", o.Ref(), hook))
		}
	}
	return kept, left, nil
}

func installs(event string) bool {
	switch strings.TrimSpace(event) {
	case "pre-install", "post-install", "pre-upgrade", "post-upgrade":
		return true
	}
	return false
}

// placed puts objects that do not say where they live into the component's
// namespace, as helm does when it applies them.
func placed(objects []object.Object, namespace string) []object.Object {
	for _, o := range objects {
		if o.GetNamespace() == "" && livesInNamespace(o) {
			o.SetNamespace(namespace)
		}
	}
	return objects
}

func livesInNamespace(o object.Object) bool {
	switch o.GetKind() {
	case "ConfigMap", "DaemonSet", "Deployment", "HorizontalPodAutoscaler", "Ingress", "Job", "NetworkPolicy", "PersistentVolumeClaim",
		"Pod", "PodDisruptionBudget", "ResourceQuota", "Role", "RoleBinding", "Secret", "Service", "ServiceAccount", "StatefulSet":
		return true
	}
	// Every kind of Istio's own lives in a namespace.
	group, _, _ := strings.Cut(o.GetAPIVersion(), "/")
	return strings.HasSuffix(group, ".istio.io")
}

// notes are the warnings in what a chart says after it is installed. Istio's
// charts tell there which settings are on their way out.
func notes(rendered map[string]string) []string {
	var warnings []string
	for _, file := range slices.Sorted(maps.Keys(rendered)) {
		if path.Base(file) != notesFile {
			continue
		}
		for line := range strings.Lines(rendered[file]) {
			if warning, ok := strings.CutPrefix(strings.TrimSpace(line), "WARNING:"); ok {
				warnings = append(warnings, strings.TrimSpace(warning))
			}
		}
	}
	return warnings
}

// flatGateway reports whether a gateway's chart takes its values at the root,
// whatever it is called; the older kind has them below gateways.
func flatGateway(kind profiles.ComponentKind, loaded *chart.Chart) bool {
	if !isGateway(kind) {
		return false
	}
	defaults := loaded.Values
	if moved, ok := defaults[movedDefaults].(map[string]any); ok {
		defaults = moved
	}
	return defaults["gateways"] == nil
}

// movedDefaults is where Istio's charts keep the defaults that profiles override.
const movedDefaults = "_internal_defaults_do_not_set"

func isGateway(kind profiles.ComponentKind) bool {
	return kind == profiles.IngressGateways || kind == profiles.EgressGateways
}

// shortHub is how Oracle's catalogue writes its registry: its own nodes know
// which one is meant, all others take it for a part of Docker Hub.
const shortHub = "olcne/"

// shortImages warns of images that only Oracle's nodes find.
func shortImages(chartName string, objects []object.Object) []string {
	for _, o := range objects {
		for _, container := range containersOf(o) {
			if image, _ := container["image"].(string); strings.HasPrefix(image, shortHub) {
				return []string{fmt.Sprintf("chart %s takes images from %s, which only the nodes of OCNE know; elsewhere say --set hub=container-registry.oracle.com/olcne, or --profile ocne",
					chartName, strings.TrimSuffix(shortHub, "/"))}
			}
		}
	}
	return nil
}

// containersOf are the containers of a workload's pods.
func containersOf(o object.Object) []map[string]any {
	listed, _, _ := unstructured.NestedSlice(o.Object, "spec", "template", "spec", "containers")
	var containers []map[string]any
	for _, each := range listed {
		if container, ok := each.(map[string]any); ok {
			containers = append(containers, container)
		}
	}
	return containers
}

// neverAGateway names a gateway's workload whose proxy gets neither arguments
// nor an injection that would bring them: some published charts make such ones.
// It is empty if there is none.
func neverAGateway(kind profiles.ComponentKind, objects []object.Object) string {
	if !isGateway(kind) {
		return ""
	}
	for _, o := range objects {
		if o.GetKind() != "Deployment" && o.GetKind() != "DaemonSet" {
			continue
		}
		for _, container := range containersOf(o) {
			bare := container["args"] == nil && container["command"] == nil
			if container["name"] == "istio-proxy" && bare && !injected(o) {
				return o.GetKind() + " " + o.GetName()
			}
		}
	}
	return ""
}

// injected reports whether a workload's pods ask for injection, or at least do
// not refuse it.
func injected(o object.Object) bool {
	const asks = "sidecar.istio.io/inject"
	for _, place := range []string{"labels", "annotations"} {
		said, _, _ := unstructured.NestedStringMap(o.Object, "spec", "template", "metadata", place)
		if answer := said[asks]; answer != "" {
			return answer != "false" // the label goes first
		}
	}
	return true
}
