package e2e_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/meshctl/meshctl/internal/cli"
)

// TestImages runs the scripts of testdata/images against registries that
// answer over HTTP: REGISTRY, whose path /source holds every image of the demo
// profile, each for two platforms, and LOCKED, which wants a password: user and
// secret.
func TestImages(t *testing.T) {
	open := httptest.NewServer(registry.New(registry.Logger(slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo))))
	t.Cleanup(open.Close)
	locked := httptest.NewServer(askPassword(registry.New(registry.Logger(slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)))))
	t.Cleanup(locked.Close)
	host := strings.TrimPrefix(open.URL, "http://")
	for _, image := range demoImages(t, host+"/source") {
		publish(t, image)
	}
	testscript.Run(t, params("testdata/images", func(env *testscript.Env) error {
		env.Setenv("REGISTRY", host)
		env.Setenv("LOCKED", strings.TrimPrefix(locked.URL, "http://"))
		return atHome(env)
	}))
}

func askPassword(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "user" || password != "secret" {
			w.Header().Set("WWW-Authenticate", `Basic realm="test"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// demoImages asks the program which images the demo profile takes from a registry.
func demoImages(t *testing.T, registry string) []string {
	t.Helper()
	var out, errs strings.Builder
	args := []string{"meshctl", "images", "list", "--profile", "demo", "--image-registry", registry, "-o", "json"}
	if code := cli.Main(t.Context(), args, strings.NewReader(""), &out, &errs, nil); code != 0 {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	var list struct {
		Images []struct{ Image string }
	}
	if err := json.Unmarshal([]byte(out.String()), &list); err != nil {
		t.Fatal(err)
	}
	var images []string
	for _, one := range list.Images {
		images = append(images, one.Image)
	}
	return images
}

func publish(t *testing.T, image string) {
	t.Helper()
	parsed, err := name.ParseReference(image)
	if err != nil {
		t.Fatal(err)
	}
	var index v1.ImageIndex = empty.Index
	for _, arch := range []string{"amd64", "arm64"} {
		content, err := random.Image(512, 2)
		if err != nil {
			t.Fatal(err)
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: content, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: arch}}})
	}
	if err := remote.WriteIndex(parsed, index); err != nil {
		t.Fatal(err)
	}
}
