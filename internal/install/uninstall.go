package install

import (
	"context"
	"fmt"
	"slices"
	"strings"
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
	// Sample is the name of a sample to remove in place of a mesh.
	Sample string
	// All removes every revision that the namespace has a record of.
	All    bool
	DryRun bool
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
	// Sample is set if it is a sample that was looked for.
	Sample string
}

func (e *NotInstalledError) Error() string {
	if e.Sample != "" {
		return fmt.Sprintf("no record of sample %s in namespace %s", e.Sample, e.Namespace)
	}
	return fmt.Sprintf("no record of release %s in namespace %s", e.Release, e.Namespace)
}

// InUseError is a refusal to remove a mesh that workloads build on.
type InUseError struct {
	Revision string
	Usage    status.Usage
}

func (e *InUseError) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "the mesh (revision %s) is still in use:", e.Revision)
	for _, namespace := range e.Usage.Namespaces {
		fmt.Fprintf(&text, "\n  namespace %s is labelled %s", namespace.Name, namespace.Label)
	}
	const examples = 10
	for i, pod := range e.Usage.Pods {
		if i == examples {
			fmt.Fprintf(&text, "\n  and %d more pods", len(e.Usage.Pods)-examples)
			break
		}
		fmt.Fprintf(&text, "\n  pod %s/%s is in the mesh", pod.Namespace, pod.Name)
	}
	return text.String()
}

// Remove deletes what the release records list, less what other releases need
// and what is kept on purpose.
func Remove(ctx context.Context, deps Deps, options RemoveOptions) (Removed, error) {
	store, err := deps.Releases(ctx, options.Namespace)
	if err != nil {
		return Removed{}, err
	}
	records, err := chosen(store, options)
	if err != nil {
		return Removed{}, err
	}
	removal := &removal{store: store, records: records, deps: deps, options: options}
	if err := removal.refuseInUse(ctx); err != nil {
		return Removed{}, err
	}
	if removal.plan, err = removal.build(ctx); err != nil {
		return Removed{}, err
	}
	removed := Removed{Plan: removal.plan}
	proposal := Proposal{Removal: true, Plan: removal.plan, Release: strings.Join(removal.names(), ", "), Namespace: options.Namespace}
	if err := deps.Approve(ctx, proposal); err != nil || options.DryRun {
		return removed, err
	}
	if err := removal.carryOut(ctx); err != nil {
		return removed, err
	}
	removed.Left, err = removal.remains(ctx)
	return removed, err
}

// chosen are the newest records of the releases to remove.
func chosen(store *release.Store, options RemoveOptions) ([]release.Record, error) {
	name := release.Name(options.Revision)
	if options.Sample != "" {
		name = sampleRelease(options.Sample)
	}
	if options.All {
		all, err := store.All()
		if len(all) > 0 || err != nil {
			return all, err
		}
	}
	record, found, err := store.Latest(name)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, &NotInstalledError{Release: name, Namespace: options.Namespace, Sample: options.Sample}
	}
	return []release.Record{record}, nil
}

// removal is one run of Remove.
type removal struct {
	store   *release.Store
	records []release.Record
	plan    plan.Plan
	deps    Deps
	options RemoveOptions
}

func (r *removal) names() []string {
	names := make([]string, len(r.records))
	for i, record := range r.records {
		names[i] = record.Name
	}
	return names
}

// build plans the deletes, and checks that the user may make them.
func (r *removal) build(ctx context.Context) (plan.Plan, error) {
	doomed, err := disposable(r.store, r.names(), func(o object.Object) bool {
		return kept(o) && !(r.options.CRDs && o.GetKind() == "CustomResourceDefinition")
	})
	if err != nil {
		return plan.Plan{}, err
	}
	deletes, err := plan.Deletes(ctx, doomed, r.deps.Cluster)
	if err != nil {
		return plan.Plan{}, err
	}
	return deletes, checkDeleteRights(ctx, deletes, r.options.Namespace, r.deps.Cluster)
}

func (r *removal) carryOut(ctx context.Context) error {
	held, unlock, err := r.deps.Lock(ctx, r.options.Namespace)
	if err != nil {
		return err
	}
	defer unlock()
	for _, record := range r.records {
		overtaken, err := overtaken(r.store, Proposal{Release: record.Name, Last: record})
		if err != nil {
			return err
		}
		if overtaken {
			return &OutdatedPlanError{Release: record.Name}
		}
	}
	options := apply.Options{Wait: r.options.Wait, Timeout: r.options.Timeout}
	if err := apply.Run(held, r.plan, diagnosing{r.deps.Cluster}, options, r.deps.Progress); err != nil {
		return err
	}
	for _, record := range r.records {
		if err := r.store.Forget(record.Name); err != nil {
			return err
		}
	}
	return nil
}

func (r *removal) refuseInUse(ctx context.Context) error {
	if r.options.Force || r.options.Sample != "" {
		return nil
	}
	for _, record := range r.records {
		server := status.ServerOf(record)
		usage, err := status.UsageOf(ctx, server, r.deps.Cluster)
		if err != nil {
			return err
		}
		if !usage.None() {
			return &InUseError{Revision: server.Revision, Usage: usage}
		}
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
// certificates that istiod itself made.
func (r *removal) remains(ctx context.Context) ([]object.Ref, error) {
	var candidates []object.Ref
	for _, record := range r.records {
		for _, o := range record.Objects {
			if kept(o) && !slices.Contains(candidates, o.Ref()) {
				candidates = append(candidates, o.Ref())
			}
		}
	}
	if r.options.Sample != "" {
		return r.found(ctx, candidates)
	}
	for _, name := range []string{"istio-ca-secret", "cacerts"} {
		candidates = append(candidates, object.Ref{Kind: "Secret", Namespace: r.options.Namespace, Name: name})
	}
	left, err := r.found(ctx, candidates)
	if err != nil {
		return left, err
	}
	roots, err := r.deps.Cluster.List(ctx, schema.GroupKind{Kind: "ConfigMap"}, object.Query{Fields: "metadata.name=istio-ca-root-cert"})
	for _, root := range roots {
		left = append(left, root.Ref())
	}
	return left, err
}

// found are those of the objects that are in the cluster.
func (r *removal) found(ctx context.Context, refs []object.Ref) ([]object.Ref, error) {
	var left []object.Ref
	for _, ref := range refs {
		_, found, err := r.deps.Cluster.Get(ctx, ref)
		if err != nil {
			return left, err
		}
		if found {
			left = append(left, ref)
		}
	}
	return left, nil
}
