package cli

import (
	"context"
	"slices"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/suite"
	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
)

// wantsFacts says whether a check needs to know what no object tells.
func wantsFacts(selection suite.Selection) bool {
	for _, a := range selection.Analyzers {
		if slices.Contains(a.Needs, analyze.Cluster) {
			return true
		}
	}
	return false
}

// factsOnce asks for the facts of a cluster if they are not known.
func (o *analyzeOptions) factsOnce(ctx context.Context, env *Env, source *liveSource) (*analyze.ClusterFacts, error) {
	var err error
	if source.facts == nil {
		source.facts, err = o.facts(ctx, env, source.Cluster)
	}
	return source.facts, err
}

// facts asks the cluster what it is, and what the user may do there.
func (o *analyzeOptions) facts(ctx context.Context, env *Env, cluster *kube.Cluster) (*analyze.ClusterFacts, error) {
	table, err := profiles.ReadVersions(env.Assets)
	if err != nil {
		return nil, err
	}
	mesh, err := table.Find("")
	if err != nil {
		return nil, err
	}
	version, err := cluster.Version(ctx)
	if err != nil {
		return nil, err
	}
	denied, err := cluster.Denied(ctx, installing(env.Global.IstioNamespace))
	if err != nil {
		return nil, err
	}
	return &analyze.ClusterFacts{
		Name: cluster.Context(), Kubernetes: version.GitVersion, Oldest: mesh.Kubernetes.Oldest, Newest: mesh.Kubernetes.Newest,
		Denied: denied, Mesh: mesh.Name, From: o.from,
	}, nil
}

// installing is what an installation creates.
func installing(namespace string) []object.Access {
	const (
		rights    = "rbac.authorization.k8s.io"
		admission = "admissionregistration.k8s.io"
	)
	return []object.Access{
		{Verb: "create", Resource: "namespaces"},
		{Verb: "create", Group: rights, Resource: "clusterroles"},
		{Verb: "create", Group: rights, Resource: "clusterrolebindings"},
		{Verb: "create", Group: "apiextensions.k8s.io", Resource: "customresourcedefinitions"},
		{Verb: "create", Group: admission, Resource: "mutatingwebhookconfigurations"},
		{Verb: "create", Group: admission, Resource: "validatingwebhookconfigurations"},
		{Verb: "create", Group: rights, Resource: "roles", Namespace: namespace},
		{Verb: "create", Resource: "serviceaccounts", Namespace: namespace},
		{Verb: "create", Resource: "services", Namespace: namespace},
		{Verb: "create", Group: "apps", Resource: "deployments", Namespace: namespace},
		{Verb: "create", Resource: "configmaps", Namespace: namespace},
	}
}
