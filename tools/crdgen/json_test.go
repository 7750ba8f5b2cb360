package main

import "testing"

func TestFormatJSON_KeepsTypesAndText(t *testing.T) {
	const text = `{int: 4294967295, float: 0.5, bool: true, "null": null, string: "true", rule: 'a < b && "c"', lines: "a\nb", none: {}, empty: []}`
	const want = `{
 "int": 4294967295,
 "float": 0.5,
 "bool": true,
 "null": null,
 "string": "true",
 "rule": "a < b && \"c\"",
 "lines": "a\nb",
 "none": {},
 "empty": []
}`
	got, err := formatJSON(parse(t, text), 0)
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestFormatJSON_RefusesWhatJSONCannotSay(t *testing.T) {
	for _, text := range []string{`{a: &x 1, b: *x}`, `{a: 2001-01-01}`, `{a: .inf}`} {
		if got, err := formatJSON(parse(t, text), 0); err == nil {
			t.Errorf("%s: want an error, got %s", text, got)
		}
	}
}
