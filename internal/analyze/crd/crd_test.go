package crd_test

import (
	"strings"
	"testing"

	"github.com/meshctl/meshctl/internal/analyze/cel"
	"github.com/meshctl/meshctl/internal/analyze/crd"
	"github.com/meshctl/meshctl/internal/object"
)

// TestLibrary_CompilesAndFindsAll reads every version of every definition that
// the base chart has.
func TestLibrary_CompilesAndFindsAll(t *testing.T) {
	var library crd.Library
	all, err := library.All()
	if err != nil {
		t.Fatal(err)
	}
	const least = 23
	if len(all) < least {
		t.Errorf("there are only %d definitions", len(all))
	}
	for _, definition := range all {
		found, ok, err := new(crd.Library).Find(definition.Kind)
		if err != nil || !ok || found.Plural != definition.Plural {
			t.Errorf("%s is not found: %v, %v", definition.Kind, ok, err)
		}
		if len(definition.Served()) == 0 {
			t.Errorf("no version of %s is served", definition.Kind)
		}
		for _, version := range definition.Versions {
			if version.Schema() == nil {
				t.Errorf("%s %s has no schema", definition.Kind, version.Name)
			}
		}
	}
}

func define(t *testing.T, properties string) *crd.Version {
	t.Helper()
	text := `{"spec": {"group": "a", "names": {"kind": "A"}, "versions": [{"name": "v1", "served": true, "schema": {"openAPIV3Schema": {"properties": ` + properties + `}}}]}}`
	definition, err := crd.Read([]byte(text), &cel.Engine{})
	if err != nil {
		t.Fatal(err)
	}
	version, ok := definition.Version("v1")
	if !ok {
		t.Fatal("there is no version v1")
	}
	return version
}

func said(t *testing.T, version *crd.Version, text string) string {
	t.Helper()
	node, err := object.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	violations, unknown := version.Check(&node)
	var all []string
	for _, v := range violations {
		all = append(all, v.Path.String()+": "+v.Message)
	}
	for _, u := range unknown {
		all = append(all, u.Path.String()+": unknown")
	}
	return strings.Join(all, "; ")
}

func rule(text string) string { return `"x-kubernetes-validations": [{"rule": "` + text + `"}]` }

// TestCheck_Rules covers what rules can do with values.
func TestCheck_Rules(t *testing.T) {
	for _, test := range []struct{ name, properties, text, want string }{
		{
			"a field that is missing", `{"spec": {"type": "object", "properties": {"a": {"type": "string"}}, ` + rule("self.a == 'x'") + `}}`,
			"spec: {}", "spec: breaks the rule self.a == 'x': no such key: a",
		},
		{
			"a name in underscores", `{"spec": {"type": "object", "properties": {"namespace": {"type": "string"}, "a-b.c/d": {"type": "string"}}, ` + rule("self.__namespace__ == self.a__dash__b__dot__c__slash__d") + `}}`,
			"spec: {namespace: x, a-b.c/d: x}", "",
		},
		{
			"a set in another order", `{"spec": {"type": "object", "properties": {"a": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}}}, ` + rule("self.a == ['x', 'z']") + `}}`,
			"spec: {a: [z, x]}", "",
		},
		{
			"a list in another order", `{"spec": {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "string"}}}, ` + rule("self.a == ['x', 'z']") + `}}`,
			"spec: {a: [z, x]}", "spec: breaks the rule self.a == ['x', 'z']",
		},
		{"a whole number where any is wanted", `{"a": {"type": "number", ` + rule("self / 2.0 == 1.5") + `}}`, "a: 3", ""},
		{"either a number or a text", `{"a": {"x-kubernetes-int-or-string": true, ` + rule("type(self) == int ? self < 5 : self.endsWith('%')") + `}}`, "a: 50%", ""},
		{"a map", `{"a": {"type": "object", "additionalProperties": {"type": "integer"}, ` + rule("self.all(k, k.startsWith('x') && self[k] > 1) && size(self) == 2 && 'x' in self && self.exists(k, self[k] == 3)") + `}}`, "a: {x: 2, xy: 3}", ""},
		{"what is preserved cannot be seen", `{"a": {"type": "object", "x-kubernetes-preserve-unknown-fields": true, ` + rule("has(self.b)") + `}}`, "a: {b: 1}", "a: breaks the rule has(self.b)"},
		{
			"a time and bytes", `{"spec": {"type": "object", "properties": {"t": {"type": "string", "format": "date-time"}, "b": {"type": "string", "format": "byte"}}, ` + rule("self.t < timestamp('2027-01-01T00:00:00Z') && size(self.b) == 1") + `}}`,
			"spec: {t: '2026-01-01T00:00:00Z', b: YQ==}", "",
		},
		{"lists and texts", `{"a": {"type": "array", "items": {"type": "string"}, ` + rule("(self + ['c']).map(x, x.upperAscii()).join('-') == 'A-B-C' && self.filter(x, x != 'a')[0].indexOf('b') == 0") + `}}`, "a: [a, b]", ""},
		{"a broken rule in all of a list", `{"a": {"type": "array", "items": {"type": "object", "properties": {"b": {"type": "integer", ` + rule("self > 1") + `}}}}}`, "a: [{b: 2}, {b: 1}, {}]", "a[1].b: breaks the rule self > 1"},
		{"no rules beside wrong types", `{"a": {"type": "integer"}, "b": {"type": "integer", ` + rule("self > 1") + `}}`, "a: x\nb: 0", "a: must be a whole number, not a string"},
		{"but beside other faults", `{"a": {"type": "integer", "minimum": 1}, "b": {"type": "integer", ` + rule("self > 1") + `}}`, "a: 0\nb: 0", "a: must be at least 1, not 0; b: breaks the rule self > 1"},
		{"a rule in allOf", `{"a": {"type": "integer", "allOf": [{` + rule("self > 1") + `}]}}`, "a: 0", "a: breaks the rule self > 1"},
		{
			"too much work", `{"a": {"type": "array", "items": {"type": "integer"}, ` + rule("self.all(a, self.all(b, self.all(c, self.all(d, a + b + c + d > 0))))") + `}}`,
			"a: [" + strings.Repeat("1,", 60) + "1]", `a: the rule "self.all(a, self.all(b, self.all(c, self.all(d, a + b + c + …" would take too long to check`,
		},
		{"unknown fields are not seen", `{"spec": {"type": "object", "properties": {"a": {"type": "string"}}, ` + rule("size(self) == 1") + `}}`, "spec: {a: x, b: y}", "spec.b: unknown"},
		{"defaults below defaults", `{"spec": {"type": "object", "default": {}, "properties": {"a": {"type": "integer", "default": 3}}, ` + rule("self.a == 3") + `}}`, "kind: A", ""},
		{"defaults in lists", `{"a": {"type": "array", "items": {"type": "object", "properties": {"b": {"type": "integer", "default": 3}}, ` + rule("self.b == 3") + `}}}`, "a: [{}, {b: 4}]", "a[1]: breaks the rule self.b == 3"},
	} {
		if got := said(t, define(t, test.properties), test.text); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.name, got, test.want)
		}
	}
}
