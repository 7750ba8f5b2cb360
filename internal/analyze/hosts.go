package analyze

import (
	"slices"
	"strings"

	networking "istio.io/api/networking/v1alpha3"
	core "k8s.io/api/core/v1"
)

// Host is a name that traffic can be sent to: of a Service, or of a ServiceEntry.
type Host struct {
	// Name is fully qualified; that of a ServiceEntry may begin with a star.
	Name string
	*Resource
	// Service or Entry is what declares it, the other is nil.
	Service *core.ServiceSpec
	Entry   *networking.ServiceEntry
	Ports   []HostPort
	// Visibility says which clients can use it.
	Visibility Visibility
}

// HostPort is a port of a host.
type HostPort struct {
	Number   uint32
	Name     string
	Protocol string
}

// Port finds a port by number.
func (h *Host) Port(number uint32) (HostPort, bool) {
	for _, port := range h.Ports {
		if port.Number == number {
			return port, true
		}
	}
	return HostPort{}, false
}

// FQDN is the name that istiod takes a short host for: one without dots is a
// service in the namespace of the resource that has it. All others stay as they are.
func (m *Mesh) FQDN(host, namespace string) string {
	if host == "" || strings.ContainsAny(host, ".*") {
		return host
	}
	return host + "." + namespace + ".svc." + m.Settings.ClusterDomain
}

// ServiceOf takes the name of a service inside the cluster apart. ok is false
// for all other names.
func (m *Mesh) ServiceOf(fqdn string) (namespace, name string, ok bool) {
	rest, ok := strings.CutSuffix(fqdn, ".svc."+m.Settings.ClusterDomain)
	if !ok {
		return "", "", false
	}
	name, namespace, ok = strings.Cut(rest, ".")
	return namespace, name, ok && !strings.Contains(namespace, ".")
}

// LookupHost finds what clients in a namespace reach by a host as it is written
// in a resource of that namespace: the entries for its name, else those of the
// most specific wildcard.
func (m *Mesh) LookupHost(client, host string) []*Host {
	return m.LookupFQDN(client, m.FQDN(host, client))
}

// LookupFQDN is LookupHost for a name that is qualified already.
func (m *Mesh) LookupFQDN(client, fqdn string) []*Host {
	var found []*Host
	for _, host := range m.AllHosts().Covering(fqdn) {
		if host.Visibility.Sees(client) && (len(found) == 0 || found[0].Name == host.Name) {
			found = append(found, host)
		}
	}
	return found
}

// AllHosts are all hosts of the mesh by name, whoever sees them.
func (m *Mesh) AllHosts() *HostMap[*Host] { return m.indexes.hosts() }

// AbsentHost is what is missing where LookupFQDN finds nothing, for Diagnostic.Absent.
func (m *Mesh) AbsentHost(fqdn string) []Absence {
	if namespace, _, ok := m.ServiceOf(fqdn); ok {
		// A ServiceEntry could stand in for a service of the cluster, but hardly ever does.
		return Absences(namespace, Service)
	}
	return Absences("", ServiceEntry)
}

func newHosts(m *Mesh) *HostMap[*Host] {
	hosts := &HostMap[*Host]{}
	standard := m.Config().Spec.GetDefaultServiceExportTo()
	for service := range m.Services().All() {
		host := &Host{Name: m.FQDN(service.Name, service.Namespace), Resource: service.Resource, Service: service.Spec}
		var exportTo []string
		if text := service.Annotations["networking.istio.io/exportTo"]; text != "" {
			exportTo = strings.Split(text, ",")
		}
		host.Visibility = NewVisibility(service.Namespace, exportTo, standard)
		for i := range service.Spec.Ports {
			port := &service.Spec.Ports[i]
			protocol, _ := ServicePortProtocol(port)
			host.Ports = append(host.Ports, HostPort{Number: uint32(port.Port), Name: port.Name, Protocol: protocol})
		}
		hosts.Add(host.Name, host)
	}
	for entry := range m.ServiceEntries().All() {
		visibility := NewVisibility(entry.Namespace, entry.Spec.ExportTo, standard)
		var ports []HostPort
		for _, port := range entry.Spec.Ports {
			ports = append(ports, HostPort{Number: port.GetNumber(), Name: port.GetName(), Protocol: strings.ToUpper(port.GetProtocol())})
		}
		for _, name := range slices.Compact(slices.Clone(entry.Spec.Hosts)) {
			hosts.Add(name, &Host{Name: name, Resource: entry.Resource, Entry: entry.Spec, Ports: ports, Visibility: visibility})
		}
	}
	return hosts
}
