package inject_test

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/meshctl/meshctl/internal/inject"
	"github.com/meshctl/meshctl/internal/object"
)

func TestDecide(t *testing.T) {
	byApp := []metav1.LabelSelector{{}, {MatchLabels: map[string]string{"app": "x"}}}
	invalid := []metav1.LabelSelector{{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "a", Operator: "Nonsense"}}}}
	const key = "sidecar.istio.io/inject"
	set := func(value string) map[string]string { return map[string]string{key: value} }
	for _, test := range []struct {
		name                string
		config              inject.Config
		namespace           string
		labels, annotations map[string]string
		host                bool
		want                bool
		rule                string
		warnings            int
	}{
		{name: "enabled", want: true, rule: "policy"},
		{name: "disabled", config: inject.Config{Policy: "disabled"}, rule: "policy"},
		{name: "a policy that is none", config: inject.Config{Policy: "off"}, labels: set("true"), rule: "policy"},
		{name: "host network", host: true, labels: set("true"), rule: "host network"},
		{name: "kube-system", namespace: "kube-system", labels: set("true"), rule: "namespace"},
		{name: "local-path-storage", namespace: "local-path-storage", rule: "namespace"},
		{name: "label beats policy", config: inject.Config{Policy: "disabled"}, labels: set("true"), want: true, rule: "label " + key},
		{name: "label beats annotation", labels: set("false"), annotations: set("true"), rule: "label " + key},
		{name: "annotation", annotations: set("false"), rule: "annotation " + key},
		{name: "empty label hides the annotation", labels: set(""), annotations: set("false"), want: true, rule: "policy"},
		{name: "nonsense", labels: set("yes"), want: true, rule: "policy", warnings: 1},
		{name: "never", config: inject.Config{NeverInjectSelector: byApp}, labels: map[string]string{"app": "x"}, rule: "neverInjectSelector[1]"},
		{name: "never, other pod", config: inject.Config{NeverInjectSelector: byApp}, labels: map[string]string{"app": "y"}, want: true, rule: "policy"},
		{name: "true beats never", config: inject.Config{NeverInjectSelector: byApp}, labels: map[string]string{"app": "x", key: "true"}, want: true, rule: "label " + key},
		{name: "always", config: inject.Config{Policy: "disabled", AlwaysInjectSelector: byApp}, labels: map[string]string{"app": "x"}, want: true, rule: "alwaysInjectSelector[1]"},
		{name: "false beats always", config: inject.Config{AlwaysInjectSelector: byApp}, labels: map[string]string{"app": "x", key: "false"}, rule: "label " + key},
		{name: "never beats always", config: inject.Config{AlwaysInjectSelector: byApp, NeverInjectSelector: byApp}, labels: map[string]string{"app": "x"}, rule: "neverInjectSelector[1]"},
		{name: "invalid selector", config: inject.Config{NeverInjectSelector: invalid}, want: true, rule: "policy", warnings: 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: test.namespace, Labels: test.labels, Annotations: test.annotations}}
			pod.Spec.HostNetwork = test.host
			got := test.config.Decide(pod)
			if got.Inject != test.want || got.Rule != test.rule || got.Reason == "" || len(got.Warnings) != test.warnings {
				t.Errorf("got %+v, want inject %t by %q with %d warnings", got, test.want, test.rule, test.warnings)
			}
		})
	}
}

