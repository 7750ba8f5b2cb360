package profiles

import "maps"

// OfficialValues are the values of a component for a chart of Istio's own. Such
// a chart brings defaults, and reads the values profile, the compatibility
// version and the platform by itself; so it gets only what profiles, files and
// flags say. A setting that the user removed is null for the chart, too.
func (m *Mesh) OfficialValues(c Component) map[string]any {
	values, _ := m.spec.at("values").saidAbove(FromOverlay).(map[string]any)
	if values == nil {
		values = map[string]any{}
	}
	for _, row := range components() {
		if row.addOn {
			delete(values, row.root[0])
		}
	}
	if len(c.Root) == 0 {
		return values
	}
	own := values
	for _, step := range c.Root {
		own = subtree(own, step)
	}
	settings := m.spec.at(c.Path...)
	for _, field := range []string{"hub", "tag"} {
		if said := settings.at(field); said != nil {
			own[field] = said.value
		}
	}
	switch c.Kind {
	case IngressGateways, EgressGateways:
		own["name"] = c.Name
		if labels := settings.at("label").tree(); len(labels) > 0 {
			maps.Copy(subtree(own, "labels"), labels)
		}
		if ports := settings.at("k8s", "service", "ports"); ports != nil {
			own["ports"] = ports.plain()
		}
	case Ztunnel:
		return flattened(values, own)
	}
	return values
}

// flattened is how the ztunnel chart takes values: everything at the root, the
// shared settings below its own.
func flattened(values, own map[string]any) map[string]any {
	flat := map[string]any{}
	if global, ok := values["global"].(map[string]any); ok {
		maps.Copy(flat, global)
	}
	for name, value := range values {
		switch value.(type) {
		case map[string]any, []any:
		default:
			flat[name] = value
		}
	}
	maps.Copy(flat, own)
	return flat
}

// saidAbove is the part of a tree that layers above a given one say, nil if
// that is nothing. A list is replaced as a whole, so it counts as its own.
func (n *node) saidAbove(layer OriginKind) any {
	said, _ := n.above(layer)
	return said
}

func (n *node) above(layer OriginKind) (any, bool) {
	switch {
	case n == nil:
		return nil, false
	case n.kind == mapping:
		fields := map[string]any{}
		for name, field := range n.fields {
			if said, some := field.above(layer); some {
				fields[name] = said
			}
		}
		return fields, len(fields) > 0
	case n.kind == list:
		return n.plain(), n.origin.Kind > layer
	}
	return n.value, n.origin.Kind > layer
}
