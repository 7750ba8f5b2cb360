package fix

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

func set(path object.Path, value any) edit {
	return edit{op: analyze.Set, path: path, value: value}
}

func remove(path object.Path) edit { return edit{op: analyze.Remove, path: path} }

func rename(path object.Path, name string) edit {
	return edit{op: analyze.Rename, path: path, name: name}
}

func TestEdit_ChangesOnlyWhatItSays(t *testing.T) {
	for _, test := range []struct {
		name, before string
		edit         edit
		after        string
	}{
		{"plain text", "a:\n  host: x.y # why\n  b: 1\n", set(object.Field("a.host"), "x.y.svc.cluster.local"), "a:\n  host: x.y.svc.cluster.local # why\n  b: 1\n"},
		{"double quotes", "a: \"x\" # why\n", set(object.Field("a"), "y"), "a: \"y\" # why\n"},
		{"single quotes", "a: 'it''s'\n", set(object.Field("a"), "it's not"), "a: 'it''s not'\n"},
		{"text that needs quotes", "a: x\n", set(object.Field("a"), "*.x"), "a: \"*.x\"\n"},
		{"text that looks like a number", "a: x\n", set(object.Field("a"), "10"), "a: \"10\"\n"},
		{"number", "a: 1 # one\n", set(object.Field("a"), 2.5), "a: 2.5 # one\n"},
		{"anchor that nothing uses", "a: &x old # why\nb: 1\n", set(object.Field("a"), "new"), "a: &x new # why\nb: 1\n"},
		{"tag", "a: !!str old\n", set(object.Field("a"), "new"), "a: !!str new\n"},
		{"windows line breaks", "a:\r\n  b: 1\r\n  c: 2\r\n", set(object.Field("a.d"), true), "a:\r\n  b: 1\r\n  c: 2\r\n  d: true\r\n"},
		{"new field after nested ones", "a:\n  b:\n    c: 1\n\n# next\nd: 1\n", set(object.Field("a.e.f"), "x"), "a:\n  b:\n    c: 1\n  e:\n    f: x\n\n# next\nd: 1\n"},
		{"new field after a list that is not indented", "a:\n  b:\n  - 1\n  - 2\nd: 1\n", set(object.Field("a.e"), "x"), "a:\n  b:\n  - 1\n  - 2\n  e: x\nd: 1\n"},
		{"new field after a block of text", "a:\n  b: |\n    # one\n\n    two\nd: 1\n", set(object.Field("a.e"), "x"), "a:\n  b: |\n    # one\n\n    two\n  e: x\nd: 1\n"},
		{"new field without a last line break", "a:\n  b: 1", set(object.Field("a.c"), "x"), "a:\n  b: 1\n  c: x"},
		{"new field in an item", "l:\n- a: 1\n- a: 2\n", set(object.Field("l", 0, "b"), "x"), "l:\n- a: 1\n  b: x\n- a: 2\n"},
		{"new field below nothing", "a:\n  labels:\n  c: 1\n", set(object.Field("a.labels").Key("x.io/y"), "true"), "a:\n  labels:\n    x.io/y: \"true\"\n  c: 1\n"},
		{"new field in brackets", "a: {b: 1}\n", set(object.Field("a.c"), "x"), "a: {b: 1, c: x}\n"},
		{"new field in empty brackets", "a: {}\n", set(object.Field("a.c.d"), "x"), "a: {c: {d: x}}\n"},
		{"new field takes the place of another", "a:\n  old: 1\n  z: 1\n", edit{op: analyze.Set, path: object.Field("a.new"), value: "x", near: "old"}, "a:\n  old: 1\n  new: x\n  z: 1\n"},
		{"new field takes the comment of another", "a:\n  old: 1 # why\n  z: 1\n", edit{op: analyze.Set, path: object.Field("a.new.x"), value: 1, near: "old", from: object.Field("a.old")}, "a:\n  old: 1 # why\n  new: # why\n    x: 1\n  z: 1\n"},
		{"field", "a:\n  b: 1 # why\n  # of c\n  c: 2\n", remove(object.Field("a.b")), "a:\n  # of c\n  c: 2\n"},
		{"nested field", "a:\n  b:\n    c: 1\n    d: [1,\n      2]\n\n  e: 1\n", remove(object.Field("a.b")), "a:\n\n  e: 1\n"},
		{"last field", "a:\n  b: 1\n  c: 2", remove(object.Field("a.c")), "a:\n  b: 1\n"},
		{"only field", "a:\n  b:\n    c: 1\nd: 1\n", remove(object.Field("a.b.c")), "a:\n  b: {}\nd: 1\n"},
		{"only annotation", "m:\n  annotations:\n    x: 1\n  name: y\n", remove(object.Field("m.annotations.x")), "m:\n  name: y\n"},
		{"first field of an item", "l:\n  - a: 1\n    b: 2\n", remove(object.Field("l", 0, "a")), "l:\n  - b: 2\n"},
		{"item", "l:\n  - a\n  - b # why\n  - c\n", remove(object.Field("l", 1)), "l:\n  - a\n  - c\n"},
		{"item with fields", "l:\n- a: 1\n  b: 1\n- a: 2\n", remove(object.Field("l", 0)), "l:\n- a: 2\n"},
		{"only item", "l:\n- a\nm: 1\n", remove(object.Field("l", 0)), "l: []\nm: 1\n"},
		{"first in brackets", "l: [a, b, c]\n", remove(object.Field("l", 0)), "l: [b, c]\n"},
		{"last in brackets", "l: [a, \"b,]\", c] # x\n", remove(object.Field("l", 2)), "l: [a, \"b,]\"] # x\n"},
		{"only in brackets", "l: {a: [1, {b: 2}]}\n", remove(object.Field("l.a")), "l: {}\n"},
		{"name", "a:\n  bad: 1 # why\n", rename(object.Field("a.bad"), "good"), "a:\n  good: 1 # why\n"},
		{"name in quotes", "a: {\"bad\": 1}\n", rename(object.Field("a.bad"), "good"), "a: {\"good\": 1}\n"},
		{"name of nested fields", "bad:\n  - x: 1\n", rename(object.Field("bad"), "good"), "good:\n  - x: 1\n"},
		{"JSON", "{\n  \"a\": {\n    \"b\": 1,\n    \"c\": \"x\"\n  }\n}\n", set(object.Field("a.d"), "y"), "{\n  \"a\": {\n    \"b\": 1,\n    \"c\": \"x\",\n    \"d\": \"y\"\n  }\n}\n"},
		{"JSON value", "{\"a\": {\"b\": \"x\"}}", set(object.Field("a.b"), "y"), "{\"a\": {\"b\": \"y\"}}"},
		{"JSON field", "{\n  \"a\": 1,\n  \"b\": [1,\n    2],\n  \"c\": 1\n}\n", remove(object.Field("b")), "{\n  \"a\": 1,\n  \"c\": 1\n}\n"},
		{"list in block style", "a:\n  - x\n  - y\nb: 1\n", set(object.Field("a"), []string{"*"}), "a: [\"*\"]\nb: 1\n"},
		{"other characters", "# Grüße\na: [ä, ö]\n", remove(object.Field("a", 0)), "# Grüße\na: [ö]\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			after, err := test.edit.apply([]byte(test.before))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.after, string(after)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEdit_RefusesWhatItCannotDoAlone(t *testing.T) {
	for _, test := range []struct {
		name, text string
		edit       edit
		want       string
	}{
		{"alias", "a: &x {b: 1}\nc: *x\n", set(object.Field("c.b"), 2), "c is an alias"},
		{"value that is an alias", "a: &x 1\nc: *x\n", set(object.Field("c"), 2), "c is an alias"},
		{"anchor in use", "a: &x {b: 1}\nc: *x\n", set(object.Field("a.b"), 2), "a.b cannot be changed without changing more"},
		{"merged field", "a: &x {b: 1}\nc:\n  <<: *x\n  d: 1\n", set(object.Field("c.b"), 2), "c.b cannot be changed without changing more"},
		{"name that is taken", "a: 1\nb: 2\n", rename(object.Field("a"), "b"), "b is there already"},
		{"nothing to remove", "a: 1\n", remove(object.Field("b")), "b is not there"},
		{"no mapping", "a: 1\n", set(object.Field("a.b"), 1), "a is no mapping"},
		{"block of text", "a: |\n  x\n  y\nb: 1\n", set(object.Field("a"), "z"), "a cannot be changed without changing more"},
	} {
		t.Run(test.name, func(t *testing.T) {
			after, err := test.edit.apply([]byte(test.text))
			if err == nil {
				t.Fatalf("it made\n%s", after)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("it says %q", err)
			}
		})
	}
}

func FuzzEdit(f *testing.F) {
	f.Add("a:\n  b: 1 # x\n  c: [1, {d: 2}]\n")
	f.Add("{\"a\": {\"b\": \"x\", \"c\": [1, 2]}}")
	f.Add("a: &x {b: 1}\nc:\n- *x\n- {b: 2}\n")
	f.Fuzz(func(_ *testing.T, text string) {
		root, err := object.Parse([]byte(text))
		if err != nil {
			return
		}
		// apply compares what it made with what it should have made; here it must only not fail otherwise.
		for _, child := range root.Children {
			for _, at := range []object.Path{object.Path(nil).Key(child.Key), object.Path(nil).Key(child.Key).Key("b"), object.Path(nil).Key(child.Key).Item(0)} {
				for _, one := range []edit{set(at, "text"), set(at, 1), remove(at), rename(at, "other")} {
					_, _ = one.apply([]byte(text))
				}
			}
		}
	})
}
