package analyze

import (
	"fmt"
	"strings"

	"github.com/meshctl/meshctl/internal/object"
)

// WhyAbsent says, for a message, why clients in a namespace do not find a host
// as it is written there: nothing has it, they do not see it, or it was taken
// for something else.
func (m *Mesh) WhyAbsent(client, host string) string {
	fqdn := m.FQDN(host, client)
	text := fmt.Sprintf("host %q does not exist", host)
	switch namespace, name, cluster := m.ServiceOf(fqdn); {
	case len(m.AllHosts().Covering(fqdn)) > 0:
		return fmt.Sprintf("host %q is not visible in namespace %s", host, client)
	case cluster:
		return fmt.Sprintf("%s: there is no Service %s/%s", text, namespace, name)
	}
	if full, ok := m.Meant(host); ok {
		return text + ": a name with a dot is not completed, write " + full
	}
	return text + ": there is no ServiceEntry for it"
}

// Hidden are the places that keep a host from clients which do not see it, for
// Diagnostic.Related.
func (m *Mesh) Hidden(fqdn string) []Related {
	var related []Related
	for _, host := range m.AllHosts().Covering(fqdn) {
		field := object.Field("spec.exportTo")
		if host.Service != nil {
			field = object.Field("metadata.annotations").Key("networking.istio.io/exportTo")
		}
		related = append(related, Related{On: host, Field: field, Note: "it is exported to other namespaces only by"})
	}
	return related
}

// Meant is the full name of the service that "name.namespace" seems to be short
// for: such a name is taken as it is.
func (m *Mesh) Meant(host string) (full string, ok bool) {
	name, namespace, ok := strings.Cut(host, ".")
	if !ok || strings.Contains(namespace, ".") {
		return "", false
	}
	full = m.FQDN(name, namespace)
	return full, len(m.AllHosts().Exact(full)) > 0
}
