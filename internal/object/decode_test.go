package object

import (
	"errors"
	"strings"
	"testing"
)

func TestDecode_KnowsWhereDocumentsStart(t *testing.T) {
	objects, err := Decode("mesh.yaml", []byte(`# a comment
---

# another one
apiVersion: v1
kind: ConfigMap
metadata: {name: one}
---
---
{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "two"}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: three}}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		name string
		line int
	}{{"one", 5}, {"two", 10}, {"three", 12}}
	if len(objects) != len(want) {
		t.Fatalf("got %d objects, want %d", len(objects), len(want))
	}
	for i, w := range want {
		if got := objects[i]; got.GetName() != w.name || got.Source.Line != w.line || got.Source.File != "mesh.yaml" {
			t.Errorf("object %d: got %s at %v, want %s at line %d", i, got.GetName(), got.Source, w.name, w.line)
		}
	}
}

func TestDecode_KeepsWholeNumbersWhole(t *testing.T) {
	for _, text := range []string{"apiVersion: v1\nkind: X\nspec: {count: 3}", `{"apiVersion":"v1","kind":"X","spec":{"count":3}}`} {
		objects, err := Decode("x.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		spec, _ := objects[0].Object["spec"].(map[string]any)
		if _, ok := spec["count"].(int64); !ok {
			t.Errorf("%s: count is a %T, want int64", text, spec["count"])
		}
	}
}

func TestDecode_Errors(t *testing.T) {
	cases := map[string]struct{ text, want string }{
		"syntax":        {"apiVersion: v1\nkind: [", "x.yaml:1: "},
		"twice":         {"kind: A\nkind: B\napiVersion: v1", `key "kind" already set`},
		"no kind":       {"---\napiVersion: v1", "x.yaml:2: not a Kubernetes object: apiVersion or kind is missing"},
		"not a mapping": {"- a\n- b", "x.yaml:1: "},
		"broken JSON":   {`{"apiVersion": "v1", `, "x.yaml:1: "},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Decode("x.yaml", []byte(c.text))
			var syntax *SyntaxError
			if !errors.As(err, &syntax) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want a SyntaxError with %q", err, c.want)
			}
		})
	}
}