const twoRevisions = `
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: istio-sidecar-injector, labels: {istio.io/rev: default}}
webhooks:
- name: rev.namespace.sidecar-injector.istio.io
  namespaceSelector: {matchExpressions: [{key: istio.io/rev, operator: In, values: [default]}, {key: istio-injection, operator: DoesNotExist}]}
  objectSelector: {matchExpressions: [{key: sidecar.istio.io/inject, operator: NotIn, values: ["false"]}]}
- name: rev.object.sidecar-injector.istio.io
  namespaceSelector: {matchExpressions: [{key: istio.io/rev, operator: DoesNotExist}, {key: istio-injection, operator: DoesNotExist}]}
  objectSelector: {matchExpressions: [{key: sidecar.istio.io/inject, operator: NotIn, values: ["false"]}, {key: istio.io/rev, operator: In, values: [default]}]}
- name: namespace.sidecar-injector.istio.io
  namespaceSelector: {matchExpressions: [{key: istio-injection, operator: In, values: [enabled]}]}
  objectSelector: {matchExpressions: [{key: sidecar.istio.io/inject, operator: NotIn, values: ["false"]}]}
- name: object.sidecar-injector.istio.io
  namespaceSelector: {matchExpressions: [{key: istio.io/rev, operator: DoesNotExist}, {key: istio-injection, operator: DoesNotExist}]}
  objectSelector: {matchExpressions: [{key: sidecar.istio.io/inject, operator: In, values: ["true"]}, {key: istio.io/rev, operator: DoesNotExist}]}
- name: something.else.example.com
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: istio-sidecar-injector-canary, labels: {istio.io/rev: canary}}
webhooks:
- name: rev.namespace.sidecar-injector.istio.io
  namespaceSelector: {matchExpressions: [{key: istio.io/rev, operator: In, values: [canary]}, {key: istio-injection, operator: DoesNotExist}]}
  objectSelector: {matchExpressions: [{key: sidecar.istio.io/inject, operator: NotIn, values: ["false"]}]}
- name: rev.object.sidecar-injector.istio.io
  namespaceSelector: {matchExpressions: [{key: istio.io/rev, operator: DoesNotExist}, {key: istio-injection, operator: DoesNotExist}]}
  objectSelector: {matchExpressions: [{key: sidecar.istio.io/inject, operator: NotIn, values: ["false"]}, {key: istio.io/rev, operator: In, values: [canary]}]}
`

// TestAdmission is the table of what a cluster with two revisions does.
func TestAdmission(t *testing.T) {
	objects, err := object.Decode("webhooks.yaml", []byte(twoRevisions))
	check(t, err)
	webhooks, err := inject.ReadWebhooks(objects)
	check(t, err)
	if len(webhooks) != 6 {
		t.Fatalf("%d webhooks, want 6", len(webhooks))
	}
	label := func(pairs ...string) map[string]string {
		set := map[string]string{}
		for _, pair := range pairs {
			key, value, _ := strings.Cut(pair, "=")
			set[key] = value
		}
		return set
	}
	const none, rev, on, yes = "", "istio.io/rev=canary", "istio-injection=enabled", "sidecar.istio.io/inject=true"
	for _, test := range []struct {
		namespace, pod map[string]string
		want           string
	}{
		{label(), label(), none},
		{label(), label(rev), "canary"},
		{label(), label(yes), "default"},
		{label(), label(yes, rev), "canary"},
		{label(rev), label(), "canary"},
		{label(rev), label("istio.io/rev=default"), "canary"},
		{label(on), label(), "default"},
		{label(on), label(rev), "default"},
		{label(on, rev), label(), "default"},
		{label("istio-injection=disabled"), label(yes), none},
		{label(on), label("sidecar.istio.io/inject=false"), none},
		{label(), label("istio.io/rev=unknown"), none},
	} {
		pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Labels: test.pod}}
		namespaces := map[string]inject.Namespace{"shop": {Labels: test.namespace}}
		if matching := inject.Route(webhooks, pod, namespaces["shop"]); len(matching) > 1 {
			t.Errorf("namespace %v, pod %v: %d webhooks match", test.namespace, test.pod, len(matching))
		}
		for _, revision := range []string{"default", "canary"} {
			got := inject.Admission(webhooks, namespaces, revision)(pod)
			if got.Inject != (test.want == revision) || got.Reason == "" {
				t.Errorf("namespace %v, pod %v, revision %s: %+v, want %q", test.namespace, test.pod, revision, got, test.want)
			}
		}
	}
}
