package cli

import (
	"strings"
	"testing"

	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/manifests"
)

func TestTracing_NamesTheProviderThatIsThere(t *testing.T) {
	const zipkin = "meshConfig.extensionProviders[0].name=z meshConfig.extensionProviders[0].zipkin.service=zipkin.istio-system meshConfig.extensionProviders[0].zipkin.port=9411"
	for _, test := range []struct{ profile, sets, addon, want string }{
		{"demo", "", "jaeger", "a Telemetry object names the provider jaeger"},
		{"demo", "", "zipkin", "meshConfig.extensionProviders has zipkin, and a Telemetry object names it"},
		{"minimal", "", "jaeger", "meshConfig.extensionProviders has jaeger, and a Telemetry object names it"},
		{"minimal", zipkin, "zipkin", "a Telemetry object names the provider z"},
	} {
		mesh, err := profiles.Resolve(profiles.Config{Profile: test.profile, Sets: strings.Fields(test.sets)}, manifests.FS())
		if err != nil {
			t.Fatal(err)
		}
		if got := tracing(mesh, test.addon); !strings.HasPrefix(got, test.want) {
			t.Errorf("%s %s in %s: %q, want %q", test.addon, test.sets, test.profile, got, test.want)
		}
	}
}

func TestPagesOf_LeadsSomewhere(t *testing.T) {
	env := &Env{}
	for sets, want := range map[string]string{
		"components.grafana.enabled=true":  " dashboard grafana",
		"components.grafana.enabled=false": " addon install grafana: ",
	} {
		mesh, err := profiles.Resolve(profiles.Config{Sets: []string{sets}}, manifests.FS())
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(pagesOf(env, mesh, "loki"), ""); !strings.Contains(got, want) {
			t.Errorf("%s: %q", sets, got)
		}
	}
	mesh, err := profiles.Resolve(profiles.Config{Sets: []string{"components.prometheus.mode=operator"}}, manifests.FS())
	if err != nil {
		t.Fatal(err)
	}
	if got := pagesOf(env, mesh, "prometheus"); got != nil {
		t.Errorf("the pages of an operator's Prometheus: %q", got)
	}
}
