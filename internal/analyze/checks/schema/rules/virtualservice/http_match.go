package virtualservice

import (
	"strings"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

func (s *scope) httpMatch(match *networking.HTTPMatchRequest, at *rules.Place) {
	if prefix, ok := match.GetUri().GetMatchType().(*networking.StringMatch_Prefix); !ok || prefix.Prefix != "" {
		s.StringMatch(match.GetUri(), at.Field("uri"))
	}
	s.StringMatch(match.GetScheme(), at.Field("scheme"))
	s.StringMatch(match.GetMethod(), at.Field("method"))
	s.StringMatch(match.GetAuthority(), at.Field("authority"))
	for _, name := range rules.SortedKeys(match.GetQueryParams()) {
		s.StringMatch(match.QueryParams[name], at.Field("queryParams").Field(name))
	}
	for _, name := range rules.SortedKeys(match.GetHeaders()) {
		header := at.Field("headers").Field(name)
		s.matchedHeader(name, header)
		s.StringMatch(match.Headers[name], header)
	}
	for _, name := range rules.SortedKeys(match.GetWithoutHeaders()) {
		header := at.Field("withoutHeaders").Field(name)
		s.matchedHeader(name, header)
		// A star is no expression, and stands for a header with any value.
		if match.WithoutHeaders[name].GetRegex() != "*" {
			s.StringMatch(match.WithoutHeaders[name], header)
		}
	}
	if match.GetPort() != 0 {
		s.Port(match.GetPort(), at.Field("port"))
	}
	s.source(match, at)
}

// sourced is what matches of all protocols have in common.
type sourced interface {
	GetSourceLabels() map[string]string
	GetSourceNamespace() string
	GetGateways() []string
}

// source judges what a match says of the client.
func (s *scope) source(match sourced, at *rules.Place) {
	s.Labels(match.GetSourceLabels(), at.Field("sourceLabels"))
	s.gateways(match.GetGateways(), at.Field("gateways"))
	if namespace := match.GetSourceNamespace(); namespace != "" && !rules.IsLabel(namespace) {
		s.Wrong(at.Field("sourceNamespace"), "%q is no name of a namespace", namespace)
	}
}

// matchedHeader wants the name of a header, a part of the request line such as
// :method, or a claim of a token.
func (s *scope) matchedHeader(name string, at *rules.Place) {
	switch {
	case isClaim(name):
		if s.mesh {
			s.Wrong(at, "requests can be routed by the claims of tokens at gateways only, and this VirtualService is for sidecars")
		}
	case name == "":
		s.Wrong(at, "a header needs a name")
	case !rules.IsToken(strings.TrimPrefix(name, ":")):
		s.Wrong(at, "%q is no name of a header", name)
	}
}

// isClaim knows @request.auth.claims.name and @request.auth.claims[name].
func isClaim(name string) bool {
	claim, ok := strings.CutPrefix(strings.ToLower(name), "@request.auth.claims")
	if !ok || len(claim) < 2 {
		return false
	}
	return claim[0] == '.' || claim[0] == '[' && len(claim) > 2 && strings.HasSuffix(claim, "]")
}
