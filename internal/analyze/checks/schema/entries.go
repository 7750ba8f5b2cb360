package schema

import (
	"slices"
	"strings"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/object"
)

func (j judge) serviceEntry(spec *networking.ServiceEntry) {
	if len(spec.Hosts) == 0 {
		j.wrong(object.Field("spec.hosts"), "a ServiceEntry needs a host")
	}
	for i, host := range spec.Hosts {
		at := object.Field("spec.hosts", i)
		if host == "*" {
			j.wrong(at, "a ServiceEntry cannot stand for all hosts")
		} else if fault := domainFault(host, true); fault != "" {
			j.wrong(at, "host %q %s", host, fault)
		}
	}
	if spec.GetWorkloadSelector() != nil && len(spec.Endpoints) > 0 {
		j.wrong(object.Field("spec.endpoints"), "endpoints are either listed or chosen by workloadSelector, not both")
	}
	j.entryAddresses(spec)
	ports := j.entryPorts(spec.Ports)
	for i, endpoint := range spec.Endpoints {
		j.endpoint(spec, endpoint, ports, object.Field("spec.endpoints", i))
	}
	j.resolution(spec)
}

func (j judge) entryAddresses(spec *networking.ServiceEntry) {
	for i, address := range spec.Addresses {
		at := object.Field("spec.addresses", i)
		switch {
		case isAddress(address):
		case !isRange(address):
			j.wrong(at, "%q is neither an IP address nor a range", address)
		case spec.Resolution != networking.ServiceEntry_NONE && spec.Resolution != networking.ServiceEntry_STATIC:
			j.wrong(at, "a range of addresses needs resolution NONE or STATIC, and this is %s", spec.Resolution)
		}
	}
}

// entryPorts checks the ports of a ServiceEntry and returns their names.
func (j judge) entryPorts(ports []*networking.ServicePort) []string {
	var names []string
	numbers := map[uint32]bool{}
	for i, port := range ports {
		at := object.Field("spec.ports", i)
		switch {
		case !isPort(port.GetNumber()):
			j.wrong(at.With("number"), "%d is no port number", port.GetNumber())
		case numbers[port.GetNumber()]:
			j.wrong(at.With("number"), "port %d is there twice", port.GetNumber())
		}
		switch {
		case !isName(port.GetName()):
			j.wrong(at.With("name"), "%q is no name of a port: letters, digits and dashes", port.GetName())
		case slices.Contains(names, port.GetName()):
			j.wrong(at.With("name"), "there are two ports called %s", port.GetName())
		}
		if protocol := port.GetProtocol(); protocol != "" && !isProtocol(protocol) {
			j.wrong(at.With("protocol"), "%q is no protocol that Istio knows: one of %s", protocol, strings.Join(protocols(), ", "))
		}
		if target := port.GetTargetPort(); target != 0 && !isPort(target) {
			j.wrong(at.With("targetPort"), "%d is no port number", target)
		}
		names, numbers[port.GetNumber()] = append(names, port.GetName()), true
	}
	return names
}

func protocols() []string {
	return []string{"TCP", "UDP", "TLS", "HTTP", "HTTP_PROXY", "HTTP2", "HTTPS", "GRPC", "GRPC-Web", "Mongo", "MySQL", "Redis"}
}

func isProtocol(text string) bool {
	return slices.ContainsFunc(protocols(), func(known string) bool { return strings.EqualFold(known, text) })
}

