package profiles

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFiles_Taken(t *testing.T) {
	tests := []struct{ name, text string }{
		{"a full document", "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {hub: example.com/a}\n"},
		{"a bare spec", "hub: example.com/a\n"},
		{"a bare spec with more", "components:\n  pilot: {enabled: true}\nhub: example.com/a\n"},
		{"a spec without a header", "spec: {hub: example.com/a}\n"},
		{"empty documents around it", "---\n# nothing\n---\nhub: example.com/a\n---\n"},
		{"JSON", `{"apiVersion":"install.istio.io/v1alpha1","kind":"IstioOperator","spec":{"hub":"example.com/a"}}`},
		{"anchors", "values: {global: {hub: &hub example.com/b}}\nhub: example.com/a\nunvalidatedValues: {global: {hub: *hub}}\n"},
		{"a status of old", "kind: IstioOperator\napiVersion: install.istio.io/v1alpha1\nspec: {hub: example.com/a}\nstatus: {x: 1}\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := look(resolve(t, Config{Files: []File{file(test.text)}}), "hub"); got != "example.com/a" {
				t.Errorf("hub = %v", got)
			}
		})
	}
}

func TestFiles_MergeKey(t *testing.T) {
	mesh := resolve(t, Config{Files: []File{file(`
components:
  ingressGateways:
  - &first {name: istio-ingressgateway, namespace: edge, label: {a: b}}
  - <<: *first
    name: second
`)}})
	if second := mesh.Components[3]; second.Name != "second" || second.Namespace != "edge" {
		t.Errorf("got %s in %s", second.Name, second.Namespace)
	}
}

func TestFiles_Empty(t *testing.T) {
	for _, text := range []string{"", "\n", "# only a comment\n", "---\n", "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n"} {
		if got := resolve(t, Config{Files: []File{file(text)}}); got.Profile != "default" {
			t.Errorf("%q: profile %s", text, got.Profile)
		}
	}
}

func TestFiles_Refused(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"no YAML", "spec:\n  a: b: c\n", "mesh.yaml:2: not valid YAML: mapping values are not allowed in this context"},
		{"a tab", "spec:\n\ta: b\n", "mesh.yaml:2: not valid YAML: found character that cannot start any token"},
		{"an unknown anchor", "hub: *nothing\n", "mesh.yaml: not valid YAML: unknown anchor 'nothing' referenced"},
		{"a duplicate key", "spec:\n  hub: a\n  tag: b\n  hub: c\n", `mesh.yaml:4: key "hub" is already set on line 2`},
		{"a list", "- a\n", "mesh.yaml:1: expected an IstioOperator, found a list"},
		{"a word", "hello\n", `mesh.yaml:1: expected an IstioOperator, found "hello"`},
		{"another kind", "apiVersion: install.istio.io/v1alpha1\nkind: Gateway\n", `mesh.yaml:2: kind: expected IstioOperator, found "Gateway"`},
		{"another version", "apiVersion: install.istio.io/v1\nkind: IstioOperator\n", `mesh.yaml:1: apiVersion: expected install.istio.io/v1alpha1, found "install.istio.io/v1"`},
		{"something else", "\nfoo: 1\nbar: 2\n", "mesh.yaml:2: expected an IstioOperator or its bare spec, found a document with the keys bar, foo"},
		{"two documents", "hub: a\n---\n\nhub: b\n", "mesh.yaml:4: a second document begins here (the first is on line 1), but a file may hold only one IstioOperator"},
		{"a misplaced field", "kind: IstioOperator\napiVersion: install.istio.io/v1alpha1\nvalues: {}\n", "mesh.yaml:3: values: unknown field"},
		{"spec is no mapping", "kind: IstioOperator\napiVersion: install.istio.io/v1alpha1\nspec: []\n", "mesh.yaml:3: spec: expected a mapping, found a list"},
		{"a list as key", "values: {[a]: b}\n", "mesh.yaml:1: a key must be a word, not a list or a mapping"},
		{"an anchor in itself", "values: &a {global: *a}\n", `mesh.yaml:1: anchor "a" contains itself`},
		{"merging text", "values: {<<: a}\n", "mesh.yaml:1: << expects a mapping"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Resolve(Config{Files: []File{file(test.text)}}, assets())
			if err == nil || err.Error() != test.want {
				t.Fatalf("got  %v\nwant %s", err, test.want)
			}
			var problem *InputError
			if !errors.As(err, &problem) || problem.Usage() {
				t.Errorf("not an error of the input data: %#v", err)
			}
		})
	}
}

