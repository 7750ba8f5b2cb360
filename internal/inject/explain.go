package inject

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// Routing says whether the API server sends a pod to one webhook.
type Routing struct {
	Configuration string `json:"configuration"`
	Webhook       string `json:"webhook"`
	Revision      string `json:"revision"`
	Tag           string `json:"tag,omitempty"`
	Matches       bool   `json:"matches"`
	// Unmet are the requirements of its selectors that do not hold.
	Unmet []Unmet `json:"unmet,omitempty"`
}

// Unmet is a requirement of a webhook's selector that a pod or its namespace does not meet.
type Unmet struct {
	// Of is what the selector looks at: namespace or pod.
	Of string `json:"of"`
	// Requirement is written as kubectl takes it: "istio-injection in (enabled)".
	Requirement string `json:"requirement"`
	// Label is the one it asks about, Value what that is where there is one.
	Label string  `json:"label"`
	Value *string `json:"value,omitempty"`
}

func (u Unmet) String() string {
	has := "none"
	if u.Value != nil {
		has = u.Label + "=" + *u.Value
	}
	return fmt.Sprintf("%s: wants %s, has %s", u.Of, u.Requirement, has)
}

// Step is one rule of the injector, in the order in which they are tried.
type Step struct {
	Rule    string `json:"rule"`
	Finding string `json:"finding"`
	// Decides says that this rule decided. Those after it are not tried.
	Decides bool `json:"decides"`
}

// Explanation is all that led to an answer about one pod.
type Explanation struct {
	Inject bool `json:"inject"`
	// Revision is the control plane that injects, or whose injector decided against it.
	Revision string `json:"revision,omitempty"`
	Rule     string `json:"rule"`
	Reason   string `json:"reason"`

	Webhooks []Routing `json:"webhooks"`
	// Steps are empty where no webhook matches: no injector is asked then.
	Steps    []Step   `json:"steps,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
}

// Cluster is what decides about injection in a cluster.
type Cluster struct {
	Webhooks []Webhook
	// Configs are those of the injectors, by revision; that of the revision
	// without a name is called default.
	Configs map[string]Config
}

// Explain says what happens to a pod that is created in a namespace, and why.
func (c Cluster) Explain(pod *corev1.Pod, namespace Namespace) Explanation {
	answer := Explanation{Webhooks: []Routing{}}
	for _, webhook := range c.Webhooks {
		answer.Webhooks = append(answer.Webhooks, webhook.explain(pod, namespace))
	}
	matching := Route(c.Webhooks, pod, namespace)
	if len(matching) == 0 {
		answer.Rule, answer.Reason = "webhooks", "no webhook matches: "+missing(pod, namespace)
		if len(c.Webhooks) == 0 {
			answer.Reason = "there is no injection webhook"
		}
		return answer
	}
	if len(matching) > 1 {
		names := make([]string, len(matching))
		for i, webhook := range matching {
			names[i] = fmt.Sprintf("%s of %s (revision %s)", webhook.Name, webhook.Configuration, webhook.Revision)
		}
		answer.Warnings = append(answer.Warnings, fmt.Sprintf("%d webhooks match, and each injects: %s", len(matching), strings.Join(names, ", ")))
	}
	first := matching[0]
	answer.Revision = first.Revision
	config, known := c.Configs[first.Revision]
	if !known {
		answer.Warnings = append(answer.Warnings, fmt.Sprintf("revision %s has no configuration of its injector; without one the webhook cannot answer, and pods may be refused", first.Revision))
	}
	decision := config.Decide(pod)
	answer.Inject, answer.Rule, answer.Reason = decision.Inject, decision.Rule, decision.Reason
	answer.Steps = config.steps(pod, decision)
	answer.Warnings = append(answer.Warnings, decision.Warnings...)
	return answer
}

func (w Webhook) explain(pod *corev1.Pod, namespace Namespace) Routing {
	routing := Routing{Configuration: w.Configuration, Webhook: w.Name, Revision: w.Revision, Tag: w.Tag}
	named := labels.Merge(labels.Set(namespace.Labels), labels.Set{corev1.LabelMetadataName: pod.Namespace})
	routing.Unmet = append(unmet(ofNamespace, w.namespace, named), unmet(ofPods, w.pod, pod.Labels)...)
	routing.Matches = len(Route([]Webhook{w}, pod, namespace)) == 1
	return routing
}

func unmet(of string, selector labels.Selector, set labels.Set) []Unmet {
	var found []Unmet
	requirements, _ := selector.Requirements()
	for _, requirement := range requirements {
		if requirement.Matches(set) {
			continue
		}
		failed := Unmet{Of: of, Requirement: requirement.String(), Label: requirement.Key()}
		if value, ok := set[failed.Label]; ok {
			failed.Value = &value
		}
		found = append(found, failed)
	}
	return found
}

// steps tells how far the injector came until a decision.
func (c Config) steps(pod *corev1.Pod, decision Decision) []Step {
	decides := Step{Rule: decision.Rule, Finding: decision.Reason, Decides: true}
	if decision.Rule == "policy" && !c.knowsPolicy() {
		return []Step{decides} // whatever labels and selectors say
	}
	passed := []Step{
		{Rule: "host network", Finding: "it has a network of its own"},
		{Rule: "namespace", Finding: fmt.Sprintf("%s is none of %s", pod.Namespace, strings.Join(spared(), ", "))},
		{Rule: "label " + injectLabel, Finding: said(pod.Labels)},
		{Rule: "annotation " + injectLabel, Finding: said(pod.Annotations)},
		{Rule: "neverInjectSelector", Finding: noneOf(len(c.NeverInjectSelector))},
		{Rule: "alwaysInjectSelector", Finding: noneOf(len(c.AlwaysInjectSelector))},
		{Rule: "policy"},
	}
	if _, labelled := pod.Labels[injectLabel]; labelled {
		passed[3].Finding = "the label hides it"
	}
	last := slices.IndexFunc(passed, func(s Step) bool {
		return decision.Rule == s.Rule || strings.HasPrefix(decision.Rule, s.Rule+"[")
	})
	steps := passed[:last+1]
	steps[last] = decides
	return steps
}

func said(set map[string]string) string {
	if value, ok := set[injectLabel]; ok {
		return fmt.Sprintf("%q is neither true nor false", value)
	}
	return "there is none"
}

func noneOf(n int) string {
	if n == 0 {
		return "there are none"
	}
	return fmt.Sprintf("none of %d matches its labels", n)
}
