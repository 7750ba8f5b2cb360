// Dashgen writes the dashboards of the Grafana chart.
//
// It turns a description of each dashboard in Go, a file each, into the JSON that
// Grafana reads, so that the same thing looks, is called and is counted the same
// on all of them. It is not part of the program, and the chart needs it only when
// a dashboard changes.
//
//	go run ./tools/dashgen [-check] [-out FOLDER]
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	out := flag.String("out", "manifests/charts/grafana/files/dashboards", "the `folder` of the dashboards")
	check := flag.Bool("check", false, "only tell whether the files are up to date")
	flag.Parse()
	if err := run(*out, *check); err != nil {
		fmt.Fprintln(os.Stderr, "dashgen:", err)
		os.Exit(1)
	}
}

func run(out string, check bool) error {
	for _, d := range dashboards() {
		want, err := d.encode()
		if err != nil {
			return err
		}
		file := filepath.Join(out, d.file+".json")
		if !check {
			if err := os.WriteFile(file, want, 0o644); err != nil {
				return err
			}
			continue
		}
		got, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if !bytes.Equal(got, want) {
			return fmt.Errorf("%s is stale: run make generate", file)
		}
	}
	return nil
}

func dashboards() []dashboard {
	return []dashboard{
		mesh(), service(), workload(), performance(), controlPlane(), wasmExtension(), ztunnel(),
	}
}

// newDashboard has what all dashboards have in common.
func newDashboard(file, uid, title, description string, variables []variable, sections ...section) dashboard {
	return dashboard{
		UID: uid, Title: title, Description: description, Tags: []string{"istio"},
		SchemaVersion: 41, Version: 1, Editable: true, GraphTooltip: 1, Refresh: "15s", Timezone: "browser",
		Time:       timeRange{From: "now-30m", To: "now"},
		Links:      []link{{Title: "Istio", Type: "dashboards", Tags: []string{"istio"}, AsDropdown: true, IncludeVars: true, KeepTime: true, Icon: "external link", Tooltip: "The other dashboards of the mesh"}},
		Templating: templating{List: append([]variable{datasourceVariable()}, variables...)},
		Panels:     place(sections),
		file:       file,
	}
}

// encode writes a line for each panel: almost as short as it can be, and still to be compared line by line.
func (d dashboard) encode() ([]byte, error) {
	panels := d.Panels
	d.Panels = []panel{}
	head, err := marshal(d)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	text.Write(bytes.TrimSuffix(head, []byte(`"panels":[]}`)))
	text.WriteString(`"panels":[`)
	for i, p := range panels {
		line, err := marshal(p)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			text.WriteByte(',')
		}
		text.WriteByte('\n')
		text.Write(line)
	}
	text.WriteString("\n]}\n")
	return text.Bytes(), nil
}

// marshal leaves < and > alone, which PromQL is full of.
func marshal(value any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(text.Bytes()), nil
}
