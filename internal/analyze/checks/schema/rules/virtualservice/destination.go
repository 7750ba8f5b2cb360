package virtualservice

import (
	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

func (s *scope) httpDestinations(routes []*networking.HTTPRouteDestination, at *rules.Place) {
	var total int64
	for i, route := range routes {
		at := at.Item(i)
		total += s.weighed(route, at)
		if route.GetHeaders() != nil {
			s.headers(route.GetHeaders(), at.Field("headers"))
			s.authority("", route.GetHeaders(), at)
		}
	}
	s.shared(len(routes), total, at)
}

func (s *scope) destinations(routes []*networking.RouteDestination, at *rules.Place) {
	var total int64
	for i, route := range routes {
		total += s.weighed(route, at.Item(i))
	}
	s.shared(len(routes), total, at)
}

// weighed judges a destination with a weight, and returns the weight.
func (s *scope) weighed(route interface {
	GetDestination() *networking.Destination
	GetWeight() int32
}, at *rules.Place,
) int64 {
	if route.GetDestination() == nil {
		s.Wrong(at.Field("destination"), "a route needs a destination")
	} else {
		s.destination(route.GetDestination(), at.Field("destination"))
	}
	if route.GetWeight() < 0 {
		s.Wrong(at.Field("weight"), "a weight cannot be negative, and this is %d", route.GetWeight())
	}
	return int64(route.GetWeight())
}

func (s *scope) shared(destinations int, weights int64, at *rules.Place) {
	if destinations > 1 && weights == 0 {
		s.Wrong(at, "of %d destinations none has a weight, so no request goes anywhere: set their weights", destinations)
	}
}

func (s *scope) destination(destination *networking.Destination, at *rules.Place) {
	host := destination.GetHost()
	if host == "*" {
		s.Wrong(at.Field("host"), "requests cannot be sent to all hosts there are: name one")
	} else if fault := rules.WildcardFault(host); fault != "" {
		s.Wrong(at.Field("host"), "host %q %s", host, fault)
	}
	if subset := destination.GetSubset(); subset != "" && !rules.IsLabel(subset) {
		s.Wrong(at.Field("subset"), "%q is no name of a subset: letters, digits and dashes", subset)
	}
	if destination.GetPort() != nil {
		s.Port(destination.GetPort().GetNumber(), at.Field("port").Field("number"))
	}
}
