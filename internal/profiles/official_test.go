package profiles_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/manifests"
)

const officialConfig = `
profile: ambient
hub: registry.example/istio
components:
  pilot: {tag: 1.30.3-fips}
  ingressGateways:
  - name: istio-ingressgateway
    label: {team: edge}
    k8s:
      service: {ports: [{name: https, port: 443, targetPort: 8443}]}
values:
  global: {logging: {level: debug}}
  pilot: {resources: null, env: {PILOT_TRACE: "on"}}
  ztunnel: {logLevel: warn}
  prometheus: {retention: 1d}
  gateways:
    istio-ingressgateway: {type: NodePort, autoscaleEnabled: false, cpu: {targetAverageUtilization: 50}, rollingMaxSurge: 1, runAsRoot: false}
`

func official(t *testing.T, text string) *profiles.Mesh {
	t.Helper()
	mesh, err := profiles.Resolve(profiles.Config{Files: []profiles.File{{Name: "mesh.yaml", Data: []byte(text)}}}, manifests.FS())
	if err != nil {
		t.Fatal(err)
	}
	return mesh
}

func part(t *testing.T, mesh *profiles.Mesh, kind profiles.ComponentKind) profiles.Component {
	t.Helper()
	for _, component := range mesh.Components {
		if component.Kind == kind {
			return component
		}
	}
	t.Fatalf("there is no %s", kind)
	return profiles.Component{}
}

func TestOfficialValues_HaveNoDefaultsOfOurCharts(t *testing.T) {
	mesh := official(t, officialConfig)
	want := map[string]any{
		"profile": "ambient",
		"global": map[string]any{
			"hub": "registry.example/istio", "istioNamespace": "istio-system", "configValidation": true,
			"logging": map[string]any{"level": "debug"},
		},
		"pilot": map[string]any{
			"tag": "1.30.3-fips", "resources": nil, "env": map[string]any{"PILOT_TRACE": "on"},
			"cni": map[string]any{"enabled": true},
		},
		"ztunnel": map[string]any{"resourceName": "ztunnel", "logLevel": "warn"},
		"gateways": map[string]any{"istio-ingressgateway": map[string]any{
			"type": "NodePort", "autoscaleEnabled": false, "cpu": map[string]any{"targetAverageUtilization": int64(50)}, "rollingMaxSurge": int64(1), "runAsRoot": false,
		}},
	}
	if diff := cmp.Diff(want, mesh.OfficialValues(part(t, mesh, profiles.Pilot))); diff != "" {
		t.Error(diff)
	}
}

func TestOfficialValues_AreFlatForZtunnel(t *testing.T) {
	mesh := official(t, officialConfig)
	want := map[string]any{
		"profile": "ambient", "hub": "registry.example/istio", "istioNamespace": "istio-system", "configValidation": true,
		"logging": map[string]any{"level": "debug"}, "resourceName": "ztunnel", "logLevel": "warn",
	}
	if diff := cmp.Diff(want, mesh.OfficialValues(part(t, mesh, profiles.Ztunnel))); diff != "" {
		t.Error(diff)
	}
}

func TestOfficialValues_NameTheGateway(t *testing.T) {
	mesh := official(t, officialConfig)
	gateways, _ := mesh.OfficialValues(part(t, mesh, profiles.IngressGateways))["gateways"].(map[string]any)
	own, _ := gateways["istio-ingressgateway"].(map[string]any)
	ports := []any{map[string]any{"name": "https", "port": int64(443), "targetPort": int64(8443)}}
	for key, want := range map[string]any{"name": "istio-ingressgateway", "labels": map[string]any{"team": "edge"}, "ports": ports} {
		if diff := cmp.Diff(want, own[key]); diff != "" {
			t.Errorf("%s: %s", key, diff)
		}
	}
}

func TestGatewayChartValues_SpeakItsWords(t *testing.T) {
	mesh := official(t, officialConfig)
	got, err := mesh.GatewayChartValues(part(t, mesh, profiles.IngressGateways), "gateway")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"name": "istio-ingressgateway", "labels": map[string]any{"app": "istio-ingressgateway", "istio": "ingressgateway", "team": "edge"},
		"global": map[string]any{
			"hub": "registry.example/istio", "istioNamespace": "istio-system", "configValidation": true,
			"logging": map[string]any{"level": "debug"}, "profile": "ambient",
		},
		"service":     map[string]any{"type": "NodePort", "ports": []any{map[string]any{"name": "https", "port": int64(443), "targetPort": int64(8443)}}},
		"autoscaling": map[string]any{"enabled": false, "targetCPUUtilizationPercentage": int64(50)},
		"strategy":    map[string]any{"type": "RollingUpdate", "rollingUpdate": map[string]any{"maxSurge": int64(1)}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestGatewayChartValues_RefuseWhatItCannotSay(t *testing.T) {
	mesh := official(t, "values:\n  gateways:\n    istio-ingressgateway:\n      secretVolumes: []\n      runAsRoot: true\n")
	_, err := mesh.GatewayChartValues(part(t, mesh, profiles.IngressGateways), "gateway")
	found := profiles.Problems(err)
	if len(found) != 2 || !strings.HasPrefix(found[0].Error(), "mesh.yaml:4: spec.values.gateways.istio-ingressgateway.secretVolumes: ") {
		t.Errorf("%v", err)
	}
	mesh = official(t, "components:\n  ingressGateways:\n  - name: edge\n    tag: 1.30.2\n")
	_, err = mesh.GatewayChartValues(part(t, mesh, profiles.IngressGateways), "gateway")
	if found := profiles.Problems(err); len(found) != 1 || !strings.HasPrefix(found[0].Error(), "mesh.yaml:4: spec.components.ingressGateways[0].tag: ") {
		t.Errorf("a tag for a proxy that is injected: %v", err)
	}
	mesh = official(t, "profile: ocne\n")
	if _, err := mesh.GatewayChartValues(part(t, mesh, profiles.EgressGateways), "gateway"); err != nil {
		t.Errorf("what a profile says: %v", err)
	}
}
