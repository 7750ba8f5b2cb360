package analyze

import (
	"iter"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/object"
)

// RouteDestination is a place to which a VirtualService sends traffic, or copies of it.
type RouteDestination struct {
	*networking.Destination
	Mirror bool
	// Protocol is that of the rule it belongs to: http, tls or tcp; Rule is the
	// number of the rule among those.
	Protocol string
	Rule     int

	list string
	item int
}

// Field is where the VirtualService has the destination.
func (d *RouteDestination) Field() object.Path {
	rule := object.Field("spec", d.Protocol, d.Rule)
	if d.list == "" {
		return rule.With("mirror")
	}
	return rule.With(d.list, d.item, "destination")
}

// Destinations are all places that a VirtualService names, in their order.
func Destinations(vs *networking.VirtualService) iter.Seq[RouteDestination] {
	return func(yield func(RouteDestination) bool) {
		to := RouteDestination{Protocol: "http"}
		for i, rule := range vs.Http {
			to.Rule = i
			if !to.yieldHTTP(rule, yield) {
				return
			}
		}
		to.Protocol, to.list, to.Mirror = "tls", "route", false
		for i, rule := range vs.Tls {
			to.Rule = i
			if !yieldAll(&to, rule.GetRoute(), yield) {
				return
			}
		}
		to.Protocol = "tcp"
		for i, rule := range vs.Tcp {
			to.Rule = i
			if !yieldAll(&to, rule.GetRoute(), yield) {
				return
			}
		}
	}
}

func (d RouteDestination) yieldHTTP(rule *networking.HTTPRoute, yield func(RouteDestination) bool) bool {
	d.list = "route"
	if !yieldAll(&d, rule.GetRoute(), yield) {
		return false
	}
	d.Mirror, d.list = true, ""
	if d.Destination = rule.GetMirror(); d.Destination != nil && !yield(d) {
		return false
	}
	d.list = "mirrors"
	return yieldAll(&d, rule.GetMirrors(), yield)
}

func yieldAll[R interface {
	GetDestination() *networking.Destination
}](d *RouteDestination, routes []R, yield func(RouteDestination) bool) bool {
	for i, route := range routes {
		if d.Destination, d.item = route.GetDestination(), i; d.Destination != nil && !yield(*d) {
			return false
		}
	}
	return true
}
