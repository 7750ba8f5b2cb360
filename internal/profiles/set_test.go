package profiles

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseSet_Paths(t *testing.T) {
	tests := []struct {
		argument string
		want     string // segments divided by a blank
	}{
		{"a=1", "a"},
		{"a.b.c=1", "a b c"},
		{"spec.values.a=1", "values a"},
		{`a.b\.c=1`, "a b.c"},
		{`a.b\\c=1`, `a b\c`},
		{"a[0]=1", "a [0]"},
		{"a.[0].b=1", "a [0] b"},
		{"a[-1].b=1", "a [-1] b"},
		{"a[0][1]=1", "a [0] [1]"},
		{"a.[name:foo].b=1", "a [name:foo] b"},
		{"a[name:foo.bar/baz].b=1", "a [name:foo.bar/baz] b"},
		{"a.b=c=d", "a b"},
		{`a.example\.com/b=1`, "a example.com/b"},
	}
	for _, test := range tests {
		got, err := parseSet(test.argument, 1)
		if err != nil {
			t.Errorf("%s: %v", test.argument, err)
			continue
		}
		var steps []string
		for _, step := range got.path {
			if step.inList() {
				steps = append(steps, step.text)
			} else {
				steps = append(steps, step.name)
			}
		}
		if strings.Join(steps, " ") != test.want {
			t.Errorf("%s: got %q, want %q", test.argument, strings.Join(steps, " "), test.want)
		}
	}
}

func TestParseSet_Values(t *testing.T) {
	for value, want := range map[string]any{
		"":           "",
		"1":          int64(1),
		"-3":         int64(-3),
		"0644":       int64(644),
		"1.5":        1.5,
		"1e3":        1000.0,
		"1.30.3":     "1.30.3",
		"true":       true,
		"False":      false,
		"t":          "t",
		"yes":        "yes",
		"y":          "y",
		"null":       nil,
		"nan":        "nan",
		".inf":       ".inf",
		"0x1F":       "0x1F",
		"a=b=c":      "a=b=c",
		`a\,b`:       "a,b",
		"{a,b}":      "{a,b}",
		"[0]":        "[0]",
		" padded ":   " padded ",
		"1_000":      "1_000",
		"1.2.3.4":    "1.2.3.4",
		"10.0.0.0/8": "10.0.0.0/8",
	} {
		got, err := parseSet("a="+value, 1)
		if err != nil {
			t.Errorf("%s: %v", value, err)
			continue
		}
		if diff := cmp.Diff(want, got.value.value); diff != "" {
			t.Errorf("%q: %s", value, diff)
		}
	}
}

func TestSet_Refused(t *testing.T) {
	tests := []struct{ argument, want string }{
		{"values.pilot", `expected path=value`},
		{"=1", `segment 1 of the path "" is empty`},
		{"values..pilot=1", `segment 2 of the path "values..pilot" is empty`},
		{"values.=1", `segment 2 of the path "values." is empty`},
		{"[0]=1", `segment 1 of the path "[0]" is empty`},
		{"a[0=1", `segment "[0": the bracket is not closed`},
		{"a[]=1", `segment "[]": expected a number or field:value in the brackets`},
		{"a[x]=1", `segment "[x]": expected a number or field:value in the brackets`},
		{"a[-2]=1", `segment "[-2]": expected an index, found a negative number`},
		{"a[0]b=1", `segment "a[0]b": expected a dot after the bracket, found "b"`},
		{"components.ingressGateways.[name:x].enabled=true", `segment "[name:x]": no element has this name; there are istio-ingressgateway`},
		{"components.ingressGateways.[kind:x].enabled=true", `segment "[kind:x]": no element has this kind`},
		{"components.ingressGateways.enabled=true", `segment "enabled": here is a list; pick an element by [index] or [field:value]`},
		{"components.pilot[0].enabled=true", `segment "[0]": expected a list here, found a mapping (profile default)`},
		{"hub.name=x", `segment "name": here is already the value "registry.example.com/istio" (profile default), which has no fields`},
		{"values.gateways.istio-ingressgateway=1", `spec.values.gateways.istio-ingressgateway: expected a mapping, found 1`},
	}
	for _, test := range tests {
		_, err := Resolve(Config{Sets: []string{test.argument}}, assets())
		want := "--set " + test.argument + ": " + test.want
		if err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
			continue
		}
		if found := Problems(err); len(found) != 1 || !found[0].Usage() {
			t.Errorf("%s: not taken for a usage error: %v", test.argument, found)
		}
	}
}

