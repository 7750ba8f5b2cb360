package series

import (
	"math"
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
	seen := map[string]bool{}
	for _, s := range All(time.Unix(0, 0)) {
		id := ""
		for _, key := range s.Keys() {
			id += key + "=" + s.Labels[key] + ";"
		}
		if seen[id] {
			t.Errorf("twice: %s", id)
		}
		seen[id] = true
	}
	if len(seen) < 1000 {
		t.Errorf("%d series are too few", len(seen))
	}
}
