package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const shipped = "../../manifests/charts/grafana/files/dashboards"

const mostBytes = 300_000

func TestFiles_AreUpToDate(t *testing.T) {
	if err := run(shipped, true); err != nil {
		t.Error(err)
	}
	files, err := filepath.Glob(filepath.Join(shipped, "*.json"))
	if err != nil || len(files) != len(dashboards()) {
		t.Errorf("%d files (%v), want one for each of %d dashboards", len(files), err, len(dashboards()))
	}
	var size int64
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		size += info.Size()
	}
	if size > mostBytes {
		t.Errorf("the dashboards have %d bytes, more than %d: all of them are in the program", size, mostBytes)
	}
}

func TestDashboards_AreTold(t *testing.T) {
	seen := map[string]string{}
	for _, d := range dashboards() {
		for _, key := range []string{d.UID, d.Title, d.file} {
			if other, twice := seen[key]; twice || key == "" {
				t.Errorf("%s: %q is empty or already that of %s", d.file, key, other)
			}
			seen[key] = d.file
		}
		if d.Description == "" || !slices.Contains(d.Tags, "istio") || len(d.Links) == 0 {
			t.Errorf("%s: wants a description, the tag istio and the link to the others", d.file)
		}
	}
}

// The page about them names all of them as they are.
func TestDashboards_AreInTheDocumentation(t *testing.T) {
	page, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dashboards() {
		var row strings.Builder
		row.WriteString("| " + d.Title + " | `" + d.UID + "` | ")
		for i, v := range d.Templating.List[1:] {
			if i > 0 {
				row.WriteString(", ")
			}
			row.WriteString("`" + v.Name + "`")
		}
		if !strings.Contains(string(page), strings.TrimSuffix(row.String(), " ")) {
			t.Errorf("docs/metrics.md lacks %s", row.String())
		}
	}
}

// Every panel has to say what it shows, in which unit, and which line is which.
func TestPanels_SayWhatTheyShow(t *testing.T) {
	for _, d := range dashboards() {
		titles := map[string]bool{}
		for _, p := range panelsOf(d) {
			where := d.file + ": " + p.Title
			if titles[p.Title] {
				t.Errorf("%s: there are two of that title", where)
			}
			titles[p.Title] = true
			if p.Title == "" || !strings.HasSuffix(p.Description, ".") {
				t.Errorf("%s: wants a title, and a description of whole sentences", where)
			}
			if p.FieldConfig.Defaults.Unit == "" {
				t.Errorf("%s: wants a unit", where)
			}
			if p.Datasource == nil || p.Datasource.UID != "${datasource}" {
				t.Errorf("%s: wants the data source that was chosen", where)
			}
			if p.Type == "timeseries" && !strings.Contains(string(encoded(t, p)), `"showLegend":true`) {
				t.Errorf("%s: wants a legend", where)
			}
			if p.FieldConfig.Overrides == nil {
				t.Errorf("%s: wants a list of overrides, if an empty one: Grafana takes none for an error", where)
			}
			for _, o := range p.FieldConfig.Overrides {
				if len(o.Properties) == 0 {
					t.Errorf("%s: the override of %s changes nothing, which Grafana takes for an error", where, o.Matcher.Options)
				}
			}
			if len(p.Targets) == 0 {
				t.Errorf("%s: asks nothing", where)
			}
			for _, q := range p.Targets {
				if q.LegendFormat == "" || *q.Datasource != *p.Datasource {
					t.Errorf("%s, query %s: wants a name and the panel's data source", where, q.RefID)
				}
			}
		}
	}
}

// Colours are Grafana's names, with the shades it knows, so that they suit light and dark.
func TestPanels_HaveColoursOfGrafana(t *testing.T) {
	known := regexp.MustCompile(`^((light|dark|semi-dark)-)?(blue|green|orange|purple|red|yellow)$|^text$`)
	for name, colour := range colours() {
		if !known.MatchString(colour) {
			t.Errorf("%s is %q, which is no colour of Grafana's", name, colour)
		}
	}
	for _, d := range dashboards() {
		for _, p := range panelsOf(d) {
			steps := p.FieldConfig.Defaults.Thresholds.Steps
			if len(steps) == 0 || steps[0].Value != nil {
				t.Errorf("%s: %s: the first colour has to hold for all values", d.file, p.Title)
			}
			for i, s := range steps {
				if !known.MatchString(s.Color) || i > 1 && *s.Value <= *steps[i-1].Value {
					t.Errorf("%s: %s: colour %q at a value that is not above the last, or unknown", d.file, p.Title, s.Color)
				}
			}
		}
	}
}

