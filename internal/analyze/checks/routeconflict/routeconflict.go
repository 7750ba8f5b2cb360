// Package routeconflict finds VirtualServices that have rules for the same host
// of the same sidecars.
package routeconflict

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0109.md
var ist0109 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "routeconflict",
	Legacy: []string{"virtualservice.ConflictingMeshGatewayHostsAnalyzer"},
	Doc:    "A host has one VirtualService for the same sidecars.",
	Needs:  []analyze.Kind{analyze.VirtualService},
	Codes:  []*analyze.Code{conflict},
	Run:    run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var conflict = &analyze.Code{ID: "IST0109", Severity: analyze.Error, Title: "VirtualServices for sidecars have the same host", Doc: ist0109, Aliases: []string{"KIA1106"}}

func run(pass *analyze.Pass) error {
	byHost := pass.Mesh.RoutesByHost(analyze.MeshGateway)
	known := map[string]*sharers{}
	for _, route := range pass.Mesh.RoutesOf(analyze.MeshGateway) {
		if !same(pass, byHost, known, route) {
			overlapping(pass, byHost, route)
		}
	}
	return nil
}

// most is how many others a finding names: there may be thousands.
const most = 3

// same reports hosts that other VirtualServices have too.
func same(pass *analyze.Pass, byHost *analyze.HostMap[*analyze.Route], known map[string]*sharers, route *analyze.Route) bool {
	for i, host := range route.Hosts {
		if known[host] == nil {
			known[host] = newSharers(byHost.Exact(host))
		}
		others := known[host].rivals(route)
		if len(others) > 0 {
			pass.Report(analyze.Diagnostic{
				Code: conflict, On: route, Field: field(i), Related: related(others, host),
				Message: fmt.Sprintf("%s %s rules for %s too: %s follow those of one VirtualService only, and which one may change", names(others), has(others), host, clients(route, others[0])),
			})
			return true
		}
	}
	return false
}

// sharers are the VirtualServices for one host, by who sees them: in many
// namespaces there may be one that only they see.
type sharers struct {
	all, everywhere []*analyze.Route
	spaces          map[string][]*analyze.Route
}

func newSharers(routes []*analyze.Route) *sharers {
	s := &sharers{spaces: map[string][]*analyze.Route{}}
	seen := map[*analyze.Resource]bool{}
	for _, route := range routes {
		if seen[route.Resource] {
			continue // it names the host in two ways
		}
		seen[route.Resource] = true
		s.all = append(s.all, route)
		if route.Visibility.Everywhere() {
			s.everywhere = append(s.everywhere, route)
			continue
		}
		for _, namespace := range route.Visibility.Namespaces() {
			s.spaces[namespace] = append(s.spaces[namespace], route)
		}
	}
	return s
}

// rivals are a few of those that some client sees together with the route.
func (s *sharers) rivals(route *analyze.Route) []*analyze.Route {
	among := [][]*analyze.Route{s.all}
	if !route.Visibility.Everywhere() {
		among = [][]*analyze.Route{s.everywhere}
		for _, namespace := range route.Visibility.Namespaces() {
			among = append(among, s.spaces[namespace])
		}
	}
	var found []*analyze.Route
	for _, routes := range among {
		for _, other := range routes {
			if rival(route, other) && !slices.Contains(found, other) {
				found = append(found, other)
			}
			if len(found) > most {
				return found
			}
		}
	}
	return found
}

// overlapping reports hosts of which a wildcard is the same in part.
func overlapping(pass *analyze.Pass, byHost *analyze.HostMap[*analyze.Route], route *analyze.Route) {
	for i, host := range route.Hosts {
		var others []*analyze.Route
		wider := strings.HasPrefix(host, "*")
		byHost.Overlap(host, func(other *analyze.Route) bool {
			// Where all clients see both it is certain which one counts, and meant.
			differ := route.Visibility.Everywhere() != other.Visibility.Everywhere()
			if differ && rival(route, other) && !slices.Contains(others, other) {
				others = append(others, other)
			}
			return len(others) > most
		})
		if len(others) == 0 {
			continue
		}
		message := fmt.Sprintf("%s %s rules for a part of %s: for that, %s do not follow the rules here", names(others), has(others), host, clients(route, others[0]))
		if !wider {
			message = fmt.Sprintf("%s %s rules for %s too, by a wildcard: %s do not follow those", names(others), has(others), host, clients(route, others[0]))
		}
		pass.Report(analyze.Diagnostic{
			Code: conflict, Severity: analyze.Warning, On: route, Field: field(i), Related: related(others, host), Message: message,
		})
		return
	}
}

func rival(route, other *analyze.Route) bool {
	return other.Resource != route.Resource && other.Visibility.Shares(route.Visibility)
}

func field(i int) object.Path { return object.Field("spec.hosts", i) }

func names(routes []*analyze.Route) string {
	var texts []string
	for _, route := range routes[:min(len(routes), most)] {
		texts = append(texts, route.String())
	}
	text := strings.Join(texts, ", ")
	if len(routes) > most {
		text += " and others"
	}
	return text
}

func has(routes []*analyze.Route) string {
	if len(routes) == 1 {
		return "has"
	}
	return "have"
}

// clients says who sees both.
func clients(a, b *analyze.Route) string {
	switch {
	case a.Visibility.Everywhere() && b.Visibility.Everywhere():
		return "sidecars"
	case a.Visibility.Everywhere():
		a = b
	}
	var common []string
	for _, namespace := range a.Visibility.Namespaces() {
		if b.Visibility.Sees(namespace) {
			common = append(common, namespace)
		}
	}
	slices.Sort(common)
	if len(common) > most {
		common = append(common[:most], "others")
	}
	return "sidecars of " + strings.Join(slices.Compact(common), ", ")
}

// related are where the others have the host.
func related(routes []*analyze.Route, host string) []analyze.Related {
	var places []analyze.Related
	for _, other := range routes[:min(len(routes), most)] {
		at := slices.IndexFunc(other.Hosts, func(own string) bool { return analyze.HostsOverlap(own, host) })
		places = append(places, analyze.Related{On: other, Field: field(at), Note: "the host in"})
	}
	return places
}
