package analyze

import (
	"slices"
	"strings"

	networking "istio.io/api/networking/v1alpha3"
)

// MeshGateway is the name that stands for all sidecars in a VirtualService.
const MeshGateway = "mesh"

// Route is a VirtualService as one gateway, or the sidecars, see it.
type Route struct {
	Of[networking.VirtualService]
	// Hosts are qualified.
	Hosts []string
	// Visibility says which clients, or gateways, use it.
	Visibility Visibility
}

// GatewayName qualifies how a VirtualService refers to a gateway: "namespace/name",
// a name in its own namespace, or the old "name.namespace.svc.cluster.local".
// The mesh gateway stays as it is.
func (m *Mesh) GatewayName(reference, namespace string) string {
	switch {
	case reference == MeshGateway, strings.Contains(reference, "/"):
		return reference
	case strings.Contains(reference, "."):
		name, rest, _ := strings.Cut(reference, ".")
		namespace, _, _ = strings.Cut(rest, ".")
		return namespace + "/" + name
	}
	return namespace + "/" + reference
}

// GatewaysOf are the qualified gateways of a VirtualService: mesh if it names none.
func (m *Mesh) GatewaysOf(vs Of[networking.VirtualService]) []string {
	if len(vs.Spec.Gateways) == 0 {
		return []string{MeshGateway}
	}
	names := make([]string, len(vs.Spec.Gateways))
	for i, reference := range vs.Spec.Gateways {
		names[i] = m.GatewayName(reference, vs.Namespace)
	}
	return names
}

// RoutesOf are the VirtualServices bound to a gateway, given as "namespace/name"
// or MeshGateway, in the order in which istiod takes them: oldest first.
func (m *Mesh) RoutesOf(gateway string) []*Route { return m.indexes.routes()[gateway].list }

// RoutesByHost are the same by their hosts.
func (m *Mesh) RoutesByHost(gateway string) *HostMap[*Route] {
	if bound := m.indexes.routes()[gateway]; bound.hosts != nil {
		return bound.hosts
	}
	return &HostMap[*Route]{}
}

// bound are the routes of one gateway.
type bound struct {
	list  []*Route
	hosts *HostMap[*Route]
}

func newRoutes(m *Mesh) map[string]bound {
	routes := map[string]bound{}
	services := slices.Collect(m.VirtualServices().All())
	slices.SortStableFunc(services, func(a, b Of[networking.VirtualService]) int { return byAge(a.Resource, b.Resource) })
	for _, vs := range services {
		route := &Route{Of: vs, Visibility: NewVisibility(vs.Namespace, vs.Spec.ExportTo, m.Config().Spec.GetDefaultVirtualServiceExportTo())}
		for _, host := range vs.Spec.Hosts {
			route.Hosts = append(route.Hosts, m.FQDN(host, vs.Namespace))
		}
		gateways := m.GatewaysOf(vs)
		slices.Sort(gateways)
		for _, gateway := range slices.Compact(gateways) {
			to := routes[gateway]
			if to.hosts == nil {
				to.hosts = &HostMap[*Route]{}
			}
			to.list = append(to.list, route)
			for _, host := range route.Hosts {
				to.hosts.Add(host, route)
			}
			routes[gateway] = to
		}
	}
	return routes
}
