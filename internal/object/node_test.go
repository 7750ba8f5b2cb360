package object

import (
	"bytes"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"
)

// documents are YAML as people write it, and as they should not.
func documents() []string {
	return []string{
		"a: 1\nb:\n  c: yes\n  d: \"x: y\"\n  e: 'it''s'\n",
		"apiVersion: v1\nkind: Service\nspec:\n  ports:\n  - port: 80 # web\n    name: http\n  - {port: 443, name: https, tags: [a, \"b\", 1]}\n  - port: 010\n",
		"a:\n- b\n- c: 1\n  d: 2\n-\n  e: 3\n-\n- f:\n    - g\nh: ~\n",
		"text: |\n  one\n    two\n\n  three\nnext: 1\n",
		"text: |-\n  one\nlist:\n  - |\n    x\n  - y\n",
		"text: |\n  one\n\n\nnext: >\n  folded\n  text\n",
		"a: one\n  two\nb: 1\n",
		"a: 1\na: 2\n",
		"a: {b: {c: [1, 2, {d: e}]}}\nf: []\ng: {}\nh: [a, b] # c\n",
		"hosts: [\"*\"]\nx: [*.a]\n",
		"a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 2\n",
		"time: 2026-01-01\nversion: 1.10\nport: 0x1F\nbig: 123456789012345678901234567890\nexp: 1e3\n.5: .5\n",
		"a: b: c\n", "- - a\n  - b\n", "? a\n: b\n", "a: 'x\n  y'\n", "a:\tb\n", "a: \"\\u00e9\\n\"\n", "ä: ö # ü\nlist:\n  - ß\n",
		"a: [1, 2\n", "a: }\n", "a: b #c\nd: e#f\ng: #h\n", "a:\n  # comment\n  b: 1\n # odd\n  c: 2\n",
		"null: 1\n", "yes: 1\n", "8080: tcp\n", "a: -\n", "a: - b\n", "a: ?b\n", "-a: b\n", "a: *\n", "a: !!str 1\n", "  a: 1\n  b: 2\n",
		"a: |\n", "a: |\n\n  x\n", "a: |2\n   x\n", "x:\n  - a\n y: 1\n", "a: x:y\nb: http://c\n", "a: {b: c, b: d}\n", "a: [x y, z]\n", "a: {b}\n",
		"a: [\n  b, c,\n\n  # d\n  \"e\", # f\n  {g: 1,\n   h: [2]},\n]\ni: 1\n", "x:\n  a: [\n    b\n    , \"c\"\n    , d,\n  ]\n  b: {\n  }\n", "x:\n  a: [\n  b,\n]\n",
		"a: {\"b\":{\"c\":1,\"d\": [\"e\",2,null]},\"\":1}\nf: {\"g\":\"h\", i: $(J), k: a=b}\n", "a: [b\n  c]\n", "a: [b,\n---\nc]\n", "a: [b, #c\n  d]\n", "a: [\n", "a: {b: 1,\n  c: 2,\n  b: 3}\n", "- [a,\n  b]\n- {c: d,\n e: f}\n",
	}
}

// FuzzParser wants of the fast parser that it gives what the full one gives, or nothing.
func FuzzParser(f *testing.F) {
	for _, text := range documents() {
		f.Add([]byte(text))
	}
	var parser Parser
	f.Fuzz(func(t *testing.T, text []byte) {
		fast, ok := parser.ParsePlain(text)
		if !ok {
			return
		}
		full, err := parseYAML(text)
		if err != nil {
			t.Fatalf("the fast parser read\n%s\nand the full one says: %v", text, err)
		}
		if diff := cmp.Diff(unplaced(full), unplaced(fast)); diff != "" {
			t.Errorf("%s\n(- full, + fast)\n%s", text, diff)
		}
	})
}

// unplaced leaves out where values are that are not there.
func unplaced(n Node) Node {
	if n.Kind == NullNode {
		n.Start, n.End = 0, 0
		if n.Key == "" {
			n.KeyStart = 0
		}
	}
	children := make([]Node, len(n.Children))
	n.End = n.Start
	for i, child := range n.Children {
		children[i] = unplaced(child)
	}
	n.Children = children
	return n
}

// FuzzParse wants what kubectl reads, or an error.
func FuzzParse(f *testing.F) {
	for _, text := range documents() {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if bytes.Contains(text, []byte("!")) {
			t.Skip("the two libraries disagree about explicit tags, which no manifest has")
		}
		node, err := Parse(text)
		if err != nil || node.Kind != MapNode {
			return
		}
		asJSON, err := yaml.YAMLToJSONStrict(text)
		if err != nil {
			t.Skip("only kubectl minds:", err)
		}
		var want, got any
		if utiljson.Unmarshal(asJSON, &want) != nil || utiljson.Unmarshal(node.AppendJSON(nil), &got) != nil {
			t.Skip("not JSON that either side can read back")
		}
		if fractionalKeys(want) {
			t.Skip("kubectl rounds keys that are fractions, which no manifest has")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q\n(- kubectl, + here)\n%s", text, diff)
		}
	})
}

func fractionalKeys(tree any) bool {
	switch t := tree.(type) {
	case map[string]any:
		for key, value := range t {
			_, whole := strconv.ParseInt(key, 10, 64)
			_, number := strconv.ParseFloat(key, 64)
			if number == nil && whole != nil || fractionalKeys(value) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(t, fractionalKeys)
	}
	return false
}
