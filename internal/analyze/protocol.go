package analyze

import (
	"slices"
	"strings"

	core "k8s.io/api/core/v1"
)

// ServicePortProtocol is what istiod takes the port of a Service for: by its
// appProtocol, else by its name up to the first dash. known is false if it has
// to guess from the traffic.
func ServicePortProtocol(port *core.ServicePort) (protocol string, known bool) {
	if port.Protocol == core.ProtocolUDP {
		return "UDP", true
	}
	name := port.Name
	if port.AppProtocol != nil {
		name = *port.AppProtocol
		switch strings.ToLower(name) {
		case "kubernetes.io/h2c":
			return "HTTP2", true
		case "kubernetes.io/ws", "kubernetes.io/wss":
			return "HTTP", true
		}
	}
	if protocol, known := ProtocolOf(name); known {
		return protocol, true
	}
	// Where the server speaks first, waiting for the client to say what it is would be forever.
	if slices.Contains([]int32{25, 53, 3306, 27017}, port.Port) {
		return "TCP", true
	}
	return "", false
}

// ProtocolOf is the protocol that the name of a port declares.
func ProtocolOf(portName string) (protocol string, known bool) {
	name := strings.ToLower(portName)
	if name == "grpc-web" || strings.HasPrefix(name, "grpc-web-") {
		return "GRPC-WEB", true
	}
	name, _, _ = strings.Cut(name, "-")
	known = slices.Contains([]string{"tcp", "udp", "grpc", "http", "http_proxy", "http2", "https", "tls", "mongo", "redis", "mysql"}, name)
	if !known {
		return "", false
	}
	return strings.ToUpper(name), true
}
