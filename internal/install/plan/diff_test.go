package plan

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/object"
)

func decode(t *testing.T, text string) object.Object {
	t.Helper()
	objects, err := object.Decode("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return objects[0]
}

func TestDiff(t *testing.T) {
	before := decode(t, `
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, generation: 1, resourceVersion: "7", labels: {app: istiod, istio.io/rev: default}}
spec:
  replicas: 1
  template:
    spec:
      containers:
      - {name: discovery, image: "pilot:1", args: [discovery, --one]}
      - {name: other}
status: {readyReplicas: 1}
`)
	after := decode(t, `
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, generation: 2, resourceVersion: "9", labels: {app: istiod, istio.io/rev: canary}}
spec:
  template:
    spec:
      containers:
      - {name: sidecar}
      - {name: discovery, image: "pilot:2", args: [discovery, --one, --two]}
status: {readyReplicas: 0}
`)
	want := []FieldChange{
		{Path: "metadata.labels[istio.io/rev]", Old: "default", New: "canary"},
		{Path: "spec.replicas", Old: int64(1)},
		{Path: "spec.template.spec.containers[discovery].args[2]", New: "--two"},
		{Path: "spec.template.spec.containers[discovery].image", Old: "pilot:1", New: "pilot:2"},
		{Path: "spec.template.spec.containers[other]", Old: map[string]any{"name": "other"}},
		{Path: "spec.template.spec.containers[sidecar]", New: map[string]any{"name": "sidecar"}},
	}
	if diff := cmp.Diff(want, Diff(before, after)); diff != "" {
		t.Errorf("fields that differ (-want +got):\n%s", diff)
	}
	if changes := Diff(before, before); len(changes) > 0 {
		t.Errorf("an object differs from itself: %v", changes)
	}
}

func TestHandOver_KeepsWhatIstiodFlipped(t *testing.T) {
	const text = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: istio-validator-istio-system}
webhooks:
- {name: flipped, failurePolicy: %s}
- {name: same, failurePolicy: Ignore}
- {name: new, failurePolicy: Ignore}
`
	desired := decode(t, replace(text, "Ignore"))
	live := decode(t, replace(text, "Fail"))
	// The live object does not know the newest webhook yet.
	live.Object["webhooks"] = live.Object["webhooks"].([]any)[:2]

	got := handOver(desired, live)
	want := []any{
		map[string]any{"name": "flipped"},
		map[string]any{"name": "same", "failurePolicy": "Ignore"},
		map[string]any{"name": "new", "failurePolicy": "Ignore"},
	}
	if diff := cmp.Diff(want, got.Object["webhooks"]); diff != "" {
		t.Errorf("webhooks (-want +got):\n%s", diff)
	}
	if policy := failurePolicy(desired, "flipped"); policy != "Ignore" {
		t.Errorf("the desired object itself was changed: failurePolicy %q", policy)
	}
}

func replace(text, policy string) string {
	return strings.Replace(text, "%s", policy, 1)
}
