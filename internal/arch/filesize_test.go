package arch

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// maxLines is what one file may have. A longer one has a second idea in it that
// deserves a file, and a name, of its own.
const maxLines = 400

// generatedMark is the line by which Go tools know generated files.
var generatedMark = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

func TestFiles_StayShort(t *testing.T) {
	root := os.DirFS(filepath.Join("..", ".."))
	skipped := []string{".git", "bin", "dist", "out", "testdata"}
	err := fs.WalkDir(root, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if slices.Contains(skipped, entry.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		code, err := fs.ReadFile(root, path)
		if err != nil {
			return err
		}
		if lines := bytes.Count(code, []byte("\n")); lines > maxLines && !generatedMark.Match(code) {
			t.Errorf("%s has %d lines, more than %d: split it where its second idea begins", path, lines, maxLines)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
