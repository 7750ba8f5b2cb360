package render

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/strategicpatch"

	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
)

// SettingsError is a k8s setting of a component that cannot be carried out.
type SettingsError struct {
	Component string
	Setting   string
	Place     profiles.Origin // who set it
	Err       error
}

func (e *SettingsError) Error() string {
	text := fmt.Sprintf("applying k8s.%s of %s: %v", e.Setting, e.Component, e.Err)
	if e.Place.Kind != profiles.FromNowhere {
		text = e.Place.String() + ": " + text
	}
	return text
}
func (e *SettingsError) Unwrap() error { return e.Err }

// patch is one strategic merge patch on every object of a kind.
type patch struct {
	kind    string
	content map[string]any
}

// origins tells who set what is at a path below spec.
type origins func(path ...string) profiles.Origin

// applySettings carries out the k8s settings of a component on its rendered
// objects, in place. A setting for an object that the values leave out (a
// disruption budget of a single replica) does nothing, as upstream.
func applySettings(component profiles.Component, origin origins, objects []object.Object) error {
	name := workloadName(objects)
	for _, setting := range sortedKeys(component.K8s) {
		if setting == "overlays" {
			continue
		}
		refuse := func(err error) error {
			place := origin(slices.Concat(component.Path, []string{"k8s", setting})...)
			return &SettingsError{Component: component.Title, Setting: setting, Place: place, Err: err}
		}
		change, err := settingPatch(setting, component.K8s[setting], component.Kind)
		if err != nil {
			return refuse(err)
		}
		for i, o := range objects {
			if !patches(change, name, o) {
				continue
			}
			if objects[i], err = merge(o, change.content); err != nil {
				return refuse(err)
			}
		}
	}
	return applyOverlays(component, origin, objects)
}

// workloadContainer is the container that container-level settings are meant for.
func workloadContainer(kind profiles.ComponentKind) string {
	switch {
	case kind == profiles.Pilot:
		return "discovery"
	case kind == profiles.Cni:
		return "install-cni"
	case kind.AddOn():
		return strings.ToLower(string(kind))
	}
	return "istio-proxy"
}

const workload = "workload" // a Deployment, DaemonSet or StatefulSet

// workloadName is the name of what a component runs, which its Service, its
// autoscaler and its budget share; "" if it runs nothing here.
func workloadName(objects []object.Object) string {
	for _, o := range objects {
		if isWorkload(o) {
			return o.GetName()
		}
	}
	return ""
}

func isWorkload(o object.Object) bool {
	return slices.Contains([]string{"Deployment", "DaemonSet", "StatefulSet"}, o.GetKind())
}

func patches(change patch, name string, o object.Object) bool {
	if name != "" && o.GetName() != name {
		return false
	}
	return change.kind == o.GetKind() || change.kind == workload && isWorkload(o)
}

// settingPatch says which field of which kind a setting of spec.components.*.k8s stands for.
func settingPatch(setting string, value any, kind profiles.ComponentKind) (patch, error) {
	onNodes := kind == profiles.Cni || kind == profiles.Ztunnel
	switch setting {
	case "replicaCount":
		if onNodes {
			return patch{}, errors.New("one runs on every node, so there is nothing to count")
		}
		return patch{workload, nest(value, "spec", "replicas")}, nil
	case "strategy":
		if onNodes || kind == profiles.Loki { // whose workload is a StatefulSet
			return patch{workload, nest(value, "spec", "updateStrategy")}, nil
		}
		return patch{workload, nest(value, "spec", "strategy")}, nil
	case "affinity", "nodeSelector", "priorityClassName", "tolerations", "securityContext", "volumes":
		return patch{workload, nest(value, "spec", "template", "spec", setting)}, nil
	case "podAnnotations":
		return patch{workload, nest(value, "spec", "template", "metadata", "annotations")}, nil
	case "env", "imagePullPolicy", "readinessProbe", "resources", "volumeMounts":
		containers := []any{map[string]any{"name": workloadContainer(kind), setting: value}}
		return patch{workload, nest(containers, "spec", "template", "spec", "containers")}, nil
	case "hpaSpec":
		return patch{"HorizontalPodAutoscaler", nest(value, "spec")}, nil
	case "podDisruptionBudget":
		return patch{"PodDisruptionBudget", nest(budget(value), "spec")}, nil
	case "service":
		return patch{"Service", nest(value, "spec")}, nil
	case "serviceAnnotations":
		return patch{"Service", nest(value, "metadata", "annotations")}, nil
	}
	return patch{}, fmt.Errorf("there is no such setting")
}

// budget leaves out the chart's minimum where the user sets a maximum: the two
// exclude each other.
func budget(value any) any {
	settings, ok := value.(map[string]any)
	if !ok || settings["maxUnavailable"] == nil || settings["minAvailable"] != nil {
		return value
	}
	return with(settings, "minAvailable", nil)
}

func with(settings map[string]any, key string, value any) map[string]any {
	changed := map[string]any{key: value}
	maps.Copy(changed, settings)
	return changed
}

func nest(value any, path ...string) map[string]any {
	for i := len(path) - 1; i > 0; i-- {
		value = map[string]any{path[i]: value}
	}
	return map[string]any{path[0]: value}
}

// merge is a strategic merge: lists of named things (containers, env) merge by name.
func merge(o object.Object, change map[string]any) (object.Object, error) {
	original, err := json.Marshal(o.Object)
	if err != nil {
		return o, err
	}
	patchJSON, err := json.Marshal(change)
	if err != nil {
		return o, err
	}
	merged, err := strategicpatch.StrategicMergePatch(original, patchJSON, schemaOf(o.GetKind()))
	if err != nil {
		return o, err
	}
	var content map[string]any
	if err := utiljson.Unmarshal(merged, &content); err != nil {
		return o, err
	}
	return object.New(content, o.Source), nil
}

func schemaOf(kind string) any {
	switch kind {
	case "DaemonSet":
		return &appsv1.DaemonSet{}
	case "StatefulSet":
		return &appsv1.StatefulSet{}
	case "HorizontalPodAutoscaler":
		return &autoscalingv2.HorizontalPodAutoscaler{}
	case "PodDisruptionBudget":
		return &policyv1.PodDisruptionBudget{}
	case "Service":
		return &corev1.Service{}
	}
	return &appsv1.Deployment{}
}
