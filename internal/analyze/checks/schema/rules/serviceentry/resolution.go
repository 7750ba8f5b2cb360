package serviceentry

import (
	"strings"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// resolution judges what goes with each way to find endpoints.
func resolution(j *rules.Judge, spec *networking.ServiceEntry, at *rules.Place) {
	switch spec.GetResolution() {
	case networking.ServiceEntry_NONE:
		if len(spec.GetEndpoints()) > 0 {
			j.Wrong(at.Field("endpoints"), "with resolution NONE traffic goes where it was going, so there cannot be endpoints: use STATIC or DNS")
		}
		if spec.GetWorkloadSelector() != nil {
			j.Doubt(at.Field("workloadSelector"), "with resolution NONE traffic goes where it was going, so workloads are not chosen: use STATIC")
		}
	case networking.ServiceEntry_DNS, networking.ServiceEntry_DNS_ROUND_ROBIN:
		if len(spec.GetEndpoints()) == 0 && spec.GetWorkloadSelector() == nil && wildcards(spec.GetHosts()) > 0 {
			j.Wrong(at.Field("resolution"), "resolution %s looks up hosts, and a wildcard cannot be looked up: list endpoints, or use resolution DYNAMIC_DNS or NONE", spec.GetResolution())
		}
		if spec.GetResolution() == networking.ServiceEntry_DNS_ROUND_ROBIN && len(spec.GetEndpoints()) > 1 {
			j.Wrong(at.Field("endpoints").Item(1), "resolution DNS_ROUND_ROBIN has one endpoint at most")
		}
	case networking.ServiceEntry_DYNAMIC_DNS:
		dynamic(j, spec, at)
	}
}

func dynamic(j *rules.Judge, spec *networking.ServiceEntry, at *rules.Place) {
	if wildcards(spec.GetHosts()) < len(spec.GetHosts()) {
		j.Wrong(at.Field("resolution"), "resolution DYNAMIC_DNS is for wildcards only: use DNS for the other hosts")
	}
	if len(spec.GetEndpoints()) > 0 || len(spec.GetAddresses()) > 0 {
		j.Wrong(at.Field("resolution"), "resolution DYNAMIC_DNS looks up each host by itself, so there can be neither endpoints nor addresses")
	}
	for i, port := range spec.GetPorts() {
		switch protocol, known := rules.ProtocolOf(port.GetProtocol()); protocol {
		case "HTTP", "HTTP2", "GRPC", "TLS":
		default:
			if known || port.GetProtocol() == "" {
				j.Wrong(at.Field("ports").Item(i).Field("protocol"), "resolution DYNAMIC_DNS takes the host from requests, so the protocol has to be HTTP, HTTP2, GRPC or TLS")
			}
		}
	}
	if waypoint := j.On.Labels["istio.io/use-waypoint"]; waypoint != "" && spec.GetLocation() == networking.ServiceEntry_MESH_INTERNAL {
		j.Wrong(at.Field("location"), "resolution DYNAMIC_DNS goes out of the mesh: with the label istio.io/use-waypoint the location has to be MESH_EXTERNAL")
	}
}

func wildcards(hosts []string) int {
	n := 0
	for _, host := range hosts {
		if strings.HasPrefix(host, "*") {
			n++
		}
	}
	return n
}

// endpoint judges an endpoint of a ServiceEntry.
func endpoint(j *rules.Judge, spec *networking.ServiceEntry, endpoint *networking.WorkloadEntry, at *rules.Place) {
	for _, name := range rules.SortedKeys(endpoint.GetPorts()) {
		if !hasPort(spec.GetPorts(), name) {
			j.Wrong(at.Field("ports").Field(name), "the ServiceEntry has no port called %s", name)
		}
		j.Port(endpoint.Ports[name], at.Field("ports").Field(name))
	}
	j.Labels(endpoint.GetLabels(), at.Field("labels"))
	address := endpoint.GetAddress()
	path, unix := strings.CutPrefix(address, "unix://")
	known := rules.IsAddress(address) || address == "" && endpoint.GetNetwork() != ""
	switch spec.GetResolution() {
	case networking.ServiceEntry_STATIC:
		if unix {
			socket(j, path, endpoint, at)
			if len(spec.GetPorts()) != 1 {
				j.Wrong(at.Field("address"), "an endpoint that is a unix socket needs a ServiceEntry with one port, not %d", len(spec.GetPorts()))
			}
		} else if !known {
			j.Wrong(at.Field("address"), "resolution STATIC needs IP addresses, and %q is none: use resolution DNS", address)
		}
	case networking.ServiceEntry_DNS, networking.ServiceEntry_DNS_ROUND_ROBIN:
		if unix {
			j.Wrong(at.Field("address"), "a unix socket needs no lookup: use resolution STATIC")
		} else if fault := rules.DomainFault(address); fault != "" && !known {
			j.Wrong(at.Field("address"), "address %q %s", address, fault)
		}
	}
}

// socket judges a workload that listens at a unix socket.
func socket(j *rules.Judge, path string, entry *networking.WorkloadEntry, at *rules.Place) {
	if fault := rules.UnixFault(path); fault != "" {
		j.Wrong(at.Field("address"), "unix socket %q %s", path, fault)
	}
	if len(entry.GetPorts()) > 0 {
		j.Wrong(at.Field("ports"), "a unix socket has no ports")
	}
}
