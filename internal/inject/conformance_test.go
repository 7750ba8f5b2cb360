package inject_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"github.com/meshctl/meshctl/internal/inject"
)

// TestPod_LikeIstiod compares with what the webhook of a real istiod answered,
// field by field.
func TestPod_LikeIstiod(t *testing.T) {
	fixtures := os.Getenv("MESHCTL_CONFORMANCE")
	if fixtures == "" {
		t.Skip("MESHCTL_CONFORMANCE names no folder of fixtures")
	}
	for folder, native := range map[string]bool{"inject": false, "inject-native": true} {
		injector := fixtureInjector(t, fixtures, native)
		answers, err := filepath.Glob(filepath.Join(fixtures, folder, "*.injected.yaml"))
		check(t, err)
		if len(answers) == 0 {
			t.Errorf("%s has no answers", folder)
		}
		for _, answer := range answers {
			name := strings.TrimSuffix(filepath.Base(answer), ".injected.yaml")
			t.Run(folder+"/"+name, func(t *testing.T) {
				pod := readPod(t, read(t, fixtures, "inject", name+".pod.yaml"))
				want := readPod(t, read(t, answer))
				got := pod
				if injector.Config.Decide(pod).Inject {
					got, err = injector.Pod(pod)
					check(t, err)
				}
				if diff := cmp.Diff(tree(t, want), tree(t, got)); diff != "" {
					t.Errorf("istiod's answer is another (-istiod +meshctl):\n%s", diff)
				}
			})
		}
	}
}

// fixtureInjector is configured as the istiod was that made the fixtures, with our templates.
func fixtureInjector(t testing.TB, fixtures string, native bool) *inject.Injector {
	t.Helper()
	values, err := inject.ReadValues(read(t, fixtures, "inject", "values.json"))
	check(t, err)
	mesh, err := inject.ReadMesh(read(t, fixtures, "inject", "mesh.yaml"))
	check(t, err)
	injector, err := inject.New(inject.Settings{
		Config: inject.Config{Policy: "enabled", Templates: ourTemplates(t)},
		Values: values, Mesh: mesh, Native: native,
	})
	check(t, err)
	return injector
}

func ourTemplates(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../../manifests/charts/istiod/files/injection/*.yaml")
	check(t, err)
	templates := map[string]string{}
	for _, file := range files {
		templates[strings.TrimSuffix(filepath.Base(file), ".yaml")] = string(read(t, file))
	}
	return templates
}

func readPod(t testing.TB, text []byte) *corev1.Pod {
	t.Helper()
	pod := &corev1.Pod{}
	check(t, yaml.UnmarshalStrict(text, pod))
	return pod
}

func tree(t testing.TB, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	check(t, err)
	var fields any
	check(t, json.Unmarshal(text, &fields))
	return fields
}

func read(t testing.TB, path ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	check(t, err)
	return text
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
