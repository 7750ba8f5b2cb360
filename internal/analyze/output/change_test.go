package output_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/output"
	"github.com/meshctl/meshctl/internal/object"
)

func finding(name string, line int, message string) analyze.Finding {
	return analyze.Finding{
		Code: &analyze.Code{ID: "MSH0801"}, Severity: analyze.Error, Fingerprint: name, Message: message,
		Resource: &analyze.Resource{Kind: analyze.Service, Name: name, Namespace: "shop"},
		Position: object.Position{File: "a.yaml", Line: line, Column: 1},
	}
}

func TestChangeOf_FindsWhatMoved(t *testing.T) {
	before := []analyze.Finding{finding("moved", 1, "it is so"), finding("gone", 2, "it was"), finding("twice", 3, "one"), finding("twice", 4, "two")}
	after := []analyze.Finding{finding("moved", 7, "it is still so"), finding("new", 2, "it came"), finding("twice", 3, "two")}
	change := output.ChangeOf(before, after)
	for _, test := range []struct{ format, want string }{
		{output.Log, `- Error [MSH0801] (Service shop/gone a.yaml:2) it was
- Error [MSH0801] (Service shop/twice a.yaml:3) one
+ Error [MSH0801] (Service shop/new a.yaml:2) it came
`},
		{output.Text, `gone: Error MSH0801: it was (Service shop/gone a.yaml:2)
gone: Error MSH0801: one (Service shop/twice a.yaml:3)

Error MSH0801: it came
  Service shop/new
   --> a.yaml:2:1

1 error
`},
	} {
		var text strings.Builder
		if err := output.WriteChange(&text, test.format, change, output.Input{}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, text.String()); diff != "" {
			t.Errorf("%s: %s", test.format, diff)
		}
	}
	if !output.ChangeOf(before, before).Empty() || change.Empty() {
		t.Error("what changed is not told from what did not")
	}
}

// TestWriteChange_WholeAnswers wants of the formats for programs what they always are.
func TestWriteChange_WholeAnswers(t *testing.T) {
	all := output.Input{Findings: []analyze.Finding{finding("a", 1, "it is so"), finding("b", 2, "it is so")}}
	change := output.Change{New: all.Findings[1:]}
	for format, before := range map[string]string{output.JSON: "", output.YAML: "---\n"} {
		var got, want strings.Builder
		if err := output.WriteChange(&got, format, change, all); err != nil {
			t.Fatal(err)
		}
		if err := output.Write(&want, format, all); err != nil {
			t.Fatal(err)
		}
		if got.String() != before+want.String() {
			t.Errorf("%s is %s", format, got.String())
		}
	}
}
