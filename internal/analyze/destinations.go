package analyze

import (
	"iter"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/object"
)

// RouteDestination is a place to which a VirtualService sends traffic, or copies of it.
type RouteDestination struct {
	*networking.Destination
	// Field is where the VirtualService says it.
	Field  object.Path
	Mirror bool
	// HTTP is the number of the http rule it belongs to, -1 for other rules.
	HTTP int
}

// Destinations are all places to which a VirtualService sends traffic.
func Destinations(vs *networking.VirtualService) iter.Seq[RouteDestination] {
	return func(yield func(RouteDestination) bool) {
		for i, rule := range vs.Http {
			for _, to := range httpDestinations(rule, i) {
				if to.Destination != nil && !yield(to) {
					return
				}
			}
		}
		for i, rule := range vs.Tls {
			if !yieldRoutes(rule.GetRoute(), object.Field("spec.tls", i, "route"), yield) {
				return
			}
		}
		for i, rule := range vs.Tcp {
			if !yieldRoutes(rule.GetRoute(), object.Field("spec.tcp", i, "route"), yield) {
				return
			}
		}
	}
}

func httpDestinations(rule *networking.HTTPRoute, number int) []RouteDestination {
	at := object.Field("spec.http", number)
	var all []RouteDestination
	for i, route := range rule.GetRoute() {
		all = append(all, RouteDestination{Destination: route.GetDestination(), Field: at.With("route", i, "destination"), HTTP: number})
	}
	all = append(all, RouteDestination{Destination: rule.GetMirror(), Field: at.With("mirror"), Mirror: true, HTTP: number})
	for i, mirror := range rule.GetMirrors() {
		all = append(all, RouteDestination{Destination: mirror.GetDestination(), Field: at.With("mirrors", i, "destination"), Mirror: true, HTTP: number})
	}
	return all
}

func yieldRoutes(routes []*networking.RouteDestination, at object.Path, yield func(RouteDestination) bool) bool {
	for i, route := range routes {
		to := RouteDestination{Destination: route.GetDestination(), Field: at.With(i, "destination"), HTTP: -1}
		if to.Destination != nil && !yield(to) {
			return false
		}
	}
	return true
}
