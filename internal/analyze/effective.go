package analyze

import (
	"slices"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/object"
)

// Effective is what clients have of the DestinationRules for a host: istiod
// merges those of one namespace into one.
type Effective struct {
	// Rules are the merged ones, oldest first; there may be none.
	Rules []*Rule
}

// Effective merges the DestinationRules that hold when clients of a namespace
// send to a host.
func (m *Mesh) Effective(client, fqdn string) Effective { return Effective{m.RulesFor(client, fqdn)} }

// Policy is the rule whose traffic policy counts, that of the oldest which has
// one; nil if none has.
func (e Effective) Policy() *Rule {
	for _, rule := range e.Rules {
		if rule.Spec.GetTrafficPolicy() != nil {
			return rule
		}
	}
	return nil
}

// Subset finds the rule that defines a subset, and its number there: in the
// oldest one that has it.
func (e Effective) Subset(name string) (rule *Rule, number int) {
	for _, rule := range e.Rules {
		for i, subset := range rule.Spec.GetSubsets() {
			if subset.GetName() == name {
				return rule, i
			}
		}
	}
	return nil, NoSubset
}

// NoSubset stands for a host as a whole where a subset is given by its number.
const NoSubset = -1

// PolicySettings are what a traffic policy has at its top and for each port.
type PolicySettings interface {
	GetConnectionPool() *networking.ConnectionPoolSettings
	GetLoadBalancer() *networking.LoadBalancerSettings
	GetOutlierDetection() *networking.OutlierDetection
	GetTls() *networking.ClientTLSSettings
}

// TLS is how clients connect to a port of a host, or of a subset of it, by this
// rule, and where it says so. It is nil where the rule leaves that to the mesh.
func (r *Rule) TLS(subset int, port uint32) (*networking.ClientTLSSettings, object.Path) {
	return setting(r, subset, port, "tls", PolicySettings.GetTls)
}

// OutlierDetection is when clients leave out endpoints of a port of a host, or
// of a subset of it, and where the rule says so. It is nil where they never do.
func (r *Rule) OutlierDetection(subset int, port uint32) (*networking.OutlierDetection, object.Path) {
	return setting(r, subset, port, "outlierDetection", PolicySettings.GetOutlierDetection)
}

// setting finds what holds for a port. Settings of a port take the place of all
// others at the same level, so what they leave out falls back to the default;
// a subset takes from its host what it does not set.
func setting[T any](r *Rule, subset int, port uint32, name string, get func(PolicySettings) *T) (value *T, at object.Path) {
	level := func(policy *networking.TrafficPolicy, field object.Path) {
		if own := get(policy); own != nil {
			value, at = own, field.With(name)
		}
		if i := PortSettings(policy, port); i >= 0 {
			value, at = get(policy.PortLevelSettings[i]), field.With("portLevelSettings", i, name)
		}
	}
	level(r.Spec.GetTrafficPolicy(), object.Field("spec.trafficPolicy"))
	if subset != NoSubset {
		level(r.Spec.GetSubsets()[subset].GetTrafficPolicy(), object.Field("spec.subsets", subset, "trafficPolicy"))
	}
	return value, at
}

// PortSettings is the number of the settings that a policy has for a port, -1
// if it has none.
func PortSettings(policy *networking.TrafficPolicy, port uint32) int {
	for i, settings := range policy.GetPortLevelSettings() {
		if settings.GetPort() != nil && settings.GetPort().GetNumber() == port {
			return i
		}
	}
	return -1
}

// RuleOf is a DestinationRule as an index has it.
func (m *Mesh) RuleOf(of Of[networking.DestinationRule]) *Rule {
	for _, rule := range m.indexes.rules().all.Exact(m.FQDN(of.Spec.GetHost(), of.Namespace)) {
		if rule.Resource == of.Resource {
			return rule
		}
	}
	return nil
}

// HostsOf are the hosts that a rule is about: that of its name, or all that its
// wildcard includes.
func (m *Mesh) HostsOf(rule *Rule) []*Host {
	return append(slices.Clone(m.AllHosts().Exact(rule.Host)), m.AllHosts().Within(rule.Host)...)
}

// Governs says whether clients of a namespace, one of them at least, have their
// traffic policy for a host from this rule, or, if it is given by its number, a
// subset.
func (m *Mesh) Governs(rule *Rule, subset int, client string, host *Host) bool {
	if !m.ScopeIn(client).SeesHost(host) {
		return false
	}
	if selector := rule.Spec.GetWorkloadSelector(); selector != nil {
		return client == rule.Namespace && slices.ContainsFunc(m.Select(client, selector.GetMatchLabels()), m.MayHaveProxy)
	}
	effective := m.Effective(client, host.Name)
	if subset != NoSubset {
		by, number := effective.Subset(rule.Spec.GetSubsets()[subset].GetName())
		return by == rule && number == subset
	}
	return effective.Policy() == rule
}

// GovernedClient finds a namespace in which a rule governs a host, or a subset
// of it: the one given, if it does, else one that is likely to be. ok is false
// if there is hardly any.
func (m *Mesh) GovernedClient(rule *Rule, subset int, host *Host, likely string) (client string, ok bool) {
	spaces := m.ProxyNamespaces()
	const some = 16 // where a rule is hidden from all of these, it is so from all
	for _, client := range append([]string{rule.Namespace, likely, host.Namespace}, spaces[:min(some, len(spaces))]...) {
		if _, found := slices.BinarySearch(spaces, client); found && m.Governs(rule, subset, client, host) {
			return client, true
		}
	}
	return "", false
}
