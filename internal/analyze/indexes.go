package analyze

import (
	"maps"
	"slices"
	"strconv"
	"sync"
)

// indexes are made when first asked for, once, by whichever check is first.
type indexes struct {
	hosts     func() *HostMap[*Host]
	workloads func() *workloads
	rules     func() *rules
	routes    func() map[string]bound
	policies  func() map[Kind]map[string][]*Policy
	gateways  func() []*GatewaySet
	homes     func() map[*Resource][]string
	peers     func() *peers
	scopes    func() *scopes
	clients   func() *clients
	makers    func() *makers
	merging   func() *merging
	// credentials are functions that return a *Credential, by *Resource.
	credentials sync.Map
}

func (i *indexes) init(m *Mesh) {
	i.hosts = sync.OnceValue(func() *HostMap[*Host] { return newHosts(m) })
	i.workloads = sync.OnceValue(func() *workloads { return newWorkloads(m) })
	i.rules = sync.OnceValue(func() *rules { return newRules(m) })
	i.routes = sync.OnceValue(func() map[string]bound { return newRoutes(m) })
	i.policies = sync.OnceValue(func() map[Kind]map[string][]*Policy { return newPolicies(m) })
	i.gateways = sync.OnceValue(func() []*GatewaySet { return newGatewaySets(m) })
	i.homes = sync.OnceValue(func() map[*Resource][]string { return newGatewayHomes(m) })
	i.peers = sync.OnceValue(func() *peers { return newPeers(m) })
	i.scopes = sync.OnceValue(func() *scopes { return newScopes(m) })
	i.clients = sync.OnceValue(func() *clients { return newClients(m) })
	i.makers = sync.OnceValue(func() *makers { return newMakers(m) })
	i.merging = sync.OnceValue(func() *merging { return newMerging(m) })
}

func sortedNamespaces[V any](byNamespace map[string]V) []string {
	return slices.Sorted(maps.Keys(byNamespace))
}

func plural(n int, one, many string) string {
	if n == 1 {
		return strconv.Itoa(n) + " " + one
	}
	return strconv.Itoa(n) + " " + many
}
