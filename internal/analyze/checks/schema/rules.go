package schema

import (
	"fmt"
	"net/netip"
	"strings"

	networkingbeta "istio.io/api/networking/v1beta1"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
	"github.com/meshctl/meshctl/internal/object"
)

// judge reports on one resource.
type judge struct {
	pass *analyze.Pass
	on   analyze.Subject
}

func (j judge) wrong(at object.Path, format string, values ...any) {
	j.pass.Reportf(rules.Invalid, j.on, at, format, values...)
}

func (j judge) doubt(at object.Path, format string, values ...any) {
	j.pass.Reportf(rules.Dubious, j.on, at, format, values...)
}

// rules checks what types cannot say.
func oldRules(pass *analyze.Pass) {
	mesh := pass.Mesh
	for _, kind := range []analyze.Kind{analyze.AuthorizationPolicy, analyze.PeerAuthentication, analyze.RequestAuthentication, analyze.Telemetry, analyze.ProxyConfig} {
		for _, policy := range mesh.Policies(kind, "") {
			judge{pass, policy}.attachment(policy)
		}
	}
	for r := range mesh.AuthorizationPolicies().All() {
		judge{pass, r}.authorization(r.Spec)
	}
	for r := range mesh.PeerAuthentications().All() {
		judge{pass, r}.peerAuthentication(r.Spec)
	}
	for r := range mesh.RequestAuthentications().All() {
		judge{pass, r}.requestAuthentication(r.Spec)
	}
	for r := range mesh.Telemetries().All() {
		judge{pass, r}.telemetry(r.Spec)
	}
	for r := range mesh.ProxyConfigs().All() {
		judge{pass, r}.proxyConfig(r.Spec)
	}
	for r := range mesh.ServiceEntries().All() {
		judge{pass, r}.serviceEntry(r.Spec)
	}
	for r := range mesh.WorkloadEntries().All() {
		judge{pass, r}.workloadEntry(r.Spec)
	}
}

func (j judge) proxyConfig(spec *networkingbeta.ProxyConfig) {
	if concurrency := spec.GetConcurrency(); concurrency.GetValue() < 0 {
		j.wrong(object.Field("spec.concurrency"), "concurrency is the number of threads of the proxy and cannot be %d", concurrency.GetValue())
	}
}

// attachment checks what a policy holds for.
func (j judge) attachment(policy *analyze.Policy) {
	for _, key := range sortedKeys(policy.Labels) {
		switch {
		case key == "":
			j.wrong(policy.Selector, "a selector cannot have an empty label name")
		case strings.Contains(key+policy.Labels[key], "*"):
			j.wrong(policy.Selector.Key(key), "a selector compares labels letter by letter: there are no stars")
		}
	}
	if policy.HasSelector && len(policy.Labels) == 0 {
		j.doubt(policy.Selector, "the selector is empty, so the policy holds for everything in its namespace: leave it out if that is meant")
	}
	if policy.HasSelector && len(policy.Targets) > 0 {
		j.wrong(policy.Targets[0].Field, "a policy has either a selector or targets, not both")
	}
	single := false
	for _, target := range policy.Targets {
		single = single || target.Field[len(target.Field)-1].Name == "targetRef"
		if single && target.Field[len(target.Field)-1].Name == "" {
			j.wrong(target.Field, "a policy has either targetRef or targetRefs, not both")
		}
		if target.Name == "" {
			j.wrong(target.Field, "a target needs a name")
		}
		switch target.Kind {
		case analyze.Service, analyze.ServiceEntry, analyze.K8sGateway, analyze.GatewayClass:
		default:
			j.wrong(target.Field.With("kind"), "a policy cannot be attached to %s: only to a Service, ServiceEntry, Gateway (of gateway.networking.k8s.io) or GatewayClass", target.Kind)
		}
	}
}

// isName knows the names of Kubernetes: DNS labels.
func isName(text string) bool {
	for _, letter := range text {
		isLetter := letter >= 'a' && letter <= 'z' || letter >= 'A' && letter <= 'Z' || letter >= '0' && letter <= '9'
		if !isLetter && letter != '-' {
			return false
		}
	}
	return text != "" && len(text) <= 63 && text[0] != '-' && text[len(text)-1] != '-'
}

// domainFault says why a text is no domain name, or nothing.
func domainFault(text string, wildcard bool) string {
	name := strings.TrimSuffix(text, ".")
	if name == "" || len(name) > 255 {
		return "must have 1 to 255 letters"
	}
	labels := strings.Split(name, ".")
	for i, label := range labels {
		if i == 0 && wildcard && strings.HasPrefix(label, "*") {
			label = strings.TrimPrefix(strings.TrimPrefix(label, "*"), "-")
			if label == "" {
				continue
			}
		}
		if !isName(label) {
			return fmt.Sprintf("has the part %q, which is no DNS label", labels[i])
		}
	}
	if last := labels[len(labels)-1]; last != "*" && strings.Trim(last, "0123456789") == "" {
		return "must not end in a number"
	}
	return ""
}

func isAddress(text string) bool {
	_, err := netip.ParseAddr(text)
	return err == nil
}

func isRange(text string) bool {
	_, err := netip.ParsePrefix(text)
	return err == nil
}

func isPort(number uint32) bool { return number >= 1 && number <= 65535 }
