package images

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/object"
)

func objects(t *testing.T, file string) []object.Object {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	found, err := object.Decode(file, text)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestOf_FindsWorkloadsAndWhatIsInjected(t *testing.T) {
	list, err := Of(objects(t, "testdata/mesh.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	want := List{
		Images: []Image{
			{"busybox:1.28", []string{"injection template grpc-simple"}},
			{"cache.example/base:2", []string{"injection template own"}},
			{"docker.io/prom/prometheus:v3", []string{"StatefulSet istio-system/prometheus"}},
			{"mirror.example/redirect:9", []string{"injection template sidecar"}},
			{"r.example/backup:1", []string{"CronJob istio-system/backup", "Pod istio-system/once"}},
			{"r.example/istio/pilot:1.30.3-debug", []string{"Deployment istio-system/istiod"}},
			{"r.example/istio/proxyv2:1.30.3-distroless", []string{"injection template sidecar", "injection template waypoint"}},
			{"r.example/tool:3", []string{"StatefulSet istio-system/prometheus"}},
		},
		Unknown: []Unknown{{NeededBy: "injection template own", Why: `istiod works out {{ annotation .ObjectMeta "image" "x" }}`}},
	}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Error(diff)
	}
}

func TestOf_AgentgatewayIsSaidToBeUnknownWhenItIsOn(t *testing.T) {
	text, err := os.ReadFile("testdata/mesh.yaml")
	if err != nil {
		t.Fatal(err)
	}
	on := strings.Replace(string(text), "name: PILOT_OTHER", "name: PILOT_ENABLE_AGENTGATEWAY", 1)
	named := strings.Replace(on, `"agentgateway": {}`, `"agentgateway": {"image": "r.example/agw:1"}`, 1)
	for input, want := range map[string][2]bool{string(text): {false, false}, on: {true, false}, named: {false, true}} {
		found, err := object.Decode("mesh.yaml", []byte(input))
		if err != nil {
			t.Fatal(err)
		}
		list, err := Of(found)
		if err != nil {
			t.Fatal(err)
		}
		unknown := slices.ContainsFunc(list.Unknown, func(u Unknown) bool { return u.NeededBy == "injection template agentgateway" })
		if got := [2]bool{unknown, slices.Contains(list.Refs(), "r.example/agw:1")}; got != want {
			t.Errorf("unknown and listed: %v, want %v", got, want)
		}
	}
}

func TestOf_RefusesTemplatesThatAreNotReadable(t *testing.T) {
	found, err := object.Decode("x.yaml", []byte("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio-sidecar-injector-x, namespace: m}\ndata: {config: '{{'}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Of(found); err == nil || !strings.Contains(err.Error(), "ConfigMap m/istio-sidecar-injector-x") {
		t.Errorf("got %v", err)
	}
}

func TestTyped_ReplacesTheTypeATagNames(t *testing.T) {
	for _, test := range [][3]string{
		{"1.30.3", "", "1.30.3"},
		{"1.30.3", "distroless", "1.30.3-distroless"},
		{"1.30.3-debug", "distroless", "1.30.3-distroless"},
		{"1.30.3-distroless", "default", "1.30.3"},
		{"1.30.3-distroless", "", "1.30.3-distroless"},
	} {
		if got := typed(test[0], test[1]); got != test[2] {
			t.Errorf("%s as %q is %s", test[0], test[1], got)
		}
	}
}

func TestTargets_AreFlatAndDistinct(t *testing.T) {
	refs := []string{"registry.istio.io/release/pilot:1.30.3", "busybox:1.28", "docker.io/prom/prometheus@sha256:" + strings.Repeat("a", 64)}
	targets, err := Targets(refs, "localhost:5000/mesh/")
	want := map[string]string{refs[0]: "localhost:5000/mesh/pilot:1.30.3", refs[1]: "localhost:5000/mesh/busybox:1.28", refs[2]: "localhost:5000/mesh/prometheus@sha256:" + strings.Repeat("a", 64)}
	if diff := cmp.Diff(want, targets); err != nil || diff != "" {
		t.Errorf("%v: %s", err, diff)
	}
	if _, err := Targets([]string{"a.example/one:1", "b.example/one:1"}, "r.example"); err == nil || !strings.Contains(err.Error(), "would both be r.example/one:1") {
		t.Errorf("two images of one name: %v", err)
	}
}
