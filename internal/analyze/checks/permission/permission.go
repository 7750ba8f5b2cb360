// Package permission finds rights that an installation takes and the user does
// not have.
package permission

import (
	_ "embed"

	"github.com/meshctl/meshctl/internal/analyze"
)

//go:embed IST0141.md
var ist0141 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:      "permission",
	Doc:       "The user may create in the cluster what an installation consists of.",
	Needs:     []analyze.Kind{analyze.Cluster},
	OnRequest: true,
	Codes:     []*analyze.Code{insufficient},
	Run:       run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var insufficient = &analyze.Code{ID: "IST0141", Severity: analyze.Error, Title: "The user may not do what an installation takes", Doc: ist0141}

func run(pass *analyze.Pass) error {
	facts, cluster, ok := pass.Mesh.Cluster()
	if !ok {
		return nil
	}
	for _, access := range facts.Denied {
		pass.Reportf(insufficient, cluster, nil, "you may not %s, which installing and upgrading the mesh takes", access)
	}
	return nil
}
