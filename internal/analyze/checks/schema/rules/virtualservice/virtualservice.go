// Package virtualservice has the rules of VirtualServices.
package virtualservice

import (
	"slices"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// Check judges a VirtualService.
func Check(j *rules.Judge, spec *networking.VirtualService) {
	s := scope{Judge: j, spec: spec, delegate: len(spec.GetHosts()) == 0, mesh: inMesh(spec.GetGateways())}
	at := rules.At("spec")
	if s.delegate {
		s.isDelegate(at)
	}
	s.gateways(spec.GetGateways(), at.Field("gateways"))
	s.hosts(at.Field("hosts"))
	if len(spec.GetHttp()) == 0 && len(spec.GetTls()) == 0 && len(spec.GetTcp()) == 0 {
		s.Wrong(at, "a VirtualService needs rules: http, tls or tcp")
	}
	for i, rule := range spec.GetHttp() {
		s.http(rule, at.Field("http").Item(i))
	}
	for i, rule := range spec.GetTls() {
		s.tls(rule, at.Field("tls").Item(i))
	}
	for i, rule := range spec.GetTcp() {
		s.tcp(rule, at.Field("tcp").Item(i))
	}
	s.ExportTo(spec.GetExportTo(), false)
	s.reach(at)
}

// scope is what the rules know of the VirtualService that they look at.
type scope struct {
	*rules.Judge
	spec *networking.VirtualService
	// delegate is true where another VirtualService leads here.
	delegate bool
	// mesh is true where sidecars use the VirtualService, and not gateways alone.
	mesh bool
}

func inMesh(gateways []string) bool {
	return len(gateways) == 0 || slices.Contains(gateways, "mesh")
}

func (s *scope) isDelegate(at *rules.Place) {
	const why = "without hosts this is a delegate, which has its %s from the VirtualService that leads here"
	if len(s.spec.GetGateways()) > 0 {
		s.Wrong(at.Field("gateways"), why, "gateways")
	}
	if len(s.spec.GetTls()) > 0 {
		s.Wrong(at.Field("tls"), "without hosts this is a delegate, and only http can be delegated")
	}
	if len(s.spec.GetTcp()) > 0 {
		s.Wrong(at.Field("tcp"), "without hosts this is a delegate, and only http can be delegated")
	}
}

func (s *scope) hosts(at *rules.Place) {
	hosts, valid := s.spec.GetHosts(), true
	for i, host := range hosts {
		fault := s.hostFault(host)
		switch {
		case fault != "" && !rules.IsAddress(host):
			s.Wrong(at.Item(i), "host %q %s", host, fault)
			valid = false
		case host == "*" && s.mesh:
			s.Wrong(at.Item(i), "sidecars cannot route all hosts there are: name them, or name gateways to use this for")
			valid = false
		}
	}
	if !valid {
		return
	}
	for i, twin := range overlaps(hosts) {
		if twin >= 0 {
			s.Wrong(at.Item(i), "%s and %s, which is in the list too, have hosts in common", hosts[i], hosts[twin])
		}
	}
}

// hostFault also lets pass the names that gateways for several networks have
// for clusters, outbound_.80_._.cart.shop.svc.cluster.local.
func (s *scope) hostFault(host string) string {
	if !s.mesh {
		if rest, ok := clusterHost(host); ok {
			return rules.WildcardFault(rest)
		}
	}
	return rules.WildcardFault(host)
}
