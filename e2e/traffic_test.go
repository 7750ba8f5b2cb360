package e2e_test

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/meshctl/meshctl/e2e/prometheus"
	"github.com/meshctl/meshctl/e2e/series"
	"github.com/meshctl/meshctl/internal/cli"
)

// TestTraffic_HasTheFiguresOfTheMesh asks a real Prometheus that has made-up
// series, and wants what was put in.
func TestTraffic_HasTheFiguresOfTheMesh(t *testing.T) {
	server := prometheus.New(t)
	mesh := series.NewMesh()
	ask := func(t *testing.T, into any, args ...string) {
		t.Helper()
		text := answerOf(t, append(args, "--prometheus-url", server.URL())...)
		if err := json.Unmarshal(text, into); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
	}
	t.Run("workloads", func(t *testing.T) {
		var got statAnswer
		ask(t, &got, "stat", "-o", "json")
		want := 0
		for _, w := range mesh.Workloads {
			into := mesh.To(w.Namespace, w.Name).WithoutHops()
			if len(into.Edges) == 0 {
				continue
			}
			want++
			compareFigures(t, w.Namespace+"/"+w.Name, got.row(w.Namespace, w.Name), into.Sum())
		}
		if len(got.Rows) != want {
			t.Errorf("%d rows, want %d", len(got.Rows), want)
		}
	})
	t.Run("services", func(t *testing.T) {
		var got statAnswer
		ask(t, &got, "stat", "svc", "-o", "json")
		for _, edge := range mesh.Edges {
			name, rest, _ := strings.Cut(edge.Service, ".")
			namespace, _, inCluster := strings.Cut(rest, ".svc.")
			if !inCluster {
				name, namespace = edge.Service, ""
			}
			into := mesh.ToService(edge.Service)
			into.Edges = slices.DeleteFunc(into.Edges, func(e series.Edge) bool { return e.Hop })
			compareFigures(t, edge.Service, got.row(namespace, name), into.Sum())
		}
	})
	t.Run("a namespace", func(t *testing.T) {
		var got statAnswer
		ask(t, &got, "stat", "ns", "-n", "shop", "-o", "json")
		var edges []series.Edge
		for _, edge := range mesh.Edges {
			if edge.To.Namespace == "shop" {
				edges = append(edges, edge)
			}
		}
		if len(got.Rows) != 1 {
			t.Fatalf("%d rows, want 1", len(got.Rows))
		}
		compareFigures(t, "shop", got.row("shop", "shop"), series.Sum(edges))
	})
	t.Run("metrics", func(t *testing.T) {
		var got struct {
			Workloads []struct {
				Workload string
				trafficFigures
			}
		}
		ask(t, &got, "metrics", "reviews-v3.bookinfo", "checkout", "-o", "json")
		compareFigures(t, "reviews-v3", &got.Workloads[0].trafficFigures, mesh.To("bookinfo", "reviews-v3").Sum())
		compareFigures(t, "checkout", &got.Workloads[1].trafficFigures, mesh.To("shop", "checkout").Sum())
	})
	t.Run("edges", func(t *testing.T) {
		var got edgesAnswer
		ask(t, &got, "edges", "-o", "json")
		if len(got.Edges) != len(mesh.Edges) {
			t.Errorf("%d edges, want %d", len(got.Edges), len(mesh.Edges))
		}
		for _, edge := range mesh.Edges {
			got.compare(t, edge)
		}
		var insecure edgesAnswer
		ask(t, &insecure, "edges", "--insecure", "-o", "json")
		for _, edge := range insecure.Edges {
			if edge.Secured == nil || *edge.Secured == 1 {
				t.Errorf("%+v is not insecure", edge)
			}
		}
		if len(insecure.Edges) == 0 {
			t.Error("no edge is insecure; some are")
		}
	})
	t.Run("graph", func(t *testing.T) {
		page := string(answerOf(t, "graph", "-o", "html", "--prometheus-url", server.URL()))
		_, data, _ := strings.Cut(page, `id="data">`)
		data, _, _ = strings.Cut(data, "</script>")
		var got struct {
			Links []struct {
				From, To string
				RPS      float64
				Bytes    float64
			}
		}
		if err := json.Unmarshal([]byte(data), &got); err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		var rps, bytes float64
		for _, link := range got.Links {
			rps, bytes = rps+link.RPS, bytes+link.Bytes
		}
		want := mesh.Sum()
		if !near(rps, want.RPS) || !near(bytes, want.Sent+want.Received) {
			t.Errorf("links carry %g requests and %g bytes, want %g and %g", rps, bytes, want.RPS, want.Sent+want.Received)
		}
	})
}

