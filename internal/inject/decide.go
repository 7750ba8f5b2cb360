package inject

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// Decision says whether a pod is injected, and the rule that decided.
type Decision struct {
	Inject bool `json:"inject"`
	// Rule names what decided: "label sidecar.istio.io/inject", "policy".
	Rule string `json:"rule"`
	// Reason is the rule in words that follow "because": "its label ... is false".
	Reason string `json:"reason"`
	// Warnings are about settings that were passed over.
	Warnings []string `json:"warnings,omitempty"`
}

// spared are the namespaces in which istiod leaves every pod alone.
func spared() []string {
	return []string{"kube-system", "kube-public", "kube-node-lease", "local-path-storage"}
}

// Decide says what the webhook does with a pod once the API server has sent it there.
func (c Config) Decide(pod *corev1.Pod) Decision {
	if pod.Spec.HostNetwork {
		return Decision{Rule: "host network", Reason: "it uses the network of its node (hostNetwork)"}
	}
	if slices.Contains(spared(), pod.Namespace) {
		return Decision{Rule: "namespace", Reason: "pods in " + pod.Namespace + " are never injected"}
	}
	if !c.knowsPolicy() {
		reason := fmt.Sprintf("the injector's policy is %q, with which istiod injects nothing; it has to be %s or %s", c.Policy, policyEnabled, policyDisabled)
		return Decision{Rule: "policy", Reason: reason}
	}
	said, place := pod.Annotations[injectLabel], "annotation"
	if value, ok := pod.Labels[injectLabel]; ok {
		said, place = value, "label"
	}
	rule := place + " " + injectLabel
	var warnings []string
	switch said {
	case "true", "false":
		return Decision{Inject: said == "true", Rule: rule, Reason: fmt.Sprintf("its %s is %s", rule, said)}
	case "":
	default:
		warnings = append(warnings, fmt.Sprintf("%s is %q, which is neither true nor false, and does not count", rule, said))
	}
	decision := c.bySelectors(pod.Labels)
	if decision.Rule == "" {
		decision.Inject = c.Policy != policyDisabled
		decision.Rule, decision.Reason = "policy", "the injector's policy is enabled"
		if !decision.Inject {
			decision.Reason = "the injector's policy is disabled, and its pod does not ask for it"
		}
	}
	decision.Warnings = append(warnings, decision.Warnings...)
	return decision
}

// knowsPolicy is false for a policy with which istiod injects nothing at all.
func (c Config) knowsPolicy() bool {
	return c.Policy == "" || c.Policy == policyEnabled || c.Policy == policyDisabled
}

func (c Config) bySelectors(set map[string]string) Decision {
	var decision Decision
	for _, list := range []struct {
		name      string
		selectors []metav1.LabelSelector
		inject    bool
	}{
		{"neverInjectSelector", c.NeverInjectSelector, false},
		{"alwaysInjectSelector", c.AlwaysInjectSelector, true},
	} {
		for i := range list.selectors {
			name := fmt.Sprintf("%s[%d]", list.name, i)
			selector, err := metav1.LabelSelectorAsSelector(&list.selectors[i])
			if err != nil {
				decision.Warnings = append(decision.Warnings, fmt.Sprintf("%s does not count: %v", name, err))
				continue
			}
			if !selector.Empty() && selector.Matches(labels.Set(set)) {
				decision.Inject, decision.Rule = list.inject, name
				decision.Reason = fmt.Sprintf("%s (%s) matches its labels", name, selector)
				return decision
			}
		}
	}
	return decision
}
