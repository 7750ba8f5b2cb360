package fix_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/fix"
	"github.com/meshctl/meshctl/internal/analyze/suite"
	"github.com/meshctl/meshctl/internal/object"
)

// world is what a case analyses.
type world struct {
	input     analyze.Input
	documents []object.Document
	texts     map[string][]byte
}

func (w *world) add(name string, text []byte) {
	if w.texts == nil {
		w.texts = map[string][]byte{}
		w.input.Complete, w.input.Namespace = true, "default"
	}
	documents := object.Documents(name, text)
	switch filepath.Base(name) {
	case "meshnetworks.yaml":
		w.input.MeshNetworks = &documents[0]
	default:
		w.documents = append(w.documents, documents...)
		w.texts[name] = text
	}
}

// analyse looks at documents, of which one may be the configuration of the mesh.
func (w *world) analyse(t *testing.T, documents []object.Document) (*analyze.Report, error) {
	t.Helper()
	input := w.input
	for _, document := range documents {
		if filepath.Base(document.Source.File) == "meshconfig.yaml" {
			input.MeshConfig = &document
		} else {
			input.Documents = append(input.Documents, document)
		}
	}
	mesh, err := analyze.NewMesh(t.Context(), input)
	if err != nil {
		return nil, err
	}
	for _, err := range mesh.Unread() {
		t.Error(err)
	}
	return analyze.Run(t.Context(), mesh, suite.All(), analyze.Options{})
}

// repair fixes what can be fixed, and checks what holds for every fix: its
// finding is gone, and none is there that was not there before.
func (w *world) repair(t *testing.T) *fix.Result {
	t.Helper()
	again := func(documents []object.Document) (*analyze.Report, error) { return w.analyse(t, documents) }
	before, err := again(w.documents)
	if err != nil {
		t.Fatal(err)
	}
	result, err := fix.Run(fix.Input{
		Documents: w.documents, Report: before, Again: again,
		Read: func(name string) ([]byte, error) {
			if text, ok := w.texts[name]; ok {
				return text, nil
			}
			return nil, fs.ErrNotExist
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	taken := map[string]bool{}
	for _, refusal := range result.Refused {
		if strings.HasSuffix(refusal.Err.Error(), "is there already") { // a name misspelt beside the right one
			taken[refusal.Finding.Field.String()] = true
			continue
		}
		t.Errorf("%s on %s at %s: %v", refusal.Finding.Code.ID, refusal.Finding.Resource, refusal.Finding.Field, refusal.Err)
	}
	known := counts(before.Findings)
	for id, n := range counts(result.Report.Findings) {
		if n > known[id] {
			t.Errorf("a fix made a finding: %s", id)
		}
	}
	for _, finding := range result.Report.Findings {
		if offered, ok := fix.Safe(finding); ok && !taken[finding.Field.String()] {
			t.Errorf("%s on %s is still there, and %q is offered again", finding.Code.ID, finding.Resource, offered.Title)
		}
	}
	return result
}

func counts(findings []analyze.Finding) map[string]int {
	n := map[string]int{}
	for _, f := range findings {
		n[f.Code.ID+" "+f.Resource.String()]++
	}
	return n
}

// TestFixes_OfChecks has a file for each fix: the text before it, and after.
func TestFixes_OfChecks(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal("there are no cases", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var w world
			var after []byte
			for _, part := range archive.Files {
				if part.Name == "after.yaml" {
					after = part.Data
				} else {
					w.add(part.Name, part.Data)
				}
			}
			result := w.repair(t)
			if diff := cmp.Diff(string(after), string(result.Texts["before.yaml"])); diff != "" {
				t.Error(diff)
			}
			var fixed []string
			for _, f := range result.Fixed {
				fixed = append(fixed, f.Code.ID)
			}
			slices.Sort(fixed)
			want := strings.Fields(strings.TrimPrefix(strings.SplitN(string(archive.Comment), "\n", 2)[0], "fixes:"))
			if diff := cmp.Diff(want, slices.Compact(fixed)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestFixes_OfCases wants of every fix that a case of any check offers that it
// can be applied, that its finding goes, and that no other comes.
func TestFixes_OfCases(t *testing.T) {
	cases, err := filepath.Glob(filepath.Join("..", "checks", "*", "testdata", "*"))
	if err != nil {
		t.Fatal(err)
	}
	fixed := 0
	for _, path := range cases {
		t.Run(filepath.Base(filepath.Dir(filepath.Dir(path)))+"/"+filepath.Base(path), func(t *testing.T) {
			var w world
			err := filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
				if err != nil || entry.IsDir() || filepath.Ext(file) != ".yaml" {
					return err
				}
				text, err := os.ReadFile(file)
				w.add(file, text)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			result := w.repair(t)
			for name, text := range result.Texts {
				for line := range bytes.Lines(result.Before[name]) {
					if comment := bytes.TrimSpace(line); bytes.HasPrefix(comment, []byte("#")) && !bytes.Contains(text, comment) {
						t.Errorf("%s lost a comment: %s", name, comment)
					}
				}
			}
			fixed += len(result.Fixed)
		})
	}
	if fixed == 0 {
		t.Error("no case has a fix")
	}
}

func TestRun_LeavesAloneWhatIsNoFile(t *testing.T) {
	text := "apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: b}\n"
	code := &analyze.Code{ID: "MSH0999", Severity: analyze.Warning}
	check := &analyze.Analyzer{Name: "x", Codes: []*analyze.Code{code}, Run: func(pass *analyze.Pass) error {
		for service := range pass.Mesh.Services().All() {
			pass.Report(analyze.Diagnostic{Code: code, On: service, Message: "m", Fixes: []analyze.Fix{{Safe: true, Title: "t", Edits: []analyze.Edit{
				{On: service, Op: analyze.Set, Field: object.Field("metadata.name"), Value: "c"},
			}}}})
		}
		return nil
	}}
	documents := object.Documents("rendered.yaml", []byte(text))
	again := func(documents []object.Document) (*analyze.Report, error) {
		mesh, err := analyze.NewMesh(t.Context(), analyze.Input{Documents: documents, Complete: true})
		if err != nil {
			return nil, err
		}
		return analyze.Run(t.Context(), mesh, []*analyze.Analyzer{check}, analyze.Options{})
	}
	report, err := again(documents)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, file, want string
		changes          bool
	}{
		{"rendered", "# a template\n", "rendered.yaml is made from other files", false},
		{"word for word", text, "", true},
		{"with a byte order mark", "\uFEFF" + text, "", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			result, err := fix.Run(fix.Input{Documents: documents, Report: report, Again: again, Read: func(string) ([]byte, error) { return []byte(test.file), nil }})
			if err != nil {
				t.Fatal(err)
			}
			if changed := len(result.Texts) > 0; changed != test.changes {
				t.Errorf("changed: %v, refused: %v", changed, result.Refused)
			}
			if test.want != "" && (len(result.Refused) != 1 || result.Refused[0].Err.Error() != test.want) {
				t.Errorf("refused: %v", result.Refused)
			}
			// The check is never content; the rounds end all the same.
			if n := len(result.Fixed); test.changes && n != 5 {
				t.Errorf("fixed %d times", n)
			}
			if test.changes && !strings.HasSuffix(string(result.Texts["rendered.yaml"]), "metadata: {name: c, namespace: b}\n") {
				t.Errorf("it made %q", result.Texts["rendered.yaml"])
			}
		})
	}
}
