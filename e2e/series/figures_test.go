package series

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestQuantile_InterpolatesWithinABucket(t *testing.T) {
	h := Histogram{10: 0.5, 50: 0.9, 100: 1}
	for _, test := range []struct{ q, want float64 }{
		{0.25, 7.5}, // half way through the bucket from 5 to 10, which has the first half
		{0.5, 10},
		{0.95, 75},
		{1, 100},
	} {
		if got := h.Quantile(test.q); math.Abs(got-test.want) > 1e-9 {
			t.Errorf("Quantile(%g) = %g, want %g", test.q, got, test.want)
		}
	}
	if got := (Histogram{}).Quantile(0.5); !math.IsNaN(got) {
		t.Errorf("Quantile of nothing = %g, want NaN", got)
	}
}

func TestSum_CountsEachEdgeOnce(t *testing.T) {
	mesh := NewMesh()
	page := mesh.To("bookinfo", "productpage-v1").Sum()
	if page.RPS != 21 || page.Failed != 0.2 || page.Codes["4xx"] != 0.2 {
		t.Errorf("into productpage: %+v; want 21 requests, 0.2 of them failed and 0.2 refused", page)
	}
	if got := mesh.From("bookinfo", "ratings-v1").Sum(); got.Received != 2048 || got.RPS != 0 || got.Success() != 1 {
		t.Errorf("out of ratings: %+v; want 2048 bytes and no request", got)
	}
	checkout := mesh.ToService("checkout.shop.svc.cluster.local").Sum()
	if math.Abs(checkout.Success()-0.975) > 1e-9 {
		t.Errorf("success of checkout = %g; status 14 is a failure and status 5 is none", checkout.Success())
	}
}

// Two series with the same labels would be one to Prometheus, with the values of both.
func TestAll_HasNoSeriesTwice(t *testing.T) {
	if all := All(time.Unix(0, 0)); len(all) < 1000 {
		t.Errorf("%d series are too few", len(all))
	}
	for name, all := range map[string][]Series{
		"the mesh": All(time.Unix(0, 0)), "mesh 1": RandomMesh(1).Traffic(), "mesh 2": RandomMesh(2).Traffic(), "mesh 3": RandomMesh(3).Traffic(),
	} {
		seen := map[string]bool{}
		for _, s := range all {
			id := ""
			for _, key := range s.Keys() {
				id += key + "=" + s.Labels[key] + ";"
			}
			if seen[id] {
				t.Errorf("%s has twice: %s", name, id)
			}
			seen[id] = true
		}
	}
}

// Every mesh has all that makes counting hard.
func TestRandomMesh_HasOneOfEach(t *testing.T) {
	for seed := range uint64(20) {
		mesh := RandomMesh(seed)
		for what, found := range map[string]func(Edge) bool{
			"a stranger":                 func(e Edge) bool { return !e.From.Known() },
			"plain text":                 func(e Edge) bool { return e.Plaintext && e.From.Known() },
			"a host outside":             func(e Edge) bool { return !e.To.Known() && !strings.Contains(e.Service, ".svc.") },
			"a service without a server": func(e Edge) bool { return !e.To.Known() && strings.Contains(e.Service, ".svc.") },
			"an idle edge":               func(e Edge) bool { return e.Protocol != "tcp" && e.RPS() == 0 },
			"failures of gRPC": func(e Edge) bool {
				return slices.ContainsFunc(e.Responses, func(r Response) bool { return r.Code == 200 && r.Failed() })
			},
			"a waypoint": func(e Edge) bool { return slices.Contains(e.Reporters, fromWaypoint) },
			"bytes":      func(e Edge) bool { return e.Protocol == "tcp" },
		} {
			if !slices.ContainsFunc(mesh.Edges, found) {
				t.Errorf("mesh %d has not %s", seed, what)
			}
		}
		if !reflect.DeepEqual(mesh, RandomMesh(seed)) {
			t.Errorf("mesh %d is another the second time", seed)
		}
	}
}
