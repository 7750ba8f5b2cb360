package output_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/output"
	"github.com/meshctl/meshctl/internal/object"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const manifests = `apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec:
  ports:
    - {name: web, port: 80} # größer
---
apiVersion: v1
kind: Service
metadata: {name: odd, namespace: shop}
spec:
  ports:
    # meshctl:ignore MSH0801 -- it is "odd" & <old>
    - {name: x, port: 81}
`

const odd = "100% of <b>, it's \"quoted\" | `code` & more: a,b\nand *lines*]]>\x01"

// report has one of each: severities, relations, fixes, odd characters, a
// finding without a place in a file, one that is suppressed, and two with the
// same fingerprint.
func report(t *testing.T) *analyze.Report {
	t.Helper()
	named := &analyze.Code{ID: "MSH0801", Severity: analyze.Error, Title: "A name, and: more", Doc: "It is so.\n\n## Effect\n\nBad.\n\n## Fix\n\nGood.\n"}
	noted := &analyze.Code{ID: "IST0802", Severity: analyze.Info, Title: "A note", Doc: "## Effect\n\nNone.\n\n## Fix\n\nNone.\n"}
	warned := &analyze.Code{ID: "MSH0803", Severity: analyze.Warning, Title: "A warning", Doc: "## Effect\n\nNone.\n\n## Fix\n\nNone.\n"}
	check := &analyze.Analyzer{Name: "names", Codes: []*analyze.Code{named, noted, warned}, Run: func(pass *analyze.Pass) error {
		for service := range pass.Mesh.Services().All() {
			at := object.Field("spec.ports", 0)
			if service.Live() {
				pass.Reportf(warned, service, at, "it is live")
				continue
			}
			pass.Report(analyze.Diagnostic{
				Code: named, On: service, Field: at.With("name"), Message: "the name is " + service.Spec.Ports[0].Name,
				Related: []analyze.Related{{On: service, Field: object.Field("metadata.name"), Note: "the service"}},
				Fixes: []analyze.Fix{{Title: "call it http", Safe: true, Edits: []analyze.Edit{
					{On: service, Op: analyze.Set, Field: at.With("name"), Value: "http-" + service.Spec.Ports[0].Name},
				}}},
			})
			pass.Reportf(noted, service, at.With("port"), "%s", odd)
			pass.Reportf(noted, service, at.With("port"), "another")
		}
		return nil
	}}
	quiet := &analyze.Analyzer{Name: "quiet", Codes: []*analyze.Code{}, Run: func(*analyze.Pass) error { return nil }}
	live, err := object.Decode("", []byte("apiVersion: v1\nkind: Service\nmetadata: {name: live, namespace: shop}\nspec: {ports: [{port: 1}]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	mesh, err := analyze.NewMesh(t.Context(), analyze.Input{Documents: object.Documents("deploy/my shop.yaml", []byte(manifests)), Live: live, Namespace: "default"})
	if err != nil {
		t.Fatal(err)
	}
	found, err := analyze.Run(t.Context(), mesh, []*analyze.Analyzer{check, quiet}, analyze.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Findings) != 6 || len(found.Suppressed) != 1 || len(found.Broken) != 0 {
		t.Fatalf("%d findings, %d suppressed, broken: %v", len(found.Findings), len(found.Suppressed), found.Broken)
	}
	return found
}

func write(t *testing.T, format string, found *analyze.Report) string {
	t.Helper()
	var text bytes.Buffer
	err := output.Write(&text, format, output.Input{
		Findings: found.Findings, Suppressed: found.Suppressed, Checks: found.Checks, FailOn: analyze.Warning, Version: "1.2.3",
		Line: func(_ string, line int) (string, bool) { return strings.Split(manifests, "\n")[line-1], true },
	})
	if err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func TestWrite_Golden(t *testing.T) {
	found := report(t)
	for _, format := range output.Formats() {
		t.Run(format, func(t *testing.T) {
			got := write(t, format, found)
			file := filepath.Join("testdata", format+".golden")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestWrite_Schema checks the formats for programs against their schemas, with
// findings and without.
func TestWrite_Schema(t *testing.T) {
	for name, found := range map[string]*analyze.Report{"findings": report(t), "nothing": {Checks: []string{"names"}}} {
		for format, file := range map[string]string{output.SARIF: "sarif-2.1.0.json", output.GitLab: "gitlab-code-quality.json"} {
			t.Run(format+"/"+name, func(t *testing.T) {
				value, err := jsonschema.UnmarshalJSON(strings.NewReader(write(t, format, found)))
				if err != nil {
					t.Fatal(err)
				}
				if err := schema(t, file).Validate(value); err != nil {
					t.Error(err)
				}
			})
		}
		for format, file := range map[string]string{output.JUnit: "junit-4.xsd", output.Checkstyle: "checkstyle.xsd"} {
			t.Run(format+"/"+name, func(t *testing.T) {
				rules := readXSD(t, filepath.Join("testdata", "schemas", file))
				if err := rules.check(parseXML(t, []byte(write(t, format, found)))); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

func schema(t *testing.T, file string) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "schemas", file))
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat() // URIs must be some
	if err := compiler.AddResource(file, document); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// TestWrite_GitHub wants each finding to be one command, whatever is in its text.
func TestWrite_GitHub(t *testing.T) {
	found := report(t)
	lines := strings.Split(strings.TrimSuffix(write(t, output.GitHub, found), "\n"), "\n")
	if len(lines) != len(found.Findings) {
		t.Errorf("%d findings are %d lines", len(found.Findings), len(lines))
	}
	for _, line := range lines {
		if command, properties, ok := strings.Cut(line, " "); !ok || !strings.HasPrefix(command, "::") || !strings.Contains(properties, "::") {
			t.Errorf("this is no command: %s", line)
		}
	}
	if text := strings.Join(lines, "\n"); !strings.Contains(text, "100%25 of <b>") || !strings.Contains(text, "a,b%0Aand") || !strings.Contains(text, "title=MSH0801 A name%2C and%3A more::") {
		t.Errorf("odd characters are not as they should be in\n%s", text)
	}
}

// TestWrite_JSON wants the text back that went in.
func TestWrite_JSON(t *testing.T) {
	found := report(t)
	var messages []struct{ Message string }
	if err := json.Unmarshal([]byte(write(t, output.JSON, found)), &messages); err != nil {
		t.Fatal(err)
	}
	for i, one := range messages {
		if one.Message != found.Findings[i].Message {
			t.Errorf("%q became %q", found.Findings[i].Message, one.Message)
		}
	}
}
