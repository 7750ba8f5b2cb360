package profiles

import (
	"maps"
	"slices"
	"strconv"
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
	Jaeger          ComponentKind = "Jaeger"
	Kiali           ComponentKind = "Kiali"
	Loki            ComponentKind = "Loki"
	Zipkin          ComponentKind = "Zipkin"
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
	Path      []string       // of what the spec says about it, for Origin: components, pilot
	Root      []string       // of its own settings below values: pilot
}

// component is a row of the table of components.
type component struct {
	kind  ComponentKind
	key   string // below spec.components
	title string
	chart string
	root  []string // where its own settings are below spec.values
	hub   []string // where its own hub and tag go there
	tag   []string
	on    bool   // if the spec does not mention it
	role  string // of a gateway: ingress or egress
	addOn bool   // its values are whatever its chart's defaults name
	modes []mode // in which it can be installed, the usual one first
}

// components is the table of components, in the order they are installed.
func components() []component {
	return []component{
		{kind: Base, key: "base", title: "Base", chart: "base", on: true},
		inMesh(component{kind: Pilot, key: "pilot", title: "Control plane", chart: "istiod", on: true}, "pilot"),
		inMesh(component{kind: Cni, key: "cni", title: "CNI", chart: "cni"}, "cni"),
		inMesh(component{kind: Ztunnel, key: "ztunnel", title: "Ztunnel", chart: "ztunnel"}, "ztunnel"),
		inMesh(component{kind: IngressGateways, key: "ingressGateways", title: "Ingress gateway", chart: "gateways", on: true, role: "ingress"},
			"gateways", "istio-ingressgateway"),
		inMesh(component{kind: EgressGateways, key: "egressGateways", title: "Egress gateway", chart: "gateways", role: "egress"},
			"gateways", "istio-egressgateway"),
		addOn(Prometheus, "prometheus", "Prometheus", prometheusModes()...),
		addOn(Grafana, "grafana", "Grafana"),
		addOn(Jaeger, "jaeger", "Jaeger"),
		addOn(Kiali, "kiali", "Kiali"),
		addOn(Loki, "loki", "Loki"),
		addOn(Zipkin, "zipkin", "Zipkin"),
	}
}

// inMesh completes the row of a component with images of the mesh.
func inMesh(row component, root ...string) component {
	row.root, row.hub, row.tag = root, below(root, "hub"), below(root, "tag")
	return row
}

func below(path []string, steps ...string) []string { return slices.Concat(path, steps) }

// settings lists what a spec says about each instance of a component that is
// on; nil stands for an instance nothing is said about.
func (c component) settings(spec *node) []*node {
	said := spec.at("components", c.key)
	forced := c.role != "" && spec.isTrue(slices.Concat([]string{"values"}, c.root, []string{"enabled"})...)
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

// path is where a spec speaks of one instance of a component.
func (c component) path(settings, spec *node) []string {
	path := []string{"components", c.key}
	if index := slices.Index(spec.elements(path...), settings); index >= 0 {
		path = append(path, strconv.Itoa(index))
	}
	return path
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

// newMesh builds the components of a resolved spec. The values are those above
// the defaults of the charts.
func newMesh(spec, values *node, charts charts) *Mesh {
	mesh := &Mesh{
		Namespace: either(spec.str("components", "pilot", "namespace"), istioNamespace(spec)),
		Revision:  spec.str("values", "revision"),
		Values:    spec.at("values").tree(),
		spec:      spec,
	}
	for _, row := range components() {
		for _, settings := range row.settings(spec) {
			built := row.build(settings, merge(charts.defaults(row), values))
			built.Path, built.Root = row.path(settings, spec), row.root
			built.Namespace = either(settings.str("namespace"), istioNamespace(spec))
			if row.addOn {
				built.Values[addOnsKey] = addOnsIn(spec)
			}
			mesh.Components = append(mesh.Components, built)
		}
	}
	return mesh
}

// build makes one instance of a component.
func (c component) build(settings, values *node) Component {
	if hub := settings.at("hub"); c.hub != nil {
		values = values.with(hub, c.hub...)
	}
	if tag := settings.at("tag"); c.tag != nil {
		values = values.with(tag, c.tag...)
	}
	built := Component{
		Kind:   c.kind,
		Title:  c.title,
		Chart:  c.chart,
		Values: values.tree(),
		K8s:    settings.at("k8s").tree(),
	}
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
	built.Values[roleKey] = c.role
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
