package profiles

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// GatewayChartValues are OfficialValues in the words of Istio's chart "gateway",
// which is for one gateway that gets its proxy by injection and takes flat values.
// The error joins the settings that it has no word for; chart is its name there.
func (m *Mesh) GatewayChartValues(c Component, chart string) (map[string]any, error) {
	values := m.OfficialValues(c)
	own := values
	for _, step := range c.Root {
		own = subtree(own, step)
	}
	flat := map[string]any{}
	if global, ok := values["global"].(map[string]any); ok {
		flat["global"] = maps.Clone(global)
	}
	for _, choice := range []string{"profile", "platform"} {
		if chosen, ok := values[choice]; ok {
			subtree(flat, "global")[choice] = chosen
		}
	}
	if revision, _ := values["revision"].(string); revision != "" {
		flat["revision"] = revision
	}
	var found problems
	for _, key := range slices.Sorted(maps.Keys(own)) {
		if place, known := gatewayChartKeys()[key]; known {
			put(flat, own[key], place)
			continue
		}
		path, origin := m.whoSaid(c, key)
		if !origin.User() || own[key] == false {
			continue // a profile's, which another chart understands
		}
		found.add(&InputError{
			Place:   origin,
			Path:    pathText(append([]string{"spec"}, path...)),
			Problem: "the chart " + chart + " has no such setting",
			Hint:    "leave it out, or say it by k8s settings and overlays of the component; the chart istio-ingress of a release archive has it",
		})
	}
	flat["labels"] = gatewayLabels(c)
	translateGateway(flat, own)
	return flat, found.err(nil)
}

// whoSaid finds a setting of a component, below its values or beside them.
func (m *Mesh) whoSaid(c Component, key string) ([]string, Origin) {
	path := slices.Concat([]string{"values"}, c.Root, []string{key})
	if origin := m.Origin(path...); origin.User() {
		return path, origin
	}
	path = slices.Concat(c.Path, []string{key})
	origin := m.Origin(path...)
	for i, step := range path {
		if _, err := strconv.Atoi(step); err == nil {
			path[i] = "[" + step + "]"
		}
	}
	return path, origin
}

// gatewayLabels are the labels that Gateways select a gateway by, as our chart
// gives them. The official one would make others of the gateway's name, and
// Gateways that worked with the one would not find the other.
func gatewayLabels(c Component) map[string]any {
	own := c.Values
	for _, step := range c.Root {
		own, _ = own[step].(map[string]any)
	}
	labels, _ := own["labels"].(map[string]any)
	return maps.Clone(labels)
}

// gatewayChartKeys says where the chart keeps settings of
// gateways.istio-*gateway; "" is for what translateGateway sees to.
func gatewayChartKeys() map[string]string {
	return map[string]string{
		"additionalContainers":     "additionalContainers",
		"autoscaleEnabled":         "autoscaling.enabled",
		"autoscaleMax":             "autoscaling.maxReplicas",
		"autoscaleMin":             "autoscaling.minReplicas",
		"cpu":                      "",
		"customService":            "",
		"enabled":                  "",
		"env":                      "env",
		"externalTrafficPolicy":    "service.externalTrafficPolicy",
		"ipFamilies":               "service.ipFamilies",
		"ipFamilyPolicy":           "service.ipFamilyPolicy",
		"labels":                   "", // gatewayLabels
		"loadBalancerIP":           "service.loadBalancerIP",
		"loadBalancerSourceRanges": "service.loadBalancerSourceRanges",
		"name":                     "name",
		"nodeSelector":             "nodeSelector",
		"podAnnotations":           "podAnnotations",
		"ports":                    "service.ports",
		"replicaCount":             "replicaCount",
		"resources":                "resources",
		"rollingMaxSurge":          "strategy.rollingUpdate.maxSurge",
		"rollingMaxUnavailable":    "strategy.rollingUpdate.maxUnavailable",
		"serviceAccount":           "serviceAccount",
		"serviceAnnotations":       "service.annotations",
		"tolerations":              "tolerations",
		"type":                     "service.type",
	}
}

func put(tree map[string]any, value any, place string) {
	if place == "" {
		return
	}
	steps := strings.Split(place, ".")
	for _, step := range steps[:len(steps)-1] {
		tree = subtree(tree, step)
	}
	tree[steps[len(steps)-1]] = value
}

// translateGateway says what takes more than another place.
func translateGateway(flat, own map[string]any) {
	if own["customService"] == true {
		put(flat, "None", "service.type")
	}
	if cpu, ok := own["cpu"].(map[string]any); ok && cpu["targetAverageUtilization"] != nil {
		put(flat, cpu["targetAverageUtilization"], "autoscaling.targetCPUUtilizationPercentage")
	}
	if strategy, ok := flat["strategy"].(map[string]any); ok {
		strategy["type"] = "RollingUpdate"
	}
}
