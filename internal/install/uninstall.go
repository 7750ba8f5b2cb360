package install

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/install/apply"
	"github.com/meshctl/meshctl/internal/install/plan"
	"github.com/meshctl/meshctl/internal/install/release"
	"github.com/meshctl/meshctl/internal/install/status"
	"github.com/meshctl/meshctl/internal/object"
)

// RemoveOptions are the user's wishes for taking a mesh away.
type RemoveOptions struct {
	// Namespace is where the release record lives.
	Namespace string
	// Revision of the control plane; "" is the default one.
	Revision string
	DryRun   bool
	// Force removes the mesh even if workloads still use it.
	Force bool
	// CRDs removes the custom resource definitions too, and with them every
	// Istio configuration in the cluster.
	CRDs    bool
	Wait    bool
	Timeout time.Duration
}

// Removed is what a removal came to.
type Removed struct {
	Plan plan.Plan
	// Left are the objects of the mesh that are still in the cluster.
	Left []object.Ref
}

// NotInstalledError says that there is no record of a mesh.
type NotInstalledError struct {
	Release   string
	Namespace string
}

func (e *NotInstalledError) Error() string {
	return fmt.Sprintf("no record of release %s in namespace %s", e.Release, e.Namespace)
}

// InUseError is a refusal to remove a mesh that workloads build on.
type InUseError struct {
	Revision string
	Usage    status.Usage
}

func (e *InUseError) Error() string {
	text := fmt.Sprintf("the mesh (revision %s) is still in use:", e.Revision)
	for _, namespace := range e.Usage.Namespaces {
		text += fmt.Sprintf("\n  namespace %s is labelled %s", namespace.Name, namespace.Label)
	}
	const examples = 10
	for i, pod := range e.Usage.Pods {
		if i == examples {
			text += fmt.Sprintf("\n  and %d more pods", len(e.Usage.Pods)-examples)
			break
		}
		text += fmt.Sprintf("\n  pod %s/%s has a sidecar", pod.Namespace, pod.Name)
	}
	return text
}

// Remove deletes what the release record lists, less what other releases need
// and what is kept on purpose.
func Remove(ctx context.Context, deps Deps, options RemoveOptions) (Removed, error) {
	name := release.Name(options.Revision)
	store, err := deps.Releases(ctx, options.Namespace)
	if err != nil {
		return Removed{}, err
	}
	last, found, err := store.Latest(name)
	if err != nil {
		return Removed{}, err
	}
	if !found {
		return Removed{}, &NotInstalledError{Release: name, Namespace: options.Namespace}
	}
	doomed, err := disposable(store, name, func(o object.Object) bool {
		return kept(o) && !(options.CRDs && o.GetKind() == "CustomResourceDefinition")
	})
	if err != nil {
		return Removed{}, err
	}
	removal, err := plan.Deletes(ctx, doomed, deps.Cluster)
	if err != nil {
		return Removed{}, err
	}
	if err := refuseInUse(ctx, name, deps.Cluster, options.Force); err != nil {
		return Removed{}, err
	}
	if err := checkDeleteRights(ctx, removal, options.Namespace, deps.Cluster); err != nil {
		return Removed{}, err
	}
	removed := Removed{Plan: removal}
	if err := deps.Approve(ctx, Proposal{Plan: removal, Release: name, Namespace: options.Namespace, Last: last}); err != nil || options.DryRun {
		return removed, err
	}
	if err := remove(ctx, last, removal, store, deps, options); err != nil {
		return removed, err
	}
	removed.Left, err = remains(ctx, last, deps.Cluster)
	return removed, err
}

func remove(ctx context.Context, last release.Record, removal plan.Plan, store *release.Store, deps Deps, options RemoveOptions) error {
	held, unlock, err := deps.Lock(ctx, options.Namespace)
	if err != nil {
		return err
	}
	defer unlock()
	overtaken, err := overtaken(store, Proposal{Release: last.Name, Last: last})
	if err != nil {
		return err
	}
	if overtaken {
		return &OutdatedPlanError{Release: last.Name}
	}
	err = apply.Run(held, removal, diagnosing{deps.Cluster}, apply.Options{
		Wait:    options.Wait,
		Timeout: options.Timeout,
	}, deps.Progress)
	if err != nil {
		return err
	}
	return store.Forget(last.Name)
}

func refuseInUse(ctx context.Context, releaseName string, cluster Cluster, force bool) error {
	if force {
		return nil
	}
	revision := status.RevisionOf(releaseName)
	usage, err := status.UsageOf(ctx, revision, cluster)
	if err != nil {
		return err
	}
	if !usage.None() {
		return &InUseError{Revision: revision, Usage: usage}
	}
	return nil
}

func checkDeleteRights(ctx context.Context, removal plan.Plan, namespace string, cluster Cluster) error {
	needed := []object.Access{
		{Verb: "delete", Resource: "secrets", Namespace: namespace},
		{Verb: "create", Group: "coordination.k8s.io", Resource: "leases", Namespace: namespace},
	}
	for _, step := range removal.Steps() {
		access, err := cluster.AccessTo(ctx, "delete", step.Object.Ref())
		if err != nil {
			return err
		}
		if !slices.Contains(needed, access) {
			needed = append(needed, access)
		}
	}
	denied, err := cluster.Denied(ctx, needed)
	if err != nil {
		return err
	}
	if len(denied) > 0 {
		return &RightsError{Denied: denied}
	}
	return nil
}

// remains lists what stays in the cluster: objects kept on purpose, and the
// certificates and leases that istiod itself made.
func remains(ctx context.Context, last release.Record, cluster Cluster) ([]object.Ref, error) {
	candidates := []object.Ref{}
	for _, o := range last.Objects {
		if kept(o) {
			candidates = append(candidates, o.Ref())
		}
	}
	for _, name := range []string{"istio-ca-secret", "cacerts"} {
		candidates = append(candidates, object.Ref{Kind: "Secret", Namespace: last.Namespace, Name: name})
	}
	var left []object.Ref
	for _, ref := range candidates {
		_, found, err := cluster.Get(ctx, ref)
		if err != nil {
			return left, err
		}
		if found {
			left = append(left, ref)
		}
	}
	roots, err := cluster.List(ctx, schema.GroupKind{Kind: "ConfigMap"}, object.Query{Fields: "metadata.name=istio-ca-root-cert"})
	if err != nil && !errors.Is(err, context.Canceled) {
		return left, err
	}
	for _, root := range roots {
		left = append(left, root.Ref())
	}
	return left, nil
}
