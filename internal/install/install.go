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
	Releases func(ctx context.Context, namespace string) (*release.Store, error)
	// Lock keeps other installs out of the namespace until unlock is called.
	// The returned context ends when the lock is lost.
	Lock func(ctx context.Context, namespace string) (held context.Context, unlock func(), err error)
	// Approve shows what is about to happen to the user; an error of it ends the change.
	Approve  func(context.Context, Proposal) error
	Progress progress.Sink
	// MeshVersion and ToolVersion go into the record.
	MeshVersion string
	ToolVersion string
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

// Proposal is a change that was worked out and not yet made.
type Proposal struct {
	// Mesh is the resolved configuration; nil when a mesh is to be removed.
	Mesh *profiles.Mesh
	Plan plan.Plan
	// Release and Namespace name the record of the mesh.
	Release   string
	Namespace string
	// Last is the newest record; its Revision is 0 before the first install.
	Last release.Record
}

// NothingToDo says that the cluster is as the configuration wants it.
func (p Proposal) NothingToDo() bool {
	neverWas := p.Last.Revision == 0 && len(p.Plan.Waves) == 0
	return p.Plan.Empty() && (p.Last.Status == release.Deployed || neverWas)
}

// Result is what a run came to.
type Result struct {
	Proposal
	// Record is the record written; its Revision is 0 when nothing changed.
	Record release.Record
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
	own(manifest, release.Name(mesh.Revision), mesh.Namespace)

	store, err := deps.Releases(ctx, mesh.Namespace)
	if err != nil {
		return Result{}, err
	}
	deps.Progress(progress.Event{Stage: "plan", State: progress.Running})
	proposal, err := propose(ctx, mesh, manifest, store, deps)
	result := Result{Proposal: proposal}
	if err != nil {
		deps.Progress(progress.Event{Stage: "plan", State: progress.Failed})
		return result, err
	}
	deps.Progress(progress.Event{Stage: "plan", State: progress.Done})
	if conflicts := proposal.Plan.Conflicts(); len(conflicts) > 0 && options.Ownership != object.Take {
		return result, &ConflictsError{Steps: conflicts}
	}
	if err := deps.Approve(ctx, proposal); err != nil || options.DryRun || proposal.NothingToDo() {
		return result, err
	}
	result.Record = release.Record{
		Name:        proposal.Release,
		Namespace:   proposal.Namespace,
		Revision:    proposal.Last.Revision + 1,
		Objects:     manifest.Objects(),
		Config:      mesh.UserSpec(),
		MeshVersion: deps.MeshVersion,
		ToolVersion: deps.ToolVersion,
	}
	return result, change(ctx, result.Record, proposal.Plan, store, deps, options)
}

// propose compares the manifest with the cluster and with what was installed before.
func propose(ctx context.Context, mesh *profiles.Mesh, manifest render.Manifest, store *release.Store, deps Deps) (Proposal, error) {
	proposal := Proposal{Mesh: mesh, Release: release.Name(mesh.Revision), Namespace: mesh.Namespace}
	if err := checkRights(ctx, manifest, mesh.Namespace, deps.Cluster); err != nil {
		return proposal, err
	}
	var err error
	if proposal.Last, _, err = store.Latest(proposal.Release); err != nil {
		return proposal, err
	}
	leftovers, err := leftovers(store, proposal.Release, manifest)
	if err != nil {
		return proposal, err
	}
	proposal.Plan, err = plan.Build(ctx, manifest, leftovers, deps.Cluster)
	return proposal, err
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
