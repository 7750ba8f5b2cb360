// Package hiddensubset finds routes to subsets that some of the clients that
// use the route do not have.
package hiddensubset

import (
	_ "embed"
	"slices"

	"github.com/meshctl/meshctl/internal/analyze"
)

//go:embed MSH2002.md
var msh2002 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:  "hiddensubset",
	Doc:   "All clients that use a route have the DestinationRule with the subsets it sends traffic to.",
	Needs: []analyze.Kind{analyze.VirtualService, analyze.DestinationRule},
	Uses: []analyze.Kind{
		analyze.Service, analyze.ServiceEntry, analyze.Gateway, analyze.Sidecar, analyze.Namespace, analyze.ConfigMap,
		analyze.Pod, analyze.Deployment, analyze.StatefulSet, analyze.DaemonSet, analyze.ReplicaSet, analyze.Job, analyze.CronJob,
	},
	Codes: []*analyze.Code{hidden},
	Run:   run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var hidden = &analyze.Code{ID: "MSH2002", Severity: analyze.Error, Title: "Clients do not have the subset that a route sends them to", Doc: msh2002}

func run(pass *analyze.Pass) error {
	c := &checker{pass: pass, mesh: pass.Mesh, gateways: gateways(pass.Mesh), reach: map[target]reach{}}
	seen := map[*analyze.Resource]bool{}
	for _, gateway := range append(sorted(c.gateways), analyze.MeshGateway) {
		for _, route := range pass.Mesh.RoutesOf(gateway) {
			if !seen[route.Resource] {
				seen[route.Resource] = true
				c.route(route)
			}
		}
	}
	return nil
}

// gateways are the namespaces in which the workloads of each Gateway are.
func gateways(mesh *analyze.Mesh) map[string][]string {
	found := map[string][]string{}
	for gateway, namespaces := range mesh.GatewayHomes() {
		found[gateway.FullName()] = namespaces
	}
	return found
}

func sorted(gateways map[string][]string) []string {
	names := make([]string, 0, len(gateways))
	for name := range gateways {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// target is a subset of a host.
type target struct{ host, subset string }

// reach is who has a subset: namespaces that are different from all others, and
// whether the others have it.
type reach struct {
	// special are the namespaces with rules of their own or mentioned by one.
	special []string
	others  bool
	// owner is a rule that has the subset, nil if none has.
	owner  *analyze.Rule
	number int
}

type checker struct {
	pass     *analyze.Pass
	mesh     *analyze.Mesh
	gateways map[string][]string
	reach    map[target]reach
}

func (c *checker) route(route *analyze.Route) {
	if len(route.Spec.Hosts) == 0 {
		return // a delegate is used where its root is
	}
	reported := map[target]bool{}
	for to := range analyze.Destinations(route.Spec) {
		if to.Host == "" || to.Subset == "" {
			continue
		}
		subset := target{c.mesh.FQDN(to.Host, route.Namespace), to.Subset}
		reach := c.reachOf(subset)
		if reach.owner == nil || reported[subset] {
			continue
		}
		if lacking := c.lacking(route, &to, subset, reach); lacking.any() {
			reported[subset] = true
			c.report(route, to.Field().With("subset"), subset, reach, lacking)
		}
	}
}

// nobody is a namespace that no resource mentions.
const nobody = "\x00"

func (c *checker) reachOf(to target) reach {
	found, ok := c.reach[to]
	if ok {
		return found
	}
	rules := c.mesh.AllRules(to.host)
	found.owner, found.number = analyze.Effective{Rules: rules}.Subset(to.subset)
	if found.owner != nil {
		found.others = c.has(nobody, to)
		for _, rule := range rules {
			found.special = append(found.special, rule.Namespace)
			found.special = append(found.special, rule.Visibility.Namespaces()...)
		}
		slices.Sort(found.special)
		found.special = slices.Compact(found.special)
	}
	c.reach[to] = found
	return found
}

// has says whether clients of a namespace have the subset, be it by a rule for
// some of them.
func (c *checker) has(client string, to target) bool {
	if rule, _ := c.mesh.Effective(client, to.host).Subset(to.subset); rule != nil {
		return true
	}
	return slices.ContainsFunc(c.mesh.AllRules(to.host), func(rule *analyze.Rule) bool {
		_, ok := rule.Subset(to.subset)
		return ok && rule.Namespace == client && rule.Spec.GetWorkloadSelector() != nil
	})
}

// lacking are clients that use the route and do not have the subset.
type lacking struct {
	// sidecars and gateways are their namespaces.
	sidecars, gateways []string
}

func (l lacking) any() bool { return len(l.sidecars)+len(l.gateways) > 0 }

func (c *checker) lacking(route *analyze.Route, destination *analyze.RouteDestination, to target, reach reach) lacking {
	var found lacking
	by := callersOf(route.Spec, destination)
	host := c.mesh.AllHosts().Exact(to.host)
	for _, gateway := range c.mesh.GatewaysOf(route.Of) {
		if !by.through(c.mesh, gateway, route.Namespace) {
			continue
		}
		if gateway == analyze.MeshGateway {
			found.sidecars = c.sidecars(route, host, by, to, reach)
			continue
		}
		for _, client := range c.candidates(gateway, reach) {
			if sees(host, client) && !c.has(client, to) && !slices.Contains(found.gateways, client) {
				found.gateways = append(found.gateways, client)
			}
		}
	}
	slices.Sort(found.gateways)
	return found
}

// candidates are the namespaces of a gateway that may not have the subset: if
// the others have it, only those that are different.
func (c *checker) candidates(gateway string, reach reach) []string {
	homes := c.gateways[gateway]
	if !reach.others {
		return homes
	}
	var found []string
	for _, client := range reach.special {
		if _, ok := slices.BinarySearch(homes, client); ok {
			found = append(found, client)
		}
	}
	return found
}

func (c *checker) sidecars(route *analyze.Route, hosts []*analyze.Host, by callers, to target, reach reach) []string {
	candidates := reach.special
	if !reach.others {
		candidates = c.mesh.SidecarNamespaces()
	}
	var found []string
	for _, client := range candidates {
		_, proxies := slices.BinarySearch(c.mesh.SidecarNamespaces(), client)
		if proxies && by.from(c.mesh, client) && c.uses(route, client) && c.reaches(hosts, client) && !c.has(client, to) {
			found = append(found, client)
		}
	}
	return found
}

// uses says whether clients of a namespace see the route for one of its hosts.
func (c *checker) uses(route *analyze.Route, client string) bool {
	scope := c.mesh.ScopeIn(client)
	return slices.ContainsFunc(route.Hosts, func(host string) bool { return scope.SeesRoute(route, host) })
}

// reaches says whether clients of a namespace see one of the hosts; a host that
// is not known is a matter of another check.
func (c *checker) reaches(hosts []*analyze.Host, client string) bool {
	scope := c.mesh.ScopeIn(client)
	return slices.ContainsFunc(hosts, scope.SeesHost)
}

func sees(hosts []*analyze.Host, client string) bool {
	return slices.ContainsFunc(hosts, func(host *analyze.Host) bool { return host.Visibility.Sees(client) })
}
