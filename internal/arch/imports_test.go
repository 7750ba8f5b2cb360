// Package arch holds the tests that keep the shape of the code: which package
// may import which, and how long a file may get. docs/architecture.md has the
// same table in prose.
package arch

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/meshctl/meshctl/"

// rule is a row of the import table. Packages are paths inside the module, "*"
// stands for one element, and a final "/..." for a package and all below it.
type rule struct {
	pkg string
	may []string
	why string
}

// table is read from the top: the first row that names a package holds for it.
func table() []rule {
	const leaf = "it is a leaf: whoever needs more of our code belongs elsewhere"
	return []rule{
		{"cmd/meshctl", []string{"internal/cli"}, "main only starts the command line"},
		{"e2e/...", []string{"internal/cli", "e2e/..."}, "scripts use the program as its users do"},
		{"tools/gendocs", []string{"internal/cli", "internal/analyze/...", "internal/profiles", "manifests"}, "documentation is made from what commands, checks and settings say of themselves"},
		{"tools/dashgen", nil, "it only writes dashboards"},
		{"tools/meshgen", nil, "it only writes text"},
		{"internal/cli", []string{"internal/...", "manifests"}, ""},

		{"internal/profiles", nil, leaf},
		{"internal/install/render", []string{"internal/profiles", "internal/object", "internal/progress"}, "rendering comes right after profiles and needs no cluster"},
		{"internal/install/plan", []string{"internal/install/render", "internal/profiles", "internal/object", "internal/progress"}, "a plan knows the stages before it only"},
		{"internal/install/translate", []string{"internal/install/render", "internal/profiles", "internal/object"}, "a translation is made of what was resolved and rendered"},
		{"internal/install/apply", []string{"internal/install/plan", "internal/profiles", "internal/object", "internal/progress"}, "applying takes a plan and nothing else"},
		{"internal/install/release", []string{"internal/install/render", "internal/profiles", "internal/object", "internal/progress"}, "a release records what was rendered"},
		{"internal/install/status", []string{"internal/install/release", "internal/profiles", "internal/object", "internal/progress"}, "status looks at what a release records"},
		{"internal/install", []string{"internal/install/*", "internal/profiles", "internal/object", "internal/progress"}, "the pipeline strings its stages together and leaves cluster and terminal to its caller"},

		{"internal/analyze/checks/schema", []string{"internal/analyze", "internal/analyze/checks/schema/rules/...", "internal/analyze/codes", "internal/analyze/decode", "internal/object"}, "the rules of all kinds are one check"},
		{"internal/analyze/checks/schema/rules/...", []string{"internal/analyze", "internal/analyze/cel", "internal/analyze/checks/schema/rules/...", "internal/analyze/near", "internal/object"}, "a rule sees the resource that it judges"},
		{"internal/analyze/checks/*", []string{"internal/analyze", "internal/analyze/codes", "internal/analyze/crd", "internal/analyze/decode", "internal/analyze/near", "internal/object"}, "a check sees the mesh it is given and no other check"},
		{"internal/analyze/crd", []string{"internal/analyze/cel", "internal/object", "manifests"}, "it knows definitions, those of the base chart among them, and no mesh"},
		{"internal/analyze/cel", nil, "it knows expressions and nothing of what they are about"},
		{"internal/analyze/...", []string{"internal/analyze/...", "internal/object"}, "analysis works on objects, wherever they come from"},
		{"internal/inject", []string{"internal/object"}, "injection is a pure function of an object"},
		{"internal/dashboard/landing", []string{"internal/dashboard"}, "it shows a group of dashboards"},
		{"internal/dashboard", []string{"internal/object"}, "dashboards reach pods through an interface of their own"},

		{"internal/charts", nil, "it fetches files and leaves to others what is made of them"},
		{"internal/charts/chartstest", nil, "it only publishes charts for tests"},
		{"internal/platform", []string{"internal/object"}, "it judges facts about a cluster that others gathered"},
		{"internal/traffic", nil, "it makes pictures of numbers, wherever they come from"},
		{"internal/traffic/graph", []string{"internal/traffic"}, "it draws a picture of traffic"},
		{"internal/prometheus", []string{"internal/traffic"}, "it answers questions about traffic"},
		{"internal/samples", []string{"internal/object"}, "it reads manifests and leaves to others what is done with them"},
		{"internal/images", []string{"internal/object"}, "it reads images out of objects and knows registries, not meshes"},

		{"internal/kube/kubetest", []string{"internal/kube", "internal/object"}, "it only connects tests to a cluster"},
		{"internal/kube", []string{"internal/object"}, "it implements interfaces that its users declare"},
		{"internal/ui", []string{"internal/object", "internal/progress"}, "it draws facts and does not find them out"},

		{"internal/object", nil, leaf},
		{"internal/progress", nil, leaf},
		{"internal/buildinfo", nil, leaf},
		{"internal/arch", nil, leaf},
		{"manifests", nil, leaf},
	}
}

