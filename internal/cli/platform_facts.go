package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/version"

	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/platform"
	"github.com/meshctl/meshctl/internal/profiles"
)

// factsCluster is what finding out about a cluster asks of it.
type factsCluster interface {
	Version(ctx context.Context) (*version.Info, error)
	Serves(ctx context.Context, kind schema.GroupKind) (bool, error)
	Get(ctx context.Context, ref object.Ref) (object.Object, bool, error)
	List(ctx context.Context, kind schema.GroupKind, query object.Query) ([]object.Object, error)
}

// gatherFacts asks a cluster for what tells its platform. If the user
// may not see the nodes, which tell most, unknown says so.
func gatherFacts(ctx context.Context, cluster factsCluster) (facts platform.Facts, unknown string, err error) {
	info, err := cluster.Version(ctx)
	if err != nil {
		return facts, "", err
	}
	facts.Version = info.GitVersion
	var mu sync.Mutex
	var group errgroup.Group
	ask := func(question func() (func(), error)) {
		group.Go(func() error {
			answer, err := question()
			if err == nil {
				mu.Lock()
				defer mu.Unlock()
				answer()
			}
			return unlessUntold(err)
		})
	}
	ask(func() (func(), error) {
		nodes, err := cluster.List(ctx, schema.GroupKind{Kind: "Node"}, object.Query{})
		if forbidden, ok := errors.AsType[*kube.ForbiddenError](err); ok {
			return func() { unknown = forbidden.Error() }, nil
		}
		return func() { facts.Nodes = nodes }, err
	})
	ask(func() (func(), error) {
		istiods, err := strangers(ctx, cluster)
		return func() { facts.Istiods = istiods }, err
	})
	for name, kind := range platform.Groups() {
		ask(func() (func(), error) {
			there, err := cluster.Serves(ctx, schema.GroupKind{Group: name, Kind: kind})
			return addIf(there, &facts.Groups, name), err
		})
	}
	for _, name := range platform.Namespaces() {
		ask(exists(ctx, cluster, object.Ref{Kind: "Namespace", Name: name}, &facts.Namespaces))
	}
	for _, name := range platform.Daemons() {
		ask(exists(ctx, cluster, object.Ref{Group: "apps", Kind: "DaemonSet", Namespace: "kube-system", Name: name}, &facts.Daemons))
	}
	err = group.Wait()
	slices.Sort(facts.Groups)
	return facts, unknown, err
}

// unlessUntold leaves out that the user may not know, or that nobody can tell:
// an answer less is no reason to give up.
func unlessUntold(err error) error {
	if _, forbidden := errors.AsType[*kube.ForbiddenError](err); forbidden {
		return nil
	}
	if _, down := errors.AsType[*kube.GroupUnavailableError](err); down {
		return nil
	}
	return err
}

func addIf(there bool, names *[]string, name string) func() {
	return func() {
		if there {
			*names = append(*names, name)
		}
	}
}

func exists(ctx context.Context, cluster factsCluster, ref object.Ref, names *[]string) func() (func(), error) {
	return func() (func(), error) {
		_, there, err := cluster.Get(ctx, ref)
		return addIf(there, names, ref.Name), err
	}
}

// strangers are control planes of other installers.
func strangers(ctx context.Context, cluster factsCluster) ([]object.Ref, error) {
	found, err := cluster.List(ctx, schema.GroupKind{Group: "apps", Kind: "Deployment"}, object.Query{Labels: "app=istiod"})
	var refs []object.Ref
	for _, istiod := range found {
		if istiod.GetAnnotations()[ownAnnotation] == "" {
			refs = append(refs, istiod.Ref())
		}
	}
	return refs, err
}

// ownAnnotation is on everything meshctl installs.
const ownAnnotation = "meshctl.dev/component"

// warnVersions tells when the cluster is older or newer than what the mesh is made for.
func warnVersions(ctx context.Context, env *Env, cluster factsCluster, mesh profiles.Version, kubernetes string) {
	if !mesh.Kubernetes.Holds(kubernetes) {
		env.warn(fmt.Sprintf("the cluster runs Kubernetes %s; Istio %s supports %s to %s", kubernetes, mesh.Name, mesh.Kubernetes.Oldest, mesh.Kubernetes.Newest))
	}
	definition := object.Ref{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition", Name: "gateways.gateway.networking.k8s.io"}
	live, there, err := cluster.Get(ctx, definition)
	if err != nil || !there {
		return // it is asked for again, and by more than this, when objects are applied
	}
	bundle := live.GetAnnotations()["gateway.networking.k8s.io/bundle-version"]
	if !mesh.GatewayAPI.Holds(bundle) {
		env.warn(fmt.Sprintf("the cluster has the Gateway API %s; Istio %s is made for %s to %s", bundle, mesh.Name, mesh.GatewayAPI.Oldest, mesh.GatewayAPI.Newest))
	}
}
