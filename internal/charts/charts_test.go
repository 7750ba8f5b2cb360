package charts_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/registry"

	"github.com/meshctl/meshctl/internal/charts"
	"github.com/meshctl/meshctl/internal/charts/chartstest"
)

func pack(t *testing.T, name, version string) chartstest.Archive {
	t.Helper()
	archive, err := chartstest.Pack(map[string]string{
		"Chart.yaml":        "apiVersion: v2\nname: " + name + "\nversion: " + version + "\nappVersion: " + version + "\n",
		"values.yaml":       "size: 1\n",
		"templates/all.yml": "kind: ConfigMap\n",
	})
	if err != nil {
		t.Fatal(err)
	}
	return archive
}

// published starts a server with charts and a Helm configuration that knows it.
func published(t *testing.T, alter func(string) string) (*chartstest.Server, charts.Helm) {
	t.Helper()
	server, err := chartstest.Publish([]chartstest.Archive{
		pack(t, "base", "1.30.3"), pack(t, "istiod", "1.29.6"), pack(t, "istiod", "1.30.2"), pack(t, "istiod", "1.30.3"), pack(t, "odd", "1.0.0+build.7"),
	}, alter)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	helm := charts.Helm{
		Repositories: filepath.Join(t.TempDir(), "repositories.yaml"),
		Registries:   filepath.Join(t.TempDir(), "registry", "config.json"),
		Cache:        filepath.Join(t.TempDir(), "cache"),
	}
	configure(t, server, helm, chartstest.Password)
	return server, helm
}

