package hiddensubset

import (
	"slices"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze"
)

// callers are the clients that the rule of a destination is for.
type callers struct {
	gateways, namespaces []string
	labels               []map[string]string
}

// match is what the matches of http, tls and tcp rules have in common.
type match interface {
	GetGateways() []string
	GetSourceLabels() map[string]string
	GetSourceNamespace() string
}

// callersOf reads the rule that a destination belongs to.
func callersOf(spec *networking.VirtualService, to *analyze.RouteDestination) callers {
	switch to.Protocol {
	case "http":
		return newCallers(spec.Http[to.Rule].GetMatch())
	case "tls":
		return newCallers(spec.Tls[to.Rule].GetMatch())
	default:
		return newCallers(spec.Tcp[to.Rule].GetMatch())
	}
}

// newCallers takes what all matches narrow; one that does not lets everybody in.
func newCallers[M match](matches []M) callers {
	var c callers
	wide := struct{ gateways, namespaces, labels bool }{}
	for _, m := range matches {
		c.gateways = append(c.gateways, m.GetGateways()...)
		wide.gateways = wide.gateways || len(m.GetGateways()) == 0
		if namespace := m.GetSourceNamespace(); namespace != "" {
			c.namespaces = append(c.namespaces, namespace)
		} else {
			wide.namespaces = true
		}
		c.labels = append(c.labels, m.GetSourceLabels())
		wide.labels = wide.labels || len(m.GetSourceLabels()) == 0
	}
	if wide.gateways {
		c.gateways = nil
	}
	if wide.namespaces {
		c.namespaces = nil
	}
	if wide.labels {
		c.labels = nil
	}
	return c
}

// through says whether the rule is for a gateway, given by its qualified name.
func (c callers) through(mesh *analyze.Mesh, gateway, namespace string) bool {
	return len(c.gateways) == 0 || slices.ContainsFunc(c.gateways, func(name string) bool { return mesh.GatewayName(name, namespace) == gateway })
}

// from says whether the rule is for clients of a namespace.
func (c callers) from(mesh *analyze.Mesh, client string) bool {
	if len(c.namespaces) > 0 && !slices.Contains(c.namespaces, client) {
		return false
	}
	return len(c.labels) == 0 || slices.ContainsFunc(c.labels, func(labels map[string]string) bool { return len(mesh.Select(client, labels)) > 0 })
}
