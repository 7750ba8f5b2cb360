package virtualservice

import (
	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// http judges a rule for HTTP.
func (s *scope) http(rule *networking.HTTPRoute, at *rules.Place) {
	s.action(rule, at)
	for i, match := range rule.GetMatch() {
		s.httpMatch(match, at.Field("match").Item(i))
	}
	if rule.GetHeaders() != nil {
		s.headers(rule.GetHeaders(), at.Field("headers"))
	}
	if rule.GetTimeout() != nil {
		s.Duration(rule.GetTimeout(), at.Field("timeout"))
	}
	if rule.GetRetries() != nil {
		s.retries(rule.GetRetries(), at.Field("retries"))
	}
	if rule.GetFault() != nil {
		s.fault(rule.GetFault(), at.Field("fault"))
	}
	if rule.GetCorsPolicy() != nil {
		s.cors(rule.GetCorsPolicy(), at.Field("corsPolicy"))
	}
	s.mirrors(rule, at)
	s.redirect(rule.GetRedirect(), at.Field("redirect"))
	s.directResponse(rule.GetDirectResponse(), at.Field("directResponse"))
	s.rewrite(rule.GetRewrite(), at.Field("rewrite"))
	s.authority(rule.GetRewrite().GetAuthority(), rule.GetHeaders(), at)
	s.httpDestinations(rule.GetRoute(), at.Field("route"))
}

// action wants the one thing that a rule does with a request.
func (s *scope) action(rule *networking.HTTPRoute, at *rules.Place) {
	if rule.GetMirror() != nil && len(rule.GetMirrors()) > 0 {
		s.Wrong(at.Field("mirror"), "copies go either to mirror or to mirrors: add this one to the list")
	}
	if rule.GetDelegate() != nil && s.delegate {
		s.Wrong(at.Field("delegate"), "a delegate cannot delegate further: requests go from one VirtualService to one other")
		return
	}
	if rule.GetDelegate() != nil {
		if len(rule.GetRoute()) > 0 {
			s.Wrong(at.Field("route"), "what is delegated is routed by the delegate, so there cannot be a route beside it")
		}
		if rule.GetRedirect() != nil {
			s.Wrong(at.Field("redirect"), "what is delegated is answered by the delegate, so there cannot be a redirect beside it")
		}
		return
	}
	switch {
	case rule.GetRedirect() != nil:
		s.without(rule, at, "redirect")
		if rule.GetDirectResponse() != nil {
			s.Wrong(at.Field("directResponse"), "a rule has either redirect or directResponse, not both")
		}
	case rule.GetDirectResponse() != nil:
		s.without(rule, at, "directResponse")
	case len(rule.GetRoute()) == 0:
		s.Wrong(at, "a rule needs to say what happens to a request: route, redirect or directResponse")
	}
}

// without wants that a rule whose requests go nowhere has nothing for the way.
func (s *scope) without(rule *networking.HTTPRoute, at *rules.Place, action string) {
	if len(rule.GetRoute()) > 0 {
		s.Wrong(at.Field("route"), "a rule has either route or %s, not both", action)
	}
	if rule.GetFault() != nil {
		s.Wrong(at.Field("fault"), "there is no request to disturb: a rule with %s cannot have a fault", action)
	}
	if rule.GetRewrite() != nil {
		s.Wrong(at.Field("rewrite"), "there is no request to rewrite: a rule with %s cannot have a rewrite", action)
	}
}
