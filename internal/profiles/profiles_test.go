package profiles

import (
	"strings"
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
	if diff := cmp.Diff([]string{"Base", "Control plane", "Ingress gateway istio-ingressgateway"}, titles(mesh)); diff != "" {
		t.Error(diff)
	}
}

func titles(mesh *Mesh) []string {
	titles := []string{}
	for _, component := range mesh.Components {
		titles = append(titles, component.Title)
	}
	return titles
}

// look finds what a mesh resolved to at a path below spec.
func look(mesh *Mesh, path string) any {
	var at any = mesh.Spec()
	for step := range strings.SplitSeq(path, ".") {
		tree, _ := at.(map[string]any)
		at = tree[step]
	}
	return at
}

func TestResolve_LayersInOrder(t *testing.T) {
	sampling, deep := "values.pilot.traceSampling", "values.pilot.env.OLD_WAYS"
	tests := []struct {
		name   string
		config Config
		path   string
		want   any
		origin string
	}{
		{"the chart's default", Config{}, sampling, 1.0, "chart istiod"},
		{"an overlay beats the chart", Config{Profile: "demo"}, sampling, int64(100), "values profile demo"},
		{"a compatibility version is an overlay", Config{Sets: []string{"compatibilityVersion=1.28"}}, deep, "true", "compatibility version 1.28"},
		{"the user's own version wins", Config{Sets: []string{"values.compatibilityVersion=1.28"}, Files: []File{file("compatibilityVersion: nonsense")}}, deep, "true", "compatibility version 1.28"},
		{"a platform is an overlay", Config{Sets: []string{"values.global.platform=openshift"}}, "values.pilot.cni.provider", "multus", "platform openshift"},
		{"a profile beats an overlay", Config{}, "values.global.istioNamespace", "istio-system", "profile default"},
		{"a file beats a profile", Config{Profile: "demo", Files: []File{file("values: {pilot: {traceSampling: 7}}")}}, sampling, int64(7), "mesh.yaml:1"},
		{"the last file wins", Config{Files: []File{file("values: {pilot: {traceSampling: 7}}"), {"b.yaml", []byte("values:\n  pilot:\n    traceSampling: 8\n")}}}, sampling, int64(8), "b.yaml:3"},
		{"--set beats files", Config{Files: []File{file("values: {pilot: {traceSampling: 7}}")}, Sets: []string{sampling + "=9"}}, sampling, int64(9), "--set"},
		{"the last --set wins", Config{Sets: []string{sampling + "=9", sampling + "=10"}}, sampling, int64(10), "--set"},
		{"hub becomes values.global.hub", Config{}, "values.global.hub", "registry.example.com/istio", "derived from spec.hub"},
		{"also that of a file", Config{Files: []File{file("hub: example.com/a")}}, "values.global.hub", "example.com/a", "derived from spec.hub"},
		{"but the user's own values win", Config{Sets: []string{"hub=example.com/a", "values.global.hub=example.com/b"}}, "values.global.hub", "example.com/b", "--set"},
		{"also when they come first", Config{Sets: []string{"values.global.hub=example.com/b", "hub=example.com/a"}}, "values.global.hub", "example.com/b", "--set"},
		{"meshConfig is merged into the values", Config{Profile: "demo", Files: []File{file("meshConfig: {enableTracing: true}")}}, "values.meshConfig.enableTracing", true, "mesh.yaml:1"},
		{"and leaves its neighbours", Config{Profile: "demo", Files: []File{file("meshConfig: {enableTracing: true}")}}, "values.meshConfig.accessLogFile", "/dev/stdout", "values profile demo"},
		{"and beats the overlay", Config{Profile: "demo", Sets: []string{"meshConfig.accessLogFile=/tmp/log"}}, "values.meshConfig.accessLogFile", "/tmp/log", "--set"},
		{"but not values.meshConfig", Config{Sets: []string{"values.meshConfig.accessLogFile=/a", "meshConfig.accessLogFile=/b"}}, "values.meshConfig.accessLogFile", "/a", "--set"},
		{"unvalidated values beat all", Config{Files: []File{file("values: {pilot: {traceSampling: 7}}\nunvalidatedValues: {pilot: {traceSampling: 8, anything: 1}}")}}, sampling, int64(8), "mesh.yaml:2"},
		{"a revision flag", Config{Revision: "blue", Sets: []string{"revision=green"}}, "values.revision", "blue", "derived from spec.revision"},
		{"the default revision is none", Config{Sets: []string{"revision=default"}}, "values.revision", "", "derived from spec.revision"},
		{"cni tells istiod", Config{Sets: []string{"components.cni.enabled=true"}}, "values.pilot.cni.enabled", true, "derived from spec.components.cni"},
		{"unless the user does", Config{Sets: []string{"components.cni.enabled=true", "values.pilot.cni.enabled=false"}}, "values.pilot.cni.enabled", false, "--set"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			mesh := resolve(t, test.config)
			if got := look(mesh, test.path); got != test.want {
				t.Errorf("%s = %v (%T), want %v", test.path, got, got, test.want)
			}
			if got := mesh.Origin(strings.Split(test.path, ".")...).String(); got != test.origin {
				t.Errorf("origin of %s = %q, want %q", test.path, got, test.origin)
			}
		})
	}
}

