package sidecar

import (
	"strconv"
	"strings"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules/destinationrule"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules/gateway"
)

// ingress judges where requests come in.
func ingress(j *rules.Judge, listener *networking.IstioIngressListener, numbers map[uint32]bool, at *rules.Place) {
	if port := listener.GetPort(); port == nil {
		j.Wrong(at.Field("port"), "an entry of ingress needs a port")
	} else {
		at := at.Field("port")
		j.Port(port.GetNumber(), at.Field("number"))
		if numbers[port.GetNumber()] && port.GetNumber() != 0 {
			j.Wrong(at.Field("number"), "port %d is there twice", port.GetNumber())
		}
		numbers[port.GetNumber()] = true
		name(j, port, at)
		j.Protocol(port.GetProtocol(), at.Field("protocol"))
		if port.GetTargetPort() != 0 { //nolint:staticcheck // deprecated, and refused
			j.Wrong(at.Field("targetPort"), "a port of a Sidecar has no targetPort: defaultEndpoint says where requests go")
		}
	}
	if bind := listener.GetBind(); bind != "" && !rules.IsAddress(bind) {
		j.Wrong(at.Field("bind"), "%q is no IP address to listen at", bind)
	}
	if fault := endpointFault(listener.GetDefaultEndpoint()); fault != "" {
		j.Wrong(at.Field("defaultEndpoint"), "%q %s", listener.GetDefaultEndpoint(), fault)
	}
	protocol, _ := rules.ProtocolOf(listener.GetPort().GetProtocol())
	if listener.GetTls() != nil {
		tls(j, listener.GetTls(), protocol, at.Field("tls"))
	}
	if pool := listener.GetConnectionPool(); pool != nil {
		destinationrule.ConnectionPool(j, pool, at.Field("connectionPool"))
		if pool.GetHttp() != nil && !rules.IsHTTP(protocol) && protocol != "" {
			j.Doubt(at.Field("connectionPool").Field("http"), "limits of HTTP have no effect on a port for %s", protocol)
		}
	}
}

func name(j *rules.Judge, port *networking.SidecarPort, at *rules.Place) {
	if port.GetName() != "" && !rules.IsLabel(port.GetName()) {
		j.Wrong(at.Field("name"), "%q is no name of a port: letters, digits and dashes", port.GetName())
	}
}

// endpointFault says why a text is no endpoint of the workload itself.
func endpointFault(endpoint string) string {
	if endpoint == "" {
		return ""
	}
	if path, ok := strings.CutPrefix(endpoint, "unix://"); ok {
		return rules.UnixFault(path)
	}
	colon := strings.LastIndexByte(endpoint, ':')
	if colon < 0 {
		return "lacks a port: 127.0.0.1:8080"
	}
	switch endpoint[:colon] {
	case "", "127.0.0.1", "0.0.0.0", "[::1]", "[::]":
	default:
		return "is not at this workload: write 127.0.0.1, 0.0.0.0, [::1], [::] or nothing before the port"
	}
	if number, err := strconv.ParseUint(endpoint[colon+1:], 10, 16); err != nil || number == 0 {
		return "has no port number after its colon"
	}
	return ""
}

// tls judges a sidecar that encrypts as a gateway does.
func tls(j *rules.Judge, tls *networking.ServerTLSSettings, protocol string, at *rules.Place) {
	const why = "a sidecar does not know %s: only a gateway does"
	if protocol != "" && !rules.IsTLS(protocol) {
		j.Wrong(at, "a port for %s has no TLS: use HTTPS or TLS for the port", protocol)
	}
	switch tls.GetMode() {
	case networking.ServerTLSSettings_ISTIO_MUTUAL, networking.ServerTLSSettings_AUTO_PASSTHROUGH:
		j.Wrong(at.Field("mode"), "mode %s is for gateways: what sidecars do with certificates of Istio is said by PeerAuthentications", tls.GetMode())
	}
	for _, field := range [...]struct {
		name string
		set  bool
	}{
		{"httpsRedirect", tls.GetHttpsRedirect()},
		{"subjectAltNames", len(tls.GetSubjectAltNames()) > 0},
		{"credentialName", tls.GetCredentialName() != ""},
		{"credentialNames", len(tls.GetCredentialNames()) > 0},
		{"tlsCertificates", len(tls.GetTlsCertificates()) > 0},
	} {
		if field.set {
			j.Wrong(at.Field(field.name), why, field.name)
		}
	}
	gateway.TLS(j, tls, at)
}
