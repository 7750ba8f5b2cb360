package profiles

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// reader hands out files of a map.
func reader(files map[string]string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		if text, ok := files[name]; ok {
			return []byte(text), nil
		}
		return nil, fmt.Errorf("reading %s: no such file", name)
	}
}

func TestProfileInAFile(t *testing.T) {
	files := reader(map[string]string{
		"mine.yaml":       "profile: demo\nvalues:\n  pilot: {autoscaleMax: 7, traceSampling: 3}\n",
		"plain.yml":       "hub: example.com/a\n",
		"conf/team.yaml":  "profile: ../mine.yaml\nvalues: {pilot: {autoscaleMax: 9}}\n",
		"empty.yaml":      "",
		"./operator.yaml": "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {profile: empty}\n",
	})
	tests := []struct {
		name   string
		config Config
		base   string
		max    any
		origin string
	}{
		{"names another to start from", Config{Profile: "mine.yaml"}, "demo", int64(7), "mine.yaml:3"},
		{"starts from the default one", Config{Profile: "plain.yml"}, "default", nil, ""},
		{"may be another file, seen from there", Config{Profile: "conf/team.yaml"}, "demo", int64(9), "conf/team.yaml:2"},
		{"may be empty", Config{Profile: "empty.yaml"}, "default", nil, ""},
		{"may be complete", Config{Profile: "./operator.yaml"}, "empty", nil, ""},
		{"may be named by --set", Config{Sets: []string{"profile=mine.yaml"}}, "demo", int64(7), "mine.yaml:3"},
		{"may be named in a file", Config{Files: []File{{"a/b.yaml", []byte("profile: ../mine.yaml")}}}, "demo", int64(7), "mine.yaml:3"},
		{"is weaker than files", Config{Profile: "mine.yaml", Files: []File{file("values: {pilot: {autoscaleMax: 8}}")}}, "demo", int64(8), "mesh.yaml:1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.config.ReadFile = files
			mesh := resolve(t, test.config)
			if mesh.Profile != test.base || look(mesh, "profile") != test.base {
				t.Errorf("profile %q, in the spec %q, want %q", mesh.Profile, look(mesh, "profile"), test.base)
			}
			if got := look(mesh, "values.pilot.autoscaleMax"); got != test.max {
				t.Errorf("autoscaleMax %v, want %v", got, test.max)
			}
			if got := mesh.Origin("values", "pilot", "autoscaleMax").String(); got != test.origin {
				t.Errorf("origin %q, want %q", got, test.origin)
			}
			// What is recorded does not need the file again.
			again := resolve(t, Config{Files: []File{{"record", asYAML(t, mesh.UserSpec())}}})
			if diff := cmp.Diff(mesh.Values, again.Values); diff != "" {
				t.Errorf("the record means something else:\n%s", diff)
			}
		})
	}
}

func TestProfileInAFile_Refused(t *testing.T) {
	files := reader(map[string]string{
		"a.yaml":   "profile: b.yaml\n",
		"b.yaml":   "\nprofile: ./a.yaml\n",
		"bad.yaml": "values: {pilt: {}}\n",
	})
	tests := []struct {
		config Config
		want   string
	}{
		{Config{Profile: "a.yaml"}, "b.yaml:2: spec.profile: the profile a.yaml starts from itself: a.yaml, b.yaml, a.yaml"},
		{Config{Profile: "bad.yaml"}, "bad.yaml:1: spec.values.pilt: unknown field"},
		{Config{Profile: "gone.yaml"}, "profile gone.yaml: reading gone.yaml: no such file"},
	}
	for _, test := range tests {
		test.config.ReadFile = files
		if _, err := Resolve(test.config, assets()); err == nil || err.Error() != test.want {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
	if _, err := Resolve(Config{Profile: "./a.yaml"}, assets()); err == nil {
		t.Error("a file was read without a way to read files")
	}
}

func TestResolve_WarnsOfOverruledShortcuts(t *testing.T) {
	mesh := resolve(t, Config{Files: []File{file("values: {global: {hub: example.com/b, tag: same}}\ntag: same")}, Sets: []string{"hub=example.com/a"}})
	want := []string{"--set hub=example.com/a: spec.hub has no effect; spec.values.global.hub is stronger (mesh.yaml:1)"}
	if diff := cmp.Diff(want, mesh.Warnings); diff != "" {
		t.Error(diff)
	}
}
