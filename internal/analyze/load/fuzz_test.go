package load_test

import (
	"bytes"
	"testing"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/load"
	"github.com/meshctl/meshctl/internal/object"
)

// FuzzRead gives any text to the loader: nothing panics, and each error says
// where in the text it is.
func FuzzRead(f *testing.F) {
	for _, text := range []string{service, "a: [", "\tb: 1", "---\n...\n--- x\n", "\xFF\xFE", "a: &a [*a]", "{\"a\": 1}{", "a: |\n  b\n c", "\uFEFF# c\r\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		files, err := load.Sources{Stdin: bytes.NewReader(text)}.Read(t.Context(), []string{"-"})
		if err != nil {
			t.Fatal(err)
		}
		mesh, err := analyze.NewMesh(t.Context(), analyze.Input{Documents: files.Documents, Unread: files.Unread, Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		lines := 1 + bytes.Count(text, []byte("\n"))
		for _, err := range mesh.Unread() {
			syntax, ok := err.(*object.SyntaxError) //nolint:errorlint // it is not wrapped
			if !ok || syntax.Source.Line < 1 || syntax.Source.Line > lines+1 {
				t.Errorf("%v says line %+v of %d", err, syntax, lines)
			}
		}
	})
}

// FuzzItems cuts lists: the pieces are what reading the whole finds.
func FuzzItems(f *testing.F) {
	for _, text := range []string{
		"kind: List\nitems:\n- a: 1\n- b: |\n    - c\n",
		"items:\n  - a: 1\n    b:\n    - c\n  # comment\n  - \n    d: 1\nkind: List\n",
		`{"kind": "List", "items": [{"a": "]"}, {"b": [1]}]}`,
		"kind: List\nitems:\n- a: \"x\n  - y\"\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		document := object.Document{Source: object.Source{File: "-", Line: 1}, Text: text}
		items, ok := document.Items()
		whole, err := object.Parse(text)
		if !ok || err != nil {
			return
		}
		list, isList := whole.Field("items")
		if !isList || list.Kind != object.ListNode {
			return
		}
		if len(items) != len(list.Children) {
			t.Fatalf("%d items of %d", len(items), len(list.Children))
		}
		for i, item := range items {
			node, err := object.Parse(item.Text)
			if err != nil {
				continue // it needs the rest, such as an anchor
			}
			if item.Item && node.Kind == object.ListNode && len(node.Children) == 1 {
				node = node.Children[0]
			}
			if got, want := node.AppendJSON(nil), list.Children[i].AppendJSON(nil); !bytes.Equal(got, want) {
				t.Errorf("item %d is %s, in the list %s", i, got, want)
			}
		}
	})
}
