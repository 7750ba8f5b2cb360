package prometheus_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/meshctl/meshctl/e2e/prometheus"
	"github.com/meshctl/meshctl/e2e/series"
)

// What comes out is what the generator says it put in.
func TestNew_AnswersWithTheFiguresOfTheMesh(t *testing.T) {
	server := prometheus.New(t)
	mesh := series.NewMesh()
	const reviews = "reviews.bookinfo.svc.cluster.local"
	all, service := mesh.ReportedBy("source", "waypoint").Sum(), mesh.ToService(reviews).ReportedBy("destination").Sum()
	page, mongo := mesh.To("bookinfo", "productpage-v1").ReportedBy("destination").Sum(), mesh.To("bookinfo", "mongodb-v1").Sum()
	quantile := func(q float64) string {
		return fmt.Sprintf(`histogram_quantile(%g, sum by (le) (rate(istio_request_duration_milliseconds_bucket{reporter="destination", destination_service=%q}[1m])))`, q, reviews)
	}
	for _, test := range []struct {
		name, query string
		want        float64
	}{
		{"requests", `sum(rate(istio_requests_total{reporter=~"source|waypoint"}[1m]))`, all.RPS},
		{"requests over five minutes", `sum(rate(istio_requests_total{reporter=~"source|waypoint"}[5m]))`, all.RPS},
		{"requests of a service", `sum(rate(istio_requests_total{reporter="destination", destination_service="` + reviews + `"}[1m]))`, service.RPS},
		{"failures of a service", `sum(rate(istio_requests_total{reporter="destination", destination_service="` + reviews + `", response_code=~"5.."}[1m]))`, service.Failed},
		{"failures of gRPC", `sum(rate(istio_requests_total{reporter="destination", grpc_response_status="14"}[1m]))`, 0.2},
		{"refusals of a workload", `sum(rate(istio_requests_total{reporter="destination", destination_workload="productpage-v1", response_code=~"4.."}[1m]))`, page.Codes["4xx"]},
		{"median", quantile(0.5), service.P50},
		{"p95", quantile(0.95), service.P95},
		{"p99", quantile(0.99), service.P99},
		{"bytes", `sum(rate(istio_tcp_received_bytes_total{reporter="destination", destination_workload="mongodb-v1"}[1m]))`, mongo.Received},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := server.Query(t.Context(), test.query)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != 1 || math.Abs(got[0].Value-test.want) > 1e-6*math.Abs(test.want) {
				t.Errorf("%s = %v, want %v", test.query, got, test.want)
			}
		})
	}
}

func TestLoad_GoesOnWhereItEnded(t *testing.T) {
	server := prometheus.New(t)
	now := time.Now()
	if err := server.Load(t.Context(), now, series.All(now)); err != nil {
		t.Fatal(err)
	}
	got, err := server.Query(t.Context(), `sum(rate(istio_requests_total{reporter="waypoint"}[1m]))`)
	if err != nil || len(got) != 1 || math.Abs(got[0].Value-5) > 1e-9 {
		t.Errorf("rate = %v, %v; want 5", got, err)
	}
}
