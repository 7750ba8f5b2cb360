package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema"
	"github.com/meshctl/meshctl/internal/object"
)

// BenchmarkRules judges a thousand of each of the most frequent kinds, all of
// them right: what is right must cost next to nothing.
func BenchmarkRules(b *testing.B) {
	var text strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&text, `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a%[1]d, namespace: b}
spec:
  hosts: [a%[1]d]
  http:
    - match: [{headers: {end-user: {exact: jason}}, uri: {prefix: /a}}]
      timeout: 5s
      retries: {attempts: 2, perTryTimeout: 2s, retryOn: "5xx,reset"}
      route: [{destination: {host: a%[1]d, subset: v2}}]
    - route: [{destination: {host: a%[1]d, subset: v1}, weight: 90}, {destination: {host: a%[1]d, subset: v2}, weight: 10}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: a%[1]d, namespace: b}
spec:
  host: a%[1]d
  trafficPolicy: {connectionPool: {tcp: {maxConnections: 100}}, outlierDetection: {consecutive5xxErrors: 5, interval: 10s}}
  subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: a%[1]d, namespace: b}
spec:
  selector: {matchLabels: {app: a}}
  rules: [{from: [{source: {principals: [cluster.local/ns/b/sa/c]}}], to: [{operation: {methods: [GET], paths: [/a*]}}]}]
`, i)
	}
	mesh, err := analyze.NewMesh(b.Context(), analyze.Input{Documents: object.Documents("bench.yaml", []byte(text.String())), Complete: true})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		report, err := analyze.Run(b.Context(), mesh, []*analyze.Analyzer{schema.Analyzer}, analyze.Options{})
		if err != nil || len(report.Findings) > 0 {
			b.Fatal(err, report.Findings)
		}
	}
}