func TestResolve_NullRemoves(t *testing.T) {
	tests := []struct{ name, text, set, path string }{
		{"a chart's default", "values: {pilot: {traceSampling: null}}", "", "values.pilot.traceSampling"},
		{"a whole subtree", "values: {global: {proxy: null}}", "", "values.global.proxy"},
		{"by a flag", "", "values.pilot.traceSampling=null", "values.pilot.traceSampling"},
		{"what a shortcut would derive", "values: {global: {hub: null}}", "", "values.global.hub"},
		{"a chart's own null", "", "", "values.global.proxy.lifecycle"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			config := Config{Files: []File{file(test.text)}}
			if test.set != "" {
				config.Sets = []string{test.set}
			}
			mesh := resolve(t, config)
			if got := look(mesh, test.path); got != nil {
				t.Errorf("%s = %v, want nothing", test.path, got)
			}
			if got := mesh.Origin(strings.Split(test.path, ".")...); got != (Origin{}) {
				t.Errorf("origin = %v, want none", got)
			}
			parent, _, _ := strings.Cut(test.path, ".")
			if look(mesh, parent) == nil {
				t.Errorf("%s is gone too", parent)
			}
		})
	}
}

func TestResolve_ANullThatIsSetAgainIsForgotten(t *testing.T) {
	mesh := resolve(t, Config{Files: []File{file("values: {global: {proxy: null}}"), file("values: {global: {proxy: {image: mine}}}")}})
	want := map[string]any{"image": "mine", "resources": map[string]any{"requests": map[string]any{"cpu": "100m", "memory": "128Mi"}}}
	if diff := cmp.Diff(want, look(mesh, "values.global.proxy")); diff != "" {
		t.Error(diff)
	}
}

func TestResolve_ListsAreReplaced(t *testing.T) {
	mesh := resolve(t, Config{Files: []File{file("values: {gateways: {istio-ingressgateway: {ports: [{name: tls, port: 8443}]}}}")}})
	want := []any{map[string]any{"name": "tls", "port": int64(8443)}}
	if diff := cmp.Diff(want, look(mesh, "values.gateways.istio-ingressgateway.ports")); diff != "" {
		t.Error(diff)
	}
}

func TestResolve_TextStaysAsWritten(t *testing.T) {
	mesh := resolve(t, Config{
		Files: []File{file("tag: 1.30\nvalues: {global: {network: 007, meshID: yes}}")},
		Sets:  []string{"meshConfig.defaultConfig.proxyMetadata.ON=true", "values.pilot.podAnnotations.a=1.10", "values.global.proxy.image=a=b"},
	})
	for path, want := range map[string]any{
		"tag":                   "1.30",
		"values.global.tag":     "1.30",
		"values.global.network": "007",
		"values.global.meshID":  "yes",
		"values.meshConfig.defaultConfig.proxyMetadata.ON": "true",
		"values.pilot.podAnnotations.a":                    "1.10",
		"values.global.proxy.image":                        "a=b",
	} {
		if got := look(mesh, path); got != want {
			t.Errorf("%s = %v (%T), want %v", path, got, got, want)
		}
	}
}

func TestResolve_LeavesWhatItGaveOut(t *testing.T) {
	mesh := resolve(t, Config{})
	mesh.Components[0].Values["global"].(map[string]any)["hub"] = "changed"
	if got := mesh.Components[1].Values["global"].(map[string]any)["hub"]; got == "changed" {
		t.Error("components share their values")
	}
	if got := look(mesh, "values.global.hub"); got == "changed" {
		t.Error("the mesh shares its values with components")
	}
}

func TestResolve_Warns(t *testing.T) {
	mesh := resolve(t, Config{
		Files: []File{file(`apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata:
  namespace: elsewhere
spec:
  values:
    base: {enableIstioConfigCRDs: false}
    global:
      enableTracing: true
`)},
		Sets: []string{
			"namespace=other", "values.pilot.autoscaleEnabled=true", "values.pilot.replicaCount=3",
			"values.gateways.istio-egressgateway.enabled=false",
		},
	})
	want := []string{
		"mesh.yaml:7: spec.values.base.enableIstioConfigCRDs has no effect",
		"mesh.yaml:9: spec.values.global.enableTracing is deprecated; use spec.meshConfig.enableTracing",
		"--set values.gateways.istio-egressgateway.enabled=false: spec.values.gateways.istio-egressgateway.enabled: false has no effect; to leave the gateway out set spec.components.egressGateways[].enabled: false",
		"--set values.pilot.replicaCount=3: spec.values.pilot.replicaCount is overruled by autoscaling; set autoscaleMin, or autoscaleEnabled: false",
		"mesh.yaml:4: metadata.namespace has no effect; to install into another namespace than istio-system set spec.values.global.istioNamespace",
		"--set namespace=other: spec.namespace has no effect; to install into another namespace than istio-system set spec.values.global.istioNamespace",
	}
	if diff := cmp.Diff(want, mesh.Warnings); diff != "" {
		t.Error(diff)
	}
}

func TestResolve_WarnsOfAnIstiodThatIsNotLookedFor(t *testing.T) {
	elsewhere := resolve(t, Config{Sets: []string{"components.pilot.namespace=other"}}).Warnings
	if len(elsewhere) != 1 || !strings.Contains(elsewhere[0], "look for istiod in istio-system, not in other") {
		t.Errorf("got the warnings %q", elsewhere)
	}
	together := resolve(t, Config{Sets: []string{"components.pilot.namespace=other", "values.global.istioNamespace=other"}}).Warnings
	if len(together) != 0 {
		t.Errorf("got the warnings %q", together)
	}
}
