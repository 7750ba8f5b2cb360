// Package upgrade finds what keeps a mesh of an older version from being
// upgraded without a change in what it does.
package upgrade

import (
	_ "embed"
	"fmt"

	"github.com/Masterminds/semver/v3"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0169.md
var ist0169 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:      "upgrade",
	Doc:       "A mesh of an older version does the same after the upgrade.",
	Needs:     []analyze.Kind{analyze.Cluster, analyze.Service},
	Uses:      []analyze.Kind{analyze.ConfigMap},
	OnRequest: true,
	Codes:     []*analyze.Code{incompatible},
	Run:       run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var incompatible = &analyze.Code{ID: "IST0169", Severity: analyze.Warning, Title: "An upgrade changes what the mesh does", Doc: ist0169}

// furthest is how many minor versions an upgrade may go at a time.
const furthest = 2

func run(pass *analyze.Pass) error {
	facts, cluster, ok := pass.Mesh.Cluster()
	if !ok || facts.From == "" {
		return nil
	}
	from, err := semver.NewVersion(facts.From)
	if err != nil {
		return fmt.Errorf("reading version %q: %w", facts.From, err)
	}
	to, err := semver.NewVersion(facts.Mesh)
	if err != nil {
		return fmt.Errorf("reading version %q: %w", facts.Mesh, err)
	}
	switch {
	case from.Major() != to.Major() || from.Minor() > to.Minor():
		pass.Reportf(incompatible, cluster, nil, "Istio %s is older than %s: going back is not an upgrade, and what the newer one has stored may not be understood", facts.Mesh, facts.From)
	case to.Minor()-from.Minor() > furthest:
		pass.Reportf(incompatible, cluster, nil, "from Istio %s to %s are %d minor versions, and proxies are made to work with a control plane %d ahead at most: go by way of %d.%d",
			facts.From, facts.Mesh, to.Minor()-from.Minor(), furthest, from.Major(), from.Minor()+furthest)
	}
	zipkin(pass, from)
	return nil
}

// zipkin is where proxies sent traces unless they were told otherwise, before 1.22.
func zipkin(pass *analyze.Pass, from *semver.Version) {
	service, ok := pass.Mesh.Services().Get(pass.Mesh.Settings.IstioNamespace, "zipkin")
	config := pass.Mesh.Config().Spec
	chosen := config.GetDefaultConfig().GetTracing() != nil || len(config.GetDefaultProviders().GetTracing()) > 0
	const changed = 22
	if ok && from.Minor() < changed && !chosen {
		pass.Reportf(incompatible, service, object.Field("metadata.name"),
			"proxies send traces to this service by default until 1.21, and from 1.22 on only if a provider or the mesh configuration names it")
	}
}
