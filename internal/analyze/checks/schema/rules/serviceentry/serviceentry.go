// Package serviceentry has the rules of ServiceEntries, WorkloadEntries and
// WorkloadGroups.
package serviceentry

import (
	"slices"
	"strings"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// Check judges a ServiceEntry.
func Check(j *rules.Judge, spec *networking.ServiceEntry) {
	at := rules.At("spec")
	if len(spec.GetHosts()) == 0 {
		j.Wrong(at.Field("hosts"), "a ServiceEntry needs a host")
	}
	for i, name := range spec.GetHosts() {
		host(j, spec, name, at.Field("hosts").Item(i))
	}
	if spec.GetWorkloadSelector() != nil {
		selected(j, spec, at)
	}
	addresses(j, spec, at.Field("addresses"))
	ports(j, spec.GetPorts(), at.Field("ports"))
	for i, one := range spec.GetEndpoints() {
		endpoint(j, spec, one, at.Field("endpoints").Item(i))
	}
	resolution(j, spec, at)
	several(j, spec, at)
	j.ExportTo(spec.GetExportTo(), true)
}

func host(j *rules.Judge, spec *networking.ServiceEntry, host string, at *rules.Place) {
	if host == "*" {
		j.Wrong(at, "a ServiceEntry cannot stand for all hosts")
		return
	}
	if fault := rules.WildcardFault(host); fault != "" {
		j.Wrong(at, "host %q %s", host, fault)
		return
	}
	partial := strings.HasPrefix(host, "*") && !strings.HasPrefix(host, "*.")
	if partial && spec.GetResolution() != networking.ServiceEntry_DYNAMIC_DNS {
		j.Doubt(at, "host %q has a star that is not all of its first part: proxies do not route by it, and TLS does not know it", host)
	}
}

func selected(j *rules.Judge, spec *networking.ServiceEntry, at *rules.Place) {
	labels := spec.GetWorkloadSelector().GetLabels()
	j.Selector(labels, at.Field("workloadSelector").Field("labels"))
	if len(labels) == 0 {
		j.EmptySelector(at.Field("workloadSelector").Field("labels"))
	}
	if len(spec.GetEndpoints()) > 0 {
		j.Wrong(at.Field("endpoints"), "endpoints are either listed or chosen by workloadSelector, not both")
	}
}

func addresses(j *rules.Judge, spec *networking.ServiceEntry, at *rules.Place) {
	for i, address := range spec.GetAddresses() {
		switch {
		case rules.IsAddress(address):
		case !rules.IsRange(address):
			j.Wrong(at.Item(i), "%q is neither an IP address nor a range", address)
		case spec.GetResolution() != networking.ServiceEntry_NONE && spec.GetResolution() != networking.ServiceEntry_STATIC:
			j.Wrong(at.Item(i), "a range of addresses needs resolution NONE or STATIC, and this is %s", spec.GetResolution())
		}
	}
}

func ports(j *rules.Judge, ports []*networking.ServicePort, at *rules.Place) {
	for i, port := range ports {
		at := at.Item(i)
		j.Port(port.GetNumber(), at.Field("number"))
		if rules.IsPort(port.GetNumber()) && slices.ContainsFunc(ports[:i], func(other *networking.ServicePort) bool { return other.GetNumber() == port.GetNumber() }) {
			j.Wrong(at.Field("number"), "port %d is there twice", port.GetNumber())
		}
		if !rules.IsLabel(port.GetName()) {
			j.Wrong(at.Field("name"), "%q is no name of a port: letters, digits and dashes", port.GetName())
		} else if hasPort(ports[:i], port.GetName()) {
			j.Wrong(at.Field("name"), "there are two ports called %s", port.GetName())
		}
		j.Protocol(port.GetProtocol(), at.Field("protocol"))
		if port.GetTargetPort() != 0 {
			j.Port(port.GetTargetPort(), at.Field("targetPort"))
		}
	}
}

func hasPort(ports []*networking.ServicePort, name string) bool {
	return slices.ContainsFunc(ports, func(port *networking.ServicePort) bool { return port.GetName() == name })
}

// several judges entries with more than one host: proxies tell them apart by
// what requests say, and TCP says nothing.
func several(j *rules.Judge, spec *networking.ServiceEntry, at *rules.Place) {
	if len(spec.GetHosts()) < 2 || spec.GetResolution() == networking.ServiceEntry_NONE {
		return
	}
	byName := false
	for i, port := range spec.GetPorts() {
		protocol, known := rules.ProtocolOf(port.GetProtocol())
		if !rules.IsHTTP(protocol) && !rules.IsTLS(protocol) && (known || port.GetProtocol() == "") {
			j.Wrong(at.Field("ports").Item(i), "of %d hosts, TCP does not say which one is meant: make a ServiceEntry for each, or use a port of HTTP or TLS", len(spec.GetHosts()))
			return
		}
		byName = byName || rules.IsTLS(protocol)
	}
	dns := spec.GetResolution() == networking.ServiceEntry_DNS || spec.GetResolution() == networking.ServiceEntry_DNS_ROUND_ROBIN
	if dns && byName && len(spec.GetAddresses()) > 0 {
		j.Doubt(at.Field("addresses"), "%d hosts share these addresses, and connections that name none of them cannot be told apart", len(spec.GetHosts()))
	}
}
