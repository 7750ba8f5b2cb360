// Package gateway has the rules of Gateways, and of how servers encrypt.
package gateway

import (
	"strings"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// Check judges a Gateway.
func Check(j *rules.Judge, spec *networking.Gateway) {
	if !rules.IsLabel(j.On.Name) && !strings.HasSuffix(j.On.Name, "*") { // made of generateName
		j.Wrong(rules.At("metadata").Field("name"), "VirtualServices could not name this Gateway: its name must have letters, digits and dashes only, 63 at most")
	}
	at := rules.At("spec").Field("servers")
	if len(spec.GetServers()) == 0 {
		j.Wrong(at, "a Gateway needs a server")
	}
	names := make(map[string]bool, len(spec.GetServers()))
	for i, one := range spec.GetServers() {
		server(j, one, at.Item(i))
		name := one.GetPort().GetName()
		if names[name] && name != "" {
			j.Wrong(at.Item(i).Field("port").Field("name"), "there are two servers with ports called %s", name)
		}
		names[name] = true
	}
}

func server(j *rules.Judge, server *networking.Server, at *rules.Place) {
	if len(server.GetHosts()) == 0 {
		j.Wrong(at.Field("hosts"), "a server needs hosts: * stands for all")
	}
	for i, host := range server.GetHosts() {
		if fault := hostFault(host); fault != "" {
			j.Wrong(at.Field("hosts").Item(i), "host %q %s", host, fault)
		}
	}
	unix := strings.HasPrefix(server.GetBind(), "unix://")
	known := port(j, server.GetPort(), unix, at)
	switch bind := server.GetBind(); {
	case bind == "":
	case unix:
		if fault := rules.UnixFault(strings.TrimPrefix(bind, "unix://")); fault != "" {
			j.Wrong(at.Field("bind"), "%q %s", bind, fault)
		}
		if server.GetPort().GetNumber() != 0 {
			j.Wrong(at.Field("port").Field("number"), "a unix socket has no port number: leave it out or write 0")
		}
	case !rules.IsAddress(bind):
		j.Wrong(at.Field("bind"), "%q is no IP address to listen at", bind)
	}
	if server.GetTls() != nil {
		TLS(j, server.GetTls(), at.Field("tls"))
	}
	if known {
		encryption(j, server, at)
	}
}

// port judges the port of a server and says whether its protocol is known.
func port(j *rules.Judge, port *networking.Port, unix bool, at *rules.Place) bool {
	if port == nil {
		j.Wrong(at.Field("port"), "a server needs a port")
		return false
	}
	at = at.Field("port")
	if port.GetName() == "" {
		j.Wrong(at.Field("name"), "the port of a server needs a name")
	}
	if !unix {
		j.Port(port.GetNumber(), at.Field("number"))
	}
	if port.GetTargetPort() != 0 { //nolint:staticcheck // deprecated, and refused
		j.Wrong(at.Field("targetPort"), "a Gateway listens at the port itself and knows no targetPort: that belongs to the Service before it")
	}
	if port.GetProtocol() == "" {
		j.Wrong(at.Field("protocol"), "the port of a server needs a protocol: one of %s", strings.Join(rules.Protocols(), ", "))
		return false
	}
	j.Protocol(port.GetProtocol(), at.Field("protocol"))
	_, known := rules.ProtocolOf(port.GetProtocol())
	return known
}

// hostFault says why a text is no host of a server: dns or namespace/dns.
func hostFault(host string) string {
	namespace, name, slash := strings.Cut(host, "/")
	if !slash {
		return nameFault(host)
	}
	switch {
	case namespace == "" || name == "":
		return "lacks what belongs on one side of the slash: namespace/name"
	case namespace != "*" && namespace != "." && !rules.IsLabel(namespace):
		return "has before its slash neither a namespace, nor a dot for this one, nor a star for all"
	}
	return nameFault(name)
}

func nameFault(name string) string {
	if name == "*" || rules.IsAddress(name) {
		return ""
	}
	if !strings.Contains(name, ".") {
		return "is a short name, which nobody outside of its namespace asks for: write all of it"
	}
	if fault := rules.WildcardFault(name); fault != "" {
		return fault
	}
	if strings.HasPrefix(name, "*") && !strings.HasPrefix(name, "*.") {
		return "has a star that is not all of its first part"
	}
	return ""
}

// encryption wants settings for TLS where the protocol has TLS, and there alone.
func encryption(j *rules.Judge, server *networking.Server, at *rules.Place) {
	protocol, _ := rules.ProtocolOf(server.GetPort().GetProtocol())
	tls := server.GetTls()
	switch {
	case rules.IsTLS(protocol):
		if tls == nil {
			j.Wrong(at.Field("tls"), "a server for %s needs tls: what to do with what is encrypted", protocol)
		}
	case tls == nil:
	case !rules.IsHTTP(protocol):
		j.Wrong(at.Field("tls"), "protocol %s has no TLS: use TLS for the port, or leave tls out", protocol)
	case !passes(tls) || tls.GetServerCertificate() != "" || tls.GetPrivateKey() != "" || tls.GetCaCertificates() != "":
		j.Wrong(at.Field("tls"), "protocol %s has no TLS: use HTTPS for the port, or leave all but httpsRedirect out", protocol)
	}
	if tls.GetHttpsRedirect() && !rules.IsHTTP(protocol) {
		j.Doubt(at.Field("tls").Field("httpsRedirect"), "only requests of plain HTTP can be redirected to HTTPS, and this port is for %s", protocol)
	}
}
