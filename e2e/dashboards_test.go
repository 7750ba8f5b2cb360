package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/meshctl/meshctl/e2e/prometheus"
	"github.com/meshctl/meshctl/e2e/series"
	"github.com/meshctl/meshctl/internal/cli"
)

// The types below are what of a dashboard's JSON makes Grafana ask questions.
type dashboard struct {
	Title      string
	Templating struct{ List []variable }
	Panels     []panel
}

type panel struct {
	Type, Title string
	Panels      []panel
	Targets     []panelQuery
	FieldConfig struct {
		Overrides []struct {
			Properties []struct{ ID string }
		}
	}
	Transformations []struct {
		ID      string
		Options struct{ RenameByName map[string]string }
	}
}

type panelQuery struct {
	RefID, Expr, LegendFormat string
	Instant                   bool
}

// TestDashboards_ShowData asks a real Prometheus, which has the metrics of a mesh, everything that the
// dashboards ask, as they come out of the chart.
func TestDashboards_ShowData(t *testing.T) {
	t.Parallel()
	server := prometheus.New(t)
	all := renderedDashboards(t)
	if len(all) != 7 {
		t.Errorf("there are %d dashboards, want 7", len(all))
	}
	for name, d := range all {
		t.Run(name, func(t *testing.T) {
			g := grafana{server: server}
			choices := g.choices(t, d)
			if len(d.everyPanel()) < 5 {
				t.Errorf("there are %d panels, fewer than 5", len(d.everyPanel()))
			}
			for _, p := range d.everyPanel() {
				if p.Type != "row" && len(p.Targets) == 0 {
					t.Errorf("panel %q asks nothing", p.Title)
				}
				for _, q := range p.Targets {
					if err := g.showsData(t, p, q, choices); err != nil {
						t.Errorf("panel %q, query %s: %v", p.Title, q.RefID, err)
					}
				}
			}
		})
	}
}

// What a panel shows is what is true of the mesh.
func TestDashboards_ShowTheFigures(t *testing.T) {
	t.Parallel()
	server := prometheus.New(t)
	all := renderedDashboards(t)
	mesh := series.NewMesh()
	const reviews = "reviews.bookinfo.svc.cluster.local"
	whole, service := mesh.ReportedBy("source", "waypoint").Sum(), mesh.ToService(reviews).Sum()
	page := mesh.To("bookinfo", "productpage-v1").Sum()
	fromPage := mesh.From("bookinfo", "productpage-v1").Sum()
	behind := mesh.ToService("httpbin.ambient.svc.cluster.local").ReportedBy("waypoint").Sum()
	forWaypoint := values{"service": {"httpbin.ambient.svc.cluster.local"}}
	var byZtunnels []series.Edge
	for _, e := range mesh.Edges {
		if e.Ztunnel {
			byZtunnels = append(byZtunnels, e)
		}
	}
	tunnelled := series.Sum(byZtunnels)
	forService := values{"service": {reviews}}
	forPage := values{"namespace": {"bookinfo"}, "workload": {"productpage-v1"}}
	for _, test := range []struct {
		dashboard, panel string
		values           values
		want             float64
	}{
		{"istio-mesh", "Traffic volume", nil, whole.RPS},
		{"istio-mesh", "Success rate", nil, whole.Success()},
		{"istio-mesh", "4xx rate", nil, whole.Codes["4xx"]},
		{"istio-mesh", "5xx rate", nil, whole.Codes["5xx"]},
		{"istio-mesh", "Duration, p99", nil, whole.P99},
		{"istio-service", "Client request volume", forService, service.RPS},
		{"istio-service", "Server success rate", forService, service.Success()},
		{"istio-service", "Server request duration, p99", forService, service.P99},
		{"istio-workload", "Incoming requests", forPage, page.RPS},
		{"istio-workload", "Incoming success rate", forPage, page.Success()},
		{"istio-workload", "Outgoing requests", forPage, fromPage.RPS},
		{"istio-service", "Client request volume", forWaypoint, behind.RPS},
		{"istio-service", "Server success rate", forWaypoint, behind.Success()},
		{"istio-service", "Client request duration, p99", forWaypoint, behind.P99},
		{"istio-workload", "Incoming requests", values{"namespace": {"ambient"}, "workload": {"httpbin"}}, behind.RPS},
		{"istio-workload", "Outgoing requests", values{"namespace": {"ambient"}, "workload": {"curl"}}, behind.RPS},
		{"istio-mesh", "TCP throughput", nil, whole.Received},
		{"istio-ztunnel", "Connections opened", nil, tunnelled.Opened},
		{"istio-ztunnel", "Received", nil, tunnelled.Received},
		{"istio-ztunnel", "Sent", nil, tunnelled.Sent},
		{"istio-control-plane", "Connected proxies", nil, 14},
	} {
		t.Run(test.dashboard+"/"+test.panel, func(t *testing.T) {
			g := grafana{server: server}
			d := all[test.dashboard]
			p, ok := d.panel(test.panel)
			if !ok {
				t.Fatal("there is no such panel")
			}
			chosen := g.defaults(d)
			maps.Copy(chosen, test.values)
			got, err := server.Query(t.Context(), interpolate(p.Targets[0].Expr, d, chosen))
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != 1 || math.Abs(got[0].Value-test.want) > 1e-6*test.want {
				t.Errorf("shows %v, want %g", got, test.want)
			}
		})
	}
}

