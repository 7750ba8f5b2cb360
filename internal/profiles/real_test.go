package profiles

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// manifests are the profiles and charts that meshctl ships.
func manifests() fs.FS { return os.DirFS("../../manifests") }

func TestManifests_SayNothingTheSchemaRefuses(t *testing.T) {
	charts, err := readCharts(manifests())
	if err != nil {
		t.Fatal(err)
	}
	var check checker
	for _, row := range components() {
		check.walk(charts[row.chart], valuesSchema(charts))
	}
	for _, folder := range []string{overlayDir, compatibilityDir, platformDir} {
		known, err := names(manifests(), folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range known {
			text, err := fs.ReadFile(manifests(), folder+"/"+name+".yaml")
			if err != nil {
				t.Fatal(err)
			}
			values, err := decodeOne(text, Origin{Kind: FromOverlay, Name: folder + "/" + name})
			if err != nil {
				t.Fatal(err)
			}
			check.walk(values, valuesSchema(charts))
		}
	}
	if err := check.problems.err(nil); err != nil {
		t.Error(err)
	}
}

func TestManifests_ChartsAgreeOnSharedDefaults(t *testing.T) {
	charts, err := readCharts(manifests())
	if err != nil {
		t.Fatal(err)
	}
	shared := charts.shared().tree()
	for name, defaults := range charts {
		merged := merge(charts.shared(), defaults).tree()
		if diff := cmp.Diff(shared, merged); diff != "" {
			t.Errorf("chart %s has other defaults:\n%s", name, diff)
		}
	}
}

func TestManifests_EveryProfileResolves(t *testing.T) {
	summaries, err := List(manifests())
	if err != nil {
		t.Fatal(err)
	}
	for _, summary := range summaries {
		if summary.Description == "" {
			t.Errorf("profile %s: no description", summary.Name)
		}
		mesh, err := Resolve(Config{Profile: summary.Name}, manifests())
		if err != nil {
			t.Errorf("profile %s: %v", summary.Name, err)
			continue
		}
		var kinds []ComponentKind
		for _, component := range mesh.Components {
			kinds = append(kinds, component.Kind)
		}
		if diff := cmp.Diff(summary.Components, slices.Compact(kinds)); diff != "" {
			t.Errorf("profile %s: List and Resolve disagree:\n%s", summary.Name, diff)
		}
		if len(mesh.Warnings) > 0 {
			t.Errorf("profile %s: warnings %q", summary.Name, mesh.Warnings)
		}
	}
}

// fixtures is the folder of fixtures made with the real Istio.
func fixtures(t *testing.T) string {
	t.Helper()
	root := os.Getenv("MESHCTL_CONFORMANCE")
	if root == "" {
		t.Skip("MESHCTL_CONFORMANCE is not set")
	}
	return filepath.Join(root, "render-sets")
}

func TestConformance_TakesWhatIstioTakes(t *testing.T) {
	root := fixtures(t)
	text, err := os.ReadFile(filepath.Join(root, "cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct{ Args []string }
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	known, err := names(manifests(), profileDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		config := configOf(t, root, c.Args)
		if slices.ContainsFunc(config.Sets, func(set string) bool {
			name, isProfile := strings.CutPrefix(set, "profile=")
			return isProfile && !slices.Contains(known, name)
		}) {
			continue
		}
		if _, err := Resolve(config, manifests()); err != nil {
			t.Errorf("%s: %v", strings.Join(c.Args, " "), err)
		}
	}
}

func configOf(t *testing.T, root string, args []string) Config {
	t.Helper()
	var config Config
	for flag := range slices.Chunk(args, 2) {
		if flag[0] == "--set" {
			config.Sets = append(config.Sets, flag[1])
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, flag[1]))
		if err != nil {
			t.Fatal(err)
		}
		config.Files = append(config.Files, File{Name: flag[1], Data: text})
	}
	return config
}

func TestConformance_RefusesWhatIstioRefuses(t *testing.T) {
	root := fixtures(t)
	for name, want := range map[string]string{
		"bad-type.yaml":          `bad-type.yaml:4: spec.values.pilot.autoscaleMax: expected an integer, found "many"`,
		"bad-unknown-field.yaml": `bad-unknown-field.yaml:4: spec.componets: unknown field`,
		"bad-value.yaml":         `bad-value.yaml:4: spec.values.global.proxie: unknown field`,
	} {
		_, err := Resolve(configOf(t, root, []string{"-f", name}), manifests())
		if err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

func BenchmarkResolve_Demo(b *testing.B) {
	assets := manifests()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Resolve(Config{Profile: "demo"}, assets); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkResolve_FileAndSets(b *testing.B) {
	assets := manifests()
	config := Config{
		Files: []File{{Name: "mesh.yaml", Data: []byte(`
spec:
  profile: demo
  meshConfig: {accessLogFile: /dev/stdout, defaultConfig: {tracing: {sampling: 10}}}
  components:
    ingressGateways:
    - name: istio-ingressgateway
      k8s: {resources: {requests: {cpu: 20m}}, service: {ports: [{name: https, port: 443, targetPort: 8443}]}}
`)}},
		Sets: []string{"values.pilot.traceSampling=50", "values.global.proxy.logLevel=debug"},
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Resolve(config, assets); err != nil {
			b.Fatal(err)
		}
	}
}
