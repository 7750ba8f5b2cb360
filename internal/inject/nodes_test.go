package inject

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// manifests are those of the tests.
func manifests(f *testing.F) []string {
	f.Helper()
	files, err := filepath.Glob("testdata/*/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	texts := make([]string, len(files))
	for i, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		texts[i] = string(text)
	}
	return texts
}

// FuzzNodes wants the nodes of the fast parser to be those of the library.
func FuzzNodes(f *testing.F) {
	for _, text := range manifests(f) {
		f.Add([]byte(text))
	}
	for _, text := range []string{
		"a: 1\nb:\n- x\n- c: 'd'\n  e: \"f\"\n-\n  g: |\n    h\n\n    i\n", "ä: ö # ü\nß: {\"ä\": ö, b: [ü,\n  c]}\n- d\n", "8080: 0x1F\na: 1e3\nb: 010\nc: yes\nd: ~\ne:\n\n# f\ng: null\n",
		"\n\n# a\nb: c\n", "- - a\n- b: [ ]\n  c: { }\n", "a: {b: null, c: [d,\n  e, \"f\"]}\n",
	} {
		f.Add([]byte(text))
	}
	with := &tools{}
	f.Fuzz(func(t *testing.T, text []byte) {
		if _, plain := with.parser.ParsePlain(text); !plain {
			t.Skip("for the library anyway")
		}
		var want yaml.Node
		if err := yaml.Unmarshal(text, &want); err != nil {
			t.Fatalf("the library says: %v", err)
		}
		got, err := with.read(text)
		if err != nil {
			t.Fatal(err)
		}
		if want, got := bare(&want), bare(got); !reflect.DeepEqual(want, got) {
			t.Errorf("%s\n(- library, + fast)\n%s", text, cmp.Diff(want, got))
		}
	})
}

// bare leaves out comments, which nobody reads, tags that are not asked for,
// and where values are that are not there.
func bare(node *yaml.Node) *yaml.Node {
	c := &yaml.Node{Kind: node.Kind, Style: node.Style, Tag: node.ShortTag(), Value: node.Value, Anchor: node.Anchor, Line: node.Line, Column: node.Column}
	if c.Kind == yaml.ScalarNode && c.Value == "" && c.Style == 0 || c.Kind == yaml.DocumentNode {
		c.Line, c.Column = 0, 0
	}
	for _, child := range node.Content {
		c.Content = append(c.Content, bare(child))
	}
	return c
}