func (j judge) endpoint(spec *networking.ServiceEntry, endpoint *networking.WorkloadEntry, ports []string, at object.Path) {
	for _, name := range sortedKeys(endpoint.GetPorts()) {
		if !slices.Contains(ports, name) {
			j.wrong(at.With("ports").Key(name), "the ServiceEntry has no port called %s", name)
		}
	}
	address := endpoint.GetAddress()
	unix := strings.HasPrefix(address, "unix://")
	switch spec.Resolution {
	case networking.ServiceEntry_STATIC:
		if !isAddress(address) && !unix && endpoint.GetNetwork() == "" {
			j.wrong(at.With("address"), "resolution STATIC needs IP addresses, and %q is none: use resolution DNS", address)
		}
	case networking.ServiceEntry_DNS, networking.ServiceEntry_DNS_ROUND_ROBIN:
		if fault := domainFault(address, false); fault != "" && !isAddress(address) && endpoint.GetNetwork() == "" {
			j.wrong(at.With("address"), "address %q %s", address, fault)
		}
	}
	switch {
	case unix && len(endpoint.GetPorts()) > 0:
		j.wrong(at.With("ports"), "a unix socket has no ports")
	case unix && len(ports) != 1:
		j.wrong(at.With("address"), "an endpoint that is a unix socket needs a ServiceEntry with one port, not %d", len(ports))
	}
}

// resolution checks what goes with the ways to find endpoints.
func (j judge) resolution(spec *networking.ServiceEntry) {
	endpoints, at := len(spec.Endpoints), object.Field("spec.resolution")
	wild := slices.ContainsFunc(spec.Hosts, func(host string) bool { return strings.HasPrefix(host, "*") })
	switch spec.Resolution {
	case networking.ServiceEntry_NONE:
		if endpoints > 0 {
			j.wrong(object.Field("spec.endpoints"), "with resolution NONE traffic goes where it was going, so there cannot be endpoints: use STATIC or DNS")
		}
		if spec.GetWorkloadSelector() != nil {
			j.doubt(object.Field("spec.workloadSelector"), "with resolution NONE traffic goes where it was going, so workloads are not chosen: use STATIC")
		}
	case networking.ServiceEntry_DNS, networking.ServiceEntry_DNS_ROUND_ROBIN:
		if endpoints == 0 && spec.GetWorkloadSelector() == nil && wild {
			j.wrong(at, "resolution %s looks up hosts, and a wildcard cannot be looked up: list endpoints, or use resolution DYNAMIC_DNS or NONE", spec.Resolution)
		}
		if spec.Resolution == networking.ServiceEntry_DNS_ROUND_ROBIN && endpoints > 1 {
			j.wrong(object.Field("spec.endpoints", 1), "resolution DNS_ROUND_ROBIN has one endpoint at most")
		}
	case networking.ServiceEntry_DYNAMIC_DNS:
		if slices.ContainsFunc(spec.Hosts, func(host string) bool { return !strings.HasPrefix(host, "*") }) {
			j.wrong(at, "resolution DYNAMIC_DNS is for wildcards only: use DNS for the other hosts")
		}
		if endpoints > 0 || len(spec.Addresses) > 0 {
			j.wrong(at, "resolution DYNAMIC_DNS looks up each host by itself, so there can be neither endpoints nor addresses")
		}
	}
}

func (j judge) workloadEntry(spec *networking.WorkloadEntry) {
	address, at := spec.GetAddress(), object.Field("spec.address")
	switch {
	case address == "" && spec.GetNetwork() == "":
		j.wrong(at, "a WorkloadEntry needs an address")
	case address == "":
		j.doubt(at, "without an address the workload can be reached through the gateway of network %s only", spec.GetNetwork())
	case strings.HasPrefix(address, "unix://"):
		if len(spec.GetPorts()) > 0 {
			j.wrong(object.Field("spec.ports"), "a unix socket has no ports")
		}
	case !isAddress(address):
		if fault := domainFault(address, false); fault != "" {
			j.wrong(at, "address %q %s", address, fault)
		}
	}
	for _, name := range sortedKeys(spec.GetPorts()) {
		at := object.Field("spec.ports").Key(name)
		if !isName(name) {
			j.wrong(at, "%q is no name of a port: letters, digits and dashes", name)
		}
		if !isPort(spec.Ports[name]) {
			j.wrong(at, "%d is no port number", spec.Ports[name])
		}
	}
}
