package render

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/manifests"
)

// setsCase is what arguments change in the default profile, as istioctl has it.
type setsCase struct {
	Args        []string `json:"args"`
	Differences []string `json:"differences"`
}

// TestConformance_ArgumentsChangeWhatTheyDoInIstio compares what arguments
// change in our default profile with what they change in istioctl 1.30.3's.
// A line of testdata/sets.allow allows a difference between the two: "-" is
// one that only istioctl makes, "+" one that only we make. Rules there may be idle:
// the cases that fixtures hold are a choice.
func TestConformance_ArgumentsChangeWhatTheyDoInIstio(t *testing.T) {
	differ := newManifestdiff(t)
	folder := filepath.Join(differ.fixtures, "render-sets")
	text, err := os.ReadFile(filepath.Join(folder, "cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []setsCase
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	plain := objectsOf(t, profiles.Config{})
	allow := readAllowances(t, "testdata/sets.allow")
	for _, c := range cases {
		t.Run(strings.Join(c.Args, " "), func(t *testing.T) {
			ours := differ.compare(t, plain, objectsOf(t, configOf(t, folder, c.Args)))
			for _, line := range append(missing("-", c.Differences, ours), missing("+", ours, c.Differences)...) {
				if !allow.covers(line) {
					t.Error(line)
				}
			}
		})
	}
}

// TestConformance_BadFilesAreRefused wants of every refusal the file, the line,
// the key and what was meant.
func TestConformance_BadFilesAreRefused(t *testing.T) {
	fixtures := os.Getenv("MESHCTL_CONFORMANCE")
	if fixtures == "" {
		t.Skip("MESHCTL_CONFORMANCE does not name the folder of fixtures")
	}
	folder := filepath.Join(fixtures, "render-sets")
	for name, want := range map[string][]string{
		"bad-overlay-path.yaml":  {":8: ", "spec.components.pilot.k8s.overlays[0].patches[0].path", "[name:discovery]"},
		"bad-type.yaml":          {":4: ", "spec.values.pilot.autoscaleMax", "an integer"},
		"bad-unknown-field.yaml": {":4: ", "spec.componets", "components?"},
		"bad-value.yaml":         {":4: ", "spec.values.global.proxie", "proxy"},
	} {
		t.Run(name, func(t *testing.T) {
			mesh, err := profiles.Resolve(configOf(t, folder, []string{"-f", name}), manifests.FS())
			if err == nil {
				_, err = Render(mesh, manifests.FS())
			}
			problems := profiles.Problems(err)
			if len(problems) != 1 {
				t.Fatalf("got %v, want one problem", err)
			}
			said := problems[0].Error() + "\n" + problems[0].Hint
			for _, part := range append(want, name) {
				if !strings.Contains(said, part) {
					t.Errorf("%q does not say %q", said, part)
				}
			}
		})
	}
}

// missing lists, with a mark, the lines that others lack.
func missing(mark string, lines, others []string) []string {
	var lacking []string
	for _, line := range lines {
		if !slices.Contains(others, line) {
			lacking = append(lacking, mark+" "+line)
		}
	}
	return lacking
}

// configOf reads arguments of istioctl: --set and -f, whose files are in a folder.
func configOf(t *testing.T, folder string, args []string) profiles.Config {
	t.Helper()
	var config profiles.Config
	for i := 0; i+1 < len(args); i += 2 {
		switch flag, value := args[i], args[i+1]; flag {
		case "--set":
			config.Sets = append(config.Sets, value)
		case "-f":
			text, err := os.ReadFile(filepath.Join(folder, value))
			if err != nil {
				t.Fatal(err)
			}
			config.Files = append(config.Files, profiles.File{Name: value, Data: text})
		default:
			t.Fatalf("arguments of this case are not understood: %q", args)
		}
	}
	return config
}
