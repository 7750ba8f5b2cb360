package render_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/meshctl/meshctl/internal/install/render"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/manifests"
)

// withOfficial renders a mesh of which one component comes from a chart with these files.
func withOfficial(t *testing.T, spec string, kind profiles.ComponentKind, files map[string]string) (render.Manifest, error) {
	t.Helper()
	official := render.OfficialChart{Name: chartName(files["Chart.yaml"]), Version: "1.30.3", Stamp: "stamp", Files: map[string][]byte{}}
	for name, text := range files {
		official.Files[name] = []byte(text)
	}
	text, err := json.Marshal(official)
	if err != nil {
		t.Fatal(err)
	}
	assets := both{fstest.MapFS{render.OfficialPath(kind): {Data: text}}}
	mesh, err := profiles.Resolve(profiles.Config{Files: []profiles.File{{Name: "mesh.yaml", Data: []byte(spec)}}}, assets)
	if err != nil {
		t.Fatal(err)
	}
	mesh.Kubernetes = versionRange()
	return render.Render(mesh, assets)
}

func chartName(text string) string {
	_, rest, _ := strings.Cut(text, "name: ")
	name, _, _ := strings.Cut(rest, "\n")
	return name
}

const chartYAML = "apiVersion: v2\nversion: 1.30.3\nname: "

func componentOf(t *testing.T, manifest render.Manifest, kind profiles.ComponentKind) render.Component {
	t.Helper()
	for _, component := range manifest.Components {
		if component.Kind == kind {
			return component
		}
	}
	t.Fatalf("there is no %s", kind)
	return render.Component{}
}

const control = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: istiod
spec:
  template:
    spec:
      containers:
      - name: discovery
        image: "{{ .Values.global.hub }}/pilot:{{ .Values.tag }}"
        env: {{ toJson .Values.env }}
---
apiVersion: v1
kind: Pod
metadata:
  name: istiod-test
  annotations: {helm.sh/hook: test}
`

func TestRender_TakesAnOfficialChart(t *testing.T) {
	manifest, err := withOfficial(t, "hub: registry.example/istio\ncomponents: {pilot: {k8s: {replicaCount: 3}}}\n", profiles.Pilot, map[string]string{
		"Chart.yaml":               chartYAML + "istiod\nkubeVersion: \">=1.33.0\"\n",
		"values.yaml":              "tag: 1.30.3\nenv: [{name: RELEASE, value: mesh}]\n",
		"templates/all.yaml":       control,
		"templates/NOTES.txt":      "Well done.\n{{ if .Values.global.istioNamespace }}WARNING: that is on its way out\n{{ end }}",
		"templates/_helpers.tpl":   "",
		"crds/widgets.yaml":        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: widgets.example.com}\n",
		"files/never-rendered.txt": "{{ fail }}",
	})
	if err != nil {
		t.Fatal(err)
	}
	pilot := componentOf(t, manifest, profiles.Pilot)
	if pilot.Chart != "stamp" || len(manifest.Charts()) != 1 {
		t.Errorf("made from %q", manifest.Charts())
	}
	want := []string{"that is on its way out", "hooks of chart istiod that meshctl does not run are left out: Pod istiod-test (test)"}
	if diff := cmp.Diff(want, manifest.Warnings()); diff != "" {
		t.Error(diff)
	}
	deployment := find(t, pilot.Objects, "Deployment", "istiod")
	if deployment.GetNamespace() != "istio-system" {
		t.Errorf("its namespace is %q", deployment.GetNamespace())
	}
	if replicas, _, _ := unstructured.NestedInt64(deployment.Object, "spec", "replicas"); replicas != 3 {
		t.Errorf("%d replicas", replicas)
	}
	containers, _, _ := unstructured.NestedSlice(deployment.Object, "spec", "template", "spec", "containers")
	container, _ := containers[0].(map[string]any)
	if image := container["image"]; image != "registry.example/istio/pilot:1.30.3" {
		t.Errorf("image %v", image)
	}
	if crd := find(t, pilot.Objects, "CustomResourceDefinition", "widgets.example.com"); crd.GetAnnotations()["helm.sh/resource-policy"] != "keep" {
		t.Error("definitions would go with the release")
	}
}

// versionRange is what the table of versions would say.
func versionRange() profiles.VersionRange {
	return profiles.VersionRange{Oldest: "1.32", Newest: "1.36"}
}

func find(t *testing.T, objects []object.Object, kind, name string) object.Object {
	t.Helper()
	at := slices.IndexFunc(objects, func(o object.Object) bool { return o.GetKind() == kind && o.GetName() == name })
	if at < 0 {
		t.Fatalf("there is no %s %s", kind, name)
	}
	return objects[at]
}

func TestRender_RefusesWhatAnOfficialChartWants(t *testing.T) {
	for name, test := range map[string]struct {
		files map[string]string
		want  string
	}{
		"hook": {
			map[string]string{"Chart.yaml": chartYAML + "istiod\n", "templates/job.yaml": "apiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate, annotations: {helm.sh/hook: \"pre-install,pre-upgrade\"}}\n"},
			"rendering chart istiod: Job migrate is to be run at pre-install,pre-upgrade, and meshctl runs no hooks",
		},
		"kubernetes": {
			map[string]string{"Chart.yaml": chartYAML + "istiod\nkubeVersion: \"< 1.30\"\n"},
			"rendering chart istiod: it is for Kubernetes < 1.30, and this version of Istio for 1.32 to 1.36",
		},
		"schema": {
			map[string]string{"Chart.yaml": chartYAML + "istiod\n", "values.schema.json": `{"properties": {"global": {"properties": {"hub": {"type": "integer"}}}}}`},
			"hub",
		},
		"template": {
			map[string]string{"Chart.yaml": chartYAML + "istiod\n", "templates/NOTES.txt": `{{ fail "tracer.address was removed" }}`},
			"tracer.address was removed",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := withOfficial(t, "hub: registry.example/istio\n", profiles.Pilot, test.files)
			if _, ok := errors.AsType[*render.ChartError](err); !ok || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v", err)
			}
		})
	}
}

const gateway = `apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Values.name }}"}
spec:
  template:
    metadata:
      annotations: {inject.istio.io/templates: gateway}
      labels: {sidecar.istio.io/inject: "INJECT"}
    spec: {containers: [{name: istio-proxy, image: auto}]}
