package analyze

import (
	"iter"

	networking "istio.io/api/networking/v1alpha3"
	gateway "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/meshctl/meshctl/internal/object"
)

// Share is a part of the traffic of a rule and where it goes, of a
// VirtualService or a route of the Gateway API.
type Share struct {
	// Route has the rule.
	Route *Resource
	// Host is qualified.
	Host   string
	Subset string
	// Percent is how much of the traffic of the rule goes there, 0 for a mirror.
	Percent float64
	Mirror  bool
	// Field is where the route says so, and hostName its field with the host.
	Field    object.Path
	hostName string
}

// HostField is where the route names the host.
func (s *Share) HostField() object.Path { return s.Field.With(s.hostName) }

// SubsetField is where the route names the subset.
func (s *Share) SubsetField() object.Path { return s.Field.With("subset") }

// Shares are where rules send traffic, those left out that get none.
func (m *Mesh) Shares() iter.Seq[Share] {
	return func(yield func(Share) bool) {
		for vs := range m.VirtualServices().All() {
			for _, share := range m.sharesOf(vs) {
				if !yield(share) {
					return
				}
			}
		}
		for _, kind := range []func() []Share{m.httpShares, m.grpcShares, m.streamShares} {
			for _, share := range kind() {
				if !yield(share) {
					return
				}
			}
		}
	}
}

func (m *Mesh) sharesOf(vs Of[networking.VirtualService]) []Share {
	var shares []Share
	add := func(destination *networking.Destination, percent float64, mirror bool, at ...any) {
		if destination.GetHost() == "" || percent == 0 && !mirror {
			return
		}
		shares = append(shares, Share{
			Route: vs.Resource, Host: m.FQDN(destination.GetHost(), vs.Namespace), Subset: destination.GetSubset(),
			Percent: percent, Mirror: mirror, Field: object.Field(at...), hostName: "host",
		})
	}
	for i, rule := range vs.Spec.GetHttp() {
		sum := wholeOf(rule.GetRoute())
		for j, route := range rule.GetRoute() {
			add(route.GetDestination(), sum.percent(route.GetWeight()), false, "spec.http", i, "route", j, "destination")
		}
		add(rule.GetMirror(), 0, true, "spec.http", i, "mirror")
		for j, mirror := range rule.GetMirrors() {
			add(mirror.GetDestination(), 0, true, "spec.http", i, "mirrors", j, "destination")
		}
	}
	stream := func(routes []*networking.RouteDestination, rules string, i int) {
		sum := wholeOf(routes)
		for j, route := range routes {
			add(route.GetDestination(), sum.percent(route.GetWeight()), false, rules, i, "route", j, "destination")
		}
	}
	for i, rule := range vs.Spec.GetTls() {
		stream(rule.GetRoute(), "spec.tls", i)
	}
	for i, rule := range vs.Spec.GetTcp() {
		stream(rule.GetRoute(), "spec.tcp", i)
	}
	return shares
}

// whole is what weighted destinations share.
type whole struct {
	parts int
	total int32
}

func wholeOf[R interface{ GetWeight() int32 }](routes []R) whole {
	w := whole{parts: len(routes)}
	for _, route := range routes {
		w.total += max(route.GetWeight(), 0)
	}
	return w
}

// percent is how much of the traffic a destination gets. One alone gets all of it.
func (w whole) percent(weight int32) float64 {
	switch {
	case w.parts == 1:
		return 100
	case w.total == 0:
		return 0
	}
	return 100 * float64(max(weight, 0)) / float64(w.total)
}

func (m *Mesh) httpShares() []Share {
	var shares []Share
	for route := range m.HTTPRoutes().All() {
		for i := range route.Spec.Rules {
			var refs []gateway.BackendRef
			for j := range route.Spec.Rules[i].BackendRefs {
				refs = append(refs, route.Spec.Rules[i].BackendRefs[j].BackendRef)
			}
			shares = append(shares, m.backendShares(route.Resource, i, refs)...)
		}
	}
	return shares
}

func (m *Mesh) grpcShares() []Share {
	var shares []Share
	for route := range m.GRPCRoutes().All() {
		for i := range route.Spec.Rules {
			var refs []gateway.BackendRef
			for j := range route.Spec.Rules[i].BackendRefs {
				refs = append(refs, route.Spec.Rules[i].BackendRefs[j].BackendRef)
			}
			shares = append(shares, m.backendShares(route.Resource, i, refs)...)
		}
	}
	return shares
}

func (m *Mesh) streamShares() []Share {
	var shares []Share
	for route := range m.TLSRoutes().All() {
		for i := range route.Spec.Rules {
			shares = append(shares, m.backendShares(route.Resource, i, route.Spec.Rules[i].BackendRefs)...)
		}
	}
	for route := range m.TCPRoutes().All() {
		for i := range route.Spec.Rules {
			shares = append(shares, m.backendShares(route.Resource, i, route.Spec.Rules[i].BackendRefs)...)
		}
	}
	return shares
}

// weighted is a backend with its weight, which is 1 where none is given.
type weighted struct{ weight int32 }

func (w weighted) GetWeight() int32 { return w.weight }

func (m *Mesh) backendShares(route *Resource, rule int, refs []gateway.BackendRef) []Share {
	weights := make([]weighted, len(refs))
	for i := range refs {
		weights[i].weight = 1
		if refs[i].Weight != nil {
			weights[i].weight = *refs[i].Weight
		}
	}
	sum := wholeOf(weights)
	var shares []Share
	for i := range refs {
		ref := &refs[i]
		isService := (ref.Group == nil || *ref.Group == "") && (ref.Kind == nil || *ref.Kind == "Service")
		if !isService || sum.percent(weights[i].weight) == 0 || weights[i].weight <= 0 {
			continue
		}
		namespace := route.Namespace
		if ref.Namespace != nil {
			namespace = string(*ref.Namespace)
		}
		shares = append(shares, Share{
			Route: route, Host: m.FQDN(string(ref.Name), namespace), Percent: sum.percent(weights[i].weight),
			Field: object.Field("spec.rules", rule, "backendRefs", i), hostName: "name",
		})
	}
	return shares
}