// renderedDashboards are those in the ConfigMaps of the chart, by file.
func renderedDashboards(t *testing.T) map[string]dashboard {
	t.Helper()
	found := map[string]dashboard{}
	for _, o := range rendered(t, "--set", "components.grafana.enabled=true") {
		for file, text := range o.Data {
			name, isJSON := strings.CutSuffix(file, ".json")
			if !isJSON || !strings.HasPrefix(o.Metadata.Name, "grafana-dashboard-") {
				continue
			}
			var d dashboard
			if err := json.Unmarshal([]byte(text), &d); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			found[name] = d
		}
	}
	return found
}

// configMap is as much of an object as is looked at here.
type configMap struct {
	Kind     string
	Metadata struct{ Name string }
	Data     map[string]string
}

// rendered are the ConfigMaps that meshctl makes.
func rendered(t *testing.T, args ...string) []configMap {
	t.Helper()
	var out, story bytes.Buffer
	command := append([]string{"meshctl", "manifest", "generate"}, args...)
	if code := cli.Main(t.Context(), command, strings.NewReader(""), &out, &story, []string{"HOME=" + t.TempDir()}); code != 0 {
		t.Fatalf("%s: exit code %d: %s", strings.Join(command, " "), code, story.String())
	}
	var all []configMap
	for document := range strings.SplitSeq(out.String(), "\n---\n") {
		if !strings.Contains(document, "kind: ConfigMap\n") {
			continue
		}
		var o configMap
		if err := yaml.Unmarshal([]byte(document), &o); err != nil {
			t.Fatal(err)
		}
		if o.Kind == "ConfigMap" {
			all = append(all, o)
		}
	}
	return all
}

func (d dashboard) everyPanel() []panel {
	var all []panel
	for _, p := range d.Panels {
		all = append(append(all, p), p.Panels...)
	}
	return all
}

func (d dashboard) panel(title string) (panel, bool) {
	for _, p := range d.everyPanel() {
		if p.Title == title {
			return p, true
		}
	}
	return panel{}, false
}

// labelsOf are the labels that a panel shows of the answer to a query.
func labelsOf(p panel, q panelQuery) []string {
	var labels []string
	for _, found := range regexp.MustCompile(`{{(\w+)}}`).FindAllStringSubmatch(q.LegendFormat, -1) {
		labels = append(labels, found[1])
	}
	for _, step := range p.Transformations {
		for field := range step.Options.RenameByName {
			if !strings.HasPrefix(field, "Value #") {
				labels = append(labels, field)
			}
		}
	}
	return labels
}

// showsData asks for one choice of variables after another until there is an answer.
func (g grafana) showsData(t *testing.T, p panel, q panelQuery, choices []choice) error {
	t.Helper()
	for _, c := range choices {
		found, err := g.ask(t.Context(), interpolate(q.Expr, c.dashboard, c.values), q.Instant)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			continue
		}
		for _, label := range labelsOf(p, q) {
			if found[0][label] == "" {
				return fmt.Errorf("the answer has no label %q: %v", label, found[0])
			}
		}
		return nil
	}
	return fmt.Errorf("no data, whatever is chosen: %s", q.Expr)
}
