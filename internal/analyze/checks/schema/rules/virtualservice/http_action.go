package virtualservice

import (
	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

func (s *scope) redirect(redirect *networking.HTTPRedirect, at *rules.Place) {
	if redirect == nil {
		return
	}
	if redirect.GetUri() == "" && redirect.GetAuthority() == "" && redirect.GetScheme() == "" && redirect.GetRedirectPort() == nil && redirect.GetPrefixRewrite() == "" {
		s.Wrong(at, "a redirect needs to say where to: uri, authority, port or scheme")
	}
	if code := redirect.GetRedirectCode(); code != 0 && (code < 300 || code > 399) {
		s.Wrong(at.Field("redirectCode"), "%d is no status of a redirect: 300 to 399", code)
	}
	if scheme := redirect.GetScheme(); scheme != "" && scheme != "http" && scheme != "https" {
		s.Wrong(at.Field("scheme"), "%q is neither http nor https", scheme)
	}
	if port, ok := redirect.GetRedirectPort().(*networking.HTTPRedirect_Port); ok && port.Port != 0 {
		s.Port(port.Port, at.Field("port"))
	}
}

// What Envoy keeps in memory for every listener should be small.
const (
	largeBody = 100 << 10
	hugeBody  = 1 << 20
)

func (s *scope) directResponse(response *networking.HTTPDirectResponse, at *rules.Place) {
	if response == nil {
		return
	}
	s.status(int64(response.GetStatus()), at.Field("status"))
	switch size := len(response.GetBody().GetString_()) + len(response.GetBody().GetBytes()); {
	case size > hugeBody:
		s.Wrong(at.Field("body"), "the answer has %d bytes, and Envoy keeps 1048576 at most: serve it from somewhere", size)
	case size > largeBody:
		s.Doubt(at.Field("body"), "the answer has %d bytes, and every proxy keeps it in memory: serve it from somewhere", size)
	}
}

// status wants a status that Envoy can answer with.
func (s *scope) status(status int64, at *rules.Place) {
	if status < 200 || status > 600 {
		s.Wrong(at, "%d is no status to answer with: 200 to 600", status)
	}
}

func (s *scope) rewrite(rewrite *networking.HTTPRewrite, at *rules.Place) {
	if rewrite == nil {
		return
	}
	regex := rewrite.GetUriRegexRewrite()
	switch {
	case regex != nil && rewrite.GetUri() != "":
		s.Wrong(at, "a URI is rewritten either by uri or by uriRegexRewrite, not both")
	case regex == nil && rewrite.GetUri() == "" && rewrite.GetAuthority() == "":
		s.Wrong(at, "a rewrite needs to say what to write: uri, uriRegexRewrite or authority")
	}
	if regex == nil {
		return
	}
	at = at.Field("uriRegexRewrite")
	if regex.GetMatch() == "" || regex.GetRewrite() == "" {
		s.Wrong(at, "to rewrite by an expression, both match and rewrite are needed")
	}
	if fault := rules.RegexFault(regex.GetMatch()); fault != "" {
		s.Wrong(at.Field("match"), "%q %s", regex.GetMatch(), fault)
	}
}
