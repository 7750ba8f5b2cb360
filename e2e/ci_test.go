package e2e_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"sigs.k8s.io/yaml"
)

// TestCIFiles_AreValid checks what CI systems read against their schemas.
func TestCIFiles_AreValid(t *testing.T) {
	for file, schema := range map[string]string{
		"action.yml": "github-action.json", ".pre-commit-hooks.yaml": "pre-commit-hooks.json", "templates/analyze.yml": "gitlab-ci.json",
	} {
		t.Run(file, func(t *testing.T) {
			rules := ciSchema(t, schema)
			documents := ciDocuments(t, file)
			// The header of a component is younger than the schema that can be had.
			for _, document := range documents[len(documents)-1:] {
				if err := rules.Validate(document); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestGitLabTemplate_KnowsItsInputs wants every input to be used, and no other.
func TestGitLabTemplate_KnowsItsInputs(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "templates", "analyze.yml"))
	if err != nil {
		t.Fatal(err)
	}
	header := ciDocuments(t, "templates/analyze.yml")[0].(map[string]any)
	var declared, used []string
	for name, about := range header["spec"].(map[string]any)["inputs"].(map[string]any) {
		declared = append(declared, name)
		for key := range about.(map[string]any) {
			if !slices.Contains([]string{"default", "description", "options", "regex", "type"}, key) {
				t.Errorf("input %s has %s, which GitLab does not know", name, key)
			}
		}
	}
	for _, found := range regexp.MustCompile(`\$\[\[ inputs\.(\w+) \]\]`).FindAllStringSubmatch(string(text), -1) {
		used = append(used, found[1])
	}
	slices.Sort(declared)
	slices.Sort(used)
	if !slices.Equal(declared, used) {
		t.Errorf("declared are %v, used are %v", declared, used)
	}
}

func ciSchema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "schemas", name))
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(name, document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// ciDocuments are the documents of a file in the root of the repository.
func ciDocuments(t interface{ Fatal(args ...any) }, file string) []any {
	text, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(text), "\n---\n")
	var documents []any
	for _, part := range parts {
		asJSON, err := yaml.YAMLToJSONStrict([]byte(part))
		if err != nil {
			t.Fatal(err)
		}
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
		if err != nil {
			t.Fatal(err)
		}
		documents = append(documents, document)
	}
	return documents
}

// stepsOf writes what the files for CI would have a shell run: to steps/ of the
// working directory, by the names of jobs and steps.
func stepsOf(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: steps")
	}
	fatal := fataler{ts}
	steps := map[string]string{}
	action := ciDocuments(fatal, "action.yml")[0].(map[string]any)
	for _, step := range action["runs"].(map[string]any)["steps"].([]any) {
		fields := step.(map[string]any)
		steps["github-"+fields["id"].(string)] = fields["run"].(string)
	}
	template := ciDocuments(fatal, "templates/analyze.yml")[1].(map[string]any)
	job := template["meshctl-analyze"].(map[string]any)
	for _, part := range []string{"before_script", "script"} {
		for _, run := range job[part].([]any) {
			steps["gitlab"] += run.(string)
		}
	}
	for _, hook := range ciDocuments(fatal, ".pre-commit-hooks.yaml")[0].([]any) {
		fields := hook.(map[string]any)
		steps[fields["id"].(string)] = fields["entry"].(string) + ` "$@"` + "\n"
	}
	ts.Check(os.MkdirAll(ts.MkAbs("steps"), 0o755))
	for name, text := range steps {
		ts.Check(os.WriteFile(ts.MkAbs(filepath.Join("steps", name)), []byte(text), 0o600))
	}
}

type fataler struct{ ts *testscript.TestScript }

func (f fataler) Fatal(args ...any) { f.ts.Fatalf("%v", args) }
