package install

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/install/apply"
	"github.com/meshctl/meshctl/internal/install/plan"
	"github.com/meshctl/meshctl/internal/install/release"
	"github.com/meshctl/meshctl/internal/install/render"
	"github.com/meshctl/meshctl/internal/install/status"
	"github.com/meshctl/meshctl/internal/object"
)

// applyCluster is apply.Cluster without Causes, which status works out.
type applyCluster interface {
	Apply(context.Context, object.Object, object.Ownership) (object.Object, error)
	Delete(context.Context, object.Ref) error
	Await(context.Context, []object.Ref, func(object.Health)) error
	AwaitGone(context.Context, []object.Ref, func(object.Ref)) error
}

// diagnosing is a cluster that can say why something in it is not healthy.
type diagnosing struct{ Cluster }

var _ apply.Cluster = diagnosing{}

// Causes implements apply.Cluster.
func (d diagnosing) Causes(ctx context.Context, ref object.Ref) []string {
	return status.Causes(ctx, d.Cluster, ref)
}

// checkRights asks for everything the change may need before the first request
// is made, so that a user without the rights hears all of them at once.
func checkRights(ctx context.Context, manifest render.Manifest, namespace string, cluster Cluster) error {
	needed := []object.Access{
		{Verb: "create", Resource: "secrets", Namespace: namespace},
		{Verb: "list", Resource: "secrets", Namespace: namespace},
		{Verb: "create", Group: "coordination.k8s.io", Resource: "leases", Namespace: namespace},
	}
	seen := map[object.Ref]bool{}
	for _, o := range manifest.Objects() {
		kind := o.Ref()
		kind.Name = ""
		if seen[kind] {
			continue
		}
		seen[kind] = true
		for _, verb := range []string{"get", "create", "patch", "list", "watch"} {
			access, err := cluster.AccessTo(ctx, verb, kind)
			if err != nil {
				return err
			}
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

// leftovers are what the release put into the cluster before and the manifest
// no longer holds, unless another release holds it too.
func leftovers(store *release.Store, name string, manifest render.Manifest) ([]plan.Previous, error) {
	wanted := map[object.Ref]bool{}
	for _, o := range manifest.Objects() {
		wanted[o.Ref()] = true
	}
	return disposable(store, []string{name}, func(o object.Object) bool { return wanted[o.Ref()] || kept(o) })
}

// disposable lists the objects of releases that no other release needs and that
// keep does not hold back.
func disposable(store *release.Store, names []string, keep func(object.Object) bool) ([]plan.Previous, error) {
	all, err := store.All()
	if err != nil {
		return nil, err
	}
	spoken := map[object.Ref]bool{} // needed by others, or listed already
	for _, record := range all {
		if !slices.Contains(names, record.Name) {
			for _, o := range record.Objects {
				spoken[o.Ref()] = true
			}
		}
	}
	var gone []plan.Previous
	for _, name := range names {
		known, err := store.Known(name)
		if err != nil {
			return nil, err
		}
		for _, o := range known {
			if !spoken[o.Ref()] && !keep(o) {
				spoken[o.Ref()] = true
				gone = append(gone, plan.Previous{Object: o, Component: componentOf(o)})
			}
		}
	}
	return gone, nil
}

func (c *change) describe(record release.Record, changes plan.Plan) string {
	what := "Istio " + record.MeshVersion
	if c.sample != "" {
		what = "sample " + c.sample
	}
	counts := changes.Counts()
	verb := "Upgraded"
	if record.Revision == 1 {
		verb = "Installed"
	}
	return fmt.Sprintf("%s %s: %d created, %d changed, %d deleted", verb, what,
		counts[plan.Create], counts[plan.Change], counts[plan.Delete])
}

func firstLine(err error) string {
	if errors.Is(err, context.Canceled) {
		return "Interrupted"
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// ConflictsError is a plan that would change fields which others own.
type ConflictsError struct{ Steps []plan.Step }

func (e *ConflictsError) Error() string {
	lines := []string{"other field managers own fields that would change:"}
	for _, step := range e.Steps {
		for _, conflict := range step.Conflicts {
			lines = append(lines, fmt.Sprintf("  %s: %s is managed by %q", step.Object.Ref(), conflict.Field, conflict.Manager))
		}
	}
	return strings.Join(lines, "\n")
}

// OutdatedPlanError is a removal that another change overtook.
type OutdatedPlanError struct{ Release string }

func (e *OutdatedPlanError) Error() string {
	return fmt.Sprintf("release %s was changed meanwhile, so the list no longer holds", e.Release)
}

// RightsError is a lack of rights found before anything was changed.
type RightsError struct{ Denied []object.Access }

func (e *RightsError) Error() string {
	denied := make([]string, len(e.Denied))
	for i, access := range e.Denied {
		denied[i] = access.String()
	}
	slices.Sort(denied)
	return "you may not " + strings.Join(slices.Compact(denied), "\n  nor ")
}

// Status says how a release of the mesh is doing.
func Status(ctx context.Context, store *release.Store, namespace, revision string, cluster status.Cluster) (status.Report, error) {
	name := release.Name(revision)
	record, found, err := store.Latest(name)
	if err != nil {
		return status.Report{}, err
	}
	if !found {
		return status.Report{}, &NotInstalledError{Release: name, Namespace: namespace}
	}
	return status.Of(ctx, record, componentOf, cluster)
}
