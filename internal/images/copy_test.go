package images

import (
	"archive/tar"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// serve runs a registry over HTTP and returns its host and port.
func serve(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(registry.New(registry.Logger(slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo))))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

// twoPlatforms is an index with an image for each of two platforms.
func twoPlatforms(t *testing.T) v1.ImageIndex {
	t.Helper()
	var index v1.ImageIndex = empty.Index
	for _, arch := range []string{"amd64", "arm64"} {
		image, err := random.Image(256, 2)
		if err != nil {
			t.Fatal(err)
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: arch}}})
	}
	return index
}

func parse(t *testing.T, ref string) name.Reference {
	t.Helper()
	parsed, err := name.ParseReference(ref)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// fill puts an index and a plain image into a registry.
func fill(t *testing.T, host string) (refs []string, digests map[string]string) {
	t.Helper()
	refs = []string{host + "/release/pilot:1.30.3", host + "/prom/prometheus:v3"}
	index := twoPlatforms(t)
	if err := remote.WriteIndex(parse(t, refs[0]), index); err != nil {
		t.Fatal(err)
	}
	image, err := random.Image(512, 3)
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Write(parse(t, refs[1]), image); err != nil {
		t.Fatal(err)
	}
	digests = map[string]string{}
	for i, of := range []interface{ Digest() (v1.Hash, error) }{index, image} {
		digest, err := of.Digest()
		if err != nil {
			t.Fatal(err)
		}
		digests[refs[i]] = digest.String()
	}
	return refs, digests
}

func quietly() Copier { return Copier{UserAgent: "meshctl/test", Report: func(Copied) {}} }

// whole pulls an image with all its layers, of all its platforms.
func whole(t *testing.T, ref string) string {
	t.Helper()
	found, err := remote.Get(parse(t, ref))
	if err != nil {
		t.Fatal(err)
	}
	images := map[string]v1.Image{}
	if found.MediaType.IsIndex() {
		index, err := found.ImageIndex()
		if err != nil {
			t.Fatal(err)
		}
		manifest, err := index.IndexManifest()
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range manifest.Manifests {
			if images[one.Digest.String()], err = index.Image(one.Digest); err != nil {
				t.Fatal(err)
			}
		}
	} else if images[""], err = found.Image(); err != nil {
		t.Fatal(err)
	}
	for _, image := range images {
		layers, err := image.Layers()
		if err != nil {
			t.Fatal(err)
		}
		for _, layer := range layers {
			content, err := layer.Compressed() // its digest is verified while it is read
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, content); err != nil {
				t.Fatal(err)
			}
		}
	}
	return found.Digest.String()
}

func TestCopier_SaveLoadPushPull(t *testing.T) {
	source, middle, last := serve(t), serve(t), serve(t)
	refs, digests := fill(t, source)
	for _, archive := range []string{"images.tar", "images"} {
		archive = filepath.Join(t.TempDir(), archive)
		saved, err := quietly().Save(t.Context(), refs, archive)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"linux/amd64", "linux/arm64"}, saved[0].Platforms); diff != "" || saved[0].Digest != digests[refs[0]] {
			t.Errorf("saved %+v %s", saved[0], diff)
		}
		loaded, err := quietly().Load(t.Context(), archive, middle+"/mirror")
		if err != nil || len(loaded) != 2 {
			t.Fatalf("loaded %v: %v", loaded, err)
		}
	}
	if _, err := quietly().Push(t.Context(), []string{middle + "/mirror/pilot:1.30.3", middle + "/mirror/prometheus:v3"}, last+"/deep/er"); err != nil {
		t.Fatal(err)
	}
	for i, base := range []string{"pilot:1.30.3", "prometheus:v3"} {
		if got := whole(t, last+"/deep/er/"+base); got != digests[refs[i]] {
			t.Errorf("%s arrived as %s", refs[i], got)
		}
	}
}

func TestCopier_SavesAgainInThePlaceOfTheFirst(t *testing.T) {
	refs, _ := fill(t, serve(t))
	archive := filepath.Join(t.TempDir(), "layout")
	for range 2 {
		if _, err := quietly().Save(t.Context(), refs, archive); err != nil {
			t.Fatal(err)
		}
	}
	loaded, err := quietly().Load(t.Context(), archive, serve(t)+"/x")
	if err != nil || len(loaded) != len(refs) {
		t.Errorf("loaded %v: %v", loaded, err)
	}
}

func TestCopier_TarsAreTheSameForTheSameImages(t *testing.T) {
	refs, _ := fill(t, serve(t))
	var bytes [2]string
	for i := range bytes {
		archive := filepath.Join(t.TempDir(), "images.tar")
		if _, err := quietly().Save(t.Context(), refs, archive); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(archive)
		if err != nil {
			t.Fatal(err)
		}
		bytes[i] = string(text)
		if left, _ := os.ReadDir(filepath.Dir(archive)); len(left) != 1 {
			t.Errorf("left beside the archive: %v", left)
		}
	}
	if bytes[0] != bytes[1] {
		t.Error("the same images, other bytes")
	}
}

func TestCopier_TellsWhatARegistryMeans(t *testing.T) {
	host := serve(t)
	locked := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }))
	t.Cleanup(locked.Close)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for ref, check := range map[string]func(*RegistryError) bool{
		host + "/nothing:1": func(e *RegistryError) bool { return e.Missing },
		strings.TrimPrefix(locked.URL, "http://") + "/x:1": func(e *RegistryError) bool { return e.Denied },
		strings.TrimPrefix(gone.URL, "http://") + "/x:1":   func(e *RegistryError) bool { return e.Unreachable },
	} {
		archive := filepath.Join(t.TempDir(), "x.tar")
		_, err := quietly().Save(t.Context(), []string{ref}, archive)
		explained, ok := errors.AsType[*RegistryError](err)
		if !ok || !check(explained) || !strings.HasPrefix(err.Error(), "saving "+ref) {
			t.Errorf("%s: %v", ref, err)
		}
		if _, err := os.Stat(archive); err == nil {
			t.Errorf("%s: half an archive was left", ref)
		}
	}
}

func TestLoad_RefusesWhatIsNoArchive(t *testing.T) {
	folder := t.TempDir()
	hostile := filepath.Join(folder, "hostile.tar")
	file, err := os.Create(hostile)
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(file)
	if err := errors.Join(w.WriteHeader(&tar.Header{Name: "../escaped", Size: 1, Mode: 0o644}), second(w.Write([]byte("x"))), w.Close(), file.Close()); err != nil {
		t.Fatal(err)
	}
	text := filepath.Join(folder, "text.tar")
	if err := os.WriteFile(text, []byte("no tar"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, archive := range []string{hostile, text, folder} {
		_, err := quietly().Load(t.Context(), archive, "localhost:1/x")
		if _, ok := errors.AsType[*ArchiveError](err); !ok {
			t.Errorf("%s: %v", archive, err)
		}
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(folder), "escaped")); err == nil {
		t.Error("a tar file wrote outside its folder")
	}
	if _, err := quietly().Save(t.Context(), nil, folder); err == nil || !strings.Contains(err.Error(), "and not empty") {
		t.Errorf("a folder with other files is written to: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }
