package meshconfig

import (
	meshapi "istio.io/api/mesh/v1alpha1"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// CheckNetworks judges the networks of a mesh.
func CheckNetworks(j *rules.Judge, spec *meshapi.MeshNetworks, at *rules.Place) {
	for _, name := range rules.SortedKeys(spec.GetNetworks()) {
		network, at := spec.Networks[name], at.Field("networks").Field(name)
		for i, endpoint := range network.GetEndpoints() {
			at := at.Field("endpoints").Item(i)
			switch from := endpoint.GetNe().(type) {
			case nil:
				j.Wrong(at, "endpoints of a network come from fromRegistry or fromCidr")
			case *meshapi.Network_NetworkEndpoints_FromCidr:
				if !rules.IsRange(from.FromCidr) && !rules.IsAddress(from.FromCidr) {
					j.Wrong(at.Field("fromCidr"), "%q is neither an IP address nor a range such as 10.0.0.0/8", from.FromCidr)
				}
			case *meshapi.Network_NetworkEndpoints_FromRegistry:
				if !rules.IsLabel(from.FromRegistry) {
					j.Wrong(at.Field("fromRegistry"), "%q is no name of a cluster: letters, digits and dashes", from.FromRegistry)
				}
			}
		}
		for i, gateway := range network.GetGateways() {
			judgeGateway(j, gateway, at.Field("gateways").Item(i))
		}
	}
}

func judgeGateway(j *rules.Judge, gateway *meshapi.Network_IstioNetworkGateway, at *rules.Place) {
	switch way := gateway.GetGw().(type) {
	case nil:
		j.Wrong(at, "a gateway of a network needs its address, or its registryServiceName")
	case *meshapi.Network_IstioNetworkGateway_RegistryServiceName:
		if fault := rules.DomainFault(way.RegistryServiceName); fault != "" {
			j.Wrong(at.Field("registryServiceName"), "service %q %s", way.RegistryServiceName, fault)
		}
	case *meshapi.Network_IstioNetworkGateway_Address:
		if fault := rules.DomainFault(way.Address); fault != "" && !rules.IsAddress(way.Address) {
			j.Wrong(at.Field("address"), "address %q %s", way.Address, fault)
		}
	}
	j.Port(gateway.GetPort(), at.Field("port"))
}
