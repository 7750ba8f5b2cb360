package analyze

import (
	"cmp"
	"slices"
	"strings"

	networking "istio.io/api/networking/v1alpha3"
)

// Loss is a server that cannot be part of a gateway, because another one is.
type Loss struct {
	// Loser is left out, Winner is what is in its way.
	Loser, Winner *Server
	Reason        LossReason
	// Hosts are those of the loser that the winner has too, where they are the reason.
	Hosts []ServerHost
	// Beside are servers that go with the winner and have a host of the loser.
	Beside []*Server
	// Port is the one on which both were to listen.
	Port uint32
	// Workloads are some that both were to run on, none if there are none yet.
	Workloads []*Workload
}

// LossReason says why two servers do not go together.
type LossReason uint8

// The reasons.
const (
	// SameHost is a name that two servers with TLS have on the same port and address.
	SameHost LossReason = iota + 1
	// SameName is the same for different namespaces: istiod keeps both, and
	// proxies refuse all of the port, as they cannot tell them apart.
	SameName
	// OtherProtocol is another protocol on the same port and address, or one of
	// which a port can have one server only.
	OtherProtocol
)

// Losses are the servers that istiod leaves out when it merges the Gateways of
// the same workloads, in the order in which it takes the Gateways.
func (m *Mesh) Losses() []*Loss { return m.indexes.merging().losses }

// merging is what comes of all Gateways when istiod merges them.
type merging struct {
	losses   []*Loss
	meetings []*Meeting
}

func newMerging(m *Mesh) *merging {
	sets := slices.Concat(m.GatewaySets(), newIdleSets(m))
	fronts := frontages(m, sets)
	type pair struct{ loser, winner serverID }
	seen := map[pair]bool{}
	all := &merging{}
	for _, set := range sets {
		parts := fronts[set]
		if len(parts) == 0 {
			parts = []frontage{{}}
		}
		numbers := portNumbers(set.Servers)
		done := map[string]bool{}
		for _, part := range parts {
			key := part.translation(numbers)
			if done[key] {
				continue // the same comes of it
			}
			done[key] = true
			merged := merge(set.Servers, part)
			all.meetings = append(all.meetings, merged.meetings()...)
			for _, loss := range merged.losses {
				key := pair{loss.Loser.id(), loss.Winner.id()}
				if !seen[key] {
					seen[key] = true
					all.losses = append(all.losses, loss)
				}
			}
		}
	}
	return all
}

// serverID is a server, in whichever set it is.
type serverID struct {
	gateway *Resource
	number  int
}

func (s *Server) id() serverID {
	return serverID{s.Gateway.Resource, s.Field[len(s.Field)-1].Index}
}

// socket is where servers listen.
type socket struct {
	port uint32
	bind string
}

// merger does with the servers of one kind of workloads what istiod does.
type merger struct {
	front  frontage
	losses []*Loss
	// names are the hosts of servers with TLS.
	names map[socket]map[string]taker
	// plain is the first server without TLS of a port, on whichever address.
	plain map[uint32]*Server
	// opened are the ports that have servers, secure the addresses of those with TLS.
	opened map[uint32]bool
	secure map[socket]*Server
	// kept are the servers that are there, by their hosts.
	kept keeping
}

// taker is the server that has a host, and the namespace it has it for.
type taker struct {
	server    *Server
	namespace string
}

func merge(servers []*Server, front frontage) *merger {
	m := &merger{
		front: front, names: map[socket]map[string]taker{}, plain: map[uint32]*Server{},
		opened: map[uint32]bool{}, secure: map[socket]*Server{}, kept: keeping{servers: map[keptHost][]*Server{}},
	}
	for _, server := range servers {
		if number := server.GetPort().GetNumber(); number != 0 {
			for _, port := range front.listening(number) {
				m.add(server, port)
			}
		}
	}
	for _, loss := range m.losses {
		if loss.Reason == OtherProtocol {
			loss.Beside = m.kept.beside(loss)
		}
	}
	return m
}

func (m *merger) add(server *Server, port uint32) {
	at := socket{port, server.GetBind()}
	before := len(m.losses)
	m.place(server, at)
	if len(m.losses) == before {
		m.kept.add(server, at)
	}
}

// place finds a place for a server, or says why there is none.
func (m *merger) place(server *Server, at socket) {
	if server.GetTls() != nil && !m.takeNames(server, at) {
		return
	}
	port := at.port
	plain := m.plain[port]
	switch {
	case !m.opened[port]:
		m.opened[port] = true
		if server.Secure() {
			m.secure[at] = server
		} else {
			m.plain[port] = server
		}
	case plain != nil:
		if plain.GetBind() == at.bind && !mergeable(server, plain) {
			m.lose(&Loss{Loser: server, Winner: plain, Reason: OtherProtocol, Port: port})
		}
	case m.secure[at] == nil:
		m.secure[at] = server
	case server.GetTls() == nil:
		m.lose(&Loss{Loser: server, Winner: m.secure[at], Reason: OtherProtocol, Port: port})
	}
}