// Panels fill whole lines, side by side and of one height, and lie on nothing else.
func TestLayout_FillsTheGrid(t *testing.T) {
	for _, d := range dashboards() {
		taken := map[[2]int]string{}
		ids := map[int]bool{}
		below := 0
		for _, p := range withRows(d) {
			g := p.GridPos
			if ids[p.ID] || p.ID == 0 {
				t.Errorf("%s: %s: number %d is not its own", d.file, p.Title, p.ID)
			}
			ids[p.ID] = true
			if g.X < 0 || g.W < 4 || g.H < 1 || g.X+g.W > gridWidth {
				t.Errorf("%s: %s does not fit: %+v", d.file, p.Title, g)
			}
			for x := g.X; x < g.X+g.W; x++ {
				for y := g.Y; y < g.Y+g.H; y++ {
					if other, lies := taken[[2]int{x, y}]; lies {
						t.Fatalf("%s: %s lies on %s", d.file, p.Title, other)
					}
					taken[[2]int{x, y}] = p.Title
				}
			}
			below = max(below, g.Y+g.H)
		}
		if gaps := gridWidth*below - len(taken); gaps != 0 {
			t.Errorf("%s: %d cells of the grid are empty", d.file, gaps)
		}
	}
}

// A link to a dashboard leads to one that is there, and sets variables that it has.
func TestLinks_LeadToDashboards(t *testing.T) {
	target := regexp.MustCompile(`^/d/([^/]+)/([a-z-]+)\?(.*)$`)
	found := 0
	for _, d := range dashboards() {
		for _, p := range panelsOf(d) {
			for _, o := range p.FieldConfig.Overrides {
				for _, property := range o.Properties {
					links, _ := property.Value.([]link)
					for _, l := range links {
						found++
						parts := target.FindStringSubmatch(l.URL)
						if parts == nil {
							t.Fatalf("%s: %s: %s is not a link to a dashboard", d.file, p.Title, l.URL)
						}
						at := slices.IndexFunc(dashboards(), func(d dashboard) bool { return d.UID == parts[1] })
						if at < 0 {
							t.Fatalf("%s: %s: no dashboard is %s", d.file, p.Title, parts[1])
						}
						checkVariables(t, dashboards()[at], parts[3])
					}
				}
			}
		}
	}
	if found < 6 {
		t.Errorf("only %d links", found)
	}
}

func checkVariables(t *testing.T, target dashboard, query string) {
	t.Helper()
	for _, m := range regexp.MustCompile(`var-(\w+)=`).FindAllStringSubmatch(query, -1) {
		if !slices.ContainsFunc(target.Templating.List, func(v variable) bool { return v.Name == m[1] }) {
			t.Errorf("%s has no variable %s", target.Title, m[1])
		}
	}
}

// The names by which pages elsewhere link to the dashboards are facts.
func TestVariables_AreThoseOfIstio(t *testing.T) {
	for _, test := range []struct {
		d    dashboard
		want string
	}{
		{mesh(), "datasource"},
		{service(), "datasource service qrep srccluster srcns srcwl dstcluster dstns dstwl"},
		{workload(), "datasource namespace workload qrep srcns srcwl dstsvc"},
		{performance(), "datasource"},
		{controlPlane(), "datasource"},
		{wasmExtension(), "datasource"},
		{ztunnel(), "datasource"},
	} {
		var names []string
		for _, v := range test.d.Templating.List {
			names = append(names, v.Name)
		}
		if got := strings.Join(names, " "); got != test.want {
			t.Errorf("%s has variables %s, want %s", test.d.Title, got, test.want)
		}
	}
}

func withRows(d dashboard) []panel {
	var all []panel
	for _, p := range d.Panels {
		all = append(all, p)
		if p.Panels != nil {
			all = append(all, *p.Panels...)
		}
	}
	return all
}

func panelsOf(d dashboard) []panel {
	return slices.DeleteFunc(withRows(d), func(p panel) bool { return p.Type == "row" })
}

func encoded(t *testing.T, p panel) []byte {
	t.Helper()
	text, err := marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
