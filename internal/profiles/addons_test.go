package profiles

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAddOns_KnowOfOneAnother(t *testing.T) {
	mesh := resolve(t, Config{Profile: "monitored", Sets: []string{
		"components.loki.enabled=true", "components.loki.namespace=logs", "components.jaeger.enabled=false", "components.prometheus.mode=operator",
	}})
	want := map[string]any{
		"prometheus": map[string]any{"namespace": "istio-system", "mode": "operator"},
		"grafana":    map[string]any{"namespace": "istio-system"},
		"loki":       map[string]any{"namespace": "logs"},
	}
	for _, component := range mesh.Components {
		got := component.Values[addOnsKey]
		if component.Kind.AddOn() {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", component.Title, diff)
			}
		} else if got != nil {
			t.Errorf("%s hears of add-ons: %v", component.Title, got)
		}
	}
}

func TestAddOns_AreComponentsBesideTheMesh(t *testing.T) {
	var keys []string
	for _, addOn := range AddOns() {
		keys = append(keys, addOn.Key)
	}
	if diff := cmp.Diff([]string{"prometheus", "grafana", "jaeger", "kiali", "loki", "zipkin"}, keys); diff != "" {
		t.Error(diff)
	}
	if Pilot.AddOn() || !Zipkin.AddOn() {
		t.Error("the mesh does not work without istiod, and does without Zipkin")
	}
}

func TestAddOns_OfOneName(t *testing.T) {
	for _, test := range []struct {
		sets  string
		warns bool
	}{
		{"components.jaeger.enabled=true", false},
		{"components.jaeger.enabled=true components.zipkin.enabled=true", true},
		{"components.jaeger.enabled=true components.zipkin.enabled=true components.zipkin.namespace=z", false},
	} {
		mesh := resolve(t, Config{Sets: strings.Fields(test.sets)})
		warns := slices.ContainsFunc(mesh.Warnings, func(text string) bool { return strings.Contains(text, "the Service zipkin") })
		if warns != test.warns {
			t.Errorf("%s: warnings %q", test.sets, mesh.Warnings)
		}
	}
}

func TestAddOns_HaveModes(t *testing.T) {
	_, err := Resolve(Config{Sets: []string{"components.prometheus.mode=operater"}}, assets())
	if err == nil || !strings.Contains(err.Error(), "expected one of server, operator") {
		t.Errorf("error: %v", err)
	}
	if _, err := Resolve(Config{Sets: []string{"components.grafana.mode=server"}}, assets()); err == nil {
		t.Error("Grafana has a mode")
	}
}