func configure(t *testing.T, server *chartstest.Server, helm charts.Helm, password string) {
	t.Helper()
	authority := filepath.Join(t.TempDir(), "ca.pem")
	write(t, authority, string(server.Authority()))
	write(t, helm.Repositories, fmt.Sprintf("repositories:\n- {name: mirror, url: %q, username: %s, password: %q, caFile: %q}\n",
		server.Repository()+"/", chartstest.User, password, authority))
	auth := base64.StdEncoding.EncodeToString([]byte(chartstest.User + ":" + password))
	write(t, helm.Registries, fmt.Sprintf(`{"auths": {%q: {"auth": %q}}}`, server.Host(), auth))
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func find(t *testing.T, location string, helm charts.Helm, wanted charts.Version, names ...string) (charts.Chart, error) {
	t.Helper()
	source, err := charts.Open(location, helm)
	if err != nil {
		return charts.Chart{}, err
	}
	return charts.Find(t.Context(), source, names, wanted)
}

func TestFind_FetchesFromRepositoriesAndRegistries(t *testing.T) {
	server, helm := published(t, nil)
	digest := "sha256:" + pack(t, "istiod", "1.30.3").Digest()
	for location, from := range map[string]string{
		server.Repository(): server.Repository() + "/istiod-1.30.3.tgz",
		"mirror":            server.Repository() + "/istiod-1.30.3.tgz",
		server.Registry():   server.Registry() + "/istiod:1.30.3",
	} {
		t.Run(location, func(t *testing.T) {
			found, err := find(t, location, helm, charts.Version{Usual: "1.30.3"}, "istio-discovery", "istiod")
			if err != nil {
				t.Fatal(err)
			}
			var files []string
			for _, file := range found.Files {
				files = append(files, file.Name)
			}
			slices.Sort(files)
			found.Files = nil
			want := charts.Chart{Name: "istiod", Version: "1.30.3", AppVersion: "1.30.3", Location: from, Digest: digest}
			if diff := cmp.Diff(want, found); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([]string{"Chart.yaml", "templates/all.yml", "values.yaml"}, files); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFind_ReadsRangesAndBuilds(t *testing.T) {
	server, helm := published(t, nil)
	for _, location := range []string{server.Repository(), server.Registry()} {
		for _, test := range []struct{ chart, asked, want string }{
			{"istiod", "~1.29", "1.29.6"},
			{"istiod", ">=1.29 <1.30.3", "1.30.2"},
			{"istiod", "v1.30.2", "1.30.2"},
			{"odd", "1.0.0+build.7", "1.0.0+build.7"},
		} {
			found, err := find(t, location, helm, charts.Version{Asked: test.asked}, test.chart)
			if err != nil || found.Version != test.want {
				t.Errorf("%s %s in %s: %s, %v", test.chart, test.asked, location, found.Version, err)
			}
		}
		_, err := find(t, location, helm, charts.Version{Asked: "the best"}, "istiod")
		if _, ok := errors.AsType[*charts.BadVersionError](err); !ok {
			t.Errorf("a version that is none: %v", err)
		}
	}
}

func TestFind_TellsWhatThereIsInstead(t *testing.T) {
	server, helm := published(t, nil)
	for _, location := range []string{server.Repository(), server.Registry()} {
		_, err := find(t, location, helm, charts.Version{Asked: "1.29.9"}, "istiod")
		unknown, ok := errors.AsType[*charts.VersionError](err)
		if !ok {
			t.Fatalf("unknown version: %v", err)
		}
		if diff := cmp.Diff([]string{"1.29.6", "1.30.3", "1.30.2"}, unknown.Known); diff != "" {
			t.Error(diff)
		}
		_, err = find(t, location, helm, charts.Version{Asked: "1.30.3"}, "cni", "istio-cni")
		missing, ok := errors.AsType[*charts.MissingError](err)
		if !ok || missing.Source != location {
			t.Fatalf("missing chart: %v", err)
		}
		if want := []string{"base", "istiod", "odd"}; location == server.Repository() && !slices.Equal(missing.Known, want) {
			t.Errorf("known charts: %v", missing.Known)
		}
	}
}

// A registry may not let anybody know what it does not have.
func TestFind_LooksFurtherThanARefusal(t *testing.T) {
	server, helm := published(t, nil)
	inner := server.Config.Handler
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/istio-discovery/") {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		inner.ServeHTTP(w, r)
	})
	found, err := find(t, server.Registry(), helm, charts.Version{Usual: "1.30.3"}, "istio-discovery", "istiod")
	if err != nil || found.Name != "istiod" {
		t.Errorf("%s, %v", found.Name, err)
	}
	_, err = find(t, server.Registry(), helm, charts.Version{Usual: "1.30.3"}, "istio-discovery", "cni")
	if denied, ok := errors.AsType[*charts.AccessError](err); !ok || denied.Status != http.StatusForbidden {
		t.Errorf("%#v", err)
	}
}

func TestFind_TellsWhoIsNotLetIn(t *testing.T) {
	server, helm := published(t, nil)
	configure(t, server, helm, "wrong")
	for location, registry := range map[string]bool{server.Repository(): false, server.Registry(): true} {
		_, err := find(t, location, helm, charts.Version{Usual: "1.30.3"}, "istiod")
		denied, ok := errors.AsType[*charts.AccessError](err)
		if !ok || !denied.Credentials || denied.Registry != registry || denied.Status != 401 {
			t.Errorf("wrong password for %s: %#v", location, err)
		}
		if strings.Contains(err.Error(), "wrong") {
			t.Errorf("the message tells the password: %v", err)
		}
	}
	helm.Registries = filepath.Join(t.TempDir(), "none.json")
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	_, err := find(t, server.Registry(), helm, charts.Version{Usual: "1.30.3"}, "istiod")
	if denied, ok := errors.AsType[*charts.AccessError](err); !ok || denied.Credentials {
		t.Errorf("no credentials: %#v", err)
	}
	helm.Repositories = filepath.Join(t.TempDir(), "none.yaml")
	for _, location := range []string{server.Repository(), server.Registry()} {
		_, err := find(t, location, helm, charts.Version{Usual: "1.30.3"}, "istiod")
		if _, ok := errors.AsType[*charts.CertificateError](err); !ok {
			t.Errorf("unknown authority of %s: %#v", location, err)
		}
	}
}

func TestFind_TakesCredentialsInTheURL(t *testing.T) {
	server, helm := published(t, nil)
	configure(t, server, helm, "wrong")
	location := strings.Replace(server.Repository(), "https://", "https://"+chartstest.User+":correct%20horse@", 1)
	write(t, helm.Repositories, strings.Replace(read(t, helm.Repositories), server.Repository()+"/", location, 1))
	found, err := find(t, location, helm, charts.Version{Usual: "1.30.3"}, "istiod")
	if err != nil || found.Location != server.Repository()+"/istiod-1.30.3.tgz" {
		t.Errorf("%s, %v", found.Location, err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestFind_RefusesWhatWasNotAnnounced(t *testing.T) {
	announced := pack(t, "istiod", "1.30.3").Digest()
	server, helm := published(t, func(index string) string {
		return strings.ReplaceAll(index, announced, strings.Repeat("0", 64))
	})
	_, err := find(t, server.Repository(), helm, charts.Version{Usual: "1.30.3"}, "istiod")
	if wrong, ok := errors.AsType[*charts.DigestError](err); !ok || wrong.Got != "sha256:"+announced {
		t.Errorf("altered archive: %v", err)
	}
	if _, err := os.Stat(filepath.Join(helm.Cache, "istiod-1.30.3.tgz")); err == nil {
		t.Error("it was put into the cache")
	}
}

func TestFind_DownloadsOnce(t *testing.T) {
	server, helm := published(t, nil)
	for range 2 {
		if _, err := find(t, server.Repository(), helm, charts.Version{Usual: "1.30.3"}, "istiod"); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(helm.Cache, "istiod-1.30.3.tgz"), "something else by that name")
	if _, err := find(t, server.Repository(), helm, charts.Version{Usual: "1.30.3"}, "istiod"); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"/charts/index.yaml", "/charts/istiod-1.30.3.tgz", "/charts/index.yaml",
		"/charts/index.yaml", "/charts/istiod-1.30.3.tgz",
	}
	if diff := cmp.Diff(want, server.Fetched); diff != "" {
		t.Error(diff)
	}
}

func TestFind_SpeaksPlainlyOnThisMachine(t *testing.T) {
	_, helm := published(t, nil)
	plain := httptest.NewServer(registry.New(registry.Logger(slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo))))
	t.Cleanup(plain.Close)
	_, err := find(t, strings.Replace(plain.URL, "http://", "oci://", 1)+"/charts", helm, charts.Version{Usual: "1.30.3"}, "istiod")
	if _, ok := errors.AsType[*charts.MissingError](err); !ok {
		t.Errorf("%#v", err)
	}
}
