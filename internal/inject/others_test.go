package inject_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/meshctl/meshctl/internal/inject"
)

// Documents that have no pod stay byte for byte, whatever they look like and
// whatever stands beside them.
func TestText_LeavesOtherDocumentsAlone(t *testing.T) {
	others := []string{
		"",
		"\n\n",
		"# nothing but a comment\n",
		"apiVersion: v1\nkind: Service   # trailing\nmetadata: {name:   odd , labels: {\"a\": 'b'}}\n\n\n",
		"{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\n   \"data\":{\"a\":\"1\"}}\n",
		"apiVersion: v1\r\nkind: ConfigMap\r\ndata:\r\n  a: |\r\n    kind: Pod\r\n",
		"base: &base {a: 1}\nkind: Anchored\nspec:\n  <<: *base\n  self: *base\n",
		"apiVersion: example.com/v1\nkind: Thing\nspec:\n  template:\n    spec:\n      containers:\n      - name: no-pod-of-ours\n",
		"kind: ConfigMap\ndata:\n  text: |+\n    keeps its line ends\n\n\n",
		"kind: List\nitems: []\n",
		"a: 1\na: 2\n", // nobody asked to read it
	}
	files, err := filepath.Glob("testdata/kinds/*.yaml")
	check(t, err)
	const mark = "---\n"
	for _, native := range []bool{false, true} {
		injector := standardInjector(t, inject.Settings{Native: native})
		for _, file := range files {
			workload := string(read(t, file))
			for i, before := range others {
				after := others[(i+3)%len(others)]
				text := before + mark + workload + "\n" + mark + after
				injected, outcomes, err := injector.Text(inject.Request{File: file, Text: []byte(text), Kinds: inject.StandardKinds()})
				if err != nil {
					t.Errorf("%s between others: %v", file, err)
					continue
				}
				if !bytes.HasPrefix(injected, []byte(before+mark)) || !bytes.HasSuffix(injected, []byte(mark+after)) {
					t.Errorf("%s: one of these is another now:\n%s\n%s\nin\n%s", file, before, after, injected)
				}
				changed := false
				for _, outcome := range outcomes {
					changed = changed || outcome.Changed
				}
				if !changed {
					t.Errorf("%s is not injected between others", file)
				}
			}
		}
	}
}
