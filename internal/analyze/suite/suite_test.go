package suite_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/suite"
)

func TestAll_HasEveryCheck(t *testing.T) {
	folders, err := os.ReadDir(filepath.Join("..", "checks"))
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, folder := range folders {
		want = append(want, folder.Name())
	}
	for _, a := range suite.All() {
		got = append(got, a.Name)
	}
	if !slices.Equal(got, want) {
		t.Errorf("All() has\n%v\nand the folders of checks, in order, are\n%v", got, want)
	}
}

func TestAll_IsDocumented(t *testing.T) {
	id := regexp.MustCompile(`^(IST|MSH)\d{4}$`)
	known := analyze.Known()
	owners := map[string]*analyze.Code{}
	for _, a := range suite.All() {
		if a.Doc == "" || a.Run == nil || len(a.Codes) == 0 || len(a.Needs) == 0 {
			t.Errorf("%s lacks a Doc, Run, Codes or Needs", a.Name)
		}
		for _, kind := range slices.Concat(a.Needs, a.Uses) {
			if _, ok := known[kind]; !ok && kind != analyze.MeshConfig && kind != analyze.MeshNetworks && kind != analyze.Cluster {
				t.Errorf("%s needs %s, which is no known kind", a.Name, kind)
			}
		}
		for _, code := range a.Codes {
			switch {
			case !id.MatchString(code.ID):
				t.Errorf("%s: %q is no code", a.Name, code.ID)
			case owners[code.ID] != nil && owners[code.ID] != code:
				t.Errorf("%s: %s is defined twice; put it into package codes", a.Name, code.ID)
			case code.Severity == 0 || code.Title == "" || strings.HasSuffix(code.Title, "."):
				t.Errorf("%s lacks a severity or a title without period", code.ID)
			case !strings.Contains(code.Doc, "## Effect") || !strings.Contains(code.Doc, "## Fix"):
				t.Errorf("the page of %s lacks its sections Effect and Fix", code.ID)
			case strings.Contains(code.Doc, "\n# ") || strings.HasPrefix(code.Doc, "# "):
				t.Errorf("the page of %s has a heading of its own", code.ID)
			}
			owners[code.ID] = code
		}
	}
}

// TestAll_IsTried wants a case that fires and one that almost does, for each
// code of each check.
func TestAll_IsTried(t *testing.T) {
	for _, a := range suite.All() {
		var cases strings.Builder
		err := filepath.WalkDir(filepath.Join("..", "checks", a.Name, "testdata"), func(path string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			cases.Write(text)
			return err
		})
		if err != nil {
			t.Error(err)
			continue
		}
		for _, code := range a.Codes {
			if !strings.Contains(cases.String(), "want "+code.ID+" ") {
				t.Errorf("no case of %s makes it report %s", a.Name, code.ID)
			}
			if !strings.Contains(cases.String(), "near "+code.ID+" ") {
				t.Errorf("no case of %s comes near %s without being it", a.Name, code.ID)
			}
		}
	}
}
