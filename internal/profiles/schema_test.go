package profiles

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shipped is what meshctl ships.
func shipped() fs.FS { return os.DirFS("../../manifests") }

func TestSchema_EverySettingHasAMeaning(t *testing.T) {
	keys, err := Reference(shipped())
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		name := strings.Join(key.Path, ".")
		switch {
		case key.Status == Pointless:
		case key.Status != Current:
			if key.Instead == "" {
				t.Errorf("%s: does not say what to do in its place", name)
			}
		case key.Meaning == "" && !isPlainPart(key.Path) && !isAddOn(key.Path):
			t.Errorf("%s: no meaning", name)
		case strings.HasSuffix(key.Meaning, ".") || strings.Contains(key.Meaning, "\n"):
			t.Errorf("%s: not one line without a full stop: %q", name, key.Meaning)
		}
	}
}

// isPlainPart reports whether a setting is a part of a list's elements whose
// name says it all: name, mountPath.
func isPlainPart(path []string) bool { return slices.Contains(path, "[]") && path[0] == "values" }

func isAddOn(path []string) bool {
	return slices.ContainsFunc(components(), func(row component) bool {
		return row.addOn && path[0] == "values" && path[1] == row.root[0]
	})
}

// meshCharts are the charts that are given spec.values, less the add-ons, whose
// defaults are their schema.
func meshCharts(t *testing.T) charts {
	t.Helper()
	all, err := readCharts(shipped())
	if err != nil {
		t.Fatal(err)
	}
	found := charts{}
	for _, row := range components() {
		if !row.addOn && all[row.chart] != nil {
			found[row.chart] = all[row.chart]
		}
	}
	return found
}

func TestSchema_ChartsAgreeOnDefaults(t *testing.T) {
	values := valuesSchema(nil)
	for name, defaults := range meshCharts(t) {
		agrees(t, "chart "+name+": values", defaults, values)
	}
}

// agrees compares the defaults of a chart with those of the schema.
func agrees(t *testing.T, place string, defaults *node, s *schema) {
	t.Helper()
	switch {
	case defaults.null() || s.retired():
	case s.fallback != "":
		want, err := decode([]byte("a: "+s.fallback), Origin{})
		if err != nil {
			t.Fatalf("%s: default %s: %v", place, s.fallback, err)
		}
		if diff := cmp.Diff(asText(want[0].fields["a"]), asText(defaults)); diff != "" {
			t.Errorf("%s: the chart has another default than the schema:\n%s", place, diff)
		}
	case s.shape == object && s.foreign == "" && defaults.kind == mapping:
		for _, name := range defaults.keys() {
			if field := s.fields()[name]; field != nil {
				agrees(t, place+"."+name, defaults.fields[name], field)
			} else {
				t.Errorf("%s.%s: not in the schema", place, name)
			}
		}
	default:
		t.Errorf("%s: the chart has the default %v, the schema none", place, defaults.plain())
	}
}

func asText(n *node) string { return fmt.Sprint(n.plain()) }

func TestSchema_DefaultsAreInAChart(t *testing.T) {
	found := meshCharts(t)
	defaults := found.shared()
	keys, err := Reference(shipped())
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		if key.Path[0] != "values" || key.Default == "" || slices.Contains(key.Path, "[]") || isAddOn(key.Path) {
			continue
		}
		for _, row := range components() {
			if row.root != nil && key.Path[1] == row.root[0] && found[row.chart] == nil {
				key.Default = "" // its chart is not there
			}
		}
		if key.Default != "" && !defaults.has(key.Path[1:]...) {
			t.Errorf("%s: the default is %s, but no chart has it", strings.Join(key.Path, "."), key.Default)
		}
	}
}

