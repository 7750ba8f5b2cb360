package profiles

import (
	"fmt"
	"slices"
	"strings"
)

// Add-ons are programs of others that look at the mesh. The mesh works without
// them, and each of them without the others; but they know of one another.

// addOnsKey is by which the charts of add-ons learn which of them are on, in
// which namespace and mode.
const addOnsKey = "addOns"

// AddOn is a component beside the mesh itself, whose settings are at values.Key.
type AddOn struct{ Key, Title string }

// AddOns lists the add-ons, in the order they are installed.
func AddOns() []AddOn {
	var found []AddOn
	for _, row := range components() {
		if row.addOn {
			found = append(found, AddOn{Key: row.root[0], Title: row.title})
		}
	}
	return found
}

// AddOn says that the mesh itself works without such a component.
func (k ComponentKind) AddOn() bool {
	return slices.ContainsFunc(components(), func(row component) bool { return row.kind == k && row.addOn })
}

// addOn is the row of a component with an image of its own.
func addOn(kind ComponentKind, name, title string, modes ...mode) component {
	root := []string{name}
	return component{
		kind: kind, key: name, title: title, chart: name, addOn: true, modes: modes,
		root: root, hub: below(root, "image", "registry"), tag: below(root, "image", "tag"),
	}
}

// mode is a way in which a component can be installed.
type mode struct{ name, meaning string }

func prometheusModes() []mode {
	return []mode{
		{"server", "a Prometheus of the mesh's own"},
		{"operator", "PodMonitor, ServiceMonitor and PrometheusRule, for the Prometheus Operator that the cluster has"},
	}
}

// modeSchema is the schema of a component's mode.
func modeSchema(modes []mode) *schema {
	var words, meanings []string
	for _, mode := range modes {
		words = append(words, mode.name)
		meanings = append(meanings, "`"+mode.name+"`: "+mode.meaning)
	}
	return oneOf(words...).by(words[0]).says(strings.Join(meanings, "; "))
}

// addOnsIn tells which add-ons a spec has.
func addOnsIn(spec *node) map[string]any {
	found := map[string]any{}
	for _, row := range components() {
		settings := row.settings(spec)
		if !row.addOn || len(settings) == 0 {
			continue
		}
		about := map[string]any{"namespace": either(settings[0].str("namespace"), istioNamespace(spec))}
		if len(row.modes) > 0 {
			about["mode"] = either(settings[0].str("mode"), row.modes[0].name)
		}
		found[row.key] = about
	}
	return found
}

// rivals warns of add-ons that want the same name.
func rivals(spec *node) []string {
	on := addOnsIn(spec)
	namespace := func(name string) any {
		about, _ := on[name].(map[string]any)
		return about["namespace"]
	}
	if namespace("jaeger") == nil || namespace("jaeger") != namespace("zipkin") {
		return nil
	}
	return []string{fmt.Sprintf("Jaeger and Zipkin would both be the Service zipkin in namespace %s: it is Zipkin's. "+
		"What sends spans of Zipkin's format to Jaeger finds it at jaeger-collector, port 9411", namespace("zipkin"))}
}