func TestFiles_AliasBomb(t *testing.T) {
	text := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := range 8 {
		step := string(rune('0' + i))
		next := string(rune('1' + i))
		text += "a" + next + ": &a" + next + " [" + strings.TrimSuffix(strings.Repeat("*a"+step+", ", 10), ", ") + "]\n"
	}
	_, err := Resolve(Config{Files: []File{file("values:\n  " + strings.ReplaceAll(text, "\n", "\n  "))}}, assets())
	if err == nil || !strings.Contains(err.Error(), "too large once its aliases are unfolded") {
		t.Errorf("got %v", err)
	}
}

func TestFiles_AllErrorsAtOnce(t *testing.T) {
	_, err := Resolve(Config{
		Files: []File{
			file("values:\n  pilot:\n    autoscaleMax: many\n    autoscaleMin: few\nhbu: x\n"),
			{Name: "-", Data: []byte("tag: a b\n")},
		},
		Sets: []string{"values.pilot.autoscaleMax=5", "values.pilot.env.A.B=x", "values.nothing=1"},
	}, assets())
	want := strings.Join([]string{
		`mesh.yaml:3: spec.values.pilot.autoscaleMax: expected an integer, found "many"`,
		`mesh.yaml:4: spec.values.pilot.autoscaleMin: expected an integer, found "few"`,
		`mesh.yaml:5: spec.hbu: unknown field`,
		`stdin:1: spec.tag: expected an image tag: letters, digits, '.', '_' and '-', 128 at most, found "a b"`,
		`--set values.pilot.env.A.B=x: spec.values.pilot.env.A: expected a single value, found a mapping`,
		`--set values.nothing=1: spec.values.nothing: unknown field`,
	}, "\n")
	if err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Error(diff)
	}
}

func TestUnknownProfile(t *testing.T) {
	tests := []struct {
		config      Config
		text, hint  string
		usageOfFlag bool
	}{
		{Config{Profile: "dmeo"}, `--profile dmeo: unknown profile "dmeo"`, "did you mean demo?", true},
		{Config{Sets: []string{"profile=zzz"}}, `--set profile=zzz: unknown profile "zzz"`, "the profiles are default, demo, empty, monitored", true},
		{Config{Files: []File{file("\nprofile: myistio\n")}}, `mesh.yaml:2: unknown profile "myistio"`, "the profiles are default, demo, empty, monitored", false},
		{Config{Profile: "values-demo"}, `--profile values-demo: unknown profile "values-demo"`, "the profiles are default, demo, empty, monitored", true},
	}
	for _, test := range tests {
		_, err := Resolve(test.config, assets())
		var unknown *UnknownProfileError
		if !errors.As(err, &unknown) {
			t.Errorf("got %v", err)
			continue
		}
		if unknown.Error() != test.text || unknown.Hint() != test.hint || unknown.Usage() != test.usageOfFlag {
			t.Errorf("got %q, hint %q, usage %v", unknown.Error(), unknown.Hint(), unknown.Usage())
		}
	}
}

func TestProfile_TheLastWordWins(t *testing.T) {
	config := Config{Files: []File{file("profile: empty")}}
	if got := resolve(t, config).Profile; got != "empty" {
		t.Errorf("by file: %s", got)
	}
	config.Sets = []string{"profile=monitored"}
	if got := resolve(t, config).Profile; got != "monitored" {
		t.Errorf("by --set: %s", got)
	}
	config.Profile = "demo"
	mesh := resolve(t, config)
	if mesh.Profile != "demo" || look(mesh, "profile") != "demo" {
		t.Errorf("by flag: %s", mesh.Profile)
	}
}

func FuzzResolve(f *testing.F) {
	for _, seed := range []string{"hub: a", "spec: {values: {pilot: null}}", "a: &a [*a]", "<<: {a: b}", "---\n---\n", "components: {ingressGateways: [null, {}, 1]}", "{", "\x00", "? [a]\n: b", "!!binary aGk=: x"} {
		f.Add(seed)
	}
	tree := assets()
	f.Fuzz(func(t *testing.T, text string) {
		mesh, err := Resolve(Config{Files: []File{file(text)}}, tree)
		if err != nil {
			return
		}
		printed, err := mesh.YAML(true)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decodeOne(printed, Origin{}); err != nil {
			t.Fatalf("printed what cannot be read: %v\n%s", err, printed)
		}
	})
}
