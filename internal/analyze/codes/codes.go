// Package codes has the codes that more than one check reports. A code that
// only one check reports is defined beside that check.
package codes

import (
	_ "embed"

	"github.com/meshctl/meshctl/internal/analyze"
)

//go:embed IST0101.md
var ist0101 string

// The aliases of NotFound, by what it is that does not exist.
const (
	// AliasSelector is the workloads of a Sidecar.
	AliasSelector  = "KIA0004"
	AliasNamespace = "KIA0101"
	// AliasWorkloads are those of a Gateway.
	AliasWorkloads = "KIA0302"
	AliasHost      = "KIA1101"
	AliasGateway   = "KIA1102"
	AliasSubset    = "KIA1107"
)

// NotFound is a reference to something that does not exist.
//
//nolint:gochecknoglobals // a code is an immutable value with an identity
var NotFound = &analyze.Code{ID: "IST0101", Severity: analyze.Error, Title: "A referenced resource does not exist", Doc: ist0101, Aliases: []string{AliasSelector, AliasNamespace, AliasWorkloads, AliasHost, AliasGateway, AliasSubset}}
