package security

import (
	"slices"
	"strconv"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

func blockFault(text string) string {
	if rules.IsAddress(text) || rules.IsRange(text) {
		return ""
	}
	return "is neither an IP address nor a range such as 10.0.0.0/8"
}

func portFault(text string) string {
	if port, err := strconv.ParseUint(text, 10, 32); err == nil && port <= 65535 {
		return ""
	}
	return "is no port number"
}

func accountFault(text string) string {
	parts := strings.Split(text, "/")
	switch {
	case len(text) > 320:
		return "is longer than 320 letters"
	case strings.Contains(text, "*"):
		return "has a star, which service accounts cannot have"
	case len(parts) > 2 || slices.Contains(parts, ""):
		return "is neither the name of a service account nor namespace/name"
	}
	return ""
}

func trustDomainFault(text string) string {
	inner := strings.TrimSuffix(strings.TrimPrefix(text, "*"), "*")
	switch {
	case strings.Contains(text, "/"):
		return "has a slash: a trust domain is the part before the first one of an identity"
	case strings.Contains(inner, "*"), text != "*" && strings.HasPrefix(text, "*") && strings.HasSuffix(text, "*"):
		return "may have one star, at its beginning or its end"
	}
	return ""
}

// templateFault judges paths with placeholders: {*} and {**}.
func templateFault(path string) string {
	if !strings.ContainsAny(path, "{}") {
		return ""
	}
	rest := false
	for segment := range strings.SplitSeq(path, "/") {
		switch placeholder := segment == "{*}" || segment == "{**}"; {
		case placeholder && rest:
			return "has another placeholder after {**}, which stands for all the rest"
		case placeholder:
			rest = segment == "{**}"
		case strings.ContainsAny(segment, "{}"):
			return "has braces that are no placeholder: {*} or {**} must be all of a segment"
		case strings.Contains(segment, "*"):
			return "has a star beside placeholders"
		case !isLiteral(segment):
			return "has beside its placeholders what a path cannot have"
		}
	}
	return ""
}

// isLiteral knows the letters that a segment of a path has.
func isLiteral(segment string) bool {
	for _, c := range []byte(segment) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && strings.IndexByte("-._~!$&'()+,;=:@%", c) < 0 {
			return false
		}
	}
	return true
}
