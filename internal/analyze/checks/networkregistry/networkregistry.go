// Package networkregistry finds mesh networks made of clusters nobody knows.
package networkregistry

import (
	_ "embed"
	"maps"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0126.md
var ist0126 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "networkregistry",
	Legacy: []string{"meshnetworks.MeshNetworksAnalyzer"},
	Doc:    "Mesh networks are made of clusters that istiod knows.",
	Needs:  []analyze.Kind{analyze.MeshNetworks, analyze.Secret},
	Uses:   []analyze.Kind{analyze.Deployment},
	Codes:  []*analyze.Code{unknown},
	Run:    run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var unknown = &analyze.Code{ID: "IST0126", Severity: analyze.Error, Title: "A mesh network is made of an unknown cluster", Doc: ist0126}

func run(pass *analyze.Pass) error {
	networks := pass.Mesh.Networks()
	if len(networks.Spec.GetNetworks()) == 0 {
		return nil
	}
	known := registries(pass.Mesh)
	for _, name := range slices.Sorted(maps.Keys(networks.Spec.Networks)) {
		for i, endpoint := range networks.Spec.Networks[name].GetEndpoints() {
			registry := endpoint.GetFromRegistry()
			if registry == "" || known[registry] {
				continue
			}
			pass.Report(analyze.Diagnostic{
				Code: unknown, On: networks,
				Field:   object.Field("spec.networks").Key(name).With("endpoints", i, "fromRegistry"),
				Message: "network " + name + " is made of cluster " + registry + ", which istiod does not know: it knows " + strings.Join(slices.Sorted(maps.Keys(known)), ", "),
				Absent:  analyze.Absences(pass.Mesh.Settings.IstioNamespace, analyze.Secret),
			})
		}
	}
	return nil
}

// registries are the names of clusters and other sources of endpoints.
func registries(mesh *analyze.Mesh) map[string]bool {
	known := map[string]bool{"Kubernetes": true, "External": true, "Mock": true}
	for secret := range mesh.Secrets().All() {
		if secret.Labels["istio/multiCluster"] != "true" {
			continue
		}
		for key := range secret.Spec.Data {
			known[key] = true
		}
		for key := range secret.Spec.StringData {
			known[key] = true
		}
	}
	for deployment := range mesh.Deployments().In(mesh.Settings.IstioNamespace) {
		if deployment.Labels["app"] != "istiod" {
			continue
		}
		for i := range deployment.Spec.Template.Spec.Containers {
			for _, variable := range deployment.Spec.Template.Spec.Containers[i].Env {
				if variable.Name == "CLUSTER_ID" && variable.Value != "" {
					known[variable.Value] = true
				}
			}
		}
	}
	return known
}
