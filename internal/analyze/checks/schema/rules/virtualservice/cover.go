package virtualservice

import (
	"maps"
	"slices"
	"strings"

	networking "istio.io/api/networking/v1alpha3"
)

// coversHTTP says whether match a, when it is tried first, leaves no request to b.
func (s *scope) coversHTTP(a, b *networking.HTTPMatchRequest) bool {
	return coversURI(a, b) &&
		(a.GetPort() == 0 || a.GetPort() == b.GetPort()) &&
		coversText(a.GetMethod(), b.GetMethod()) &&
		coversText(a.GetAuthority(), b.GetAuthority()) &&
		coversText(a.GetScheme(), b.GetScheme()) &&
		coversAll(a.GetHeaders(), b.GetHeaders()) &&
		coversAll(a.GetQueryParams(), b.GetQueryParams()) &&
		coversAbsent(a.GetWithoutHeaders(), b.GetWithoutHeaders()) &&
		s.coversSource(a, b)
}

func (s *scope) coversSource(a, b sourced) bool {
	for key, value := range a.GetSourceLabels() {
		if have, ok := b.GetSourceLabels()[key]; !ok || have != value {
			return false
		}
	}
	if a.GetSourceNamespace() != "" && a.GetSourceNamespace() != b.GetSourceNamespace() {
		return false
	}
	if len(a.GetGateways()) == 0 {
		return true
	}
	gateways := b.GetGateways()
	if len(gateways) == 0 {
		gateways = s.spec.GetGateways()
	}
	if len(gateways) == 0 {
		gateways = []string{"mesh"}
	}
	return !slices.ContainsFunc(gateways, func(gateway string) bool { return !slices.Contains(a.GetGateways(), gateway) })
}

// coversURI compares prefixes with prefixes, and anything with the same again.
// Of an exact URI below a prefix it says nothing: that is what istioctl has this
// code for, and another check looks at routes in full.
func coversURI(a, b *networking.HTTPMatchRequest) bool {
	if a.GetUri().GetMatchType() == nil {
		return true
	}
	if b.GetUri().GetMatchType() == nil || b.GetIgnoreUriCase() && !a.GetIgnoreUriCase() {
		return false
	}
	switch first := a.GetUri().GetMatchType().(type) {
	case *networking.StringMatch_Prefix:
		second, ok := b.GetUri().GetMatchType().(*networking.StringMatch_Prefix)
		if !ok || len(second.Prefix) < len(first.Prefix) {
			return false
		}
		return sameText(first.Prefix, second.Prefix[:len(first.Prefix)], a.GetIgnoreUriCase())
	case *networking.StringMatch_Exact:
		second, ok := b.GetUri().GetMatchType().(*networking.StringMatch_Exact)
		return ok && sameText(first.Exact, second.Exact, a.GetIgnoreUriCase())
	case *networking.StringMatch_Regex:
		second, ok := b.GetUri().GetMatchType().(*networking.StringMatch_Regex)
		return ok && first.Regex == second.Regex
	}
	return false
}

func sameText(a, b string, fold bool) bool {
	if fold {
		return strings.EqualFold(a, b)
	}
	return a == b
}

// coversText says whether every text that fits b fits a; a condition that is
// not there fits all.
func coversText(a, b *networking.StringMatch) bool {
	if a.GetMatchType() == nil {
		return true
	}
	switch first := a.GetMatchType().(type) {
	case *networking.StringMatch_Exact:
		second, ok := b.GetMatchType().(*networking.StringMatch_Exact)
		return ok && first.Exact == second.Exact
	case *networking.StringMatch_Prefix:
		switch second := b.GetMatchType().(type) {
		case *networking.StringMatch_Exact:
			return strings.HasPrefix(second.Exact, first.Prefix)
		case *networking.StringMatch_Prefix:
			return strings.HasPrefix(second.Prefix, first.Prefix)
		}
	case *networking.StringMatch_Regex:
		second, ok := b.GetMatchType().(*networking.StringMatch_Regex)
		return first.Regex == ".*" && b.GetMatchType() != nil || ok && first.Regex == second.Regex
	}
	return false
}

// coversAll says whether all conditions of a follow from those of b.
func coversAll(a, b map[string]*networking.StringMatch) bool {
	for name, condition := range a {
		stricter, ok := b[name]
		if !ok || !coversText(condition, stricter) {
			return false
		}
	}
	return true
}

// coversAbsent says whether b forbids all that a forbids.
func coversAbsent(a, b map[string]*networking.StringMatch) bool {
	for name, forbidden := range a {
		more, ok := b[name]
		if !ok || more.GetRegex() != "*" && !coversText(more, forbidden) {
			return false
		}
	}
	return true
}

// sameTLS and sameTCP know matches that are there again. Of connections the
// match that says most wins, wherever it stands, so a wider one before it does
// no harm.
func sameTLS(a, b *networking.TLSMatchAttributes) bool {
	return a.GetPort() == b.GetPort() && slices.Equal(a.GetSniHosts(), b.GetSniHosts()) &&
		slices.Equal(a.GetDestinationSubnets(), b.GetDestinationSubnets()) && sameSource(a, b)
}

func sameTCP(a, b *networking.L4MatchAttributes) bool {
	return a.GetPort() == b.GetPort() && a.GetSourceSubnet() == b.GetSourceSubnet() &&
		slices.Equal(a.GetDestinationSubnets(), b.GetDestinationSubnets()) && sameSource(a, b)
}

func sameSource(a, b sourced) bool {
	return a.GetSourceNamespace() == b.GetSourceNamespace() && maps.Equal(a.GetSourceLabels(), b.GetSourceLabels()) &&
		slices.Equal(a.GetGateways(), b.GetGateways())
}
