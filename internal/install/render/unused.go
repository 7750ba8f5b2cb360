package render

import (
	"fmt"
	"slices"

	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
)

// unused warns of k8s settings for an object that is not rendered: a disruption
// budget of a single replica, say. Upstream drops them in silence.
func unused(component profiles.Component, origin origins, objects []object.Object) []string {
	var warnings []string
	name := workloadName(objects)
	for _, setting := range sortedKeys(component.K8s) {
		if setting == "overlays" {
			continue // one that finds nothing is an error
		}
		change, err := settingPatch(setting, component.K8s[setting], component.Kind)
		if err != nil {
			continue // applySettings tells
		}
		if fields, ok := component.K8s[setting].(map[string]any); ok && len(fields) == 0 {
			continue // such as a service of which only the ports were given
		}
		if slices.ContainsFunc(objects, func(o object.Object) bool { return patches(change, name, o) }) {
			continue
		}
		path := slices.Concat(component.Path, []string{"k8s", setting})
		lacks := change.kind
		if lacks == workload {
			lacks = "Deployment or DaemonSet"
		}
		warnings = append(warnings, fmt.Sprintf("%s: %s has no effect: %s has no %s%s",
			origin(path...), specPath(path), component.Title, lacks, why(change.kind)))
	}
	return warnings
}

// why an object may be missing, and what would make it.
func why(kind string) string {
	switch kind {
	case "PodDisruptionBudget":
		return "; there is one for two replicas or more (autoscaleMin, replicaCount)"
	case "HorizontalPodAutoscaler":
		return "; there is one with autoscaleEnabled"
	}
	return ""
}
