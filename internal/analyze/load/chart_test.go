package load_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/analyze/load"
)

func shop() map[string]string {
	return map[string]string{
		"shop/Chart.yaml":                  "apiVersion: v2\nname: store\nversion: 0.1.0\n",
		"shop/values.yaml":                 "ports: [80]\n",
		"shop/crds/a.yaml":                 "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a}\n",
		"shop/templates/_helpers.tpl":      `{{ define "name" }}{{ .Release.Name }}{{ end }}`,
		"shop/templates/NOTES.txt":         "Thank you.",
		"shop/charts/sub/Chart.yaml":       "apiVersion: v2\nname: sub\nversion: 0.1.0\n",
		"shop/charts/sub/templates/x.yaml": "kind: Sub\n",
		"shop/templates/service.yaml": `{{- /* two of them */}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "name" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- dict "team" "shop" "app" .Chart.Name | toYaml | nindent 4 }}
spec:
  ports:
    {{- range .Values.ports }}
    - name: "port-{{ . }}"
      port: {{ . }}
    {{- end }}
{{- if .Capabilities.APIVersions.Has "networking.istio.io/v1/Gateway" }}
---
kind: Gateway
{{- end }}
`,
	}
}

// TestRead_Chart looks for where each rendered line is said to come from.
func TestRead_Chart(t *testing.T) {
	write(t, shop())
	if err := os.WriteFile("more.yaml", []byte("ports: [90]"), 0o600); err != nil {
		t.Fatal(err)
	}
	files := read(t, load.Sources{Helm: load.Helm{Namespace: "bank", Values: []string{"more.yaml"}, Set: []string{"ports[1]=91"}}}, "shop")
	var got []string
	for _, document := range files.Documents {
		number := 0
		for text := range bytes.Lines(document.Text) {
			if number++; len(bytes.TrimSpace(text)) > 0 {
				got = append(got, fmt.Sprintf("%s:%d %s", document.Source.File, document.LineOf(number), bytes.TrimSpace(text)))
			}
		}
	}
	want := []string{
		"shop/crds/a.yaml:1 apiVersion: apiextensions.k8s.io/v1",
		"shop/crds/a.yaml:2 kind: CustomResourceDefinition",
		"shop/crds/a.yaml:3 metadata: {name: a}",
		"shop/charts/sub/templates/x.yaml:1 kind: Sub",
		"shop/templates/service.yaml:2 apiVersion: v1",
		"shop/templates/service.yaml:3 kind: Service",
		"shop/templates/service.yaml:4 metadata:",
		"shop/templates/service.yaml:5 name: store",
		"shop/templates/service.yaml:6 namespace: bank",
		"shop/templates/service.yaml:7 labels:",
		"shop/templates/service.yaml:7 app: store",
		"shop/templates/service.yaml:7 team: shop",
		"shop/templates/service.yaml:9 spec:",
		"shop/templates/service.yaml:10 ports:",
		`shop/templates/service.yaml:12 - name: "port-90"`,
		"shop/templates/service.yaml:13 port: 90",
		`shop/templates/service.yaml:12 - name: "port-91"`,
		"shop/templates/service.yaml:13 port: 91",
		"shop/templates/service.yaml:17 kind: Gateway",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if line, _ := files.Line("shop/templates/service.yaml", 5); line != `  name: {{ include "name" . }}` {
		t.Errorf("the line of the template is %q", line)
	}
}

func TestRead_ChartArchive(t *testing.T) {
	var archive bytes.Buffer
	zipped := gzip.NewWriter(&archive)
	packed := tar.NewWriter(zipped)
	for name, text := range shop() {
		if err := packed.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(text))}); err != nil {
			t.Fatal(err)
		}
		if _, err := packed.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, map[string]string{"shop-0.1.0.tgz": archive.String(), "folder/shop.tgz": "not looked into"})
	files := read(t, load.Sources{}, "shop-0.1.0.tgz", "folder")
	if len(files.Documents) != 4 || files.Documents[2].Source.File != "shop-0.1.0.tgz/templates/service.yaml" {
		t.Errorf("the documents are %+v", files.Documents)
	}
}

func TestRead_ChartFailures(t *testing.T) {
	files := shop()
	files["shop/templates/fail.yaml"] = "a: 1\nb: {{ fail \"give me a name\" }}"
	files["values.yaml"] = "a: ["
	write(t, files)
	for _, test := range []struct {
		helm load.Helm
		want string
	}{
		{load.Helm{}, "store/templates/fail.yaml:2"},
		{load.Helm{}, "give me a name"},
		{load.Helm{Set: []string{"a"}}, "rendering chart shop: reading --helm-set a: "},
		{load.Helm{Values: []string{"values.yaml"}}, "rendering chart shop: reading values.yaml: "},
		{load.Helm{Values: []string{"none.yaml"}}, "rendering chart shop: reading none.yaml: no such file or directory"},
	} {
		_, err := load.Sources{Helm: test.helm}.Read(t.Context(), []string{"shop"})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
}
