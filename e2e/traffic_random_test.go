package e2e_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/meshctl/meshctl/e2e/prometheus"
	"github.com/meshctl/meshctl/e2e/series"
)

// TestTraffic_HasTheFiguresOfAnyMesh draws meshes, and wants of each what was put in.
func TestTraffic_HasTheFiguresOfAnyMesh(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("mesh ", seed), func(t *testing.T) {
			mesh := series.RandomMesh(seed)
			a := asker{t, prometheus.NewWith(t, mesh.Traffic()).URL()}
			a.edges(mesh)
			for by, target := range map[string]func(series.Edge) string{"deploy": workloadOf, "svc": serviceOf, "ns": namespaceOf} {
				a.stat(mesh, by, "", target)
				a.stat(mesh, by, "red", target)
			}
			a.metrics(mesh)
			a.graph(mesh)
		})
	}
}

// asker asks a Prometheus by way of meshctl.
type asker struct {
	*testing.T

	url string
}

func (a asker) ask(into any, args ...string) {
	a.Helper()
	text := answerOf(a.T, append(args, "-o", "json", "--prometheus-url", a.url)...)
	if err := json.Unmarshal(text, into); err != nil {
		a.Fatalf("%v\n%s", err, text)
	}
}

// groups are edges by a name, without those that nothing goes over. An edge with an empty name has none.
func groups(mesh series.MeshTable, name func(series.Edge) string) map[string][]series.Edge {
	found := map[string][]series.Edge{}
	for _, e := range mesh.Edges {
		if called := name(e); called != "" && e.RPS()+e.Sent+e.Received > 0 {
			found[called] = append(found[called], e)
		}
	}
	return found
}

// The way through a waypoint counts at the waypoint, and nowhere else.
func workloadOf(e series.Edge) string {
	if !e.To.Known() || e.Hop && e.To.Kind != series.Waypoint {
		return ""
	}
	return e.To.Namespace + "/" + e.To.Name
}

func namespaceOf(e series.Edge) string {
	if !e.To.Known() || e.Hop {
		return ""
	}
	return e.To.Namespace + "/" + e.To.Namespace
}

func serviceOf(e series.Edge) string {
	if e.Hop {
		return ""
	}
	name, rest, _ := strings.Cut(e.Service, ".")
	if namespace, _, inCluster := strings.Cut(rest, ".svc."); inCluster {
		return namespace + "/" + name
	}
	return "/" + e.Service
}

func (a asker) stat(mesh series.MeshTable, by, namespace string, target func(series.Edge) string) {
	a.Helper()
	var got statAnswer
	args := []string{"stat", by}
	if namespace != "" {
		args = append(args, "-n", namespace)
	}
	a.ask(&got, args...)
	want := groups(mesh, target)
	maps.DeleteFunc(want, func(name string, _ []series.Edge) bool {
		return namespace != "" && !strings.HasPrefix(name, namespace+"/")
	})
	if len(got.Rows) != len(want) || len(want) == 0 {
		a.Errorf("stat %s: %d rows, want %d", by, len(got.Rows), len(want))
	}
	for name, edges := range want {
		space, short, _ := strings.Cut(name, "/")
		compareFigures(a.T, "stat "+by+" of "+name, got.row(space, short), series.Sum(edges))
	}
}

func (a asker) metrics(mesh series.MeshTable) {
	a.Helper()
	var got struct {
		Workloads []struct {
			Workload string
			trafficFigures
		}
	}
	want := groups(mesh, workloadOf)
	args := []string{"metrics"}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		space, short, _ := strings.Cut(name, "/")
		args = append(args, short+"."+space)
	}
	a.ask(&got, args...)
	for i, name := range slices.Sorted(maps.Keys(want)) {
		compareFigures(a.T, "metrics of "+name, &got.Workloads[i].trafficFigures, series.Sum(want[name]))
	}
	// Without a namespace those of a name count together.
	a.ask(&got, "metrics", "web")
	var webs []series.Edge
	for _, e := range mesh.Edges {
		if e.To.Name == "web" {
			webs = append(webs, e)
		}
	}
	compareFigures(a.T, "metrics of web", &got.Workloads[0].trafficFigures, series.Sum(webs))
}

