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
		{"components.ingressGateways[2].name=x", `segment "[2]" is beyond the end of the list; its next element is [1]`},
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
