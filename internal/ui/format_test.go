package ui

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

type reportView struct {
	Zone  string   `json:"zone"`
	Label string   `json:"label"`
	Items []string `json:"items"`
}

func (reportView) Kind() string { return "Report" }

func (v reportView) Text(w Writer) error {
	_, err := fmt.Fprintln(w, "zone", v.Zone)
	return err
}

type emptyView struct{}

func (emptyView) Kind() string      { return "Empty" }
func (emptyView) Text(Writer) error { return nil }

type listView []string

func (listView) Kind() string      { return "List" }
func (listView) Text(Writer) error { return nil }

type takenView struct {
	Name string `json:"kind"`
}

func (takenView) Kind() string      { return "Taken" }
func (takenView) Text(Writer) error { return nil }

func TestPrint(t *testing.T) {
	report := reportView{Zone: "b", Label: "<a & b>", Items: []string{"1.30"}}
	for _, test := range []struct {
		format string
		view   View
		want   string
	}{
		{Text, report, "zone b\n"},
		{JSON, report, `{
  "apiVersion": "meshctl.dev/v1",
  "kind": "Report",
  "zone": "b",
  "label": "<a & b>",
  "items": [
    "1.30"
  ]
}
`},
		{YAML, report, `apiVersion: meshctl.dev/v1
kind: Report
items:
- "1.30"
label: <a & b>
zone: b
`},
		{JSON, emptyView{}, "{\n  \"apiVersion\": \"meshctl.dev/v1\",\n  \"kind\": \"Empty\"\n}\n"},
		{YAML, emptyView{}, "apiVersion: meshctl.dev/v1\nkind: Empty\n"},
	} {
		var out bytes.Buffer
		if err := Print(Plain(&out), NewFormat(test.format), test.view); err != nil {
			t.Errorf("%s: %v", test.format, err)
		}
		if got := out.String(); got != test.want {
			t.Errorf("%s: got:\n%s\nwant:\n%s", test.format, got, test.want)
		}
	}
}

func TestPrint_RefusesWhatBreaksTheEnvelope(t *testing.T) {
	for _, view := range []View{listView{"a"}, listView(nil), takenView{"x"}} {
		for _, format := range []string{JSON, YAML} {
			var out bytes.Buffer
			err := Print(Plain(&out), NewFormat(format), view)
			if err == nil || !strings.Contains(err.Error(), view.Kind()) || out.Len() > 0 {
				t.Errorf("%s of %s: error %v, output %q", format, view.Kind(), err, out.String())
			}
		}
	}
}

func TestFormat_Set(t *testing.T) {
	format := NewFormat(Text, Text, JSON, "sarif")
	if err := format.Set("sarif"); err != nil || !format.Is("sarif") {
		t.Errorf("Set(sarif): %v, format %s", err, format)
	}
	err := format.Set("yaml")
	if err == nil || err.Error() != "must be text, json or sarif" || !format.Is("sarif") {
		t.Errorf("Set(yaml): %v, format %s", err, format)
	}
	var zero Format
	if err := zero.Set("xml"); err == nil || !zero.Is(Text) {
		t.Errorf("zero format: %v, %s", err, zero)
	}
}

func TestProgressMode_Set(t *testing.T) {
	var mode ProgressMode
	if mode.String() != "auto" {
		t.Errorf("zero mode is %s", mode)
	}
	if err := mode.Set("json"); err != nil || mode != ProgressJSON {
		t.Errorf("Set(json): %v, mode %s", err, mode)
	}
	if err := mode.Set("fancy"); err == nil || err.Error() != "must be auto, live, plain, json or none" {
		t.Errorf("Set(fancy): %v", err)
	}
}
