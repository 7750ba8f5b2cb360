package rules

import "strings"

// Protocols are the names that a port of a mesh resource may declare.
func Protocols() []string {
	return []string{"TCP", "UDP", "TLS", "HTTP", "HTTP_PROXY", "HTTP2", "HTTPS", "GRPC", "GRPC-Web", "Mongo", "MySQL", "Redis"}
}

// ProtocolOf is the protocol that a name means, in capitals.
func ProtocolOf(name string) (protocol string, known bool) {
	for _, protocol := range Protocols() {
		if strings.EqualFold(protocol, name) {
			return strings.ToUpper(protocol), true
		}
	}
	return "", false
}

// Protocol wants a protocol that Istio knows; none is right.
func (j *Judge) Protocol(name string, at *Place) {
	if name == "" {
		return
	}
	if _, known := ProtocolOf(name); !known {
		j.Wrong(at, "%q is no protocol that Istio knows: one of %s", name, strings.Join(Protocols(), ", "))
	}
}

// IsTLS says whether a protocol is encrypted.
func IsTLS(protocol string) bool { return protocol == "HTTPS" || protocol == "TLS" }

// IsHTTP says whether a protocol is HTTP that a proxy can read.
func IsHTTP(protocol string) bool {
	switch protocol {
	case "HTTP", "HTTP2", "HTTP_PROXY", "GRPC", "GRPC-WEB":
		return true
	}
	return false
}
