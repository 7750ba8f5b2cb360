package analyze

import (
	"iter"
	"slices"

	networking "istio.io/api/networking/v1alpha3"
)

// Rule is a DestinationRule with its host qualified and its visibility known.
type Rule struct {
	Of[networking.DestinationRule]
	Host       string
	Visibility Visibility
}

// Subset finds a subset by name.
func (r *Rule) Subset(name string) (*networking.Subset, bool) {
	for _, subset := range r.Spec.Subsets {
		if subset.GetName() == name {
			return subset, true
		}
	}
	return nil, false
}

// RulesFor are the DestinationRules that hold when clients of a namespace send
// to a host, in the order in which istiod merges them. It looks in the namespace
// of the client, then that of the service, then the root namespace, and takes
// the most specific host of the first that has any. Rules with a workload
// selector are left out: they hold for some clients only.
func (m *Mesh) RulesFor(client, fqdn string) []*Rule {
	spaces := m.indexes.rules().spaces
	for namespace := range m.ruleNamespaces(client, fqdn) {
		rules := spaces[namespace]
		if rules == nil {
			continue
		}
		covering := rules.Covering(fqdn)
		first := slices.IndexFunc(covering, func(rule *Rule) bool { return rule.holdsIn(client) })
		if first < 0 {
			continue
		}
		var found []*Rule
		for _, rule := range covering[first:] {
			if rule.Host == covering[first].Host && rule.holdsIn(client) {
				found = append(found, rule)
			}
		}
		return found
	}
	return nil
}

// holdsIn says whether a rule may hold for all clients of a namespace.
func (r *Rule) holdsIn(client string) bool {
	// Only the rule's own word keeps it from its namespace, not that of the mesh.
	visible := r.Visibility.Sees(client) || r.Namespace == client && len(r.Spec.ExportTo) == 0
	return visible && r.Spec.GetWorkloadSelector() == nil
}

// AllRules are the DestinationRules of all namespaces whose host includes this
// name, whether or not any client gets to see them.
func (m *Mesh) AllRules(fqdn string) []*Rule { return m.indexes.rules().all.Covering(fqdn) }

func (m *Mesh) ruleNamespaces(client, fqdn string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if client != m.RootNamespace() && !yield(client) {
			return
		}
		if namespace, _, ok := m.ServiceOf(fqdn); ok && !yield(namespace) {
			return
		}
		for _, host := range m.AllHosts().Covering(fqdn) {
			if host.Visibility.Sees(client) {
				if !yield(host.Namespace) {
					return
				}
				break
			}
		}
		yield(m.RootNamespace())
	}
}

// rules are all DestinationRules by host, and those of each namespace.
type rules struct {
	all    HostMap[*Rule]
	spaces map[string]*HostMap[*Rule]
}

func newRules(m *Mesh) *rules {
	index := &rules{spaces: map[string]*HostMap[*Rule]{}}
	sorted := slices.Collect(m.DestinationRules().All())
	slices.SortStableFunc(sorted, func(a, b Of[networking.DestinationRule]) int { return byAge(a.Resource, b.Resource) })
	for _, rule := range sorted {
		if index.spaces[rule.Namespace] == nil {
			index.spaces[rule.Namespace] = &HostMap[*Rule]{}
		}
		found := &Rule{
			Of: rule, Host: m.FQDN(rule.Spec.Host, rule.Namespace),
			Visibility: NewVisibility(rule.Namespace, rule.Spec.ExportTo, m.Config().Spec.GetDefaultDestinationRuleExportTo()),
		}
		index.spaces[rule.Namespace].Add(found.Host, found)
		index.all.Add(found.Host, found)
	}
	return index
}
