package inject_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/meshctl/meshctl/internal/inject"
)

// manyDeployments is a stream like those that istioctl takes 5 s for.
func manyDeployments(n int) []byte {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, `---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-%[1]d
  namespace: shop
spec:
  replicas: 2
  selector:
    matchLabels:
      app: app-%[1]d
  template:
    metadata:
      labels:
        app: app-%[1]d
        version: v1
    spec:
      containers:
      - name: app
        image: registry.example.com/app-%[1]d:1.0
        ports:
        - containerPort: 8080
          name: http
        readinessProbe:
          httpGet:
            path: /ready
            port: 8080
`, i)
	}
	return []byte(text.String())
}

func BenchmarkText_ThousandDeployments(b *testing.B) {
	injector := standardInjector(b, inject.Settings{})
	request := inject.Request{File: "many.yaml", Text: manyDeployments(1000), Kinds: inject.StandardKinds()}
	b.ReportAllocs()
	for b.Loop() {
		if _, outcomes, err := injector.Text(request); err != nil || len(outcomes) != 1000 {
			b.Fatal(len(outcomes), err)
		}
	}
}
