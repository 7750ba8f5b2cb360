package inject_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/meshctl/meshctl/internal/inject"
	"github.com/meshctl/meshctl/internal/object"
)

// TestExplain has explanations agree with the engine, each webhook give the
// reasons that keep a pod from it, and the ways to the opposite lead there.
func TestExplain(t *testing.T) {
	objects, err := object.Decode("webhooks.yaml", []byte(twoRevisions))
	check(t, err)
	webhooks, err := inject.ReadWebhooks(objects)
	check(t, err)
	never := inject.Config{NeverInjectSelector: []metav1.LabelSelector{{MatchLabels: map[string]string{"app": "never"}}}}
	cluster := inject.Cluster{Webhooks: webhooks, Configs: map[string]inject.Config{"default": never, "canary": {Policy: "disabled"}}}
	const on, rev, yes = "istio-injection", "istio.io/rev", "sidecar.istio.io/inject"
	for _, test := range []struct {
		name           string
		namespace, pod map[string]string
		host           bool
		want           string
		rule           string
		ways           int
	}{
		{name: "nothing said", rule: "webhooks", ways: 2},
		{name: "enabled", namespace: map[string]string{on: "enabled"}, want: "default", rule: "policy", ways: 2},
		{name: "disabled", namespace: map[string]string{on: "disabled"}, rule: "webhooks", ways: 1},
		{name: "never", namespace: map[string]string{on: "enabled"}, pod: map[string]string{"app": "never"}, rule: "neverInjectSelector[0]", ways: 1},
		{name: "canary", namespace: map[string]string{rev: "canary"}, rule: "policy", ways: 2},
		{name: "refused in a namespace without labels", pod: map[string]string{yes: "false"}, rule: "webhooks", ways: 1},
		{name: "host network", namespace: map[string]string{on: "enabled"}, host: true, rule: "host network"},
	} {
		t.Run(test.name, func(t *testing.T) {
			pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Labels: test.pod}}
			pod.Spec.HostNetwork = test.host
			got := cluster.Explain(pod, inject.Namespace{Labels: test.namespace})
			if got.Inject != (test.want != "") || got.Inject && got.Revision != test.want || got.Rule != test.rule {
				t.Errorf("inject %t by %q of %q, want %q of %q", got.Inject, got.Rule, got.Revision, test.rule, test.want)
			}
			for _, webhook := range got.Webhooks {
				if webhook.Matches != (len(webhook.Unmet) == 0) {
					t.Errorf("%s of %s matches: %t, unmet: %v", webhook.Webhook, webhook.Configuration, webhook.Matches, webhook.Unmet)
				}
			}
			for i, step := range got.Steps {
				if last := i == len(got.Steps)-1; step.Decides != last || step.Finding == "" || last && step.Rule != test.rule {
					t.Errorf("step %d of %d: %+v", i, len(got.Steps), step)
				}
			}
			if ways := cluster.Opposite(pod, inject.Namespace{Labels: test.namespace}); len(ways) != test.ways {
				t.Errorf("%d ways to the opposite, want %d: %+v", len(ways), test.ways, ways)
			}
		})
	}
}
