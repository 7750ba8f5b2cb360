package schema

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	security "istio.io/api/security/v1beta1"

	"github.com/meshctl/meshctl/internal/object"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func (j judge) authorization(spec *security.AuthorizationPolicy) {
	custom := spec.GetAction() == security.AuthorizationPolicy_CUSTOM
	switch {
	case custom && spec.GetProvider().GetName() == "":
		j.wrong(object.Field("spec.provider.name"), "action CUSTOM needs the name of a provider of the mesh configuration")
	case !custom && spec.GetProvider() != nil:
		j.wrong(object.Field("spec.provider"), "a provider is for action CUSTOM, and this is %s", spec.GetAction())
	}
	if len(spec.GetRules()) == 0 && (custom || spec.GetAction() == security.AuthorizationPolicy_DENY) {
		j.wrong(object.Field("spec.rules"), "action %s needs rules: without any it is about no request", spec.GetAction())
	}
	for i, rule := range spec.GetRules() {
		at := object.Field("spec.rules", i)
		for n, from := range rule.GetFrom() {
			j.source(from.GetSource(), custom, at.With("from", n, "source"))
		}
		for n, to := range rule.GetTo() {
			j.operation(to.GetOperation(), at.With("to", n, "operation"))
		}
		for n, when := range rule.GetWhen() {
			j.condition(when, custom, at.With("when", n))
		}
		if spec.GetAction() == security.AuthorizationPolicy_DENY && onlyHTTP(rule) {
			j.doubt(at, "this rule is about HTTP alone; for TCP nothing of it is left to match, so all TCP connections are denied: add ports")
		}
	}
}

// attribute is a field with values that requests are compared with.
type attribute struct {
	name   string
	values []string
	// http is true for what only HTTP has.
	http bool
	// identity is true for what a certificate or a token says.
	identity bool
	check    func(string) string
}

func sourceAttributes(s *security.Source) []attribute {
	return []attribute{
		{name: "principals", values: s.GetPrincipals(), identity: true},
		{name: "notPrincipals", values: s.GetNotPrincipals(), identity: true},
		{name: "requestPrincipals", values: s.GetRequestPrincipals(), http: true, identity: true},
		{name: "notRequestPrincipals", values: s.GetNotRequestPrincipals(), http: true, identity: true},
		{name: "namespaces", values: s.GetNamespaces(), identity: true},
		{name: "notNamespaces", values: s.GetNotNamespaces(), identity: true},
		{name: "serviceAccounts", values: s.GetServiceAccounts(), identity: true, check: accountFault},
		{name: "notServiceAccounts", values: s.GetNotServiceAccounts(), identity: true, check: accountFault},
		{name: "ipBlocks", values: s.GetIpBlocks(), check: blockFault},
		{name: "notIpBlocks", values: s.GetNotIpBlocks(), check: blockFault},
		{name: "remoteIpBlocks", values: s.GetRemoteIpBlocks(), check: blockFault},
		{name: "notRemoteIpBlocks", values: s.GetNotRemoteIpBlocks(), check: blockFault},
	}
}

func operationAttributes(o *security.Operation) []attribute {
	return []attribute{
		{name: "hosts", values: o.GetHosts(), http: true},
		{name: "notHosts", values: o.GetNotHosts(), http: true},
		{name: "ports", values: o.GetPorts(), check: portFault},
		{name: "notPorts", values: o.GetNotPorts(), check: portFault},
		{name: "methods", values: o.GetMethods(), http: true},
		{name: "notMethods", values: o.GetNotMethods(), http: true},
		{name: "paths", values: o.GetPaths(), http: true, check: templateFault},
		{name: "notPaths", values: o.GetNotPaths(), http: true, check: templateFault},
	}
}

