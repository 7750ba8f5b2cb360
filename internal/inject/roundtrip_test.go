package inject_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/inject"
)

// What is replaced and put back has the quotes that it had.
func TestText_KeepsQuotes(t *testing.T) {
	text := read(t, "testdata", "spelling", "quotes.yaml")
	injected, _, err := standardInjector(t, inject.Settings{}).Text(inject.Request{File: "quotes.yaml", Text: text, Kinds: inject.StandardKinds()})
	check(t, err)
	back, _, err := inject.Uninject("quotes.yaml", injected, inject.StandardKinds())
	check(t, err)
	if diff := cmp.Diff(string(text), string(back)); diff != "" {
		t.Error(diff)
	}
}

// TestText_IsUndoneByUninject takes every fixture there and back.
func TestText_IsUndoneByUninject(t *testing.T) {
	fixtures := os.Getenv("MESHCTL_CONFORMANCE")
	if fixtures == "" {
		t.Skip("MESHCTL_CONFORMANCE names no folder of fixtures")
	}
	pods, err := filepath.Glob(filepath.Join(fixtures, "inject", "*.pod.yaml"))
	check(t, err)
	for _, native := range []bool{false, true} {
		injector := fixtureInjector(t, fixtures, native)
		same := 0
		for _, file := range pods {
			text := read(t, file)
			name := strings.TrimSuffix(filepath.Base(file), ".pod.yaml")
			folder := map[bool]string{false: "inject", true: "inject-native"}[native]
			t.Run(folder+"/"+name, func(t *testing.T) {
				request := inject.Request{File: file, Text: text, Kinds: inject.StandardKinds()}
				injected, _, err := injector.Text(request)
				check(t, err)
				want := tree(t, readPod(t, read(t, fixtures, folder, name+".injected.yaml")))
				if diff := cmp.Diff(want, tree(t, readPod(t, injected))); diff != "" {
					t.Errorf("the text says something else than istiod (-istiod +meshctl):\n%s\n%s", diff, injected)
				}
				request.Text = injected
				again, _, err := injector.Text(request)
				check(t, err)
				if diff := cmp.Diff(string(injected), string(again)); diff != "" {
					t.Errorf("a second injection changes something:\n%s", diff)
				}
				back, _, err := inject.Uninject(file, injected, inject.StandardKinds())
				check(t, err)
				if diff := cmp.Diff(tree(t, readPod(t, text)), tree(t, readPod(t, back))); diff != "" {
					t.Errorf("uninject does not lead back:\n%s\n%s", diff, injected)
				}
				if bytes.Equal(text, back) {
					same++
				} else {
					t.Log(cmp.Diff(string(text), string(back)))
				}
			})
		}
		t.Logf("%d of %d come back byte for byte", same, len(pods))
	}
}