// takeNames says whether the hosts of a server are still free, and takes them.
func (m *merger) takeNames(server *Server, at socket) bool {
	taken := m.names[at]
	if taken == nil {
		taken = map[string]taker{}
		m.names[at] = taken
	}
	var loss *Loss
	for _, host := range server.Hosts {
		other, ok := taken[strings.ToLower(host.Host)]
		if !ok {
			continue
		}
		if loss == nil {
			loss = &Loss{Loser: server, Winner: other.server, Reason: SameName, Port: at.port}
		}
		if other.server == loss.Winner {
			loss.Hosts = append(loss.Hosts, host)
			if other.namespace == host.Namespace {
				loss.Reason = SameHost
			}
		}
	}
	if loss != nil {
		if !harmless(loss) {
			m.lose(loss)
		}
		return false
	}
	for _, host := range server.Hosts {
		taken[strings.ToLower(host.Host)] = taker{server, host.Namespace}
	}
	return true
}

// harmless is the loss of a server that was to do what the winner does anyway:
// to redirect the same hosts.
func harmless(loss *Loss) bool {
	return loss.Loser.GetTls().GetHttpsRedirect() && loss.Winner.GetTls().GetHttpsRedirect() && len(loss.Hosts) == len(loss.Loser.Hosts)
}

func (m *merger) lose(loss *Loss) {
	loss.Workloads = m.front.workloads
	m.losses = append(m.losses, loss)
}

// Secure says whether a server speaks TLS, and does not only redirect to one that does.
func (s *Server) Secure() bool { return s.GetTls() != nil && !s.HTTP() }

// HTTP says whether a server speaks HTTP without TLS.
func (s *Server) HTTP() bool {
	switch strings.ToUpper(s.GetPort().GetProtocol()) {
	case "HTTP", "HTTP2", "GRPC", "GRPC-WEB", "HTTP_PROXY":
		return true
	}
	return false
}

// mergeable says whether a server can share the port of one without TLS.
func mergeable(server, plain *Server) bool { return server.HTTP() && plain.HTTP() }

// newIdleSets are the sets of those selectors that choose no workload: what
// would run where there is one.
func newIdleSets(m *Mesh) []*GatewaySet {
	gateways := slices.Collect(m.Gateways().All())
	slices.SortStableFunc(gateways, func(a, b Of[networking.Gateway]) int { return byAge(a.Resource, b.Resource) })
	bySelector := map[string][]int{}
	frequency := map[string]int{}
	var distinct []map[string]string
	for i, gateway := range gateways {
		key := selectorKey(gateway.Spec.Selector)
		if bySelector[key] == nil {
			distinct = append(distinct, gateway.Spec.Selector)
			for name, value := range gateway.Spec.Selector {
				frequency[name+"="+value]++
			}
		}
		bySelector[key] = append(bySelector[key], i)
	}
	// A selector is looked up by its rarest label, so that few share it.
	byLabel := map[string][]map[string]string{}
	for _, selector := range distinct {
		byLabel[rarest(selector, frequency)] = append(byLabel[rarest(selector, frequency)], selector)
	}
	var sets []*GatewaySet
	for _, selector := range distinct {
		if len(m.Select("", selector)) > 0 {
			continue
		}
		members := idleMembers(selector, byLabel, bySelector)
		set := &GatewaySet{Selector: selector}
		for _, i := range members {
			set.Gateways = append(set.Gateways, gateways[i])
			set.Servers = append(set.Servers, ServersOf(gateways[i])...)
		}
		sets = append(sets, set)
	}
	return sets
}

// idleMembers are the numbers of the Gateways whose selectors ask for no more than this one.
func idleMembers(selector map[string]string, byLabel map[string][]map[string]string, bySelector map[string][]int) []int {
	candidates := byLabel[""]
	for _, key := range sortedNamespaces(selector) {
		candidates = append(slices.Clip(candidates), byLabel[key+"="+selector[key]]...)
	}
	var members []int
	for _, candidate := range candidates {
		if HasLabels(selector, candidate) {
			members = append(members, bySelector[selectorKey(candidate)]...)
		}
	}
	slices.Sort(members)
	return members
}

func rarest(selector map[string]string, frequency map[string]int) string {
	var labels []string
	for _, key := range sortedNamespaces(selector) {
		labels = append(labels, key+"="+selector[key])
	}
	if len(labels) == 0 {
		return ""
	}
	return slices.MinFunc(labels, func(a, b string) int { return cmp.Compare(frequency[a], frequency[b]) })
}
