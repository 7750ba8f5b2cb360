// Package routehost finds routes to hosts and ports that do not exist.
package routehost

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/codes"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0112.md
var ist0112 string

//go:embed IST0140.md
var ist0140 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "routehost",
	Legacy: []string{"virtualservice.DestinationHostAnalyzer"},
	Doc:    "VirtualServices send traffic to hosts and ports that exist.",
	Needs:  []analyze.Kind{analyze.VirtualService, analyze.Service, analyze.ServiceEntry},
	Codes:  []*analyze.Code{codes.NotFound, whichPort, meshOnly},
	Run:    run,
}

//nolint:gochecknoglobals // codes are immutable values with an identity
var (
	whichPort = &analyze.Code{ID: "IST0112", Severity: analyze.Error, Title: "A route does not say which port of its destination", Doc: ist0112}
	meshOnly  = &analyze.Code{ID: "IST0140", Severity: analyze.Warning, Title: "Rules for a service do not hold for what comes through a gateway", Doc: ist0140}
)

func run(pass *analyze.Pass) error {
	for vs := range pass.Mesh.VirtualServices().All() {
		for to := range analyze.Destinations(vs.Spec) {
			if to.Host != "" {
				destination(pass, vs, to)
			}
		}
	}
	return nil
}

func destination(pass *analyze.Pass, vs analyze.Of[networking.VirtualService], to analyze.RouteDestination) {
	fqdn := pass.Mesh.FQDN(to.Host, vs.Namespace)
	clients := clientsOf(pass.Mesh, vs)
	found := lookup(pass.Mesh, clients, fqdn)
	if len(found) == 0 {
		pass.Report(analyze.Diagnostic{
			Code: codes.NotFound, Alias: alias(to), On: vs, Field: to.Field().With("host"), Absent: pass.Mesh.AbsentHost(fqdn),
			Message: missing(pass.Mesh, vs.Namespace, clients, to), Related: pass.Mesh.Hidden(fqdn), Fixes: completed(pass.Mesh, vs, to),
		})
		return
	}
	ports(pass, vs, to, found)
	gatewayOnly(pass, vs, to, fqdn)
}

// alias is the code of Kiali, which does not look at mirrors.
func alias(to analyze.RouteDestination) string {
	if to.Mirror {
		return ""
	}
	return codes.AliasHost
}

func missing(mesh *analyze.Mesh, home string, clients []string, to analyze.RouteDestination) string {
	why := mesh.WhyAbsent(home, to.Host)
	if !slices.Contains(clients, home) && len(mesh.LookupHost(home, to.Host)) > 0 {
		why = fmt.Sprintf("host %q is not visible in namespace %s, which the rules are exported to", to.Host, clients[0])
	}
	if to.Mirror {
		return "mirror " + why
	}
	return why
}

// clientsOf are the namespaces whose clients follow a VirtualService: where all
// do, or none, its own stands for them.
func clientsOf(mesh *analyze.Mesh, vs analyze.Of[networking.VirtualService]) []string {
	seen := analyze.NewVisibility(vs.Namespace, vs.Spec.GetExportTo(), mesh.Config().Spec.GetDefaultVirtualServiceExportTo())
	if spaces := seen.Namespaces(); !seen.Everywhere() && len(spaces) > 0 {
		return spaces
	}
	return []string{vs.Namespace}
}

// lookup finds what the first of the clients reach that reach anything.
func lookup(mesh *analyze.Mesh, clients []string, fqdn string) []*analyze.Host {
	for _, client := range clients {
		if found := mesh.LookupFQDN(client, fqdn); len(found) > 0 {
			return found
		}
	}
	return nil
}

// completed is the fix of a name that is not complete.
func completed(mesh *analyze.Mesh, vs analyze.Of[networking.VirtualService], to analyze.RouteDestination) []analyze.Fix {
	full, ok := mesh.Meant(to.Host)
	if !ok || len(mesh.LookupFQDN(vs.Namespace, full)) == 0 {
		return nil
	}
	return []analyze.Fix{{Title: "write " + full, Safe: true, Edits: []analyze.Edit{
		{On: vs, Op: analyze.Set, Field: to.Field().With("host"), Value: full},
	}}}
}

func ports(pass *analyze.Pass, vs analyze.Of[networking.VirtualService], to analyze.RouteDestination, found []*analyze.Host) {
	number := to.GetPort().GetNumber()
	const usual = 8 // ports of a host, which then stay on the stack
	known := make([]uint32, 0, usual)
	for _, host := range found {
		for _, port := range host.Ports {
			if !slices.Contains(known, port.Number) {
				known = append(known, port.Number)
			}
		}
	}
	switch {
	case len(known) == 0:
	case number == 0 && len(known) > 1:
		pass.Reportf(whichPort, vs, to.Field().With("port"), "host %q has the ports %s: the route must say which", to.Host, listed(known))
	case number != 0 && !slices.Contains(known, number):
		pass.Report(analyze.Diagnostic{
			Code: codes.NotFound, On: vs, Field: to.Field().With("port.number"),
			Message: fmt.Sprintf("host %q has no port %d, only %s", to.Host, number, listed(known)),
			Related: []analyze.Related{{On: found[0], Field: object.Field("spec.ports"), Note: "the ports of"}},
		})
	}
}

func listed(ports []uint32) string {
	names := make([]string, len(ports))
	for i, port := range ports {
		names[i] = strconv.FormatUint(uint64(port), 10)
	}
	return strings.Join(names, ", ")
}

// gatewayOnly finds a route of a gateway to a whole service for which the
// sidecars have rules: a gateway does not follow those.
func gatewayOnly(pass *analyze.Pass, vs analyze.Of[networking.VirtualService], to analyze.RouteDestination, fqdn string) {
	if to.Protocol != "http" || to.Mirror || to.Subset != "" || !ofGateway(vs.Spec) {
		return
	}
	for _, route := range pass.Mesh.RoutesByHost(analyze.MeshGateway).Exact(fqdn) {
		for other := range analyze.Destinations(route.Spec) {
			if route.Resource != vs.Resource && other.Protocol == "http" && other.Subset != "" && pass.Mesh.FQDN(other.Host, route.Namespace) == fqdn {
				pass.Report(analyze.Diagnostic{
					Code: meshOnly, On: vs, Field: to.Field().With("host"),
					Message: fmt.Sprintf("traffic through the gateway goes to all of %q: the rules that %s has for it hold for sidecars only", to.Host, route.Resource),
					Related: []analyze.Related{{On: route, Field: other.Field().With("subset"), Note: "a rule that does not hold here is in"}},
				})
				return
			}
		}
	}
}

func ofGateway(vs *networking.VirtualService) bool {
	for _, gateway := range vs.Gateways {
		if gateway != analyze.MeshGateway {
			return true
		}
	}
	return false
}
