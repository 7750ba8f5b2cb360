package profiles

import (
	"maps"
	"slices"
)

// ComponentKind is a part of the mesh; also the value of the label
// operator.istio.io/component.
type ComponentKind string

// The parts a mesh may have.
const (
	Base            ComponentKind = "Base"
	Pilot           ComponentKind = "Pilot"
	Cni             ComponentKind = "Cni"
	Ztunnel         ComponentKind = "Ztunnel"
	IngressGateways ComponentKind = "IngressGateways"
	EgressGateways  ComponentKind = "EgressGateways"
	Prometheus      ComponentKind = "Prometheus"
	Grafana         ComponentKind = "Grafana"
)

// Component is one chart to render.
type Component struct {
	Kind      ComponentKind
	Name      string // of a gateway, "" for those there is one of
	Title     string // for people
	Chart     string // its folder below charts/
	Namespace string
	Values    map[string]any // the shared values and its own; the caller's to change
	K8s       map[string]any // its k8s settings, nil if none; a gateway's service ports are in Values instead
}

// component is a row of the table of components.
type component struct {
	kind  ComponentKind
	key   string // below spec.components
	title string
	chart string
	root  []string // where its own settings are below spec.values
	on    bool     // if the spec does not mention it
	role  string   // of a gateway: ingress or egress
	addOn bool     // its values are what its chart's defaults say
}

// components is the table of components, in the order they are installed.
func components() []component {
	return []component{
		{kind: Base, key: "base", title: "Base", chart: "base", on: true},
		{kind: Pilot, key: "pilot", title: "Control plane", chart: "istiod", root: []string{"pilot"}, on: true},
		{kind: Cni, key: "cni", title: "CNI", chart: "cni", root: []string{"cni"}},
		{kind: Ztunnel, key: "ztunnel", title: "Ztunnel", chart: "ztunnel", root: []string{"ztunnel"}},
		{kind: IngressGateways, key: "ingressGateways", title: "Ingress gateway", chart: "gateways", root: []string{"gateways", "istio-ingressgateway"}, on: true, role: "ingress"},
		{kind: EgressGateways, key: "egressGateways", title: "Egress gateway", chart: "gateways", root: []string{"gateways", "istio-egressgateway"}, role: "egress"},
		{kind: Prometheus, key: "prometheus", title: "Prometheus", chart: "prometheus", root: []string{"prometheus"}, addOn: true},
		{kind: Grafana, key: "grafana", title: "Grafana", chart: "grafana", root: []string{"grafana"}, addOn: true},
	}
}

// settings lists what a spec says about each instance of a component that is
// on; nil stands for an instance nothing is said about.
func (c component) settings(spec *node) []*node {
	said := spec.at("components", c.key)
	forced := c.role != "" && spec.isTrue(append([]string{"values"}, append(slices.Clone(c.root), "enabled")...)...)
	switch {
	case said == nil && (c.on || forced):
		return []*node{nil}
	case said == nil:
		return nil
	case said.kind != list:
		return slices.DeleteFunc([]*node{said}, disabled)
	case forced && len(said.items) == 0:
		return []*node{nil}
	case forced:
		return said.items
	}
	return slices.DeleteFunc(slices.Clone(said.items), disabled)
}

// disabled reports whether a component that is mentioned says it is off.
func disabled(settings *node) bool {
	enabled := settings.at("enabled")
	return enabled != nil && enabled.value == false
}

// isOn reports whether a spec has any instance of a component.
func isOn(spec *node, key string) bool {
	return slices.ContainsFunc(components(), func(c component) bool {
		return c.key == key && len(c.settings(spec)) > 0
	})
}

func newMesh(profile string, spec *node, warnings []string) (*Mesh, error) {
	mesh := &Mesh{
		Profile:   profile,
		Namespace: either(spec.str("components", "pilot", "namespace"), istioNamespace(spec)),
		Revision:  spec.str("values", "revision"),
		Values:    spec.at("values").tree(),
		Warnings:  warnings,
		spec:      spec,
	}
	for _, row := range components() {
		for _, settings := range row.settings(spec) {
			mesh.Components = append(mesh.Components, row.build(spec, settings))
		}
	}
	return mesh, nil
}

// build makes one instance of a component.
func (c component) build(spec, settings *node) Component {
	built := Component{
		Kind:      c.kind,
		Title:     c.title,
		Chart:     c.chart,
		Namespace: either(settings.str("namespace"), istioNamespace(spec)),
		K8s:       settings.at("k8s").tree(),
	}
	values := spec.at("values")
	for _, key := range []string{"hub", "tag"} {
		if own := settings.at(key); own != nil && c.root != nil {
			values = values.with(own, append(slices.Clone(c.root), key)...)
		}
	}
	built.Values = values.tree()
	if c.role != "" {
		c.buildGateway(&built, settings)
	}
	return built
}

// buildGateway adds to the values what the gateways chart wants to know of one
// gateway.
func (c component) buildGateway(built *Component, settings *node) {
	built.Name = either(settings.str("name"), c.root[1])
	built.Title += " " + built.Name
	built.Values["gatewayRole"] = c.role
	own := subtree(subtree(built.Values, c.root[0]), c.root[1])
	own["name"] = built.Name
	if labels := settings.at("label").tree(); labels != nil {
		maps.Copy(subtree(own, "labels"), labels)
	}
	service, _ := built.K8s["service"].(map[string]any)
	if ports, given := service["ports"]; given {
		own["ports"] = ports
		delete(service, "ports")
	}
}

// subtree is the mapping under a key, made if it is not there.
func subtree(tree map[string]any, key string) map[string]any {
	if child, ok := tree[key].(map[string]any); ok {
		return child
	}
	child := map[string]any{}
	tree[key] = child
	return child
}
