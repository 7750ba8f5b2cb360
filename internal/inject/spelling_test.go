package inject_test

import (
	"path/filepath"
	"testing"

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
