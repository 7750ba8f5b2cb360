package profiles

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// assets is a small mesh: enough of every layer to see them stack up.
func assets() fstest.MapFS {
	files := map[string]string{
		"profiles/default.yaml": `# The usual mesh
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
spec:
  hub: registry.example.com/istio
  tag: 1.30.3
  components:
    base: {enabled: true}
    pilot: {enabled: true}
    ingressGateways:
    - {name: istio-ingressgateway, enabled: true}
    egressGateways:
    - {name: istio-egressgateway, enabled: false}
  values:
    defaultRevision: ""
    global:
      istioNamespace: istio-system
`,
		"profiles/demo.yaml": `# Shows what a mesh can do
spec:
  components:
    egressGateways:
    - name: istio-egressgateway
      enabled: true
  values:
    profile: demo
`,
		"profiles/empty.yaml": `# Nothing at all
spec:
  components:
    base: {enabled: false}
    pilot: {enabled: false}
    ingressGateways:
    - {name: istio-ingressgateway, enabled: false}
`,
		"profiles/monitored.yaml":              "spec: {components: {prometheus: {enabled: true}, grafana: {}}}\n",
		"profiles/values/demo.yaml":            "meshConfig: {accessLogFile: /dev/stdout}\npilot: {autoscaleEnabled: false, traceSampling: 100}\n",
		"profiles/values/preview.yaml":         "meshConfig: {}\n",
		"profiles/compatibility/1.28.yaml":     "pilot:\n  env:\n    OLD_WAYS: \"true\"\n",
		"profiles/platform/openshift.yaml":     "pilot: {cni: {provider: multus}}\n",
		"charts/base/values.yaml":              "global:\n  istioNamespace: istio-system\nbase: {excludedCRDs: []}\n",
		"charts/istiod/values.yaml":            istiodValues,
		"charts/gateways/values.yaml":          gatewaysValues,
		"charts/prometheus/values.yaml":        "prometheus:\n  retention: 15d\n  replicas: 1\n  nodeSelector: {}\n  persistence: {enabled: false}\n",
		"charts/grafana/values.yaml":           "grafana:\n  adminPassword: \"\"\n  service: {port: 3000}\n",
		"charts/istiod/templates/nothing.yaml": "",
	}
	tree := fstest.MapFS{}
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return tree
}

const istiodValues = `global:
  hub: registry.example.com/dev
  tag: latest
  istioNamespace: istio-system
  imagePullSecrets: []
  proxy:
    image: proxyv2
    lifecycle: null
    resources:
      requests: {cpu: 100m, memory: 128Mi}
revision: ""
pilot:
  autoscaleEnabled: true
  traceSampling: 1.0
  env: {}
  cni: {enabled: false, provider: default}
meshConfig:
  enablePrometheusMerge: true
`

const gatewaysValues = `global:
  hub: registry.example.com/dev
gateways:
  istio-ingressgateway:
    labels: {app: istio-ingressgateway, istio: ingressgateway}
    ports: [{name: http2, port: 80, targetPort: 8080}]
    runAsRoot: false
  istio-egressgateway:
    labels: {app: istio-egressgateway, istio: egressgateway}
    ports: [{name: http2, port: 80, targetPort: 8080}]
`

func resolve(t *testing.T, config Config) *Mesh {
	t.Helper()
	mesh, err := Resolve(config, assets())
	if err != nil {
		t.Fatal(err)
	}
	return mesh
}

func file(text string) File { return File{Name: "mesh.yaml", Data: []byte(text)} }

func TestResolve_DefaultProfile(t *testing.T) {
	mesh := resolve(t, Config{})
	if mesh.Profile != "default" || mesh.Namespace != "istio-system" || mesh.Revision != "" {
		t.Errorf("got profile %q, namespace %q, revision %q", mesh.Profile, mesh.Namespace, mesh.Revision)
	}
	var titles []string
	for _, component := range mesh.Components {
		titles = append(titles, component.Title)
	}
	if diff := cmp.Diff([]string{"Base", "Control plane", "Ingress gateway istio-ingressgateway"}, titles); diff != "" {
		t.Error(diff)
	}
}

func TestYAML_WithOrigins(t *testing.T) {
	mesh := resolve(t, Config{Profile: "demo", Sets: []string{"values.pilot.traceSampling=50"}, Files: []File{file("hub: example.com/mine\n")}})
	text, err := mesh.YAML(true)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s", text)
}
