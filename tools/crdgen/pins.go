//go:build pins

package main

// These imports are never compiled. They keep the modules crdgen reads YAML from in
// go.mod and go.sum when `go mod tidy` runs.
import (
	_ "istio.io/api/label"
	_ "sigs.k8s.io/gateway-api/pkg/consts"
)