func (j judge) source(source *security.Source, custom bool, at object.Path) {
	attributes := sourceAttributes(source)
	j.attributes(attributes, at, "from needs a source that says something: leave it out to mean everybody")
	for _, a := range attributes {
		if custom && a.identity && len(a.values) > 0 {
			j.wrong(at.With(a.name), "%s cannot be used with action CUSTOM: it is decided before identities are known", a.name)
		}
	}
	accounts := len(source.GetServiceAccounts()) + len(source.GetNotServiceAccounts())
	others := len(source.GetPrincipals()) + len(source.GetNotPrincipals()) + len(source.GetNamespaces()) + len(source.GetNotNamespaces())
	if accounts > 0 && others > 0 {
		j.wrong(at.With("serviceAccounts"), "serviceAccounts cannot be used beside principals or namespaces, which they contain")
	}
	if accounts > 16 {
		j.wrong(at.With("serviceAccounts"), "there can be 16 service accounts at most, not %d", accounts)
	}
}

func (j judge) operation(operation *security.Operation, at object.Path) {
	j.attributes(operationAttributes(operation), at, "to needs an operation that says something: leave it out to mean everything")
}

func (j judge) attributes(attributes []attribute, at object.Path, empty string) {
	said := 0
	for _, a := range attributes {
		said += len(a.values)
		for i, value := range a.values {
			switch {
			case value == "":
				j.wrong(at.With(a.name, i), "%s cannot have an empty value", a.name)
			case a.check != nil:
				if fault := a.check(value); fault != "" {
					j.wrong(at.With(a.name, i), "%q %s", value, fault)
				}
			}
		}
	}
	if said == 0 {
		j.wrong(at, "%s", empty)
	}
}

// condition checks an entry of when.
func (j judge) condition(when *security.Condition, custom bool, at object.Path) {
	key, values := when.GetKey(), slices.Concat(when.GetValues(), when.GetNotValues())
	switch {
	case key == "":
		j.wrong(at, "a condition needs a key")
		return
	case len(values) == 0:
		j.wrong(at, "a condition needs values or notValues")
	case slices.Contains(values, ""):
		j.wrong(at, "a condition cannot have an empty value")
	}
	check, known := conditionKey(key)
	switch {
	case !known:
		j.wrong(at.With("key"), "istiod knows no attribute %q", key)
	case custom && (strings.HasPrefix(key, "request.auth.") || strings.HasPrefix(key, "source.") && key != "source.ip"):
		j.wrong(at.With("key"), "%s cannot be used with action CUSTOM: it is decided before identities are known", key)
	case check != nil:
		for _, value := range values {
			if fault := check(value); fault != "" && value != "" {
				j.wrong(at, "%q %s", value, fault)
			}
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
	case "source.namespace", "source.principal", "source.trustDomain", "request.auth.principal", "request.auth.audiences", "request.auth.presenter", "connection.sni":
		return nil, true
	}
	for _, prefix := range []string{"request.headers[", "request.auth.claims[", "experimental.envoy.filters."} {
		if strings.HasPrefix(key, prefix) && strings.HasSuffix(key, "]") && strings.Contains(key, "[") {
			return nil, true
		}
	}
	return nil, false
}

// onlyHTTP says whether a rule has something of HTTP and nothing else.
func onlyHTTP(rule *security.Rule) bool {
	http, other := 0, 0
	count := func(attributes []attribute) {
		for _, a := range attributes {
			if a.http {
				http += len(a.values)
			} else {
				other += len(a.values)
			}
		}
	}
	for _, from := range rule.GetFrom() {
		count(sourceAttributes(from.GetSource()))
	}
	for _, to := range rule.GetTo() {
		count(operationAttributes(to.GetOperation()))
	}
	for _, when := range rule.GetWhen() {
		if strings.HasPrefix(when.GetKey(), "request.") {
			http++
		} else {
			other++
		}
	}
	return http > 0 && other == 0
}

func blockFault(text string) string {
	if isAddress(text) || isRange(text) {
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

// templateFault checks the placeholders of paths: {*} and {**}.
func templateFault(path string) string {
	if !strings.ContainsAny(path, "{}") {
		return ""
	}
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		switch {
		case segment == "{*}":
		case segment == "{**}" && i == len(segments)-1:
		case segment == "{**}":
			return "has {**} before its end"
		case strings.ContainsAny(segment, "{}"):
			return "has braces that are no placeholder: {*} or {**} must be all of a segment"
		case strings.Contains(segment, "*"):
			return "has a star beside placeholders"
		}
	}
	return ""
}
