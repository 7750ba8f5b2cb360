package inject_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/inject"
)

// TestText_Spellings has the ways in which the same manifest may be written.
func TestText_Spellings(t *testing.T) {
	files, err := filepath.Glob("testdata/spelling/*")
	check(t, err)
	for _, native := range []bool{false, true} {
		injector := standardInjector(t, inject.Settings{Native: native})
		for _, file := range files {
			t.Run(filepath.Base(file), func(t *testing.T) {
				text := read(t, file)
				if !holds(t, injector, text) {
					_, _, err := injector.Text(inject.Request{File: file, Text: text, Kinds: inject.StandardKinds()})
					t.Fatal(err)
				}
				if native {
					return
				}
				injected, _, err := injector.Text(inject.Request{File: file, Text: text, Kinds: inject.StandardKinds()})
				check(t, err)
				golden(t, filepath.Join("testdata", "spelled", filepath.Base(file)), injected)
			})
		}
	}
}

// A file from Windows stays one: git would change the ends of lines in a golden file.
func TestText_WindowsLines(t *testing.T) {
	injector := standardInjector(t, inject.Settings{})
	for _, name := range []string{"comments.yaml", "own-proxy.yaml", "blocks.yaml"} {
		text := bytes.ReplaceAll(read(t, "testdata", "spelling", name), []byte("\n"), []byte("\r\n"))
		if !holds(t, injector, text) {
			t.Errorf("%s cannot be injected", name)
		}
		injected, _, err := injector.Text(inject.Request{File: name, Text: text, Kinds: inject.StandardKinds()})
		check(t, err)
		want := bytes.ReplaceAll(read(t, "testdata", "spelled", name), []byte("\n"), []byte("\r\n"))
		if diff := cmp.Diff(string(want), string(injected)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
