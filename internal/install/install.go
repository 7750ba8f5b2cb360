// Package install is the pipeline on one page:
//
//	config → profile → values → rendered objects → plan → apply → status
//
// Each stage is a package of its own that takes a value and returns a value;
// this one strings them together. Dry runs, upgrades and removals are the same
// stages, cut earlier or later.
package install

import (
	"context"
	"fmt"
	"io/fs"
	"time"

	"github.com/meshctl/meshctl/internal/install/apply"
	"github.com/meshctl/meshctl/internal/install/plan"
	"github.com/meshctl/meshctl/internal/install/release"
	"github.com/meshctl/meshctl/internal/install/render"
	"github.com/meshctl/meshctl/internal/install/status"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/internal/progress"
)

// Deps is what the pipeline needs from outside.
type Deps struct {
	// Assets holds charts/ and profiles/.
	Assets  fs.FS
	Cluster Cluster
	// Releases opens the release records in a namespace.
	Releases func(namespace string) *release.Store
	// Lock keeps other installs out of the namespace until unlock is called.
	// ctx of the returned context ends when the lock is lost.
	Lock func(ctx context.Context, namespace string) (held context.Context, unlock func(), err error)
	// Approve shows the plan to the user; an error of it ends the change.
	Approve  func(context.Context, plan.Plan) error
	Progress progress.Sink
	// ToolVersion goes into the record.
	ToolVersion string
	MeshVersion string
}

// Cluster is what the stages ask of the API server, all together.
type Cluster interface {
	plan.Cluster
	applyCluster
	status.Cluster
	// Denied lists those of the accesses that the user lacks.
	Denied(context.Context, []object.Access) ([]object.Access, error)
	// AccessTo is the right to do something to an object of a kind.
	AccessTo(ctx context.Context, verb string, ref object.Ref) (object.Access, error)
}

// Options are the user's wishes beyond the configuration.
type Options struct {
	// DryRun stops after the plan was shown.
	DryRun    bool
	Ownership object.Ownership
	Wait      bool
	Timeout   time.Duration
}

// Result is what a run came to.
type Result struct {
	Mesh *profiles.Mesh
	Plan plan.Plan
	// Release is the record written; its Revision is 0 when nothing changed.
	Release release.Record
}

// Run installs the mesh or brings it up to date.
func Run(ctx context.Context, config profiles.Config, deps Deps, options Options) (Result, error) {
	mesh, err := profiles.Resolve(config, deps.Assets)
	if err != nil {
		return Result{}, err
	}
	manifest, err := render.Render(mesh, deps.Assets)
	if err != nil {
		return Result{}, err
	}
	name := release.Name(mesh.Revision)
	own(manifest, name, mesh.Namespace)

	deps.Progress(progress.Event{Stage: "plan", State: progress.Running})
	if err := checkRights(ctx, manifest, mesh.Namespace, deps.Cluster); err != nil {
		return Result{}, err
	}
	store := deps.Releases(mesh.Namespace)
	last, _, err := store.Latest(name)
	if err != nil {
		return Result{}, err
	}
	leftovers, err := leftovers(store, name, manifest)
	if err != nil {
		return Result{}, err
	}
	changes, err := plan.Build(ctx, manifest, leftovers, deps.Cluster)
	if err != nil {
		return Result{}, err
	}
	deps.Progress(progress.Event{Stage: "plan", State: progress.Done})
	result := Result{Mesh: mesh, Plan: changes}
	if conflicts := changes.Conflicts(); len(conflicts) > 0 && options.Ownership != object.Take {
		return result, &ConflictsError{Steps: conflicts}
	}
	if err := deps.Approve(ctx, changes); err != nil || options.DryRun {
		return result, err
	}
	if changes.Empty() && last.Status == release.Deployed {
		return result, nil
	}
	result.Release = release.Record{
		Name:        name,
		Namespace:   mesh.Namespace,
		Revision:    last.Revision + 1,
		Objects:     manifest.Objects(),
		Config:      mesh.Spec(),
		MeshVersion: deps.MeshVersion,
		ToolVersion: deps.ToolVersion,
	}
	return result, change(ctx, result.Release, changes, store, deps, options)
}

// change carries out an approved plan under the lock and records what came of it.
func change(ctx context.Context, record release.Record, changes plan.Plan, store *release.Store, deps Deps, options Options) error {
	if err := ensureNamespace(ctx, record, deps.Cluster); err != nil {
		return err
	}
	held, unlock, err := deps.Lock(ctx, record.Namespace)
	if err != nil {
		return err
	}
	defer unlock()
	if err := unchangedSince(store, record); err != nil {
		return err
	}
	if err := store.Begin(record); err != nil {
		return err
	}
	err = apply.Run(held, changes, diagnosing{deps.Cluster}, apply.Options{
		Ownership: options.Ownership,
		Wait:      options.Wait,
		Timeout:   options.Timeout,
	}, deps.Progress)
	if err != nil {
		if recordErr := store.Finish(record, release.Failed, firstLine(err)); recordErr != nil {
			return fmt.Errorf("%w (and %w)", err, recordErr)
		}
		return err
	}
	return store.Finish(record, release.Deployed, describe(record, changes))
}

// ensureNamespace makes the mesh's namespace before everything else, because
// the lock and the record live there.
func ensureNamespace(ctx context.Context, record release.Record, cluster Cluster) error {
	for _, o := range record.Objects {
		if o.GetKind() == "Namespace" && o.GetName() == record.Namespace {
			_, err := cluster.Apply(ctx, o, object.Take)
			return err
		}
	}
	return nil
}

// unchangedSince refuses a plan that was made before another change landed.
func unchangedSince(store *release.Store, record release.Record) error {
	last, _, err := store.Latest(record.Name)
	if err != nil {
		return err
	}
	if last.Revision != record.Revision-1 {
		return &OutdatedPlanError{Release: record.Name, Revision: last.Revision}
	}
	return nil
}
