package profiles

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
)

// Each is... function says what a text ought to be, "" if it is that. Nothing
// is asked of an empty text unless it makes no sense.

var (
	hubPattern     = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]+)?(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*/?$`)
	tagPattern     = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$`)
	labelPattern   = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	gatewayPattern = regexp.MustCompile(`^[a-z0-9.-]{1,254}$`)
)

func matching(pattern *regexp.Regexp, text, expected string) string {
	if text == "" || pattern.MatchString(text) {
		return ""
	}
	return expected
}

func isHub(text string) string {
	return matching(hubPattern, text, "a registry with an optional path, such as registry.istio.io/release")
}

func isTag(text string) string {
	return matching(tagPattern, text, "an image tag: letters, digits, '.', '_' and '-', 128 at most")
}

func isRevision(text string) string { return isDNSLabel(text) }

func isDNSLabel(text string) string {
	return matching(labelPattern, text, "lower-case letters, digits and '-', 63 at most, no '-' at either end")
}

func isGatewayName(text string) string {
	if gatewayPattern.MatchString(text) {
		return ""
	}
	return "lower-case letters, digits, '.' and '-', 254 at most"
}

func isCount(text string) string {
	if strings.HasPrefix(text, "-") {
		return "a number that is not negative"
	}
	return ""
}

func isPort(text string) string {
	if port, err := strconv.Atoi(text); err != nil || port < 0 || port > 65535 {
		return "a port from 0 to 65535"
	}
	return ""
}

func isQuantity(text string) string {
	if _, err := resource.ParseQuantity(text); err != nil {
		return "a quantity such as 500m or 1Gi"
	}
	return ""
}

// isCIDRs accepts "*" or addresses with a prefix length, divided by commas.
func isCIDRs(text string) string {
	if text == "" || text == "*" {
		return ""
	}
	for cidr := range strings.SplitSeq(text, ",") {
		if _, err := netip.ParsePrefix(strings.TrimSpace(cidr)); err != nil {
			return `"*" or address ranges such as 10.0.0.0/8, divided by commas`
		}
	}
	return ""
}

// isPorts accepts "*" or port numbers, divided by commas.
func isPorts(text string) string {
	if text == "" || text == "*" {
		return ""
	}
	for port := range strings.SplitSeq(text, ",") {
		if isPort(strings.TrimSpace(port)) != "" {
			return `"*" or ports from 0 to 65535, divided by commas`
		}
	}
	return ""
}

// isCertProvider refuses the one provider that is gone.
func isCertProvider(text string) string {
	if text == "kubernetes" {
		return "istiod, custom, none or k8s.io/<signer>"
	}
	return ""
}

func isPercentage(text string) string {
	if value, err := strconv.ParseFloat(text, 64); err != nil || value < 0 || value > 100 {
		return "a percentage from 0 to 100"
	}
	return ""
}

func isDuration(text string) string {
	if _, err := time.ParseDuration(text); err != nil {
		return "a duration such as 5s"
	}
	return ""
}

func isDurationFrom(least time.Duration) checkFunc {
	return func(text string) string {
		if duration, err := time.ParseDuration(text); err != nil || duration < least {
			return "a duration of " + least.String() + " or more"
		}
		return ""
	}
}
