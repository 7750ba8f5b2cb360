package inject_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/runtime"
	gateway "sigs.k8s.io/gateway-api/apis/v1"
	"sigs.k8s.io/yaml"

	"github.com/meshctl/meshctl/internal/inject"
	"github.com/meshctl/meshctl/internal/install/render"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/manifests"
)

// TestGatewayAPI_LikeIstiod compares with the workloads that a real istiod made
// of Gateways, all fields of all objects.
func TestGatewayAPI_LikeIstiod(t *testing.T) {
	eachMade(t, func(t *testing.T, want, got object.Object) {
		t.Helper()
		filled := typed(t, got)
		setDefaults(filled)
		if diff := cmp.Diff(tree(t, typed(t, want)), tree(t, filled)); diff != "" {
			t.Errorf("%s: istiod's is another (-istiod +meshctl):\n%s", want.Ref(), diff)
		}
	})
}

// eachMade has a subtest for each Gateway of the fixtures, which calls compare
// with each object that istiod made and the same of ours.
func eachMade(t *testing.T, compare func(t *testing.T, want, got object.Object)) {
	t.Helper()
	fixtures := os.Getenv("MESHCTL_CONFORMANCE")
	if fixtures == "" {
		t.Skip("MESHCTL_CONFORMANCE names no folder of fixtures")
	}
	gateways, err := object.Split("gateways.yaml", bytes.NewReader(read(t, fixtures, "gateway-api", "gateways.yaml")))
	check(t, err)
	if len(gateways) == 0 {
		t.Error("there are no Gateways")
	}
	for _, document := range gateways {
		g := readGateway(t, document.Text)
		t.Run(g.Name, func(t *testing.T) {
			// Only an ambient mesh has waypoints.
			config := profiles.Config{Profile: "default", Sets: []string{"hub=registry.istio.io/release", "tag=1.30.3"}}
			if g.Spec.GatewayClassName == "istio-waypoint" {
				config.Profile = "ambient"
			}
			got := workloads(t, installed(t, config), g)
			// istiod applies these where settings for a class or a Gateway ask for them, and none did.
			got = slices.DeleteFunc(got, func(o object.Object) bool {
				return o.GetKind() == "HorizontalPodAutoscaler" || o.GetKind() == "PodDisruptionBudget"
			})
			list, err := object.Decode(g.Name, read(t, fixtures, "gateway-api", g.Name+".made.yaml"))
			check(t, err)
			made := flattened(list)
			if len(made) != len(got) {
				t.Errorf("istiod made %d objects, we make %d", len(made), len(got))
			}
			for _, want := range made {
				same := slices.IndexFunc(got, func(o object.Object) bool { return o.Ref() == want.Ref() })
				if same < 0 {
					t.Errorf("%s is missing", want.Ref())
					continue
				}
				compare(t, want, got[same])
			}
		})
	}
}

// TestGatewayAPI_Golden shows what a change of a template, or of the values that
// the default profile gives to it, means for the workloads.
func TestGatewayAPI_Golden(t *testing.T) {
	injector := installed(t, standardMesh())
	for _, name := range goldenGateways() {
		t.Run(name, func(t *testing.T) {
			var text bytes.Buffer
			for _, o := range workloads(t, injector, readGateway(t, read(t, "testdata", "gatewayapi", name+".yaml"))) {
				typed(t, o)
				document, err := yaml.Marshal(o.Object)
				check(t, err)
				text.WriteString("---\n")
				text.Write(document)
			}
			golden(t, filepath.Join("testdata", "gatewayapi", name+".golden"), text.Bytes())
		})
	}
}

func goldenGateways() []string {
	return []string{"kube-gateway", "waypoint", "east-west", "agentgateway"}
}

// standardMesh is the default profile with images that no release of Istio changes.
func standardMesh(sets ...string) profiles.Config {
	return profiles.Config{Profile: "default", Sets: append([]string{"hub=example.com/mesh", "tag=1.2.3"}, sets...)}
}

// installed is configured as an istiod of ours is: by the ConfigMaps that its chart makes.
func installed(t *testing.T, config profiles.Config) *inject.Injector {
	t.Helper()
	mesh, err := profiles.Resolve(config, manifests.FS())
	check(t, err)
	manifest, err := render.Render(mesh, manifests.FS())
	check(t, err)
	text := func(name, key string) []byte {
		for _, o := range manifest.Objects() {
			if o.GetKind() == "ConfigMap" && o.GetName() == name {
				return []byte(o.Object["data"].(map[string]any)[key].(string))
			}
		}
		t.Fatalf("nothing renders a ConfigMap %s", name)
		return nil
	}
	settings := inject.Settings{Revision: mesh.Revision}
	suffix := ""
	if mesh.Revision != "" {
		suffix = "-" + mesh.Revision
	}
	settings.Config, err = inject.ReadConfig(text("istio-sidecar-injector"+suffix, "config"))
	check(t, err)
	settings.Values, err = inject.ReadValues(text("istio-sidecar-injector"+suffix, "values"))
	check(t, err)
	settings.Mesh, err = inject.ReadMesh(text("istio"+suffix, "mesh"))
	check(t, err)
	injector, err := inject.New(settings)
	check(t, err)
	return injector
}

func readGateway(t *testing.T, text []byte) *gateway.Gateway {
	t.Helper()
	g := &gateway.Gateway{}
	check(t, yaml.UnmarshalStrict(text, g))
	return g
}

// workloads are the objects that the template of its class makes of a Gateway.
func workloads(t *testing.T, injector *inject.Injector, g *gateway.Gateway) []object.Object {
	t.Helper()
	text, err := injector.Gateway(g)
	check(t, err)
	objects, err := object.Decode(g.Name, text)
	check(t, err)
	return objects
}

// typed reads an object into its type, which must know every field, spelled as
// an API server wants it: reading JSON would let another case pass.
func typed(t *testing.T, o object.Object) any {
	t.Helper()
	into, ok := map[string]any{
		"apps/v1 Deployment":                     &appsv1.Deployment{},
		"v1 Service":                             &corev1.Service{},
		"v1 ServiceAccount":                      &corev1.ServiceAccount{},
		"autoscaling/v2 HorizontalPodAutoscaler": &autoscalingv2.HorizontalPodAutoscaler{},
		"policy/v1 PodDisruptionBudget":          &policyv1.PodDisruptionBudget{},
	}[o.GetAPIVersion()+" "+o.GetKind()]
	if !ok {
		t.Fatalf("%s is no workload", o.Ref())
	}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(o.Object, into, true); err != nil {
		t.Fatalf("%s: %v", o.Ref(), err)
	}
	return into
}

// TestGatewayAPI_Settings has settings, with what they do to the workloads.
func TestGatewayAPI_Settings(t *testing.T) {
	for _, test := range gatewaySettings() {
		t.Run(test.name, func(t *testing.T) {
			injector := installed(t, standardMesh(test.sets...))
			injector.Compliance = test.compliance
			for _, name := range test.gateways {
				g := readGateway(t, read(t, "testdata", "gatewayapi", name+".yaml"))
				if test.change != nil {
					test.change(g)
				}
				var text strings.Builder
				for _, o := range workloads(t, injector, g) {
					document, err := yaml.Marshal(typed(t, o))
					check(t, err)
					text.Write(document)
				}
				for _, want := range test.want {
					if !strings.Contains(text.String(), want) {
						t.Errorf("%s lacks %q:\n%s", name, want, text.String())
					}
				}
				for _, not := range test.not {
					if strings.Contains(text.String(), not) {
						t.Errorf("%s has %q:\n%s", name, not, text.String())
					}
				}
			}
		})
	}
}
