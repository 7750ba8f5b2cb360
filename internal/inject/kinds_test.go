package inject_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/inject"
)

var update = flag.Bool("update", false, "write what was made into the golden files")

// TestText_KindsAndTemplates has a golden file for every kind of workload and
// every template that pods are injected with.
func TestText_KindsAndTemplates(t *testing.T) {
	files, err := filepath.Glob("testdata/kinds/*.yaml")
	check(t, err)
	if len(files) < len(inject.StandardKinds()) {
		t.Fatalf("%d files are too few for %d kinds", len(files), len(inject.StandardKinds()))
	}
	for _, template := range []string{"sidecar", "gateway", "grpc-agent"} {
		injector := standardInjector(t, inject.Settings{
			Config: inject.Config{Templates: ourTemplates(t), DefaultTemplates: []string{template}},
			Native: template == "sidecar",
		})
		for _, file := range files {
			kind := strings.TrimSuffix(filepath.Base(file), ".yaml")
			t.Run(kind+"/"+template, func(t *testing.T) {
				request := inject.Request{File: file, Text: read(t, file), Kinds: inject.StandardKinds()}
				injected, _, err := injector.Text(request)
				check(t, err)
				golden(t, filepath.Join("testdata", "golden", kind+"."+template+".yaml"), injected)
				backAndAgain(t, injector, request, injected)
			})
		}
	}
}

// backAndAgain wants a second injection to change nothing, and uninject to lead
// back byte for byte.
func backAndAgain(t *testing.T, injector *inject.Injector, request inject.Request, injected []byte) {
	t.Helper()
	back, _, err := inject.Uninject(request.File, injected, request.Kinds)
	check(t, err)
	if diff := cmp.Diff(string(request.Text), string(back)); diff != "" {
		t.Errorf("uninject does not lead back:\n%s", diff)
	}
	request.Text = injected
	again, _, err := injector.Text(request)
	check(t, err)
	if diff := cmp.Diff(string(injected), string(again)); diff != "" {
		t.Errorf("a second injection changes something:\n%s", diff)
	}
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		check(t, os.MkdirAll(filepath.Dir(file), 0o755))
		check(t, os.WriteFile(file, got, 0o600))
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: -update writes it", err)
	}
	if !bytes.Equal(want, got) {
		t.Errorf("%s is another (-want +got):\n%s", file, cmp.Diff(string(want), string(got)))
	}
}
