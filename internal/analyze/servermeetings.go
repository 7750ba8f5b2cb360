package analyze

import "slices"

// Meeting is a host that several Gateways serve by plain HTTP on one port: istiod
// makes one server of theirs, with the routes of all.
type Meeting struct {
	Host ServerHost
	Port uint32
	// Servers are those of the Gateways, in istiod's order.
	Servers []*Server
}

// Meetings are the hosts that Gateways of the same workloads share.
func (m *Mesh) Meetings() []*Meeting { return m.indexes.merging().meetings }

// keeping are the servers that a merger keeps.
type keeping struct {
	servers map[keptHost][]*Server
	order   []keptHost
}

// keptHost is a host where servers listen, for the routes of a namespace or of all.
type keptHost struct {
	socket

	namespace, host string
}

func (k *keeping) add(server *Server, at socket) {
	for _, host := range server.Hosts {
		key := keptHost{at, host.Namespace, host.Host}
		if k.servers[key] == nil {
			k.order = append(k.order, key)
		}
		k.servers[key] = append(k.servers[key], server)
	}
}

// beside are the servers with a host of the loser that are kept, other than the winner.
func (k *keeping) beside(loss *Loss) []*Server {
	var found []*Server
	for _, host := range loss.Loser.Hosts {
		at := socket{loss.Port, loss.Loser.GetBind()}
		for _, server := range k.servers[keptHost{at, host.Namespace, host.Host}] {
			if server != loss.Winner && !slices.Contains(found, server) {
				found = append(found, server)
			}
		}
	}
	return found
}

// meetings are the hosts that several Gateways have by plain HTTP.
func (m *merger) meetings() []*Meeting {
	var all []*Meeting
	for _, key := range m.kept.order {
		servers := slices.DeleteFunc(slices.Clone(m.kept.servers[key]), func(s *Server) bool {
			return !s.HTTP() || s.GetTls().GetHttpsRedirect() // redirects have no routes
		})
		if len(servers) == 0 {
			continue
		}
		other := func(server *Server) bool { return server.Gateway.Resource != servers[0].Gateway.Resource }
		if slices.ContainsFunc(servers, other) {
			all = append(all, &Meeting{Host: ServerHost{Namespace: key.namespace, Host: key.host}, Port: key.port, Servers: servers})
		}
	}
	return all
}
