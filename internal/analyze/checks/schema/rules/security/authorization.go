package security

import (
	"slices"
	"strings"

	security "istio.io/api/security/v1beta1"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// CheckAuthorization judges an AuthorizationPolicy.
func CheckAuthorization(j *rules.Judge, spec *security.AuthorizationPolicy) {
	j.Attached(spec, spec.GetTargetRef())
	at, action := rules.At("spec"), spec.GetAction()
	custom := action == security.AuthorizationPolicy_CUSTOM
	switch {
	case custom && spec.GetProvider().GetName() == "":
		j.Wrong(at.Field("provider").Field("name"), "action CUSTOM needs the name of a provider of the mesh configuration")
	case !custom && spec.GetProvider() != nil:
		j.Wrong(at.Field("provider"), "a provider is for action CUSTOM, and this is %s", action)
	}
	if len(spec.GetRules()) == 0 && (custom || action == security.AuthorizationPolicy_DENY) {
		j.Wrong(at.Field("rules"), "action %s needs rules: without any it is about no request", action)
	}
	for i, rule := range spec.GetRules() {
		at := at.Field("rules").Item(i)
		emptyLists(j, rule, at)
		for n, from := range rule.GetFrom() {
			source(j, from.GetSource(), custom, at.Field("from").Item(n).Field("source"))
		}
		for n, to := range rule.GetTo() {
			operation(j, to.GetOperation(), at.Field("to").Item(n).Field("operation"))
		}
		for n, when := range rule.GetWhen() {
			condition(j, when, custom, at.Field("when").Item(n))
		}
		if action == security.AuthorizationPolicy_DENY && onlyHTTP(rule) {
			j.Doubt(at, "this rule is about HTTP alone; for TCP nothing of it is left to match, so all TCP connections are denied: add ports")
		}
	}
}

// emptyLists wants no list that is there and has nothing in it.
func emptyLists(j *rules.Judge, rule *security.Rule, at *rules.Place) {
	if rule.GetFrom() != nil && len(rule.GetFrom()) == 0 {
		j.Wrong(at.Field("from"), "from needs a source: leave it out to mean everybody")
	}
	if rule.GetTo() != nil && len(rule.GetTo()) == 0 {
		j.Wrong(at.Field("to"), "to needs an operation: leave it out to mean everything")
	}
}

// condition judges an entry of when.
func condition(j *rules.Judge, when *security.Condition, custom bool, at *rules.Place) {
	key, values := when.GetKey(), slices.Concat(when.GetValues(), when.GetNotValues())
	switch {
	case key == "":
		j.Wrong(at.Field("key"), "a condition needs a key")
		return
	case len(values) == 0:
		j.Wrong(at, "a condition needs values or notValues")
	case slices.Contains(values, ""):
		j.Wrong(at, "a condition cannot have an empty value")
	}
	check, known := conditionKey(key)
	switch {
	case !known:
		j.Wrong(at.Field("key"), "istiod knows no attribute %q", key)
	case custom && (strings.HasPrefix(key, "request.auth.") || strings.HasPrefix(key, "source.") && key != "source.ip"):
		j.Wrong(at.Field("key"), "%s cannot be used with action CUSTOM: it is decided before identities are known", key)
	case check != nil:
		judgeValues(j, when.GetValues(), check, at.Field("values"))
		judgeValues(j, when.GetNotValues(), check, at.Field("notValues"))
	}
}

func judgeValues(j *rules.Judge, values []string, check func(string) string, at *rules.Place) {
	for i, value := range values {
		if value == "" {
			continue
		}
		if fault := check(value); fault != "" {
			j.Wrong(at.Item(i), "%q %s", value, fault)
		}
	}
}

// conditionKey knows the attributes of conditions, and how values of theirs are wrong.
func conditionKey(key string) (check func(string) string, known bool) {
	switch key {
	case "source.ip", "remote.ip", "destination.ip":
		return blockFault, true
	case "destination.port":
		return portFault, true
	case "source.serviceAccount":
		return accountFault, true
	case "source.trustDomain":
		return trustDomainFault, true
	case "source.namespace", "source.principal", "request.auth.principal", "request.auth.audiences", "request.auth.presenter", "connection.sni":
		return nil, true
	}
	for _, prefix := range [...]string{"request.headers[", "request.auth.claims[", "experimental.envoy.filters."} {
		rest, ok := strings.CutPrefix(key, prefix)
		if ok && strings.HasSuffix(rest, "]") && len(rest) > 1 && (strings.HasSuffix(prefix, "[") || strings.Contains(rest, "[")) {
			return nil, true
		}
	}
	return nil, false
}
