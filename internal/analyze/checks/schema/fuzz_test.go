package schema_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema"
	"github.com/meshctl/meshctl/internal/object"
)

// FuzzRules gives one spec to the rules of every kind. Most of it is unknown to
// most kinds, but what they share (hosts, ports, TLS, selectors) is not.
func FuzzRules(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, document := range object.Documents(file, text) {
			if root, err := object.Parse(document.Text); err == nil {
				if spec, ok := root.Field("spec"); ok {
					f.Add(string(spec.AppendJSON(nil)))
				}
			}
		}
	}
	kinds := judged()
	f.Fuzz(func(t *testing.T, spec string) {
		var text strings.Builder
		for kind, version := range kinds {
			fmt.Fprintf(&text, "---\napiVersion: %s/%s\nkind: %s\nmetadata: {name: a, namespace: b}\nspec: %s\n", kind.Group(), version, kind.Name(), spec)
		}
		in := analyze.Input{Documents: object.Documents("fuzz.yaml", []byte(text.String())), Complete: true}
		for _, config := range object.Documents("config.yaml", []byte(spec)) {
			in.MeshConfig, in.MeshNetworks = &config, &config
		}
		mesh, err := analyze.NewMesh(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		report, err := analyze.Run(t.Context(), mesh, []*analyze.Analyzer{schema.Analyzer}, analyze.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, broken := range report.Broken {
			t.Errorf("%v", broken.Err)
		}
	})
}

// judged are the kinds that have rules, with a version of each.
func judged() map[analyze.Kind]string {
	kinds := map[analyze.Kind]string{}
	for kind, versions := range analyze.Known() {
		if strings.HasSuffix(kind.Group(), ".istio.io") {
			kinds[kind] = versions[0]
		}
	}
	return kinds
}
