package profiles

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

const twoVersions = `default: 1.30.3
versions:
- {version: 1.30.3, hub: registry.istio.io/release, tag: 1.30.3, kubernetes: {oldest: "1.32", newest: "1.36"}, gatewayAPI: {oldest: "1.0", newest: "1.5"}, charts: {folder: ., version: 1.30.3}}
- {version: 1.30.4, hub: mirror.example/istio, tag: 1.30.4-fips, kubernetes: {oldest: "1.32", newest: "1.36"}, gatewayAPI: {oldest: "1.0", newest: "1.5"}, charts: {folder: ., version: 1.30.3}}
- {version: 1.31.0, hub: registry.istio.io/release, tag: 1.31.0, kubernetes: {oldest: "1.33", newest: "1.37"}, gatewayAPI: {oldest: "1.0", newest: "1.6"}, charts: {folder: "1.31", version: 1.31.0}}
`

// versioned is the real charts beside another table.
func versioned(t *testing.T, table string) fs.FS {
	t.Helper()
	files := fstest.MapFS{versionsFile: {Data: []byte(table)}}
	err := fs.WalkDir(manifests(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || name == versionsFile {
			return err
		}
		data, err := fs.ReadFile(manifests(), name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestVersions_ThoseBuiltInFitTheirCharts(t *testing.T) {
	table, err := ReadVersions(manifests())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range table.Known {
		assets, err := v.Assets(manifests())
		if err != nil {
			t.Fatal(err)
		}
		charts, err := readCharts(assets)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"istiod", "gateways"} {
			if charts[name] == nil {
				t.Errorf("Istio %s has no chart %s", v.Name, name)
			}
		}
		text, err := fs.ReadFile(assets, "charts/istiod/Chart.yaml")
		if err != nil || !strings.Contains(string(text), "appVersion: "+v.Name+"\n") {
			t.Errorf("chart istiod of Istio %s says (%v):\n%s", v.Name, err, text)
		}
	}
}

func TestVersions_NextPatchReleaseIsOneRow(t *testing.T) {
	all := versioned(t, twoVersions)
	table, err := ReadVersions(all)
	if err != nil {
		t.Fatal(err)
	}
	version, err := table.Find("v1.30.4")
	if err != nil {
		t.Fatal(err)
	}
	assets, err := version.Assets(all)
	if err != nil {
		t.Fatal(err)
	}
	mesh, err := Resolve(Config{Version: version}, assets)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"hub": "mirror.example/istio", "tag": "1.30.4-fips"} {
		origin := mesh.Origin("values", "global", path)
		if got := mesh.spec.str("values", "global", path); got != want || origin.String() != "Istio 1.30.4" {
			t.Errorf("%s is %s (%s)", path, got, origin)
		}
	}
	pilot := mesh.Components[1]
	if got := subtree(pilot.Values, "global")["tag"]; got != "1.30.4-fips" {
		t.Errorf("the chart of istiod is rendered with the tag %v", got)
	}
	chart, err := fs.ReadFile(assets, "charts/gateways/Chart.yaml")
	if err != nil || !strings.Contains(string(chart), "\nversion: 1.30.4\nappVersion: 1.30.4\n") {
		t.Errorf("Chart.yaml (%v):\n%s", err, chart)
	}
	if mesh.Version != "1.30.4" {
		t.Errorf("the mesh is of version %q", mesh.Version)
	}
}

func TestVersions_ProfileBeatsTheHubOfAVersion(t *testing.T) {
	all := versioned(t, twoVersions)
	table, _ := ReadVersions(all)
	version, _ := table.Find("1.30.4")
	mesh, err := Resolve(Config{Version: version, Profile: "ocne"}, all)
	if err != nil {
		t.Fatal(err)
	}
	if hub := mesh.spec.str("values", "global", "hub"); hub != "container-registry.oracle.com/olcne" {
		t.Errorf("hub is %s", hub)
	}
}

func TestVersions_UnknownIsRefusedWithTheKnown(t *testing.T) {
	table, err := ReadVersions(versioned(t, twoVersions))
	if err != nil {
		t.Fatal(err)
	}
	_, err = table.Find("1.29.0")
	unknown, ok := errors.AsType[*UnknownVersionError](err)
	if !ok || unknown.Hint() != "known: 1.30.3, 1.30.4, 1.31.0" {
		t.Errorf("got %v", err)
	}
	if _, err := ReadVersions(fstest.MapFS{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a table: %v", err)
	}
}

func TestVersions_BadTablesAreRefused(t *testing.T) {
	for replaced, want := range map[[2]string]string{
		{"default: 1.30.3", "default: 1.28.0"}:       "1.28.0 is not among",
		{`oldest: "1.33"`, `oldest: "1.39"`}:         `"1.39" to "1.37" is no range`,
		{"tag: 1.31.0", "tug: 1.31.0"}:               "field tug not found",
		{"hub: mirror.example/istio,", ""}:           `version 2 ("1.30.4") needs`,
		{`folder: "1.31"`, `folder: "../elsewhere"`}: `version 3 ("1.31.0") needs`,
	} {
		if _, err := ReadVersions(versioned(t, strings.Replace(twoVersions, replaced[0], replaced[1], 1))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", replaced[1], err, want)
		}
	}
}

func TestVersionRange_Holds(t *testing.T) {
	r := VersionRange{Oldest: "1.32", Newest: "1.36"}
	for version, want := range map[string]bool{
		"v1.31.14": false, "v1.32.0": true, "1.36.3-eks-1a2b": true, "v1.37.0": false, "1.34+": true, "v2.0.0": false, "": true, "unknown": true,
	} {
		if got := r.Holds(version); got != want {
			t.Errorf("%s: %v", version, got)
		}
	}
}
