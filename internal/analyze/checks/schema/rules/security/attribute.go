package security

import (
	"strings"

	security "istio.io/api/security/v1beta1"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

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

func sourceAttributes(s *security.Source) [14]attribute {
	return [14]attribute{
		{name: "principals", values: s.GetPrincipals(), identity: true},
		{name: "notPrincipals", values: s.GetNotPrincipals(), identity: true},
		{name: "requestPrincipals", values: s.GetRequestPrincipals(), http: true, identity: true},
		{name: "notRequestPrincipals", values: s.GetNotRequestPrincipals(), http: true, identity: true},
		{name: "namespaces", values: s.GetNamespaces(), identity: true},
		{name: "notNamespaces", values: s.GetNotNamespaces(), identity: true},
		{name: "serviceAccounts", values: s.GetServiceAccounts(), identity: true, check: accountFault},
		{name: "notServiceAccounts", values: s.GetNotServiceAccounts(), identity: true, check: accountFault},
		{name: "trustDomains", values: s.GetTrustDomains(), identity: true, check: trustDomainFault},
		{name: "notTrustDomains", values: s.GetNotTrustDomains(), identity: true, check: trustDomainFault},
		{name: "ipBlocks", values: s.GetIpBlocks(), check: blockFault},
		{name: "notIpBlocks", values: s.GetNotIpBlocks(), check: blockFault},
		{name: "remoteIpBlocks", values: s.GetRemoteIpBlocks(), check: blockFault},
		{name: "notRemoteIpBlocks", values: s.GetNotRemoteIpBlocks(), check: blockFault},
	}
}

func operationAttributes(o *security.Operation) [8]attribute {
	return [8]attribute{
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

func source(j *rules.Judge, source *security.Source, custom bool, at *rules.Place) {
	all := sourceAttributes(source)
	attributes(j, all[:], at, "from needs a source that says something: leave it out to mean everybody")
	for i := range all {
		if a := &all[i]; custom && a.identity && len(a.values) > 0 {
			j.Wrong(at.Field(a.name), "%s cannot be used with action CUSTOM: it is decided before identities are known", a.name)
		}
	}
	accounts := len(source.GetServiceAccounts()) + len(source.GetNotServiceAccounts())
	others := len(source.GetPrincipals()) + len(source.GetNotPrincipals()) + len(source.GetNamespaces()) + len(source.GetNotNamespaces())
	if accounts > 0 && others > 0 {
		j.Wrong(at.Field("serviceAccounts"), "serviceAccounts cannot be used beside principals or namespaces, which they contain")
	}
	if n := len(source.GetServiceAccounts()); n > 16 {
		j.Wrong(at.Field("serviceAccounts"), "there can be 16 service accounts at most, not %d", n)
	}
	if n := len(source.GetNotServiceAccounts()); n > 16 {
		j.Wrong(at.Field("notServiceAccounts"), "there can be 16 service accounts at most, not %d", n)
	}
}

func operation(j *rules.Judge, operation *security.Operation, at *rules.Place) {
	all := operationAttributes(operation)
	attributes(j, all[:], at, "to needs an operation that says something: leave it out to mean everything")
}

func attributes(j *rules.Judge, attributes []attribute, at *rules.Place, empty string) {
	said := 0
	for n := range attributes {
		a := &attributes[n]
		said += len(a.values)
		for i, value := range a.values {
			switch {
			case value == "":
				j.Wrong(at.Field(a.name).Item(i), "%s cannot have an empty value", a.name)
			case a.check != nil:
				if fault := a.check(value); fault != "" {
					j.Wrong(at.Field(a.name).Item(i), "%q %s", value, fault)
				}
			}
		}
	}
	if said == 0 {
		j.Wrong(at, "%s", empty)
	}
}

// onlyHTTP says whether a rule has something of HTTP and nothing else.
func onlyHTTP(rule *security.Rule) bool {
	http, other := 0, 0
	count := func(attributes []attribute) {
		for i := range attributes {
			if a := &attributes[i]; a.http {
				http += len(a.values)
			} else {
				other += len(a.values)
			}
		}
	}
	for _, from := range rule.GetFrom() {
		all := sourceAttributes(from.GetSource())
		count(all[:])
	}
	for _, to := range rule.GetTo() {
		all := operationAttributes(to.GetOperation())
		count(all[:])
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
