package inject_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/yaml"

	"github.com/meshctl/meshctl/internal/inject"
	"github.com/meshctl/meshctl/internal/object"
)

// FuzzText injects whatever comes, and holds what was made to what is promised:
// it can be read, a second injection changes nothing, and uninject leads back to
// the same values.
func FuzzText(f *testing.F) {
	files, err := filepath.Glob("testdata/kinds/*.yaml")
	check(f, err)
	spelling, err := filepath.Glob("testdata/spelling/*")
	check(f, err)
	for _, file := range append(files, spelling...) {
		f.Add(read(f, file), true)
		f.Add(read(f, file), false)
	}
	native := standardInjector(f, inject.Settings{Native: true})
	classic := standardInjector(f, inject.Settings{})
	f.Fuzz(func(t *testing.T, text []byte, isNative bool) {
		injector := classic
		if isNative {
			injector = native
		}
		holds(t, injector, text)
	})
}

// namelessTag is a tag that makes a text of what follows for one library of YAML,
// and nothing at all for the one that tells positions. Nobody writes it.
var namelessTag = regexp.MustCompile(`(?m)(^|[\s,\[{])!(\s|$)`)

// holds checks what is promised for one text. It says whether the text could be injected.
func holds(t *testing.T, injector *inject.Injector, text []byte) bool {
	t.Helper()
	if namelessTag.Match(text) {
		return false
	}
	request := inject.Request{File: "fuzz.yaml", Text: text, Kinds: inject.StandardKinds()}
	injected, outcomes, err := injector.Text(request)
	if err != nil && strings.Contains(err.Error(), "cannot be written") {
		t.Error(err)
	}
	if err != nil {
		return false
	}
	changed, anew := false, false
	for _, outcome := range outcomes {
		changed = changed || outcome.Changed
		anew = anew || len(outcome.Warnings) > 0
	}
	if !changed {
		if !bytes.Equal(text, injected) {
			t.Errorf("nothing was injected, and the text is another:\n%s", cmp.Diff(string(text), string(injected)))
		}
		return true
	}
	request.Text = injected
	again, _, err := injector.Text(request)
	if err != nil {
		t.Fatalf("what was made cannot be read: %v\n%s", err, injected)
	}
	if diff := cmp.Diff(string(injected), string(again)); diff != "" {
		t.Errorf("a second injection changes something:\n%s", diff)
	}
	back, _, err := inject.Uninject(request.File, injected, request.Kinds)
	if err != nil {
		t.Fatalf("what was made cannot be undone: %v\n%s", err, injected)
	}
	// What was written anew has no place for the comment that uninject may need, and a
	// proxy of the user's own that moves to the init containers loses unknown fields.
	anew = anew || bytes.Contains(injected, []byte("proxy.istio.io/overrides"))
	if diff := cmp.Diff(values(t, text), values(t, back)); diff != "" && !anew {
		t.Errorf("uninject does not lead back:\n%s\n%s", diff, injected)
	}
	return true
}

// values are the objects in a stream, whatever their spelling.
func values(t *testing.T, text []byte) []any {
	t.Helper()
	documents, err := object.Split("fuzz.yaml", bytes.NewReader(text))
	check(t, err)
	var all []any
	for _, document := range documents {
		var value any
		if err := yaml.Unmarshal(document.Text, &value); err != nil {
			t.Skip("not what sigs.k8s.io/yaml reads")
		}
		all = append(all, withoutEmpty(value))
	}
	return all
}

// withoutEmpty forgets what is null or has nothing in it: to a pod that is the
// same as nothing at all.
func withoutEmpty(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key, content := range value {
			if texts, ok := content.(map[string]any); ok && (key == "annotations" || key == "labels") {
				nullsToTexts(texts)
			}
			if value[key] = withoutEmpty(content); value[key] == nil {
				delete(value, key)
			}
		}
		if len(value) == 0 {
			return nil
		}
	case []any:
		for i := range value {
			value[i] = withoutEmpty(value[i])
		}
		if len(value) == 0 {
			return nil
		}
	case float64:
		if value == 0 {
			return nil // a required field that was missing, such as the port of a probe
		}
	}
	return value
}

// nullsToTexts makes of labels and annotations what a pod has of them: one that
// is null is an empty text.
func nullsToTexts(texts map[string]any) {
	for key, text := range texts {
		if text == nil {
			texts[key] = ""
		}
	}
}

// FuzzPod injects pods with any label and annotation.
func FuzzPod(f *testing.F) {
	for _, annotation := range []string{
		"proxy.istio.io/config", "proxy.istio.io/overrides", "sidecar.istio.io/status", "sidecar.istio.io/userVolume",
		"sidecar.istio.io/userVolumeMount", "inject.istio.io/templates", "sidecar.istio.io/proxyImage", "k8s.v1.cni.cncf.io/networks",
	} {
		f.Add(annotation, "{}", "app", "x")
		f.Add(annotation, `{"containers":[{"name":"istio-proxy"}]}`, "istio.io/rev", "y")
		f.Add(annotation, "a: [b", "topology.istio.io/network", "n")
	}
	injector := standardInjector(f, inject.Settings{})
	f.Fuzz(func(t *testing.T, annotation, value, label, content string) {
		pod := readPod(t, []byte(plainPod))
		pod.Annotations = map[string]string{annotation: value}
		pod.Labels = map[string]string{label: content}
		injected, err := injector.Pod(pod)
		if err != nil {
			return
		}
		again, err := injector.Pod(injected)
		if err != nil {
			// What the user wrote may be refused, but not for what was injected.
			if _, ok := errors.AsType[*inject.AnnotationsError](err); ok {
				t.Fatalf("the second injection is refused: %v", err)
			}
			return
		}
		if !utf8.ValidString(value) || len(validation.IsValidLabelValue(content)) > 0 {
			return // no API server stores such a pod; it must not crash, that is all
		}
		if diff := cmp.Diff(asText(t, injected), asText(t, again)); diff != "" {
			t.Errorf("a second injection changes something:\n%s", diff)
		}
	})
}
