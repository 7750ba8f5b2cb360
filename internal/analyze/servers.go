package analyze

import (
	"slices"
	"strconv"
	"strings"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/object"
)

// Server is a server of a Gateway.
type Server struct {
	Gateway Of[networking.Gateway]
	*networking.Server
	// Field is where the Gateway has it.
	Field object.Path
	Hosts []ServerHost
}

// ServerHost is a host of a server, and the namespace whose routes may use it:
// empty for all.
type ServerHost struct {
	Namespace string
	Host      string
	Field     object.Path
}

// GatewaySet are gateway workloads that have the same Gateways, and all the
// servers of those: what istiod merges into one configuration.
type GatewaySet struct {
	Gateways  []Of[networking.Gateway]
	Workloads []*Workload
	// Servers are in istiod's order: those of the oldest Gateway first.
	Servers []*Server
	// Selector is that of a set without workloads: those that it would choose
	// have at least these Gateways.
	Selector map[string]string
}

// GatewaySets are the gateways of the mesh, grouped by the workloads they run on.
// A Gateway that selects no workload is in none.
func (m *Mesh) GatewaySets() []*GatewaySet { return m.indexes.gateways() }

// GatewayHomes are the namespaces in which the workloads of each Gateway are,
// sorted: where its credentials have to be. A Gateway without workloads is not there.
func (m *Mesh) GatewayHomes() map[*Resource][]string { return m.indexes.homes() }

func newGatewayHomes(m *Mesh) map[*Resource][]string {
	found := map[*Resource][]string{}
	for _, set := range m.GatewaySets() {
		distinct := map[string]bool{}
		for _, w := range set.Workloads {
			distinct[w.Namespace] = true
		}
		homes := sortedNamespaces(distinct)
		for _, of := range set.Gateways {
			if found[of.Resource] == nil {
				found[of.Resource] = homes
				continue
			}
			all := append(slices.Clone(found[of.Resource]), homes...)
			slices.Sort(all)
			found[of.Resource] = slices.Compact(all)
		}
	}
	return found
}

// ServersOf are the servers of one Gateway.
func ServersOf(gateway Of[networking.Gateway]) []*Server {
	servers := make([]*Server, 0, len(gateway.Spec.Servers))
	for i, spec := range gateway.Spec.Servers {
		server := &Server{Gateway: gateway, Server: spec, Field: object.Field("spec.servers", i)}
		for j, text := range spec.GetHosts() {
			host := ServerHost{Host: text, Field: server.Field.With("hosts", j)}
			if namespace, name, ok := strings.Cut(text, "/"); ok {
				host.Host = name
				switch namespace {
				case "*":
				case ".":
					host.Namespace = gateway.Namespace
				default:
					host.Namespace = namespace
				}
			}
			server.Hosts = append(server.Hosts, host)
		}
		servers = append(servers, server)
	}
	return servers
}

func newGatewaySets(m *Mesh) []*GatewaySet {
	gateways := slices.Collect(m.Gateways().All())
	slices.SortStableFunc(gateways, func(a, b Of[networking.Gateway]) int { return byAge(a.Resource, b.Resource) })
	// Many Gateways have the same selector: a workload keeps the few selectors that choose it.
	bySelector := map[string][]int{}
	var selectors []string
	for i, gateway := range gateways {
		key := selectorKey(gateway.Spec.Selector)
		if bySelector[key] == nil {
			selectors = append(selectors, key)
		}
		bySelector[key] = append(bySelector[key], i)
	}
	of := map[*Workload]string{}
	var workloads []*Workload
	for n, key := range selectors {
		for _, w := range m.Select("", gateways[bySelector[key][0]].Spec.Selector) {
			if of[w] == "" {
				workloads = append(workloads, w)
			}
			of[w] += strconv.Itoa(n) + ","
		}
	}
	byKey := map[string]*GatewaySet{}
	var sets []*GatewaySet
	for _, w := range workloads {
		set := byKey[of[w]]
		if set == nil {
			set = newGatewaySet(gateways, bySelector, selectors, of[w])
			byKey[of[w]] = set
			sets = append(sets, set)
		}
		set.Workloads = append(set.Workloads, w)
	}
	return sets
}

// newGatewaySet makes the set of some selectors, given by their numbers.
func newGatewaySet(gateways []Of[networking.Gateway], bySelector map[string][]int, selectors []string, numbers string) *GatewaySet {
	var members []int
	for number := range strings.SplitSeq(strings.TrimSuffix(numbers, ","), ",") {
		n, err := strconv.Atoi(number)
		if err == nil { // it is one of ours
			members = append(members, bySelector[selectors[n]]...)
		}
	}
	slices.Sort(members)
	set := &GatewaySet{}
	for _, i := range members {
		set.Gateways = append(set.Gateways, gateways[i])
		set.Servers = append(set.Servers, ServersOf(gateways[i])...)
	}
	return set
}

func selectorKey(labels map[string]string) string {
	var text strings.Builder
	for _, key := range sortedNamespaces(labels) {
		text.WriteString(key + "=" + labels[key] + "\x00")
	}
	return text.String()
}
