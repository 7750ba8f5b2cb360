package inject

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// Change is what to do to get the opposite answer.
type Change struct {
	// Of is what gets the label, or has to lose it: namespace or pod.
	Of    string `json:"of"`
	Label string `json:"label"`
	// Value is nil for a label that has to go.
	Value *string `json:"value"`
	// Replaces says that there is such a label with another value.
	Replaces bool `json:"replaces,omitempty"`
}

// Opposite finds the smallest sets of labels that turn the answer about a pod
// around: at most one for its namespace and one for the pod alone, and where
// neither is enough, one for both. It tries each, so what it says holds. There
// are none where labels have no say, as with the network of the node.
func (c Cluster) Opposite(pod *corev1.Pod, namespace Namespace) [][]Change {
	before := c.Explain(pod, namespace).Inject
	try := func(changes []Change) bool {
		changed := pod.DeepCopy()
		changedNamespace := Namespace{Labels: maps.Clone(namespace.Labels), Annotations: namespace.Annotations}
		for _, change := range changes {
			set := &changed.Labels
			if change.Of == ofNamespace {
				set = &changedNamespace.Labels
			}
			if change.Value == nil {
				delete(*set, change.Label)
			} else {
				setKey(set, change.Label, *change.Value)
			}
		}
		return c.Explain(changed, changedNamespace).Inject != before
	}
	first := func(sets [][]Change) []Change {
		if i := slices.IndexFunc(sets, try); i >= 0 {
			return sets[i]
		}
		return nil
	}
	ofSpace := c.candidates(ofNamespace, namespace.Labels, before)
	ofPod := c.candidates(ofPods, pod.Labels, before)
	var found [][]Change
	for _, sets := range [][][]Change{ofSpace, ofPod} {
		if changes := first(sets); changes != nil {
			found = append(found, changes)
		}
	}
	if len(found) > 0 {
		return found
	}
	for _, a := range ofSpace {
		for _, b := range ofPod {
			if both := slices.Concat(a, b); try(both) {
				return [][]Change{both}
			}
		}
	}
	return nil
}

const (
	ofNamespace = "namespace"
	ofPods      = "pod"

	injectionLabel = "istio-injection"
	revisionLabel  = "istio.io/rev"
)

// candidates are the sets of labels worth a try, the usual ones first.
func (c Cluster) candidates(of string, set map[string]string, injected bool) [][]Change {
	with := func(label, value string) Change {
		old, has := set[label]
		return Change{Of: of, Label: label, Value: &value, Replaces: has && old != value}
	}
	without := func(label string) []Change {
		if _, has := set[label]; has {
			return []Change{{Of: of, Label: label}}
		}
		return nil
	}
	if injected {
		if of == ofNamespace {
			return [][]Change{{with(injectionLabel, "disabled")}}
		}
		return [][]Change{{with(injectLabel, "false")}}
	}
	names := c.names()
	var all [][]Change
	if of == ofNamespace {
		all = append(all, []Change{with(injectionLabel, "enabled")})
		for _, name := range names {
			all = append(all, append(without(injectionLabel), with(revisionLabel, name)))
		}
		return all
	}
	all = append(all, without(injectLabel), []Change{with(injectLabel, "true")})
	for _, name := range names {
		all = append(all, []Change{with(revisionLabel, name)}, []Change{with(injectLabel, "true"), with(revisionLabel, name)})
	}
	return slices.DeleteFunc(all, func(changes []Change) bool { return len(changes) == 0 })
}

// names are those by which control planes can be asked for: tags and revisions.
func (c Cluster) names() []string {
	var names []string
	for _, webhook := range c.Webhooks {
		name := webhook.Tag
		if name == "" {
			name = webhook.Revision
		}
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
