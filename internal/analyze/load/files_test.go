package load_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/analyze/load"
)

const service = "apiVersion: v1\nkind: Service\nmetadata: {name: cart}\n"

// write makes files in a new folder, which the test works in.
func write(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, sources load.Sources, paths ...string) *load.Files {
	t.Helper()
	files, err := sources.Read(t.Context(), paths)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestRead_Folders(t *testing.T) {
	write(t, map[string]string{
		"deploy/a.yaml": service, "deploy/deep/b.YML": service, "deploy/deep/c.json": `{"kind":"Service"}`,
		"deploy/.git/d.yaml": service, "deploy/README.md": "text", "deploy/empty.yaml": "",
		"other/e.yaml": service,
	})
	for link, target := range map[string]string{"deploy/deep/up": "..", "deploy/deep/side": "../../other", "way": "deploy"} {
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
	}
	files := read(t, load.Sources{}, "way", "way/a.yaml", "dep*/a.y?ml")
	want := []string{"way/a.yaml", "way/deep/b.YML", "way/deep/c.json", "way/deep/side/e.yaml", "way/empty.yaml", "deploy/a.yaml"}
	if diff := cmp.Diff(want, files.Read); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"way/README.md"}, files.Ignored); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"way/deep/up is a link to a folder above it, and is left out"}, files.Notes); diff != "" {
		t.Error(diff)
	}
	if len(files.Documents) != 5 {
		t.Errorf("there are %d documents, want 5", len(files.Documents))
	}
}

func TestRead_Kustomizations(t *testing.T) {
	write(t, map[string]string{
		"all/prod/kustomization.yaml": "resources: [service.yaml]\npatches: [{path: ./patch.yaml}]\n",
		"all/prod/service.yaml":       service, "all/prod/patch.yaml": "kind: Service", "all/prod/more.yaml": service,
	})
	var asked []string
	sources := load.Sources{Kustomize: func(_ context.Context, folder string) ([]byte, error) {
		asked = append(asked, folder)
		return []byte("# rendered\n" + service), nil
	}}
	named := read(t, sources, "all/prod/")
	if diff := cmp.Diff([]string{"all/prod/"}, asked); diff != "" {
		t.Error(diff)
	}
	if text, _ := named.Line("all/prod/", 2); text != "apiVersion: v1" || named.Documents[0].Rendered == nil {
		t.Errorf("the second line is %q, the document %+v", text, named.Documents[0])
	}
	found := read(t, sources, "all")
	if diff := cmp.Diff([]string{"all/prod/more.yaml", "all/prod/service.yaml"}, found.Read); diff != "" {
		t.Error(diff)
	}
	if len(found.Notes) != 1 || !strings.Contains(found.Notes[0], "all/prod is a kustomization") {
		t.Errorf("the notes are %q", found.Notes)
	}
}

func TestRead_URLs(t *testing.T) {
	hang := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/a.yaml":
			_, _ = w.Write([]byte(service + "---\n" + service))
		case "/slow.yaml":
			<-hang
		default:
			w.WriteHeader(http.StatusForbidden)
		}
	}))
	defer server.Close()
	defer close(hang)
	sources := load.Sources{HTTP: server.Client()}
	if files := read(t, sources, server.URL+"/a.yaml"); len(files.Documents) != 2 || files.Documents[1].Source.Line != 5 {
		t.Errorf("the documents are %+v", files.Documents)
	}
	_, err := sources.Read(t.Context(), []string{server.URL + "/b.yaml"})
	if want := "reading " + server.URL + "/b.yaml: the server answered 403 Forbidden"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	ctx, cancel := context.WithTimeoutCause(t.Context(), time.Millisecond, errors.New("there was no answer in 1ms"))
	defer cancel()
	_, err = sources.Read(ctx, []string{server.URL + "/slow.yaml"})
	if err == nil || !strings.HasSuffix(err.Error(), "/slow.yaml: there was no answer in 1ms") {
		t.Errorf("got %v, want that there was no answer", err)
	}
}

func TestRead_Stdin(t *testing.T) {
	files := read(t, load.Sources{Stdin: strings.NewReader(service)}, "-")
	if !slices.Equal(files.Read, []string{"-"}) || len(files.Documents) != 1 {
		t.Errorf("got %+v", files)
	}
}

func TestRead_Failures(t *testing.T) {
	write(t, map[string]string{"broken/Chart.yaml": "name: [", "deps/Chart.yaml": "apiVersion: v2\nname: deps\nversion: 1.0.0\ndependencies: [{name: redis, version: 1.x, repository: https://charts.example.com}]\n"})
	if err := os.Symlink("gone.yaml", "broken.yaml"); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"none.yaml":   "reading none.yaml: no such file or directory",
		"none*.yaml":  "reading none*.yaml: no file has such a name",
		"broken.yaml": "reading broken.yaml: no such file or directory",
		"broken":      "rendering chart broken: ",
		"deps":        "rendering chart deps: dependencies are missing: redis",
		"http://a b":  "reading http://a b: ",
	} {
		_, err := load.Sources{HTTP: http.DefaultClient}.Read(t.Context(), []string{path})
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", path, err, want)
		}
	}
	// Below a folder they do not keep the others from being read.
	if files := read(t, load.Sources{}, "."); len(files.Unread) != 3 {
		t.Errorf("unread are %v, want two charts and a link", files.Unread)
	}
}
