package profiles

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

func TestUserSpec_HoldsWhatTheUserSaidAndNothingElse(t *testing.T) {
	assets := os.DirFS("../../manifests")
	mesh, err := Resolve(Config{
		Profile:  "demo",
		Revision: "canary",
		Files: []File{{Name: "mesh.yaml", Data: []byte(`
values:
  pilot:
    traceSampling: 5
    resources: null
meshConfig:
  accessLogFile: ""
`)}},
		Sets: []string{"components.egressGateways[0].enabled=false", "values.pilot.traceSampling=7"},
	}, assets)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"profile":    "demo",
		"revision":   "canary",
		"meshConfig": map[string]any{"accessLogFile": ""},
		"values":     map[string]any{"pilot": map[string]any{"traceSampling": int64(7), "resources": nil}},
		"components": map[string]any{
			"egressGateways": []any{map[string]any{"name": "istio-egressgateway", "enabled": false}},
		},
	}
	got := mesh.UserSpec()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("user spec (-want +got):\n%s", diff)
	}

	text, err := yaml.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Resolve(Config{Files: []File{{Name: "record", Data: text}}}, assets)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(mesh.Spec(), again.Spec()); diff != "" {
		t.Errorf("resolving the user spec gives another mesh (-first +again):\n%s", diff)
	}
}

func asYAML(t *testing.T, spec map[string]any) []byte {
	t.Helper()
	text, err := yaml.Marshal(spec)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
