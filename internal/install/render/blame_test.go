package render

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/manifests"
)

// An error of a chart names the template, the line, and who set what it reads.
func TestRender_BlamesTemplateLineAndValue(t *testing.T) {
	tests := []struct {
		name, text string
		template   string
		reason     string
		values     []string
	}{
		{
			"a field of something else", "unvalidatedValues:\n  global: {logging: x}",
			"istiod/templates/deployment.yaml", "can't evaluate field level in type string",
			[]string{"mesh.yaml:2 spec.values.global.logging"},
		},
		{
			"inside a helper", "unvalidatedValues:\n  pilot: {podAnnotations: x}",
			"istiod/templates/_helpers.tpl", "range can't iterate over x",
			[]string{"mesh.yaml:2 spec.values.pilot.podAnnotations"},
		},
		{
			"of a gateway", "unvalidatedValues:\n  gateways:\n    istio-ingressgateway:\n      podAnnotations: x",
			"gateways/templates/_helpers.tpl", "range can't iterate over x",
			[]string{"mesh.yaml:4 spec.values.gateways.istio-ingressgateway.podAnnotations"},
		},
		{
			"refused by the chart", "revision: blue\nvalues: {revisionTags: [blue]}",
			"istiod/templates/checks.yaml", `revisionTags: "blue" is the name of this very revision`,
			[]string{"mesh.yaml:2 spec.values.revisionTags"},
		},
		{
			"found by a path made up on the way", "unvalidatedValues:\n  pilot: {cpu: x}",
			"istiod/templates/autoscaler.yaml", "can't evaluate field targetAverageUtilization in type string",
			[]string{"mesh.yaml:2 spec.unvalidatedValues.pilot.cpu"},
		},
		{
			"not YAML", "unvalidatedValues:\n  pilot:\n    tolerations: 'a: b'",
			"istiod/templates/deployment.yaml", "what it makes is not valid YAML: ",
			[]string{"mesh.yaml:3 spec.values.pilot.tolerations"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			failed := renderError(t, test.text, manifests.FS())
			if got := failed.Chart + "/" + failed.Template; got != test.template || !strings.HasPrefix(failed.Reason, test.reason) {
				t.Errorf("got %s: %s, want %s: %s", got, failed.Reason, test.template, test.reason)
			}
			var values []string
			for _, used := range failed.Values {
				values = append(values, used.Origin.String()+" "+used.Path)
			}
			if diff := cmp.Diff(test.values, values); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The line is the one a reader finds the cause on.
func TestRender_BlamesTheRightLine(t *testing.T) {
	assets := fstest.MapFS{
		"profiles/default.yaml":            {Data: []byte("spec: {components: {ingressGateways: []}}\n")},
		"charts/base/Chart.yaml":           {Data: []byte("apiVersion: v2\nname: base\nversion: 1.0.0\n")},
		"charts/base/values.yaml":          {Data: []byte("base: {}\n")},
		"charts/base/templates/a.yaml":     {Data: []byte("{{- $global := .Values.global }}\n# fine\n{{ $global.hub.more }}\n")},
		"charts/base/templates/_other.tpl": {Data: []byte("{{- define \"x\" }}{{ end }}")},
	}
	failed := renderError(t, "values:\n\n  global: {hub: example.com}", assets)
	want := "rendering chart base: templates/a.yaml:3: can't evaluate field more in type interface {}"
	if failed.Error() != want {
		t.Errorf("got  %v\nwant %s", failed, want)
	}
	if len(failed.Values) != 1 || failed.Values[0].Path != "spec.values.global.hub" || failed.Values[0].Origin.Line != 3 {
		t.Errorf("got values %v", failed.Values)
	}
}

func renderError(t *testing.T, text string, assets fs.FS) *ChartError {
	t.Helper()
	mesh, err := profiles.Resolve(profiles.Config{Files: []profiles.File{{Name: "mesh.yaml", Data: []byte(text)}}}, assets)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Render(mesh, assets)
	failed, ok := errors.AsType[*ChartError](err)
	if !ok {
		t.Fatalf("got %v, want an error of a chart", err)
	}
	return failed
}
