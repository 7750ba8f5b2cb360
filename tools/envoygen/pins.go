//go:build pins

package main

// These imports are never compiled. They keep the modules that envoygen reads
// descriptors from in go.mod and go.sum when `go mod tidy` runs.
import (
	_ "cel.dev/expr"
	_ "github.com/cncf/xds/go/xds/core/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	_ "github.com/prometheus/client_model/go"
	_ "go.opentelemetry.io/proto/otlp/common/v1"
	_ "google.golang.org/genproto/googleapis/api/expr/v1alpha1"
	_ "google.golang.org/genproto/googleapis/rpc/status"
)