func (a asker) edges(mesh series.MeshTable) {
	a.Helper()
	var got edgesAnswer
	a.ask(&got, "edges")
	want := groups(mesh, func(e series.Edge) string {
		return fmt.Sprint(e.From.Namespace, "/", e.From.Name, " ", e.To.Namespace, "/", e.To.Name, " ", e.Service, " ", e.Protocol)
	})
	if len(got.Edges) != len(want) {
		a.Errorf("%d edges, want %d", len(got.Edges), len(want))
	}
	for i, edge := range got.Edges {
		name := fmt.Sprint(edge.From.Namespace, "/", edge.From.Name, " ", edge.To.Namespace, "/", edge.To.Name, " ", edge.Service, " ", edge.Protocol)
		if want[name] == nil {
			a.Errorf("nobody put in the edge %s", name)
			continue
		}
		compareFigures(a.T, "edge "+name, &got.Edges[i].trafficFigures, series.Sum(want[name]))
		share, known := secured(want[name])
		switch {
		case known != (edge.Secured != nil):
			a.Errorf("edge %s: it is known how it is secured: %t, want %t", name, edge.Secured != nil, known)
		case known && !near(*edge.Secured, share):
			a.Errorf("edge %s: %g of it is secured, want %g", name, *edge.Secured, share)
		}
	}
}

// secured is the share of the traffic that came by mutual TLS, as those know who see it come.
func secured(edges []series.Edge) (share float64, known bool) {
	var all, secured float64
	for _, e := range edges {
		if len(e.Reporters) == 1 && e.Reporters[0] == "source" && !e.Ztunnel {
			continue
		}
		weight := e.Sent + e.Received
		for _, r := range e.Responses {
			if !r.Alone {
				weight += r.Rate
			}
		}
		all += weight
		if !e.Plaintext {
			secured += weight
		}
	}
	return secured / all, all > 0
}

func (a asker) graph(mesh series.MeshTable) {
	a.Helper()
	var got struct {
		Kind  string
		Nodes []struct {
			ID      string
			RPS     float64
			Success *float64
		}
		Links []struct {
			From, To, Protocol string
			RPS, Bytes         float64
			Success            *float64
			P95                *float64 `json:"p95ms"`
		}
	}
	a.ask(&got, "graph")
	end := func(w series.Workload, otherwise string) string {
		if w.Known() {
			return w.Namespace + "/" + w.Name
		}
		return "(" + otherwise + ")"
	}
	links := groups(mesh, func(e series.Edge) string {
		protocol := e.Protocol
		if e.Hop {
			protocol = "tunnel"
		}
		return end(e.From, "unknown") + " " + end(e.To, e.Service) + " " + protocol
	})
	if got.Kind != "ServiceGraph" || len(got.Links) != len(links) {
		a.Errorf("%s with %d links, want %d", got.Kind, len(got.Links), len(links))
	}
	for _, link := range got.Links {
		name := link.From + " " + link.To + " " + link.Protocol
		sum := series.Sum(links[name])
		figures := trafficFigures{RPS: link.RPS, Success: link.Success, P95: link.P95}
		if !near(figures.RPS, sum.RPS) || !near(link.Bytes, sum.Sent+sum.Received) ||
			sum.RPS > 0 && (!near(*figures.Success, sum.Success()) || !near(*figures.P95, sum.P95)) {
			a.Errorf("link %s: %+v, want %+v", name, link, sum)
		}
	}
	nodes := groups(mesh, func(e series.Edge) string { return end(e.To, e.Service) })
	for _, node := range got.Nodes {
		if want := series.Sum(nodes[node.ID]); !near(node.RPS, want.RPS) {
			a.Errorf("node %s: %g requests, want %g", node.ID, node.RPS, want.RPS)
		}
	}
}
