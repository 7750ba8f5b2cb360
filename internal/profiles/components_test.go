package profiles

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestComponents_Enablement(t *testing.T) {
	const base, pilot, ingress, egress = "Base", "Control plane", "Ingress gateway istio-ingressgateway", "Egress gateway istio-egressgateway"
	tests := []struct {
		name   string
		config Config
		want   []string
	}{
		{"a profile", Config{Profile: "demo"}, []string{base, pilot, ingress, egress}},
		{"nothing", Config{Profile: "empty"}, []string{}},
		{"add-ons come last", Config{Profile: "monitored"}, []string{base, pilot, ingress, "Prometheus", "Grafana"}},
		{"mentioned is on", Config{Profile: "empty", Files: []File{file("components: {prometheus: {}}")}}, []string{"Prometheus"}},
		{"by index", Config{Sets: []string{"components.egressGateways[0].enabled=true"}}, []string{base, pilot, ingress, egress}},
		{"by name", Config{Sets: []string{"components.ingressGateways.[name:istio-ingressgateway].enabled=false"}}, []string{base, pilot}},
		{"forced by values", Config{Sets: []string{"values.gateways.istio-egressgateway.enabled=true"}}, []string{base, pilot, ingress, egress}},
		{"forced though not listed", Config{Files: []File{file("components: {egressGateways: []}\nvalues: {gateways: {istio-egressgateway: {enabled: true}}}")}}, []string{base, pilot, ingress, egress}},
		{
			"a list in a file replaces",
			Config{Files: []File{file("components: {ingressGateways: [{name: a}, {name: b, enabled: false}, {name: c}]}")}},
			[]string{base, pilot, "Ingress gateway a", "Ingress gateway c"},
		},
		{"appended by index", Config{Sets: []string{"components.ingressGateways[1].name=edge"}}, []string{base, pilot, ingress, "Ingress gateway edge"}},
		{"appended behind the last", Config{Sets: []string{"components.ingressGateways[-1].name=edge"}}, []string{base, pilot, ingress, "Ingress gateway edge"}},
		{
			"agents between control plane and gateways",
			Config{Sets: []string{"components.cni.enabled=true", "components.ztunnel.enabled=true"}},
			[]string{base, pilot, "CNI", "Ztunnel", ingress},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, titles(resolve(t, test.config))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestComponents_GatewayOfItsOwn(t *testing.T) {
	mesh := resolve(t, Config{Files: []File{file(`
components:
  ingressGateways:
  - name: istio-ingressgateway
  - name: private
    namespace: edge
    tag: 1.29.0
    label: {istio: private, tier: 1}
    k8s:
      service: {type: ClusterIP, ports: [{name: https, port: 443, targetPort: 8443}]}
      resources: {requests: {cpu: 20m}}
`)}})
	private := mesh.Components[3]
	if private.Kind != IngressGateways || private.Name != "private" || private.Chart != "gateways" || private.Namespace != "edge" {
		t.Errorf("got %s %s of chart %s in %s", private.Kind, private.Name, private.Chart, private.Namespace)
	}
	if private.Values["gatewayRole"] != "ingress" {
		t.Errorf("gatewayRole = %v", private.Values["gatewayRole"])
	}
	want := map[string]any{
		"name":      "private",
		"labels":    map[string]any{"app": "istio-ingressgateway", "istio": "private", "tier": "1"},
		"ports":     []any{map[string]any{"name": "https", "port": int64(443), "targetPort": int64(8443)}},
		"runAsRoot": false,
		"tag":       "1.29.0",
	}
	if diff := cmp.Diff(want, private.Values["gateways"].(map[string]any)["istio-ingressgateway"]); diff != "" {
		t.Error(diff)
	}
	wantK8s := map[string]any{
		"service":   map[string]any{"type": "ClusterIP"},
		"resources": map[string]any{"requests": map[string]any{"cpu": "20m"}},
	}
	if diff := cmp.Diff(wantK8s, private.K8s); diff != "" {
		t.Error(diff)
	}
	if first := mesh.Components[2]; first.K8s != nil || first.Values["gateways"].(map[string]any)["istio-ingressgateway"].(map[string]any)["tag"] != nil {
		t.Error("the first gateway got settings of the second")
	}
}

func TestComponents_OwnImageAndNamespace(t *testing.T) {
	mesh := resolve(t, Config{Profile: "monitored", Sets: []string{
		"components.pilot.hub=example.com/p", "components.pilot.tag=1.29", "components.pilot.namespace=control",
		"components.grafana.tag=12", "components.grafana.hub=example.com/g",
	}})
	if mesh.Namespace != "control" {
		t.Errorf("namespace = %q", mesh.Namespace)
	}
	pilot := mesh.Components[1].Values["pilot"].(map[string]any)
	if pilot["hub"] != "example.com/p" || pilot["tag"] != "1.29" {
		t.Errorf("pilot has hub %v, tag %v", pilot["hub"], pilot["tag"])
	}
	grafana := mesh.Components[4]
	image := grafana.Values["grafana"].(map[string]any)["image"]
	if diff := cmp.Diff(map[string]any{"registry": "example.com/g", "tag": "12"}, image); diff != "" {
		t.Error(diff)
	}
	if grafana.Namespace != "istio-system" {
		t.Errorf("grafana is in %s", grafana.Namespace)
	}
}

func TestComponents_ChartsKeepToThemselves(t *testing.T) {
	mesh := resolve(t, Config{Profile: "monitored"})
	if got := mesh.Components[1].Values["prometheus"]; got != nil {
		t.Errorf("istiod sees the defaults of Prometheus: %v", got)
	}
	if got := mesh.Components[4].Values["prometheus"].(map[string]any)["retention"]; got != "15d" {
		t.Errorf("Grafana does not see those of Prometheus, but %v", got)
	}
	if got := mesh.Components[0].Values["global"].(map[string]any)["proxy"]; got != nil {
		t.Errorf("base sees defaults of istiod: %v", got)
	}
}
