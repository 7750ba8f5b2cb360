package virtualservice

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

func (s *scope) retries(retries *networking.HTTPRetry, at *rules.Place) {
	switch {
	case retries.GetAttempts() < 0:
		s.Wrong(at.Field("attempts"), "attempts cannot be negative, and these are %d", retries.GetAttempts())
	case retries.GetAttempts() == 0 && (retries.GetPerTryTimeout() != nil || retries.GetRetryOn() != "" || retries.GetRetryRemoteLocalities() != nil):
		s.Wrong(at.Field("attempts"), "without attempts nothing is tried again, so the other settings mean nothing: set attempts")
	}
	s.Duration(retries.GetPerTryTimeout(), at.Field("perTryTimeout"))
	s.Duration(retries.GetBackoff(), at.Field("backoff"))
	if retries.GetRetryOn() == "" {
		return
	}
	conditions := retryConditions()
	for condition := range strings.SplitSeq(retries.GetRetryOn(), ",") {
		switch {
		case isRetryCondition(condition):
		case isRetryCondition(strings.TrimSpace(condition)):
			s.Wrong(at.Field("retryOn"), "there must be no space around %q: separate conditions by commas alone", strings.TrimSpace(condition))
		default:
			s.Wrong(at.Field("retryOn"), "%q is no condition to try again on: one of %s, or a status", condition, strings.Join(conditions[:], ", "))
		}
	}
}

// retryConditions are the names that Envoy has for failures of HTTP and gRPC.
func retryConditions() [16]string {
	return [...]string{
		"5xx", "gateway-error", "reset", "reset-before-request", "connect-failure", "retriable-4xx", "refused-stream",
		"retriable-status-codes", "retriable-headers", "envoy-ratelimited", "http3-post-connect-failure",
		"cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable",
	}
}

func isRetryCondition(text string) bool {
	if text != "" && text[0] >= '1' && text[0] <= '9' && text != "5xx" {
		status, err := strconv.Atoi(text)
		return err == nil && http.StatusText(status) != ""
	}
	conditions := retryConditions()
	return slices.Contains(conditions[:], text)
}

func (s *scope) cors(policy *networking.CorsPolicy, at *rules.Place) {
	for i, origin := range policy.GetAllowOrigins() {
		at := at.Field("allowOrigins").Item(i)
		if exact, ok := origin.GetMatchType().(*networking.StringMatch_Exact); ok && exact.Exact == "" || origin.GetMatchType() == nil {
			s.Wrong(at, "an origin needs something to compare with: exact, prefix or regex")
		}
		s.StringMatch(origin, at)
	}
	for i, method := range policy.GetAllowMethods() {
		if !isMethod(method) {
			s.Wrong(at.Field("allowMethods").Item(i), "%q is no method of HTTP: write it in capitals, or * for all", method)
		}
	}
	s.tokens(policy.GetAllowHeaders(), at.Field("allowHeaders"))
	s.tokens(policy.GetExposeHeaders(), at.Field("exposeHeaders"))
	if age := policy.GetMaxAge(); age != nil {
		s.Duration(age, at.Field("maxAge"))
		if age.AsDuration() >= time.Millisecond && age.GetNanos() != 0 {
			s.Wrong(at.Field("maxAge"), "browsers count whole seconds, and this is %s", age.AsDuration())
		}
	}
}

func isMethod(text string) bool {
	switch text {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE", "*":
		return true
	}
	return false
}

func (s *scope) tokens(names []string, at *rules.Place) {
	for i, name := range names {
		if !rules.IsToken(name) {
			s.Wrong(at.Item(i), "%q is no name of a header", name)
		}
	}
}

func (s *scope) mirrors(rule *networking.HTTPRoute, at *rules.Place) {
	if percent := rule.GetMirrorPercent(); percent != nil { //nolint:staticcheck // deprecated, which is what is said of it
		if percent.GetValue() > 100 {
			s.Wrong(at.Field("mirrorPercent"), "a percentage is from 0 to 100, not %d", percent.GetValue())
		}
		s.Doubt(at.Field("mirrorPercent"), "mirrorPercent is deprecated: write mirrorPercentage: {value: %d}", percent.GetValue())
	}
	if percentage := rule.GetMirrorPercentage(); percentage != nil {
		s.Share(percentage.GetValue(), at.Field("mirrorPercentage"))
	}
	if rule.GetMirror() != nil {
		s.destination(rule.GetMirror(), at.Field("mirror"))
	}
	for i, mirror := range rule.GetMirrors() {
		at := at.Field("mirrors").Item(i)
		if mirror.GetDestination() == nil {
			s.Wrong(at.Field("destination"), "a mirror needs a destination")
		} else {
			s.destination(mirror.GetDestination(), at.Field("destination"))
		}
		if percentage := mirror.GetPercentage(); percentage != nil {
			s.Share(percentage.GetValue(), at.Field("percentage"))
		}
	}
}
