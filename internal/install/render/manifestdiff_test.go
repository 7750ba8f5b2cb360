package render

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/meshctl/meshctl/internal/object"
)

// manifestdiff is the tool beside the fixtures that compares manifests by meaning.
type manifestdiff struct {
	fixtures string
	program  string
}

// newManifestdiff builds the tool, or skips the test without fixtures.
func newManifestdiff(t *testing.T) manifestdiff {
	t.Helper()
	fixtures := os.Getenv("MESHCTL_CONFORMANCE")
	if fixtures == "" {
		t.Skip("MESHCTL_CONFORMANCE does not name the folder of fixtures")
	}
	program := filepath.Join(t.TempDir(), "manifestdiff")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	build.Dir = filepath.Join(fixtures, "..", "tools", "manifestdiff")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building manifestdiff: %v\n%s", err, said)
	}
	return manifestdiff{fixtures: fixtures, program: program}
}

// run lists how the manifest in one file differs from that in another.
func (m manifestdiff) run(t *testing.T, want, got string) []string {
	t.Helper()
	said, err := exec.CommandContext(t.Context(), m.program, "-max", "10000", want, got).Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		t.Fatalf("comparing manifests: %v", err)
	}
	lines := strings.Split(strings.TrimSpace(string(said)), "\n")
	return lines[:len(lines)-1] // the last one counts
}

// compare is run for objects. It leaves out definitions that are the same, which
// would take most of its time.
func (m manifestdiff) compare(t *testing.T, want, got []object.Object) []string {
	t.Helper()
	files := map[string][]object.Object{"want.yaml": unlike(want, got), "got.yaml": unlike(got, want)}
	folder := t.TempDir()
	for name, objects := range files {
		var text bytes.Buffer
		if err := WriteYAML(&text, objects); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), text.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return m.run(t, filepath.Join(folder, "want.yaml"), filepath.Join(folder, "got.yaml"))
}

// unlike is a list of objects less the definitions that are in another one.
func unlike(objects, others []object.Object) []object.Object {
	known := map[object.Ref]object.Object{}
	for _, o := range others {
		known[o.Ref()] = o
	}
	return slices.DeleteFunc(slices.Clone(objects), func(o object.Object) bool {
		return o.GetKind() == "CustomResourceDefinition" && reflect.DeepEqual(o.Object, known[o.Ref()].Object)
	})
}

// allowances are differences that are meant: a regular expression a line, and
// after " # " the reason.
type allowances struct {
	file  string
	rules []*regexp.Regexp
	used  []bool
}

func readAllowances(t *testing.T, file string) *allowances {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	allow := &allowances{file: file}
	for line := range strings.SplitSeq(string(text), "\n") {
		if line == "" {
			continue
		}
		rule, reason, _ := strings.Cut(line, " # ")
		if strings.TrimSpace(reason) == "" {
			t.Errorf("%s allows without a reason: %s", file, line)
		}
		allow.rules = append(allow.rules, regexp.MustCompile(strings.TrimSpace(rule)))
	}
	allow.used = make([]bool, len(allow.rules))
	return allow
}

func (a *allowances) covers(line string) bool {
	covered := false
	for i, rule := range a.rules {
		if rule.MatchString(line) {
			a.used[i], covered = true, true
		}
	}
	return covered
}

// complainOfIdle fails for what is allowed and does not occur.
func (a *allowances) complainOfIdle(t *testing.T) {
	t.Helper()
	if t.Failed() {
		return
	}
	for i, used := range a.used {
		if !used {
			t.Errorf("%s allows what no longer differs: %s", a.file, a.rules[i])
		}
	}
}
