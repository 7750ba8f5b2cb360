package charts_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/meshctl/meshctl/internal/charts"
)

func chartYAML(name, version string) string {
	return "apiVersion: v2\nname: " + name + "\nversion: " + version + "\n"
}

func TestFind_ReadsDirectories(t *testing.T) {
	release, flat := t.TempDir(), t.TempDir()
	inRelease := filepath.Join(release, "manifests", "charts")
	write(t, filepath.Join(inRelease, "istio-control", "istio-discovery", "Chart.yaml"), chartYAML("istiod", "1.30.3"))
	write(t, filepath.Join(inRelease, "istio-control", "istio-discovery", "charts", "sub", "Chart.yaml"), chartYAML("sub", "1.0.0"))
	write(t, filepath.Join(inRelease, "gateways", "istio-ingress", "Chart.yaml"), chartYAML("istio-ingress", "1.30.3"))
	write(t, filepath.Join(release, "samples", "chart", "Chart.yaml"), chartYAML("sample", "1.0.0"))
	packed := pack(t, "istiod", "1.30.3")
	write(t, filepath.Join(flat, packed.File()), string(packed.Data))
	write(t, filepath.Join(flat, "old", "Chart.yaml"), chartYAML("istiod", "1.29.6"))

	for _, test := range []struct {
		root, chart, from, digest string
		wanted                    charts.Version
	}{
		{release, "istiod", filepath.Join(inRelease, "istio-control", "istio-discovery"), "", charts.Version{}},
		{inRelease, "istio-ingress", filepath.Join(inRelease, "gateways", "istio-ingress"), "", charts.Version{Usual: "9.9.9"}},
		{filepath.Join(inRelease, "istio-control", "istio-discovery"), "istiod", filepath.Join(inRelease, "istio-control", "istio-discovery"), "", charts.Version{}},
		{flat, "istiod", filepath.Join(flat, packed.File()), "sha256:" + packed.Digest(), charts.Version{Usual: "1.30.3"}},
		{flat, "istiod", filepath.Join(flat, "old"), "", charts.Version{Asked: "1.29.6"}},
	} {
		found, err := find(t, test.root, charts.Helm{}, test.wanted, test.chart)
		if err != nil || found.Location != test.from || found.Digest != test.digest {
			t.Errorf("%s in %s: %s %s, %v", test.chart, test.root, found.Location, found.Digest, err)
		}
	}
	for _, chart := range []string{"sub", "sample"} {
		_, err := find(t, release, charts.Helm{}, charts.Version{}, chart)
		if _, ok := errors.AsType[*charts.MissingError](err); !ok {
			t.Errorf("%s: %v", chart, err)
		}
	}
}

func TestFind_RefusesOneChartTwice(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "a", "Chart.yaml"), chartYAML("istiod", "1.30.3"))
	write(t, filepath.Join(root, "b", "Chart.yaml"), chartYAML("istiod", "1.30.3"))
	_, err := find(t, root, charts.Helm{}, charts.Version{}, "istiod")
	if twice, ok := errors.AsType[*charts.AmbiguousError](err); !ok || len(twice.Paths) != 2 {
		t.Errorf("%v", err)
	}
}

func TestOpen_RefusesWhatIsNoSource(t *testing.T) {
	file := filepath.Join(t.TempDir(), "istiod.tgz")
	write(t, file, "")
	broken := t.TempDir()
	write(t, filepath.Join(broken, "istiod", "Chart.yaml"), "name: [")
	for _, location := range []string{"ftp://charts.example.com", "https:///charts", "oci://", file, filepath.Join(t.TempDir(), "none"), t.TempDir()} {
		_, err := charts.Open(location, charts.Helm{})
		if _, ok := errors.AsType[*charts.LocationError](err); !ok {
			t.Errorf("%s: %v", location, err)
		}
	}
	if _, err := charts.Open(broken, charts.Helm{}); !errors.As(err, new(*charts.BrokenError)) {
		t.Errorf("a chart that cannot be read: %v", err)
	}
}

func TestHelmFiles_FollowTheEnvironment(t *testing.T) {
	config := t.TempDir()
	t.Setenv("HELM_CONFIG_HOME", config)
	got := charts.HelmFiles(func(name string) string {
		return map[string]string{"HELM_REGISTRY_CONFIG": "/run/secrets/config.json", "HELM_REPOSITORY_CACHE": "/var/cache/helm"}[name]
	})
	want := charts.Helm{Repositories: filepath.Join(config, "repositories.yaml"), Registries: "/run/secrets/config.json", Cache: "/var/cache/helm"}
	if got != want {
		t.Errorf("%+v", got)
	}
	if _, err := os.Stat(want.Repositories); err == nil {
		t.Error("the test has a repositories.yaml")
	}
}