// testOnly are packages that must never get into the binary.
func testOnly() []string {
	return []string{"internal/kube/kubetest", "internal/charts/chartstest", "internal/analyze/analyzetest", "internal/golden"}
}

func TestImports_FollowTheTable(t *testing.T) {
	for _, p := range packages(t) {
		row := slices.IndexFunc(table(), func(r rule) bool { return matches(r.pkg, p.name) })
		if row < 0 {
			t.Errorf("%s is not in the import table: add it to internal/arch and docs/architecture.md", p.name)
			continue
		}
		for _, imported := range p.imports {
			r := table()[row]
			if !slices.ContainsFunc(r.may, func(pattern string) bool { return matches(pattern, imported) }) {
				t.Errorf("%s imports %s; it may import %s: %s", p.name, imported, orNothing(r.may), r.why)
			}
			if slices.Contains(testOnly(), imported) && !slices.Contains(testOnly(), p.name) {
				t.Errorf("%s imports %s outside its tests; that package is for tests only", p.name, imported)
			}
		}
	}
}

func TestMatches_ReadsPatterns(t *testing.T) {
	for _, test := range []struct {
		pattern, name string
		want          bool
	}{
		{"internal/install", "internal/install", true},
		{"internal/install", "internal/install/plan", false},
		{"internal/install/*", "internal/install/plan", true},
		{"internal/install/*", "internal/install", false},
		{"internal/analyze/...", "internal/analyze", true},
		{"internal/analyze/...", "internal/analyze/checks/x", true},
		{"internal/analyze/...", "internal/analyzer", false},
	} {
		if got := matches(test.pattern, test.name); got != test.want {
			t.Errorf("matches(%q, %q) = %v", test.pattern, test.name, got)
		}
	}
}

// pkg is a package of this module and which others of it its code, less its
// tests, imports.
type pkg struct {
	name    string
	imports []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	// -e: a package that does not compile at the moment still has imports.
	command := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Imports", module+"...")
	var said bytes.Buffer
	command.Stderr = &said
	out, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, said.String())
	}
	var found []pkg
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var listed struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&listed); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		p := pkg{name: strings.TrimPrefix(listed.ImportPath, module)}
		for _, imported := range listed.Imports {
			if name, ours := strings.CutPrefix(imported, module); ours {
				p.imports = append(p.imports, name)
			}
		}
		found = append(found, p)
	}
	if len(found) < 2 {
		t.Fatalf("go list found %d packages", len(found))
	}
	return found
}

func matches(pattern, name string) bool {
	if tree, ok := strings.CutSuffix(pattern, "/..."); ok {
		return name == tree || strings.HasPrefix(name, tree+"/")
	}
	matched, err := path.Match(pattern, name)
	return matched && err == nil
}

func orNothing(may []string) string {
	if len(may) == 0 {
		return "nothing of ours"
	}
	return strings.Join(may, ", ")
}
