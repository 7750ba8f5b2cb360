package suite_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/suite"
	"github.com/meshctl/meshctl/internal/object"
)

// FuzzAnalyze wants no check to fail on any input, and every finding to have a place.
func FuzzAnalyze(f *testing.F) {
	cases, err := filepath.Glob(filepath.Join("..", "checks", "*", "testdata", "*.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range cases {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte("a: &a [*a]\n"))
	f.Add([]byte("a: &a {x: 1}\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\nd: &d [*c, *c, *c, *c]\nkind: List\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		mesh, err := analyze.NewMesh(t.Context(), analyze.Input{Documents: object.Documents("fuzz.yaml", text), Complete: true, Namespace: "default"})
		if err != nil {
			t.Fatal(err)
		}
		report, err := analyze.Run(t.Context(), mesh, suite.All(), analyze.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, broken := range report.Broken {
			t.Errorf("%s: %v", broken.Analyzer, broken.Err)
		}
		for _, finding := range report.Findings {
			if finding.Position.File != "fuzz.yaml" || finding.Position.Line < 1 || finding.Position.Column < 1 {
				t.Errorf("%s on %s at %s is placed at %+v", finding.Code.ID, finding.Resource, finding.Field, finding.Position)
			}
		}
	})
}
