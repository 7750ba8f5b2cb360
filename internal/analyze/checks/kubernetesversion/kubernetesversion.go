// Package kubernetesversion finds clusters whose Kubernetes is too old for the mesh.
package kubernetesversion

import (
	_ "embed"
	"fmt"

	"github.com/Masterminds/semver/v3"

	"github.com/meshctl/meshctl/internal/analyze"
)

//go:embed IST0142.md
var ist0142 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:      "kubernetesversion",
	Doc:       "The version of Kubernetes is one that the mesh is for.",
	Needs:     []analyze.Kind{analyze.Cluster},
	OnRequest: true,
	Codes:     []*analyze.Code{unsupported},
	Run:       run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var unsupported = &analyze.Code{ID: "IST0142", Severity: analyze.Error, Title: "The version of Kubernetes is not supported", Doc: ist0142}

func run(pass *analyze.Pass) error {
	facts, cluster, ok := pass.Mesh.Cluster()
	if !ok {
		return nil
	}
	version, err := semver.NewVersion(facts.Kubernetes)
	if err != nil {
		return fmt.Errorf("reading the version of Kubernetes, %q: %w", facts.Kubernetes, err)
	}
	minor := semver.New(version.Major(), version.Minor(), 0, "", "")
	oldest, errOldest := semver.NewVersion(facts.Oldest)
	newest, errNewest := semver.NewVersion(facts.Newest)
	switch {
	case errOldest == nil && minor.LessThan(oldest):
		pass.Reportf(unsupported, cluster, nil, "Kubernetes %s is too old: Istio %s needs %s or later", facts.Kubernetes, facts.Mesh, facts.Oldest)
	case errNewest == nil && minor.GreaterThan(newest):
		pass.Report(analyze.Diagnostic{
			Code: unsupported, Severity: analyze.Info, On: cluster,
			Message: fmt.Sprintf("Kubernetes %s is newer than Istio %s was tested with, which is %s at most", facts.Kubernetes, facts.Mesh, facts.Newest),
		})
	}
	return nil
}
