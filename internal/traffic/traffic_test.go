package traffic

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

// answers is a source that knows the answers to some metrics.
type answers map[string][]Sample

func (a answers) Query(_ context.Context, query string, _ time.Time) ([]Sample, error) {
	for metric, samples := range a {
		if strings.Contains(query, metric+"[") || strings.Contains(query, metric+"{") {
			return samples, nil
		}
	}
	return nil, nil
}

func sample(value float64, pairs ...string) Sample {
	labels := map[string]string{
		sourceLabel: "web", sourceNamespace: "shop", destinationLabel: "cart", destinationSpace: "shop",
		serviceLabel: "cart.shop.svc.cluster.local", protocolLabel: "http", reporterLabel: "source", codeLabel: "200",
	}
	for i := 0; i < len(pairs); i += 2 {
		labels[pairs[i]] = pairs[i+1]
	}
	return Sample{Labels: labels, Value: value}
}

func TestRead_CountsARequestOnce(t *testing.T) {
	picture, err := Read(t.Context(), answers{"istio_requests_total": {
		sample(10), sample(1, codeLabel, "503"),
		sample(9, reporterLabel, "destination", securityLabel, "mutual_tls", sourcePrincipal, "spiffe://a/ns/shop/sa/web"),
		sample(1, reporterLabel, "destination", securityLabel, "none"),
	}}, Options{Window: time.Minute})
	if err != nil || len(picture.Edges) != 1 {
		t.Fatalf("%d edges, %v", len(picture.Edges), err)
	}
	edge := picture.Edges[0]
	if edge.RPS != 11 || edge.Failed != 1 {
		t.Errorf("%g requests, %g failed; the client counts 11 and 1", edge.RPS, edge.Failed)
	}
	if !edge.SecurityKnown || edge.Secured != 0.9 || edge.FromIdentity != "spiffe://a/ns/shop/sa/web" {
		t.Errorf("secured %g, by %q; the server knows", edge.Secured, edge.FromIdentity)
	}
}

func TestRead_WaypointsCountBeforeOthers(t *testing.T) {
	picture, err := Read(t.Context(), answers{"istio_requests_total": {
		sample(5, reporterLabel, "waypoint"), sample(4), sample(3, reporterLabel, "destination"),
	}}, Options{Window: time.Minute})
	if err != nil || picture.Edges[0].RPS != 5 {
		t.Fatalf("%+v, %v", picture.Edges, err)
	}
}

func TestRead_StatusesOfGRPC(t *testing.T) {
	for status, want := range map[string]float64{"0": 0, "1": 0, "2": 1, "4": 1, "5": 0, "7": 0, "12": 1, "13": 1, "14": 1, "15": 1, "16": 0} {
		picture, err := Read(t.Context(), answers{"istio_requests_total": {sample(1, protocolLabel, "grpc", grpcLabel, status)}}, Options{Window: time.Minute})
		if err != nil || picture.Edges[0].Failed != want {
			t.Errorf("status %s: %g failed, want %g (%v)", status, picture.Edges[0].Failed, want, err)
		}
	}
}

// A bucket begins where the one before it ends, also if that one is empty.
func TestRead_KeepsEmptyBucketsOfBusyEdges(t *testing.T) {
	bucket := func(bound string, rate float64, pairs ...string) Sample {
		return sample(rate, append(pairs, boundLabel, bound)...)
	}
	picture, err := Read(t.Context(), answers{
		"istio_requests_total": {sample(4)},
		"istio_request_duration_milliseconds_bucket": {
			bucket("250", 0), bucket("500", 4), bucket("+Inf", 4),
			bucket("250", 0, destinationLabel, "idle"), bucket("+Inf", 0, destinationLabel, "idle"),
		},
	}, Options{Window: time.Minute})
	if err != nil || len(picture.Edges) != 1 {
		t.Fatalf("%d edges, %v; the idle one is none", len(picture.Edges), err)
	}
	if got, _ := picture.Edges[0].Latency.Quantile(0.5); got != 375*time.Millisecond {
		t.Errorf("the median is %s, want the middle between 250 ms and 500 ms", got)
	}
}

func TestRead_FailsAsItsSourceDoes(t *testing.T) {
	broken := errors.New("broken")
	_, err := Read(t.Context(), failing{broken}, Options{Window: time.Minute})
	if !errors.Is(err, broken) {
		t.Fatalf("got %v", err)
	}
}

type failing struct{ err error }

func (f failing) Query(context.Context, string, time.Time) ([]Sample, error) { return nil, f.err }

