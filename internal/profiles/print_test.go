package profiles

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestYAML_Origins(t *testing.T) {
	mesh := resolve(t, Config{
		Profile: "demo",
		Sets:    []string{"values.pilot.traceSampling=50"},
		Files:   []File{file("hub: example.com/mine\nvalues:\n  pilot:\n    podAnnotations: {note: \"two\\nlines\"}\n")},
	})
	text, err := mesh.YAML(true)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n",
		"  hub: example.com/mine                                  # mesh.yaml:1\n",
		"  profile: demo                                          # --profile\n",
		"  tag: 1.30.3                                            # profile default\n",
		"    - enabled: true                                      # profile demo\n      name: istio-egressgateway                          # profile demo\n",
		"      hub: example.com/mine                              # derived from spec.hub\n",
		"            cpu: 100m                                    # chart istiod\n",
		"      accessLogFile: /dev/stdout                         # values profile demo\n",
		"        note: |-                                         # mesh.yaml:4\n          two\n          lines\n",
		"      traceSampling: 50                                  # --set\n",
		"      imagePullSecrets: []                               # chart istiod\n",
		"    revision: \"\"                                         # chart istiod\n",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("missing %q in\n%s", want, text)
		}
	}
	plain, err := mesh.YAML(false)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(plain), "#") {
		t.Errorf("comments though none were asked for:\n%s", plain)
	}
}

func TestYAML_ReadsBackAsTheSame(t *testing.T) {
	for _, summary := range []string{"default", "demo", "empty", "ocne"} {
		first, err := Resolve(Config{Profile: summary}, manifests())
		if err != nil {
			t.Fatal(err)
		}
		text, err := first.YAML(true)
		if err != nil {
			t.Fatal(err)
		}
		second, err := Resolve(Config{Files: []File{{Name: "printed.yaml", Data: text}}}, manifests())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first.Spec(), second.Spec()); diff != "" {
			t.Errorf("profile %s:\n%s", summary, diff)
		}
	}
}

func TestYAML_Scalars(t *testing.T) {
	for _, value := range []string{
		"", "plain", "true", "yes", "null", "~", "1", "1.5", "1.30", "1.30.3", "0x1", "1e3", "100m", "a: b", "a:b", "a #b", "#", "- a", "-", "*", "&a",
		"two\nlines", "ends\n", "ends\n\n", " leads\nb", "tab\tin", "\ttab\nx", "trailing \nblank", "é", "a\u0085b", "\x7f", "a\rb", "'", `"`, `\`, "{", "[", "%", "@", "`",
		"2020-01-01", "12:30:45", "line\n\nblank", "=", "<<", "a,b", "https://example.com:80/x?y=z#f",
	} {
		tree := newMapping(Origin{}).with(newScalar(value, Origin{}), "value").with(newScalar(value, Origin{}), value+"key")
		tree = tree.with(&node{kind: list, items: []*node{newScalar(value, Origin{}), {kind: list, items: []*node{newScalar(value, Origin{})}}}}, "list")
		mesh := &Mesh{spec: tree}
		text, err := mesh.YAML(false)
		if err != nil {
			t.Fatal(err)
		}
		read, err := decodeOne(text, Origin{})
		if err != nil {
			t.Errorf("%q: %v\n%s", value, err, text)
			continue
		}
		if diff := cmp.Diff(tree.tree(), read.at("spec").tree()); diff != "" {
			t.Errorf("%q: %s\n%s", value, diff, text)
		}
	}
}

func TestNear(t *testing.T) {
	known := []string{"proxy", "profile", "pilot", "enabled", "autoscaleEnabled", "accessLogFile"}
	for name, want := range map[string]string{
		"proxie":          "proxy profile",
		"pliot":           "pilot",
		"PILOT":           "pilot",
		"enable":          "enabled",
		"acess":           "",
		"accessLog":       "accessLogFile",
		"nothing":         "",
		"":                "",
		"autoscalEnabled": "autoscaleEnabled",
	} {
		if got := strings.Join(Near(name, known), " "); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestList(t *testing.T) {
	got, err := List(assets())
	if err != nil {
		t.Fatal(err)
	}
	want := []Summary{
		{"default", "The usual mesh", []ComponentKind{Base, Pilot, IngressGateways}},
		{"demo", "Shows what a mesh can do", []ComponentKind{Base, Pilot, IngressGateways, EgressGateways}},
		{"empty", "Nothing at all", nil},
		{"monitored", "", []ComponentKind{Base, Pilot, IngressGateways, Prometheus, Grafana}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
