package fix

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/object"
)

func TestDifference_IsWhatChanges(t *testing.T) {
	for _, test := range []struct {
		name, old, text string
		want            Change
	}{
		{"word", "a: ä\nb: old # x\n", "a: ä\nb: new # x\n", Change{object.Position{File: "f", Line: 11, Column: 4, EndLine: 11, EndColumn: 7}, "new"}},
		{"one letter of several bytes", "a: ä\n", "a: ö\n", Change{object.Position{File: "f", Line: 10, Column: 4, EndLine: 10, EndColumn: 5}, "ö"}},
		{"lines that go", "a: 1\nb: 2\nc: 3\n", "a: 1\n", Change{object.Position{File: "f", Line: 11, Column: 1, EndLine: 13, EndColumn: 1}, ""}},
		{"a line that comes", "a: 1\n", "a: 1\nb: 2\n", Change{object.Position{File: "f", Line: 11, Column: 1, EndLine: 11, EndColumn: 1}, "b: 2\n"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			document := &object.Document{Source: object.Source{File: "f", Line: 10}, Text: []byte(test.old)}
			got, ok := difference(document, []byte(test.text))
			if diff := cmp.Diff(test.want, got); diff != "" || !ok {
				t.Error(diff)
			}
		})
	}
	if _, ok := difference(&object.Document{Text: []byte("a")}, []byte("a")); ok {
		t.Error("the same text differs")
	}
}