func TestQuantile(t *testing.T) {
	h := Histogram{10: 50, 20: 90, math.Inf(1): 100}
	for _, test := range []struct {
		share float64
		want  time.Duration
	}{
		{0.25, 5 * time.Millisecond},
		{0.5, 10 * time.Millisecond},
		{0.7, 15 * time.Millisecond},
		{0.99, 20 * time.Millisecond}, // beyond the last bound nothing is known
	} {
		if got, ok := h.Quantile(test.share); !ok || got != test.want {
			t.Errorf("Quantile(%g) = %s, %t; want %s", test.share, got, ok, test.want)
		}
	}
	if _, ok := (Histogram{10: 0}).Quantile(0.5); ok {
		t.Error("a quantile of nothing")
	}
}

func TestStat_RowsOfServicesAndHosts(t *testing.T) {
	picture := Picture{Edges: []Edge{
		{From: Workload{"shop", "web"}, To: Workload{"shop", "cart-v1"}, Service: "cart.shop.svc.cluster.local", Numbers: Numbers{RPS: 2}},
		{From: Workload{"shop", "web"}, To: Workload{"shop", "cart-v2"}, Service: "cart.shop.svc.cluster.local", Numbers: Numbers{RPS: 1, Failed: 1}},
		{From: Workload{"shop", "cart-v1"}, Service: "pay.example.com", Numbers: Numbers{RPS: 4}},
		{To: Workload{"shop", "cart-v1"}, Numbers: Numbers{Sent: 8}},
	}}
	services := picture.Stat(ByService, "")
	if len(services) != 2 || services[0].Name != "pay.example.com" || services[1].Name != "cart" || services[1].RPS != 3 || services[1].Clients != 1 {
		t.Errorf("services: %+v", services)
	}
	if inShop := picture.Stat(ByService, "shop"); len(inShop) != 1 {
		t.Errorf("services of shop: %+v", inShop)
	}
	workloads := picture.Stat(ByWorkload, "")
	if len(workloads) != 2 || workloads[0].Sent != 8 || workloads[0].RPS != 2 {
		t.Errorf("workloads: %+v", workloads)
	}
	if share, ok := workloads[1].Success(); !ok || share != 0 {
		t.Errorf("success of cart-v2: %g, %t", share, ok)
	}
}

// The bytes of a tunnel are those of the requests that the waypoint counts.
func TestStat_CountsTheWayThroughAWaypointOnce(t *testing.T) {
	tunnel := func(from, to string) Sample {
		return sample(100, sourceLabel, from, destinationLabel, to, protocolLabel, TCP)
	}
	picture, err := Read(t.Context(), answers{
		"istio_requests_total": {sample(5, reporterLabel, "waypoint")},
		"istio_tcp_sent_bytes_total": {
			tunnel("web", "waypoint"), tunnel("waypoint", "cart"), tunnel("web", "cart"),
			tunnel("a", "b"), sample(1, serviceLabel, "other", protocolLabel, TCP),
		},
	}, Options{Window: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	hops := map[string]Hop{}
	for _, edge := range picture.Edges {
		hops[edge.From.Name+" "+edge.To.Name+" "+edge.Protocol] = edge.Hop
	}
	// What comes without the waypoint is no half of a way.
	for edge, want := range map[string]Hop{"web waypoint tcp": ToWaypoint, "waypoint cart tcp": FromWaypoint, "web cart tcp": NoHop, "web cart http": NoHop} {
		if hops[edge] != want {
			t.Errorf("%s is %q, want %q", edge, hops[edge], want)
		}
	}
	for _, row := range picture.Stat(ByService, "shop") {
		if row.Name == "cart" && (row.RPS != 5 || row.Sent != 200 || row.Clients != 2) {
			t.Errorf("the service: %+v", row)
		}
	}
	if numbers, _ := picture.Into("shop", "cart"); numbers.Sent != 101 {
		t.Errorf("into the workload: %+v", numbers)
	}
	if numbers, _ := picture.Into("shop", "waypoint"); numbers.Sent != 100 {
		t.Errorf("into the waypoint: %+v", numbers)
	}
}

func TestLost_IsWhatNobodyAnswersFor(t *testing.T) {
	failing := Numbers{RPS: 1, Failed: 1}
	picture := Picture{Edges: []Edge{
		{From: Workload{"shop", "web"}, Service: "stock.shop.svc.cluster.local", Numbers: failing},
		{From: Workload{"shop", "cart"}, Service: "stock.shop.svc.cluster.local", Numbers: failing},
		{From: Workload{"shop", "web"}, Service: "bank.pay.svc.cluster.local", Numbers: failing},
		{From: Workload{"shop", "web"}, Service: "down.example.com", Numbers: failing},
		{From: Workload{"shop", "web"}, To: Workload{"shop", "cart"}, Service: "cart.shop.svc.cluster.local", Numbers: failing},
	}}
	if got := picture.Lost(""); !slices.Equal(got, []string{"stock.shop", "bank.pay"}) {
		t.Errorf("lost %q", got)
	}
	if got := picture.Lost("pay"); !slices.Equal(got, []string{"bank.pay"}) {
		t.Errorf("lost in pay: %q", got)
	}
}
