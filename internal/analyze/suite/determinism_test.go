package suite_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/output"
	"github.com/meshctl/meshctl/internal/analyze/suite"
	"github.com/meshctl/meshctl/internal/object"
)

// TestOutput_IsTheSameEveryTime wants the same bytes in every format, over all
// objects of all cases together: from run to run, for one worker and eight, and
// whatever the order in which files are read.
func TestOutput_IsTheSameEveryTime(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "checks", "*", "testdata", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatal("there are no cases", err)
	}
	read, seen := map[string][]object.Document{}, map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, document := range object.Documents(file, text) {
			// Of what is defined twice the last one counts, so the order would matter.
			if name := identity(document); !seen[name] {
				seen[name] = true
				read[file] = append(read[file], document)
			}
		}
	}
	runs := 50
	if testing.Short() {
		runs = 10
	}
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the order need not be a secret
	var want map[string]string
	for i := range runs {
		workers := 1 + 7*(i%2)
		random.Shuffle(len(files), func(a, b int) { files[a], files[b] = files[b], files[a] })
		var documents []object.Document
		for _, file := range files {
			documents = append(documents, read[file]...)
		}
		got := written(t, documents, workers)
		if want == nil {
			want = got
		}
		for _, format := range output.Formats() {
			if got[format] != want[format] {
				t.Fatalf("run %d, with %d workers, differs in %s:\n%s", i, workers, format, cmp.Diff(want[format], got[format]))
			}
		}
	}
	if len(want[output.Log]) < 10_000 {
		t.Error("there is hardly anything to compare")
	}
}

func identity(document object.Document) string {
	root, err := object.Parse(document.Text)
	if err != nil {
		return ""
	}
	metadata, _ := root.Field("metadata")
	if metadata == nil {
		return root.Str("kind")
	}
	return root.Str("kind") + " " + metadata.Str("namespace") + "/" + metadata.Str("name")
}

func written(t *testing.T, documents []object.Document, workers int) map[string]string {
	t.Helper()
	mesh, err := analyze.NewMesh(t.Context(), analyze.Input{Documents: documents, Complete: true, Namespace: "default", Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	report, err := analyze.Run(t.Context(), mesh, suite.All(), analyze.Options{Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, format := range output.Formats() {
		var text bytes.Buffer
		err := output.Write(&text, format, output.Input{Findings: report.Findings, Suppressed: report.Suppressed, Checks: report.Checks, FailOn: analyze.Error})
		if err != nil {
			t.Fatal(err)
		}
		texts[format] = text.String()
	}
	return texts
}