var (
	valuesPath = regexp.MustCompile(`\.Values\)*((?:\)*\.[A-Za-z_][A-Za-z0-9_]*)+)`)
	alias      = regexp.MustCompile(`(\$[A-Za-z]+) :?= \(*\.Values\)*((?:\)*\.[A-Za-z_]+)+)(?: \| default dict)? ?-?}}`)
	aliasPath  = regexp.MustCompile(`(\$[A-Za-z]+)((?:\)*\.[A-Za-z_][A-Za-z0-9_]*)+)`)
)

// TestSchema_HasEveryKeyThatTemplatesRead reads the templates of the charts,
// and the injection templates in them, for the paths of values.
func TestSchema_HasEveryKeyThatTemplatesRead(t *testing.T) {
	values := valuesSchema(nil)
	seen := 0
	for name := range meshCharts(t) {
		for file, text := range templates(t, name) {
			for _, path := range pathsIn(name, text) {
				seen++
				if missing := lacking(values, path); missing != "" {
					t.Errorf("%s reads %s, of which the schema does not have %s", file, strings.Join(path, "."), missing)
				}
			}
		}
	}
	if seen < 200 {
		t.Errorf("only %d paths found in the templates: the test does not look where it should", seen)
	}
}

func templates(t *testing.T, chart string) map[string]string {
	t.Helper()
	found := map[string]string{}
	root := filepath.Join("..", "..", "manifests", "charts", chart)
	for _, folder := range []string{"templates", "files"} {
		_ = filepath.WalkDir(filepath.Join(root, folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || strings.Contains(path, filepath.Join("files", "crds")) {
				return nil //nolint:nilerr // a chart need not have both folders
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			found[path] = string(text)
			return nil
		})
	}
	return found
}

func pathsIn(chart, text string) [][]string {
	roots := map[string][]string{}
	if chart == "gateways" {
		roots["$settings"] = []string{"gateways", "istio-ingressgateway"}
	}
	for _, match := range alias.FindAllStringSubmatch(text, -1) {
		roots[match[1]] = steps(match[2])
	}
	var paths [][]string
	for _, match := range valuesPath.FindAllStringSubmatch(text, -1) {
		paths = append(paths, steps(match[1]))
	}
	for _, match := range aliasPath.FindAllStringSubmatch(text, -1) {
		if root := roots[match[1]]; root != nil {
			paths = append(paths, below(root, steps(match[2])...))
		}
	}
	return paths
}

func steps(path string) []string {
	return strings.Split(strings.TrimPrefix(strings.ReplaceAll(path, ")", ""), "."), ".")
}

// lacking is the step of a path that a schema does not have.
func lacking(s *schema, path []string) string {
	for _, step := range path {
		if s.shape != object || s.foreign != "" || s.isMessage {
			return ""
		}
		if step == roleKey {
			return ""
		}
		if s = s.fields()[step]; s == nil {
			return step
		}
	}
	return ""
}

// TestSchema_EverySettingIsRead finds settings that no template mentions.
func TestSchema_EverySettingIsRead(t *testing.T) {
	var text strings.Builder
	found := meshCharts(t)
	for name := range found {
		for _, content := range templates(t, name) {
			text.WriteString(content)
		}
	}
	keys, err := Reference(shipped())
	if err != nil {
		t.Fatal(err)
	}
	// These choose values before templates are executed, and istiod itself reads the last.
	elsewhere := []string{"profile", "compatibilityVersion", "rewriteAppHTTPProbe"}
	for _, key := range keys {
		if key.Path[0] != "values" || key.Status != Current || slices.Contains(key.Path, "[]") || isAddOn(key.Path) {
			continue
		}
		last := key.Path[len(key.Path)-1]
		if slices.ContainsFunc(components(), func(row component) bool {
			return row.root != nil && key.Path[1] == row.root[0] && found[row.chart] == nil
		}) || slices.Contains(elsewhere, last) {
			continue
		}
		if !regexp.MustCompile(`\b` + regexp.QuoteMeta(last) + `\b`).MatchString(text.String()) {
			t.Errorf("%s: no template reads it", strings.Join(key.Path, "."))
		}
	}
}
