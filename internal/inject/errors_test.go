package inject_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/meshctl/meshctl/internal/inject"
)

// What cannot be read is told with its line in the file, not that in the document.
func TestText_TellsLinesOfFiles(t *testing.T) {
	const first = "kind: ConfigMap\n---\n"
	pod := "apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n"
	bomb := pod + "spec:\n  a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]\n"
	for i := range 9 {
		aliases := strings.Repeat(fmt.Sprintf("*a%d, ", i), 10)
		bomb += fmt.Sprintf("  a%d: &a%d [%s]\n", i+1, i+1, aliases)
	}
	injector := standardInjector(t, inject.Settings{})
	for _, c := range []struct{ name, text, want string }{
		{"brackets that stay open", "kind: Pod\nmetadata: {name: x\nspec: 1\n", "pods.yaml:4: did not find expected ',' or '}'"},
		{"a field twice", pod + "  labels: {\"a\": 1, \"a\": 2}\nspec: {}\n", "pods.yaml:7: Pod x: a is there twice"},
		{"a field twice beside the pod", "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template: {spec: {containers: [{name: a, image: b}]}}\n  replicas: 1\n  replicas: 2\n", "pods.yaml:8: replicas is there twice"},
		{"an item of a list", "kind: List\nitems:\n- kind: Pod\n  metadata:\n    name: x\n    name: y\n", "pods.yaml:8: Pod x: name is there twice"},
		{"an anchor in itself", pod + "spec: &spec\n  self: *spec\n", "pods.yaml:8: its aliases expand to more than 100000 values"},
		{"aliases of aliases", bomb, "pods.yaml:12: its aliases expand to more than 100000 values"},
	} {
		t.Run(c.name, func(t *testing.T) {
			request := inject.Request{File: "pods.yaml", Text: []byte(first + c.text), Kinds: inject.StandardKinds()}
			if _, _, err := injector.Text(request); err == nil || err.Error() != c.want {
				t.Errorf("got error %v, want %s", err, c.want)
			}
		})
	}
}
