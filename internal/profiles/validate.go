package profiles

import (
	"encoding/json"
	"fmt"
	"strconv"

	mesh "istio.io/api/mesh/v1alpha1"
)

// firstFreePort is the lowest port a process may listen on without being root.
const firstFreePort = 1024

// request checks each file for itself, so that nothing wrong in it hides behind
// a later setting, and then what everything adds up to.
func (c *checker) request(asked request, spec *node, charts charts) error {
	schema := specSchema(charts)
	for _, file := range asked.files {
		c.under("spec", func() { c.walk(file.spec, schema) })
	}
	c.skip = FromFile
	c.under("spec", func() { c.walk(spec, schema) })
	c.skip = FromNowhere
	if err := c.problems.err(asked.order); err != nil {
		return err
	}
	for _, row := range components() {
		if row.role != "" {
			c.gateways(row, spec, charts)
		}
	}
	c.replicas(spec, "pilot")
	c.meshConfig(spec, "meshConfig")
	c.meshConfig(spec, "values", "meshConfig")
	return c.problems.err(asked.order)
}

// gateways checks the gateways of one sort against each other and for ports
// they cannot open.
func (c *checker) gateways(row component, spec *node, charts charts) {
	values := merge(charts[row.chart], spec.at("values"))
	root := values.isTrue(below(row.root, "runAsRoot")...)
	seen := map[string]*node{}
	for i, settings := range spec.elements("components", row.key) {
		c.path = []string{"spec", "components", row.key, "[" + strconv.Itoa(i) + "]"}
		id := either(settings.str("namespace"), istioNamespace(spec)) + "/" + either(settings.str("name"), row.root[1])
		if other := seen[id]; other != nil {
			c.fail(settings, fmt.Sprintf("a second gateway %s; the first is at %s", id, other.origin.place()), "give one of them another name or namespace")
		}
		seen[id] = settings
		c.path = append(c.path, "k8s", "service", "ports")
		for j, port := range settings.elements("k8s", "service", "ports") {
			c.under("["+strconv.Itoa(j)+"]", func() { c.gatewayPort(row, port, root) })
		}
	}
	c.path = nil
	enabled := spec.at(below([]string{"values"}, below(row.root, "enabled")...)...)
	if enabled != nil && enabled.value == false {
		c.warn(enabled, "spec.values.%s.enabled: false has no effect; to leave the gateway out set spec.components.%s[].enabled: false", pathText(row.root), row.key)
	}
	c.replicas(spec, row.root...)
}

func (c *checker) gatewayPort(row component, port *node, root bool) {
	target := port.at("targetPort")
	if target == nil {
		target = port.at("port")
	}
	if target == nil || root {
		return
	}
	if number, isNumber := target.value.(int64); isNumber && number > 0 && number < firstFreePort {
		c.fail(target, fmt.Sprintf("only root may listen on port %d", number),
			fmt.Sprintf("set targetPort to %d or more, or spec.values.%s.runAsRoot to true", firstFreePort, pathText(row.root)))
	}
}

// replicas warns of a number of replicas that the autoscaler will overrule.
func (c *checker) replicas(spec *node, root ...string) {
	settings := spec.at(below([]string{"values"}, root...)...)
	count, autoscale := settings.at("replicaCount"), settings.at("autoscaleEnabled")
	if count == nil || autoscale == nil || autoscale.value != true || !autoscale.origin.User() {
		return
	}
	if number, _ := count.value.(int64); number > 1 || number == 1 && len(root) > 1 {
		c.warn(count, "spec.values.%s.replicaCount is overruled by autoscaling; set autoscaleMin, or autoscaleEnabled: false", pathText(root))
	}
}

// meshConfig has the mesh API itself read a mesh configuration, in case it sees
// something the schema does not.
func (c *checker) meshConfig(spec *node, path ...string) {
	config := spec.at(path...)
	if config == nil {
		return
	}
	text, err := json.Marshal(config.tree())
	if err == nil {
		err = new(mesh.MeshConfig).UnmarshalJSON(text)
	}
	if err != nil {
		c.path = below([]string{"spec"}, path...)
		c.fail(config, "not a mesh configuration: "+err.Error(), "")
	}
	c.meshRules(config, path...)
}
