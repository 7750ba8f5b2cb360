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
	// HostField and SubsetField are where the route says so.
	HostField, SubsetField object.Path
}

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
	add := func(destination *networking.Destination, percent float64, mirror bool, at object.Path) {
		if destination.GetHost() == "" || percent == 0 && !mirror {
			return
		}
		shares = append(shares, Share{
			Route: vs.Resource, Host: m.FQDN(destination.GetHost(), vs.Namespace), Subset: destination.GetSubset(),
			Percent: percent, Mirror: mirror, HostField: at.With("host"), SubsetField: at.With("subset"),
		})
	}
	for i, rule := range vs.Spec.GetHttp() {
		at := object.Field("spec.http", i)
		percent := percentages(rule.GetRoute())
		for j, route := range rule.GetRoute() {
			add(route.GetDestination(), percent(j), false, at.With("route", j, "destination"))
		}
		add(rule.GetMirror(), 0, true, at.With("mirror"))
		for j, mirror := range rule.GetMirrors() {
			add(mirror.GetDestination(), 0, true, at.With("mirrors", j, "destination"))
		}
	}
	stream := func(routes []*networking.RouteDestination, at object.Path) {
		percent := percentages(routes)
		for j, route := range routes {
			add(route.GetDestination(), percent(j), false, at.With("route", j, "destination"))
		}
	}
	for i, rule := range vs.Spec.GetTls() {
		stream(rule.GetRoute(), object.Field("spec.tls", i))
	}
	for i, rule := range vs.Spec.GetTcp() {
		stream(rule.GetRoute(), object.Field("spec.tcp", i))
	}
	return shares
}

// percentages says how much of the traffic each of some weighted destinations
// gets. One alone gets all of it.
func percentages[R interface{ GetWeight() int32 }](routes []R) func(int) float64 {
	var total int32
	for _, route := range routes {
		total += max(route.GetWeight(), 0)
	}
	return func(i int) float64 {
		switch {
		case len(routes) == 1:
			return 100
		case total == 0:
			return 0
		}
		return 100 * float64(max(routes[i].GetWeight(), 0)) / float64(total)
	}
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
	percent := percentages(weights)
	var shares []Share
	for i := range refs {
		ref := &refs[i]
		isService := (ref.Group == nil || *ref.Group == "") && (ref.Kind == nil || *ref.Kind == "Service")
		if !isService || percent(i) == 0 || weights[i].weight <= 0 {
			continue
		}
		namespace := route.Namespace
		if ref.Namespace != nil {
			namespace = string(*ref.Namespace)
		}
		shares = append(shares, Share{
			Route: route, Host: m.FQDN(string(ref.Name), namespace), Percent: percent(i),
			HostField: object.Field("spec.rules", rule, "backendRefs", i, "name"),
		})
	}
	return shares
}