// trafficFigures are the numbers as meshctl prints them in JSON.
type trafficFigures struct {
	RPS      float64
	Failed   float64 `json:"failedRPS"`
	Success  *float64
	P50      *float64 `json:"p50ms"`
	P95      *float64 `json:"p95ms"`
	P99      *float64 `json:"p99ms"`
	Sent     float64  `json:"tcpSentBytes"`
	Received float64  `json:"tcpReceivedBytes"`
	Opened   float64  `json:"tcpConnectionsOpened"`
}

type statAnswer struct {
	Rows []struct {
		Namespace, Name string
		trafficFigures
	}
}

func (a statAnswer) row(namespace, name string) *trafficFigures {
	for i, row := range a.Rows {
		if row.Namespace == namespace && row.Name == name {
			return &a.Rows[i].trafficFigures
		}
	}
	return nil
}

type edgesAnswer struct {
	Edges []struct {
		From, To          struct{ Namespace, Name string }
		Service, Protocol string
		Secured           *float64
		FromIdentity      string
		trafficFigures
	}
}

func (a edgesAnswer) compare(t *testing.T, want series.Edge) {
	t.Helper()
	name := want.From.Name + " to " + want.To.Name
	for i, got := range a.Edges {
		if got.From.Name != want.From.Name || got.To.Name != want.To.Name || got.Service != want.Service || got.Protocol != want.Protocol {
			continue
		}
		compareFigures(t, name, &a.Edges[i].trafficFigures, series.Sum([]series.Edge{want}))
		if want.From.Known() && got.FromIdentity != want.From.Principal() {
			t.Errorf("%s: the caller is %q, want %q", name, got.FromIdentity, want.From.Principal())
		}
		if got.Secured != nil && (*got.Secured == 1) == want.Plaintext {
			t.Errorf("%s: %g of it is secured", name, *got.Secured)
		}
		return
	}
	t.Errorf("%s is no edge", name)
}

func compareFigures(t *testing.T, name string, got *trafficFigures, want series.Figures) {
	t.Helper()
	if got == nil {
		t.Errorf("%s has no figures", name)
		return
	}
	check := func(what string, got, want float64) {
		if !near(got, want) {
			t.Errorf("%s: %s is %g, want %g", name, what, got, want)
		}
	}
	check("rps", got.RPS, want.RPS)
	check("failed", got.Failed, want.Failed)
	check("sent", got.Sent, want.Sent)
	check("received", got.Received, want.Received)
	check("opened", got.Opened, want.Opened)
	if want.RPS == 0 {
		if got.Success != nil || got.P50 != nil {
			t.Errorf("%s: no requests, and still a success and a latency", name)
		}
		return
	}
	check("success", *got.Success, want.Success())
	check("p50", *got.P50, want.P50)
	check("p95", *got.P95, want.P95)
	check("p99", *got.P99, want.P99)
}

func near(got, want float64) bool { return math.Abs(got-want) <= 0.001*math.Abs(want)+1e-9 }

// answerOf runs a command that has to succeed, and returns its answer.
func answerOf(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, story bytes.Buffer
	if code := cli.Main(t.Context(), append([]string{"meshctl"}, args...), strings.NewReader(""), &out, &story, []string{"HOME=" + t.TempDir()}); code != 0 {
		t.Fatalf("meshctl %s: exit %d\n%s", strings.Join(args, " "), code, story.String())
	}
	return out.Bytes()
}