func FuzzParseSet(f *testing.F) {
	for _, seed := range []string{"a=1", "a.b[0].c=d", `a.[name:foo\:bar].x\.y=`, "a[", "=", `\`, "a[0]b=", "[[]]=1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, argument string) {
		set, err := parseSet(argument, 1)
		if err != nil {
			return
		}
		if changed, err := assign(nil, set.path, set.value); err == nil && changed == nil {
			t.Errorf("%q: nothing was set", argument)
		}
	})
}

func TestSet_Kinds(t *testing.T) {
	tests := []struct {
		name string
		sets []Set
		path string
		want any
	}{
		{"text that looks like a number", []Set{{As: SetText, Argument: "values.pilot.env.A=0123"}}, "values.pilot.env.A", "0123"},
		{"text that looks like nothing", []Set{{As: SetText, Argument: "values.pilot.env.A=null"}}, "values.pilot.env.A", "null"},
		{"text with a comma and =", []Set{{As: SetText, Argument: `values.pilot.env.A=a\,b=c`}}, "values.pilot.env.A", "a,b=c"},
		{"a file", []Set{{As: SetFile, Argument: "values.pilot.jwksResolverExtraRootCA=ca.pem", Data: []byte("-----\nabc, d\n")}}, "values.pilot.jwksResolverExtraRootCA", "-----\nabc, d\n"},
		{"JSON text", []Set{{As: SetJSON, Argument: `values.pilot.env.A="1\u00e9\ud83d\ude00"`}}, "values.pilot.env.A", "1é😀"},
		{"JSON number", []Set{{As: SetJSON, Argument: `values.pilot.autoscaleMax=7`}}, "values.pilot.autoscaleMax", int64(7)},
		{"JSON fraction", []Set{{As: SetJSON, Argument: `values.pilot.traceSampling=1.5e1`}}, "values.pilot.traceSampling", 15.0},
		{"JSON boolean", []Set{{As: SetJSON, Argument: `values.pilot.autoscaleEnabled=false`}}, "values.pilot.autoscaleEnabled", false},
		{"JSON null", []Set{{As: SetJSON, Argument: `values.pilot.traceSampling=null`}}, "values.pilot.traceSampling", nil},
		{"JSON list", []Set{{As: SetJSON, Argument: `values.global.imagePullSecrets=["a","b"]`}}, "values.global.imagePullSecrets", []any{"a", "b"}},
		{"JSON mapping replaces", []Set{
			{As: SetJSON, Argument: `values.pilot.env={"A":"1"}`}, {As: SetJSON, Argument: `values.pilot.env={"B":true}`},
		}, "values.pilot.env", map[string]any{"B": true}},
		{"the last wins, whatever its flag", []Set{
			{As: SetJSON, Argument: `values.pilot.env={"A":"1"}`}, {Argument: "values.pilot.env.A=2"},
		}, "values.pilot.env", map[string]any{"A": int64(2)}},
		{"so does JSON", []Set{
			{Argument: "values.pilot.env.A=2"}, {As: SetJSON, Argument: `values.pilot.env={"B":"1"}`},
		}, "values.pilot.env", map[string]any{"B": "1"}},
		{"text stays as it was written", []Set{{As: SetJSON, Argument: `meshConfig.defaultConfig.proxyMetadata={"A":1.10}`}}, "values.meshConfig.defaultConfig.proxyMetadata", map[string]any{"A": "1.10"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			mesh := resolve(t, Config{Flags: test.sets})
			if diff := cmp.Diff(test.want, look(mesh, test.path)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSet_KindsRefused(t *testing.T) {
	tests := []struct {
		set  Set
		want string
	}{
		{Set{As: SetText, Argument: "values.pilot.autoscaleEnabled=true"}, `--set-string values.pilot.autoscaleEnabled=true: spec.values.pilot.autoscaleEnabled: expected a boolean, found "true"`},
		{Set{As: SetJSON, Argument: "values.pilot={"}, `--set-json values.pilot={: not JSON: it ends too early`},
		{Set{As: SetJSON, Argument: "values.pilot={]}"}, `--set-json values.pilot={]}: not JSON: character 2: invalid character ']' looking for beginning of object key string`},
		{Set{As: SetJSON, Argument: "values.pilot=1 2"}, `--set-json values.pilot=1 2: not JSON: more than one value`},
		{Set{As: SetJSON, Argument: "values.pilot="}, `--set-json values.pilot=: not JSON: it ends too early`},
		{Set{As: SetJSON, Argument: `values.pilot={"autoscaleMx":1}`}, `--set-json values.pilot={"autoscaleMx":1}: spec.values.pilot.autoscaleMx: unknown field`},
		{Set{As: SetFile, Argument: "values.pilot"}, `--set-file values.pilot: expected path=file`},
	}
	for _, test := range tests {
		_, err := Resolve(Config{Flags: []Set{test.set}}, assets())
		if err == nil || err.Error() != test.want {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
}
