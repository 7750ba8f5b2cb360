package graph

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/traffic"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// picture has a circle, a caller and a host that nobody knows, and two protocols.
func picture() traffic.Picture {
	w := func(name string) traffic.Workload { return traffic.Workload{Namespace: "shop", Name: name} }
	requests := func(rps, failed float64) traffic.Numbers {
		return traffic.Numbers{RPS: rps, Failed: failed, Latency: traffic.Histogram{10: rps / 2, 20: rps}}
	}
	return traffic.Picture{
		Window: time.Minute, At: time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC),
		Edges: []traffic.Edge{
			{To: w("web"), Service: "web.shop.svc.cluster.local", Protocol: traffic.HTTP, Numbers: requests(10, 0), SecurityKnown: true},
			{From: w("web"), To: w("cart"), Service: "cart.shop.svc.cluster.local", Protocol: traffic.HTTP, Numbers: requests(8, 1), SecurityKnown: true, Secured: 1},
			{From: w("web"), To: w("cart"), Service: "cart-admin.shop.svc.cluster.local", Protocol: traffic.HTTP, Numbers: requests(2, 0), SecurityKnown: true, Secured: 1},
			{From: w("cart"), To: w("db"), Service: "db.shop.svc.cluster.local", Protocol: traffic.TCP, Numbers: traffic.Numbers{Sent: 4096, Received: 1024}},
			{From: w("cart"), To: w("web"), Service: "web.shop.svc.cluster.local", Protocol: traffic.GRPC, Numbers: requests(1, 0)},
			{From: w("cart"), Service: "stock.shop.svc.cluster.local", Protocol: traffic.HTTP, Numbers: requests(2, 2)},
			{From: w("cart"), To: w("waypoint"), Service: "db.shop.svc.cluster.local", Protocol: traffic.TCP, Hop: traffic.ToWaypoint, Numbers: traffic.Numbers{Sent: 512}},
			{From: w("cart"), Service: `pay."quoted".example`, Protocol: traffic.HTTP, Numbers: requests(0.5, 0)},
		},
	}
}

func TestWrite_Formats(t *testing.T) {
	g := Of(picture(), "")
	for name, write := range map[string]func(*bytes.Buffer){
		"graph.txt":     func(b *bytes.Buffer) { WriteText(b, g) },
		"graph.dot":     func(b *bytes.Buffer) { WriteDOT(b, g) },
		"graph.mermaid": func(b *bytes.Buffer) { WriteMermaid(b, g) },
	} {
		var got bytes.Buffer
		write(&got)
		file := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(file, got.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What services are called cannot end the script that the graph stands in.
func TestWriteHTML_HoldsTheGraph(t *testing.T) {
	evil := picture()
	evil.Edges[7].Service = "</script><script>alert(1)</script>"
	var page bytes.Buffer
	if err := WriteHTML(&page, Of(evil, "shop")); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(page.String(), "alert(1)</script>") || strings.Contains(page.String(), "graph.json") {
		t.Error("the page runs what it is given, or is live")
	}
	_, data, _ := strings.Cut(page.String(), `id="data">`)
	data, _, _ = strings.Cut(data, "</script>")
	var got Graph
	if err := json.Unmarshal([]byte(data), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Nodes) != 7 || len(got.Links) != 7 || got.Namespace != "shop" {
		t.Errorf("%d nodes and %d links; want 7 and 7", len(got.Nodes), len(got.Links))
	}
}

func TestHandler_KeepsThePageUpToDate(t *testing.T) {
	looks := 0
	server := httptest.NewServer(Handler(func(*http.Request) (Graph, error) {
		looks++
		if looks > 2 {
			return Graph{}, http.ErrServerClosed
		}
		return Of(picture(), ""), nil
	}))
	defer server.Close()
	for path, want := range map[string]string{"/": `const live = "graph.json"`} {
		if code, body := get(t, server.URL+path); code != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d without %s", path, code, want)
		}
	}
	if code, body := get(t, server.URL+"/graph.json"); code != http.StatusOK || !json.Valid([]byte(body)) {
		t.Errorf("graph.json: %d %s", code, body)
	}
	if code, body := get(t, server.URL+"/graph.json"); code != http.StatusBadGateway || !strings.Contains(body, `"problem":"http: Server closed"`) {
		t.Errorf("a failed look: %d %s", code, body)
	}
	if code, body := get(t, server.URL); code != http.StatusOK || !strings.Contains(body, `"problem":"http: Server closed"`) {
		t.Errorf("the page after a failed look: %d %s", code, body)
	}
	if code, _ := get(t, server.URL+"/other"); code != http.StatusNotFound {
		t.Errorf("/other: %d", code)
	}
}

func get(t *testing.T, url string) (code int, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(answer.Body); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, text.String()
}
