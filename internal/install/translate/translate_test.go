package translate

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/meshctl/meshctl/internal/install/render"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/manifests"
)

func translated(t *testing.T, text string) Bundle {
	t.Helper()
	config := profiles.Config{Files: []profiles.File{{Name: "mesh.yaml", Data: []byte(text)}}, Version: profiles.Version{Name: "1.30.3"}}
	mesh, err := profiles.Resolve(config, manifests.FS())
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := render.Render(mesh, manifests.FS())
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := Translate(mesh, manifest)
	if err != nil {
		t.Fatal(err)
	}
	return bundle
}

func (b Bundle) text(t *testing.T, name string) string {
	t.Helper()
	for _, file := range b.Files {
		if file.Name == name {
			return string(file.Data)
		}
	}
	t.Fatalf("there is no %s", name)
	return ""
}

func (b Bundle) values(t *testing.T, name string) map[string]any {
	t.Helper()
	var values map[string]any
	if err := yaml.Unmarshal([]byte(b.text(t, name)), &values); err != nil {
		t.Fatal(err)
	}
	return values
}

func TestTranslate_FilesAndOrder(t *testing.T) {
	bundle := translated(t, "profile: ambient\nrevision: canary\ncomponents: {egressGateways: [{name: out}], grafana: {enabled: true}}\n")
	var names []string
	for _, file := range bundle.Files {
		names = append(names, file.Name)
	}
	want := []string{
		"istio-base-values.yaml", "istiod-canary-values.yaml", "istio-cni-values.yaml", "ztunnel-values.yaml", "out-values.yaml", "grafana.yaml",
		"install.sh", "README.md",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
	script := bundle.text(t, "install.sh")
	last := -1
	for _, line := range []string{
		`helm upgrade --install istio-base "$CHARTS/base" --version "$VERSION"`,
		`helm upgrade --install istiod-canary "$CHARTS/istiod"`,
		`helm upgrade --install istio-cni "$CHARTS/cni"`,
		`helm upgrade --install ztunnel "$CHARTS/ztunnel"`,
		`helm upgrade --install out "$CHARTS/gateway"`,
		"kubectl apply --server-side --filename grafana.yaml",
	} {
		at := strings.Index(script, line)
		if at <= last {
			t.Errorf("not there, or too early: %s\n%s", line, script)
		}
		last = at
	}
	if !strings.Contains(bundle.text(t, "grafana.yaml"), "kind: Deployment") {
		t.Error("grafana.yaml has no Deployment")
	}
}

func TestTranslate_Istiod(t *testing.T) {
	bundle := translated(t, `
hub: example.com/istio
components:
  pilot:
    k8s:
      resources: {requests: {cpu: 123m}}
      env: [{name: B, value: "2"}]
      hpaSpec: {minReplicas: 2, maxReplicas: 7}
      podAnnotations: {b: "2"}
values:
  ztunnel: {logLevel: debug}
  pilot: {envVarFrom: [{name: A, value: "1"}], podAnnotations: {a: "1"}}
`)
	want := map[string]any{
		"global": map[string]any{"hub": "example.com/istio", "istioNamespace": "istio-system", "configValidation": true},
		"pilot": map[string]any{
			"cni":            map[string]any{"enabled": false},
			"resources":      map[string]any{"requests": map[string]any{"cpu": "123m"}},
			"envVarFrom":     []any{map[string]any{"name": "A", "value": "1"}, map[string]any{"name": "B", "value": "2"}},
			"autoscaleMin":   2.0,
			"autoscaleMax":   7.0,
			"podAnnotations": map[string]any{"a": "1", "b": "2"},
		},
	}
	got := bundle.values(t, "istiod-values.yaml")
	delete(got, "defaultRevision")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(bundle.Lost) > 0 {
		t.Errorf("lost: %v", bundle.Lost)
	}
}

// A gateway keeps the ports, the size and the selector it has.
func TestTranslate_Gateway(t *testing.T) {
	bundle := translated(t, `
profile: demo
components:
  ingressGateways:
  - name: private
    namespace: edge
    label: {istio: private, team: a}
    k8s: {service: {type: NodePort, ports: [{name: https, port: 443, targetPort: 8443}]}, serviceAnnotations: {x: y}}
`)
	want := map[string]any{
		"name":        "private",
		"global":      map[string]any{"istioNamespace": "istio-system", "configValidation": true, "profile": "demo"},
		"labels":      map[string]any{"app": "istio-ingressgateway", "istio": "private", "team": "a"},
		"autoscaling": map[string]any{"enabled": false, "minReplicas": 1.0, "maxReplicas": 5.0},
		"resources": map[string]any{
			"requests": map[string]any{"cpu": "10m", "memory": "40Mi"}, "limits": map[string]any{"cpu": "2000m", "memory": "1024Mi"},
		},
		"service": map[string]any{
			"type": "NodePort", "annotations": map[string]any{"x": "y"},
			"ports": []any{map[string]any{"name": "https", "port": 443.0, "targetPort": 8443.0}},
		},
	}
	if diff := cmp.Diff(want, bundle.values(t, "edge-private-values.yaml")); diff != "" {
		t.Error(diff)
	}
	readme := bundle.text(t, "README.md")
	for _, line := range []string{
		"| `edge-private-values.yaml` | values for Istio's chart `gateway` | `private` | `edge` |",
		"kubectl --namespace edge delete deployment private",
		"kubectl --namespace edge delete serviceaccount private-service-account",
		"kubectl --namespace istio-system delete secret --selector owner=helm,name=istio\n",
	} {
		if !strings.Contains(readme, line) {
			t.Errorf("README.md does not say %s\n%s", line, readme)
		}
	}
	if strings.Contains(readme, "delete deployment istio-egressgateway") {
		t.Error("README.md removes a gateway for nothing")
	}
}

func TestTranslate_SaysWhatIsLost(t *testing.T) {
	bundle := translated(t, `
components:
  pilot:
    k8s:
      hpaSpec: {maxReplicas: 7, metrics: []}
      overlays:
      - kind: Deployment
        name: istiod
        patches: [{path: spec.replicas, value: 3}]
  ingressGateways:
  - name: a
    k8s: {service: {sessionAffinity: ClientIP}}
  - name: b
values: {gateways: {istio-ingressgateway: {runAsRoot: true}}}
`)
	var got []string
	for _, loss := range bundle.Lost {
		got = append(got, loss.Origin.String()+" "+loss.Path)
	}
	want := []string{
		"mesh.yaml:5 spec.components.pilot.k8s.hpaSpec.metrics",
		"mesh.yaml:6 spec.components.pilot.k8s.overlays",
		"mesh.yaml:14 spec.values.gateways.istio-ingressgateway.runAsRoot",
		"mesh.yaml:12 spec.components.ingressGateways[0].k8s.service.sessionAffinity",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if readme := bundle.text(t, "README.md"); !strings.Contains(readme, "| `spec.components.pilot.k8s.overlays` | mesh.yaml:6 |") {
		t.Errorf("README.md does not say what is lost:\n%s", readme)
	}
}
