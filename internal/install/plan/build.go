package plan

import (
	"context"
	"errors"
	"slices"

	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/install/render"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
)

// FieldManager is the name under which meshctl owns fields.
const FieldManager = "meshctl"

// atOnce bounds the requests in flight while planning.
const atOnce = 24

// Cluster is what planning asks of the API server.
type Cluster interface {
	Serves(context.Context, schema.GroupKind) (bool, error)
	// Defines tells whether a kind that is not served is about to be.
	Defines(context.Context, schema.GroupKind) (bool, error)
	Get(context.Context, object.Ref) (object.Object, bool, error)
	// DryRun is the object as it would be after an apply.
	DryRun(context.Context, object.Object, object.Ownership) (object.Object, error)
}

// Previous is what an earlier change left behind and this one no longer wants.
type Previous struct {
	Object    object.Object
	Component string
}

// Build compares the manifest with the cluster. leftovers are objects of the
// last release that are not in the manifest any more.
func Build(ctx context.Context, manifest render.Manifest, leftovers []Previous, cluster Cluster) (Plan, error) {
	built := Plan{Waves: waves(manifest)}
	missing, err := missingNamespaces(ctx, manifest, cluster)
	if err != nil {
		return Plan{}, err
	}
	if err := checkKinds(ctx, manifest, cluster); err != nil {
		return Plan{}, err
	}
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for _, wave := range built.Waves {
		for i := range wave.Steps {
			group.Go(func() error {
				return compare(groupCtx, &wave.Steps[i], missing, cluster)
			})
		}
	}
	if err := group.Wait(); err != nil {
		return Plan{}, err
	}
	deletes, err := Deletes(ctx, leftovers, cluster)
	if err != nil {
		return Plan{}, err
	}
	built.Waves = append(built.Waves, deletes.Waves...)
	return built, nil
}

// missingNamespaces are the namespaces this very plan creates: what goes into
// them is new, and the server would refuse to try it.
func missingNamespaces(ctx context.Context, manifest render.Manifest, cluster Cluster) (map[string]bool, error) {
	missing := map[string]bool{}
	for _, o := range manifest.Objects() {
		if o.GetKind() != "Namespace" {
			continue
		}
		_, found, err := cluster.Get(ctx, o.Ref())
		if err != nil {
			return nil, err
		}
		if !found {
			missing[o.GetName()] = true
		}
	}
	return missing, nil
}

func compare(ctx context.Context, step *Step, missing map[string]bool, cluster Cluster) error {
	desired := step.Object
	served, err := cluster.Serves(ctx, desired.GroupVersionKind().GroupKind())
	if err != nil {
		return err
	}
	if !served || missing[desired.GetNamespace()] {
		step.Action = Create
		return nil
	}
	live, found, err := cluster.Get(ctx, desired.Ref())
	if err != nil {
		return err
	}
	if !found {
		step.Action = Create
		// Trying it now brings denials by admission or RBAC before anything is changed.
		_, err := cluster.DryRun(ctx, desired, object.Respect)
		return err
	}
	step.Object = handOver(desired, live)
	after, err := cluster.DryRun(ctx, step.Object, object.Respect)
	var conflict *object.ConflictError
	if errors.As(err, &conflict) {
		step.Ownership = object.Take
		after, err = cluster.DryRun(ctx, step.Object, object.Take)
	}
	if err != nil {
		return err
	}
	step.Diff = Diff(live, after)
	if conflict != nil {
		step.Conflicts = contested(conflict.Conflicts, step.Diff)
	}
	if len(step.Diff) > 0 || !managed(live) {
		step.Action = Change
	}
	return nil
}

// managed says whether meshctl has applied the object before. One that another
// tool made is applied once even if it is right, so that fields which leave the
// charts later leave the cluster too.
func managed(live object.Object) bool {
	return slices.ContainsFunc(live.GetManagedFields(), func(entry fieldsEntry) bool {
		return entry.Manager == FieldManager && entry.Operation == "Apply"
	})
}

// Deletes plans the removal of those objects that are still there, in the
// reverse of the order in which they would be applied.
func Deletes(ctx context.Context, objects []Previous, cluster Cluster) (Plan, error) {
	steps := make([]*Step, len(objects))
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i, previous := range objects {
		group.Go(func() error {
			served, err := cluster.Serves(groupCtx, previous.Object.GroupVersionKind().GroupKind())
			if err != nil || !served {
				return err
			}
			live, found, err := cluster.Get(groupCtx, previous.Object.Ref())
			if err != nil || !found {
				return err
			}
			steps[i] = &Step{Action: Delete, Object: live, Component: previous.Component}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return Plan{}, err
	}
	return Plan{Waves: deleteWaves(steps)}, nil
}

// kindOf is the component an object was rendered for, by its label.
func kindOf(o object.Object) profiles.ComponentKind {
	return profiles.ComponentKind(o.GetLabels()["operator.istio.io/component"])
}

// deleteWaves removes what builds on others first: gateways, then the webhooks
// while the control plane still answers them, and what others live in last.
func deleteWaves(steps []*Step) []Wave {
	byWave := map[render.Wave][]Step{}
	for _, step := range steps {
		if step != nil {
			wave := render.WaveOf(kindOf(step.Object), step.Object)
			byWave[wave] = append(byWave[wave], *step)
		}
	}
	var deletes []Wave
	for wave := render.Gateways; wave >= render.Definitions; wave-- {
		if steps := byWave[wave]; len(steps) > 0 {
			deletes = append(deletes, Wave{Name: "removing " + wave.String(), Steps: steps})
		}
	}
	return deletes
}
