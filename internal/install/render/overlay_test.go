package render

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
)

func deployment(t *testing.T) object.Object {
	t.Helper()
	objects, err := object.Decode("deployment.yaml", []byte(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, namespace: istio-system, annotations: {example.com/a: "1"}}
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: discovery
        args: [discovery, "--domain", cluster.local]
        env:
        - {name: REVISION, value: default}
`))
	if err != nil {
		t.Fatal(err)
	}
	return objects[0]
}

func onLine7(...string) profiles.Origin {
	return profiles.Origin{Kind: profiles.FromFile, Name: "mesh.yaml", Line: 7}
}

func overlaid(name, path string, value any) profiles.Component {
	change := map[string]any{"path": path}
	if value != nil {
		change["value"] = value
	}
	return profiles.Component{
		Kind: profiles.Pilot, Title: "Control plane", Path: []string{"components", "pilot"},
		K8s: map[string]any{"overlays": []any{map[string]any{
			"kind": "Deployment", "name": name, "patches": []any{change},
		}}},
	}
}

func TestOverlays(t *testing.T) {
	containers := func(o object.Object) map[string]any {
		return o.Object["spec"].(map[string]any)["template"].(map[string]any)["spec"].(map[string]any)["containers"].([]any)[0].(map[string]any)
	}
	cases := []struct {
		name  string
		path  string
		value any
		get   func(object.Object) any
		want  any
	}{
		{
			"a field", "spec.replicas", int64(3),
			func(o object.Object) any { return o.Object["spec"].(map[string]any)["replicas"] },
			int64(3),
		},
		{
			"an escaped key", `metadata.annotations.example\.com/a`, "2",
			func(o object.Object) any { return o.GetAnnotations()["example.com/a"] },
			"2",
		},
		{
			"an element by name", "spec.template.spec.containers.[name:discovery].env.[name:REVISION].value", "canary",
			func(o object.Object) any { return containers(o)["env"] },
			[]any{map[string]any{"name": "REVISION", "value": "canary"}},
		},
		{
			"an appended element", "spec.template.spec.containers[0].args[-1]", "--log_as_json",
			func(o object.Object) any { return containers(o)["args"] },
			[]any{"discovery", "--domain", "cluster.local", "--log_as_json"},
		},
		{
			"a text found by a regular expression", "spec.template.spec.containers[name:discovery].args.[clu.*]", "mesh.local",
			func(o object.Object) any { return containers(o)["args"] },
			[]any{"discovery", "--domain", "mesh.local"},
		},
		{
			"a removed element", "spec.template.spec.containers[name:discovery].env[name:REVISION]", nil,
			func(o object.Object) any { return containers(o)["env"] },
			[]any{},
		},
		{
			"a tree written as text", "spec.template.spec.securityContext", "runAsUser: 5\nrunAsGroup: 6",
			func(o object.Object) any {
				return o.Object["spec"].(map[string]any)["template"].(map[string]any)["spec"].(map[string]any)["securityContext"]
			},
			map[string]any{"runAsUser": float64(5), "runAsGroup": float64(6)},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			objects := []object.Object{deployment(t)}
			if err := applySettings(overlaid("istiod", c.path, c.value), onLine7, objects); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, c.get(objects[0])); diff != "" {
				t.Errorf("after the overlay (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOverlays_ThatMatchNothingAreErrors(t *testing.T) {
	cases := map[string]struct{ object, path, want string }{
		"object":  {"pilot", "spec.replicas", `no Deployment named "pilot" is rendered here; there are "istiod"`},
		"element": {"istiod", "spec.template.spec.containers.[name:none].image", "no element matches [name:none]; there is only [name:discovery]"},
		"text":    {"istiod", "spec.template.spec.containers[0].args[--none]", "no element matches [--none]; there are [discovery], [--domain], [cluster.local]"},
		"place":   {"istiod", "spec.replicas.[0]", "mesh.yaml:7: spec.components.pilot.k8s.overlays[0].patches[0].path: "},
		"index":   {"istiod", "spec.template.spec.containers[7].image", "index 7 is outside the list of 1"},
		"syntax":  {"istiod", "spec.template.spec.containers[name:discovery", "not a path"},
		"scalar":  {"istiod", "spec.replicas.more", `"more" is looked for in`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			err := applySettings(overlaid(c.object, c.path, "x"), onLine7, []object.Object{deployment(t)})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}

func TestSettings_MergeIntoTheNamedContainer(t *testing.T) {
	component := profiles.Component{Kind: profiles.Pilot, Title: "Control plane", K8s: map[string]any{
		"replicaCount": int64(2),
		"env":          []any{map[string]any{"name": "EXTRA", "value": "yes"}},
		"nodeSelector": map[string]any{"disk": "ssd"},
	}}
	objects := []object.Object{deployment(t)}
	if err := applySettings(component, onLine7, objects); err != nil {
		t.Fatal(err)
	}
	spec := objects[0].Object["spec"].(map[string]any)
	pod := spec["template"].(map[string]any)["spec"].(map[string]any)
	want := map[string]any{
		"nodeSelector": map[string]any{"disk": "ssd"},
		"containers": []any{map[string]any{
			"name": "discovery",
			"args": []any{"discovery", "--domain", "cluster.local"},
			"env":  []any{map[string]any{"name": "EXTRA", "value": "yes"}, map[string]any{"name": "REVISION", "value": "default"}},
		}},
	}
	if diff := cmp.Diff(want, pod); diff != "" {
		t.Errorf("pod spec (-want +got):\n%s", diff)
	}
	if spec["replicas"] != int64(2) {
		t.Errorf("replicas: got %v, want 2", spec["replicas"])
	}
}