`

func TestRender_UsesAGatewayThatWorks(t *testing.T) {
	files := func(inject string) map[string]string {
		return map[string]string{
			"Chart.yaml":               chartYAML + "gateway\n",
			"values.yaml":              "name: unset\n",
			"values.schema.json":       `{"additionalProperties": false, "properties": {"name": {}, "global": {}, "service": {}, "labels": {}}}`,
			"templates/deployment.yml": strings.ReplaceAll(gateway, "INJECT", inject),
		}
	}
	const spec = "values: {gateways: {istio-ingressgateway: {type: NodePort}}}\n"
	manifest, err := withOfficial(t, spec, profiles.IngressGateways, files("true"))
	if err != nil {
		t.Fatal(err)
	}
	if made := componentOf(t, manifest, profiles.IngressGateways); made.Chart != "stamp" || len(made.Warnings) > 0 {
		t.Errorf("made from %q, %v", made.Chart, made.Warnings)
	}
	manifest, err = withOfficial(t, spec, profiles.IngressGateways, files("false"))
	if err != nil {
		t.Fatal(err)
	}
	made := componentOf(t, manifest, profiles.IngressGateways)
	if made.Chart != "" || len(made.Warnings) != 1 || !strings.Contains(made.Warnings[0], "Deployment istio-ingressgateway of chart gateway 1.30.3 would never become a gateway") {
		t.Errorf("made from %q, %v", made.Chart, made.Warnings)
	}
	find(t, made.Objects, "Service", "istio-ingressgateway")
}

func TestRender_WarnsOfImagesThatOnlyOracleNodesFind(t *testing.T) {
	files := map[string]string{"Chart.yaml": chartYAML + "istiod\n", "values.yaml": "global: {hub: olcne}\ntag: 1.30.3\n", "templates/all.yaml": control}
	for spec, want := range map[string]int{"profile: minimal": 1, "profile: minimal\nhub: container-registry.oracle.com/olcne": 0} {
		manifest, err := withOfficial(t, spec, profiles.Pilot, files)
		if err != nil {
			t.Fatal(err)
		}
		warnings := slices.DeleteFunc(manifest.Warnings(), func(warning string) bool { return !strings.Contains(warning, "takes images from olcne") })
		if len(warnings) != want {
			t.Errorf("%s: %q", spec, warnings)
		}
	}
}

// both is our charts with some files more.
type both struct{ more fstest.MapFS }

func (b both) Open(name string) (fs.File, error) {
	if _, more := b.more[name]; more {
		return b.more.Open(name)
	}
	return manifests.FS().Open(name)
}
