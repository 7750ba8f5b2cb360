package virtualservice

import (
	"slices"
	"strings"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

func (s *scope) tls(rule *networking.TLSRoute, at *rules.Place) {
	if len(rule.GetMatch()) == 0 {
		s.Wrong(at.Field("match"), "a rule for TLS needs a match: without the name of a server it cannot tell what connections are about")
	}
	for i, match := range rule.GetMatch() {
		at := at.Field("match").Item(i)
		if len(match.GetSniHosts()) == 0 {
			s.Wrong(at.Field("sniHosts"), "a match for TLS needs sniHosts, the names that clients ask for")
		}
		for n, host := range match.GetSniHosts() {
			s.sniHost(host, at.Field("sniHosts").Item(n))
		}
		s.connection(match, at)
	}
	if len(rule.GetRoute()) == 0 {
		s.Wrong(at.Field("route"), "a rule for TLS needs a route")
	}
	s.destinations(rule.GetRoute(), at.Field("route"))
}

func (s *scope) tcp(rule *networking.TCPRoute, at *rules.Place) {
	for i, match := range rule.GetMatch() {
		s.connection(match, at.Field("match").Item(i))
	}
	if len(rule.GetRoute()) == 0 {
		s.Wrong(at.Field("route"), "a rule for TCP needs a route")
	}
	s.destinations(rule.GetRoute(), at.Field("route"))
}

// connection judges what matches of TLS and TCP have in common.
func (s *scope) connection(match interface {
	sourced
	GetDestinationSubnets() []string
	GetPort() uint32
}, at *rules.Place,
) {
	for i, subnet := range match.GetDestinationSubnets() {
		if !rules.IsAddress(subnet) && !rules.IsRange(subnet) {
			s.Wrong(at.Field("destinationSubnets").Item(i), "%q is neither an IP address nor a range such as 10.0.0.0/8", subnet)
		}
	}
	if match.GetPort() != 0 {
		s.Port(match.GetPort(), at.Field("port"))
	}
	s.source(match, at)
}

func (s *scope) sniHost(host string, at *rules.Place) {
	if fault := s.hostFault(host); fault != "" {
		if rules.IsAddress(host) {
			s.Doubt(at, "clients do not send an IP address as the name of a server, so %s hardly matches", host)
		} else {
			s.Wrong(at, "host %q %s", host, fault)
		}
		return
	}
	if !s.delegate && !slices.ContainsFunc(s.spec.GetHosts(), func(of string) bool { return rules.Includes(of, host) }) {
		s.Wrong(at, "%s is not among the hosts of this VirtualService: %s", host, strings.Join(s.spec.GetHosts(), ", "))
	}
}
