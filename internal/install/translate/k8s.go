package translate

import (
	"bytes"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/meshctl/meshctl/internal/install/render"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
)

// placesOf says which value of a chart stands for which k8s setting.
func placesOf(kind profiles.ComponentKind) map[string]string {
	switch kind {
	case profiles.Pilot:
		return map[string]string{
			"affinity": "pilot.affinity", "env": "pilot.envVarFrom", "nodeSelector": "pilot.nodeSelector",
			"podAnnotations": "pilot.podAnnotations", "replicaCount": "pilot.replicaCount", "resources": "pilot.resources",
			"serviceAnnotations": "pilot.serviceAnnotations", "tolerations": "pilot.tolerations",
			"volumes": "pilot.volumes", "volumeMounts": "pilot.volumeMounts", "priorityClassName": "global.priorityClassName",
			"hpaSpec.minReplicas": "pilot.autoscaleMin", "hpaSpec.maxReplicas": "pilot.autoscaleMax", "hpaSpec.behavior": "pilot.autoscaleBehavior",
			"podDisruptionBudget.minAvailable": "pilot.pdb.minAvailable", "podDisruptionBudget.maxUnavailable": "pilot.pdb.maxUnavailable",
			"podDisruptionBudget.unhealthyPodEvictionPolicy": "pilot.pdb.unhealthyPodEvictionPolicy",
			"service.ipFamilies":                             "pilot.ipFamilies", "service.ipFamilyPolicy": "pilot.ipFamilyPolicy",
		}
	case profiles.Cni:
		return map[string]string{
			"affinity": "cni.affinity", "podAnnotations": "cni.podAnnotations", "resources": "cni.resources",
			"tolerations": "cni.tolerations", "imagePullPolicy": "cni.pullPolicy", "strategy": "cni.updateStrategy",
		}
	case profiles.Ztunnel:
		return map[string]string{
			"affinity": "affinity", "nodeSelector": "nodeSelector", "podAnnotations": "podAnnotations", "resources": "resources",
			"tolerations": "tolerations", "imagePullPolicy": "imagePullPolicy", "volumes": "volumes", "volumeMounts": "volumeMounts",
			"strategy": "updateStrategy",
		}
	case profiles.IngressGateways, profiles.EgressGateways:
		return gatewayPlaces()
	}
	return nil
}

func gatewayPlaces() map[string]string {
	places := map[string]string{
		"hpaSpec.minReplicas": "autoscaling.minReplicas", "hpaSpec.maxReplicas": "autoscaling.maxReplicas", "hpaSpec.behavior": "autoscaling.autoscaleBehavior",
		"serviceAnnotations": "service.annotations", "env": "envVarFrom",
	}
	for _, same := range []string{
		"affinity", "imagePullPolicy", "nodeSelector", "podAnnotations", "podDisruptionBudget", "priorityClassName", "readinessProbe",
		"replicaCount", "resources", "securityContext", "strategy", "tolerations", "volumes", "volumeMounts",
		"service.type", "service.externalIPs", "service.externalTrafficPolicy", "service.ipFamilies", "service.ipFamilyPolicy",
		"service.loadBalancerClass", "service.loadBalancerIP", "service.loadBalancerSourceRanges",
	} {
		places[same] = same
	}
	return places
}

// k8sInto puts the k8s settings of a component among the values of its chart,
// and lists those for which the chart has none.
func k8sInto(values map[string]any, mesh *profiles.Mesh, of profiles.Component) []Loss {
	places := placesOf(of.Kind)
	var lost []Loss
	lose := func(setting ...string) {
		path := slices.Concat(of.Path, []string{"k8s"}, setting)
		lost = append(lost, Loss{Path: written(path), Origin: mesh.Origin(path...), Why: "the chart has no value for it"})
	}
	for _, setting := range slices.Sorted(maps.Keys(of.K8s)) {
		if place, ok := places[setting]; ok {
			add(values, of.K8s[setting], place)
			continue
		}
		fields, _ := of.K8s[setting].(map[string]any)
		inParts := func(place string) bool { return strings.HasPrefix(place, setting+".") }
		if !slices.ContainsFunc(slices.Collect(maps.Keys(places)), inParts) {
			lose(setting)
			continue
		}
		for _, field := range slices.Sorted(maps.Keys(fields)) {
			if place, ok := places[setting+"."+field]; ok {
				add(values, fields[field], place)
			} else {
				lose(setting, field)
			}
		}
	}
	return lost
}

// written is a path below spec as --set takes it.
func written(path []string) string {
	var text strings.Builder
	text.WriteString("spec")
	for _, step := range path {
		if _, err := strconv.Atoi(step); err == nil {
			text.WriteString("[" + step + "]")
		} else {
			text.WriteString("." + step)
		}
	}
	return text.String()
}

// add puts a value into a tree: mappings are merged, lists are joined, and the
// rest is replaced.
func add(tree map[string]any, value any, place string) {
	steps := strings.Split(place, ".")
	for _, step := range steps[:len(steps)-1] {
		tree[step] = maps.Clone(at(tree, step))
		tree, _ = tree[step].(map[string]any)
	}
	last := steps[len(steps)-1]
	switch there := tree[last].(type) {
	case map[string]any:
		if more, ok := value.(map[string]any); ok {
			merged := maps.Clone(there)
			maps.Copy(merged, more)
			value = merged
		}
	case []any:
		if more, ok := value.([]any); ok {
			value = slices.Concat(there, more)
		}
	}
	tree[last] = value
}

// manifestOf is the objects as YAML.
func manifestOf(objects []object.Object) ([]byte, error) {
	var text bytes.Buffer
	err := render.WriteYAML(&text, objects)
	return text.Bytes(), err
}
