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
	// ToolVersion goes into the record.
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
	// Mesh is the resolved configuration; nil where it is about something else.
	Mesh *profiles.Mesh
	// Sample is the name of what is put beside a mesh; empty if it is the mesh itself.
	Sample string
	// Removal says that something goes that was installed before.
	Removal bool
	Plan    plan.Plan
	// Warnings are what the charts want the user to know.
	Warnings []string
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
	return put(ctx, content{
		release: release.Name(mesh.Revision), namespace: mesh.Namespace,
		mesh: mesh, manifest: manifest, config: mesh.UserSpec(), version: mesh.Version,
	}, deps, options)
}

// content is what a change puts into the cluster, and what its record says of it.
type content struct {
	release, namespace string
	manifest           render.Manifest
	config             map[string]any
	version            string
	// mesh is nil for a sample, and sample empty for a mesh.
	mesh   *profiles.Mesh
	sample string
}

// shared are objects that no release has for itself: many samples live in one namespace.
func (c content) shared(o object.Object) bool { return c.sample != "" && o.GetKind() == "Namespace" }

// put takes content into the cluster: what a change is after everything is rendered.
func put(ctx context.Context, content content, deps Deps, options Options) (Result, error) {
	own(content.manifest, content.release, content.namespace, content.shared)
	store, err := deps.Releases(ctx, content.namespace)
	if err != nil {
		return Result{}, err
	}
	change := &change{content: content, store: store, deps: deps, options: options}
	proposal, err := change.approved(ctx)
	if err != nil || options.DryRun || proposal.NothingToDo() {
		return Result{Proposal: proposal}, err
	}
	return change.carryOut(ctx, proposal)
}

// change is one run, from the rendered manifest on.
type change struct {
	content
	store   *release.Store
	deps    Deps
	options Options
}

// approved is a proposal that the user agrees to.
func (c *change) approved(ctx context.Context) (Proposal, error) {
	c.deps.Progress(progress.Event{Stage: "plan", State: progress.Running})
	proposal, err := c.propose(ctx)
	if err != nil {
		c.deps.Progress(progress.Event{Stage: "plan", State: progress.Failed})
		return proposal, err
	}
	c.deps.Progress(progress.Event{Stage: "plan", State: progress.Done})
	if conflicts := proposal.Plan.Conflicts(); len(conflicts) > 0 && c.options.Ownership != object.Take {
		return proposal, &ConflictsError{Steps: conflicts}
	}
	return proposal, c.deps.Approve(ctx, proposal)
}

// propose compares the manifest with the cluster and with what was installed before.
func (c *change) propose(ctx context.Context) (Proposal, error) {
	proposal := Proposal{Mesh: c.mesh, Sample: c.sample, Release: c.release, Namespace: c.namespace, Warnings: c.manifest.Warnings()}
	if err := checkRights(ctx, c.manifest, c.namespace, c.deps.Cluster); err != nil {
		return proposal, err
	}
	var err error
	if proposal.Last, _, err = c.store.Latest(proposal.Release); err != nil {
		return proposal, err
	}
	leftovers, err := leftovers(c.store, proposal.Release, c.manifest)
	if err != nil {
		return proposal, err
	}
	proposal.Plan, err = plan.Build(ctx, c.manifest, leftovers, c.deps.Cluster)
	return proposal, err
}

// carryOut applies an approved proposal under the lock and records what came of it.
func (c *change) carryOut(ctx context.Context, proposal Proposal) (Result, error) {
	if err := ensureNamespace(ctx, c.manifest, c.namespace, c.deps.Cluster); err != nil {
		return Result{Proposal: proposal}, err
	}
	held, unlock, err := c.deps.Lock(ctx, proposal.Namespace)
	if err != nil {
		return Result{Proposal: proposal}, err
	}
	defer unlock()
	overtaken, err := overtaken(c.store, proposal)
	if err != nil {
		return Result{Proposal: proposal}, err
	}
	if overtaken {
		// Somebody else's change ended while this one waited for the lock.
		if proposal, err = c.approved(held); err != nil || proposal.NothingToDo() {
			return Result{Proposal: proposal}, err
		}
	}
	record := c.record(proposal)
	return Result{Proposal: proposal, Record: record}, c.apply(held, record, proposal.Plan)
}

func (c *change) record(proposal Proposal) release.Record {
	return release.Record{
		Name:        proposal.Release,
		Namespace:   proposal.Namespace,
		Revision:    proposal.Last.Revision + 1,
		Objects:     c.manifest.Objects(),
		Config:      c.config,
		MeshVersion: c.version,
		ToolVersion: c.deps.ToolVersion,
		Charts:      c.manifest.Charts(),
	}
}

// apply carries out the plan between the begin and the end of its record.
func (c *change) apply(ctx context.Context, record release.Record, changes plan.Plan) error {
	if err := c.store.Begin(record); err != nil {
		return err
	}
	options := apply.Options{Wait: c.options.Wait, Timeout: c.options.Timeout}
	if err := apply.Run(ctx, changes, diagnosing{c.deps.Cluster}, options, c.deps.Progress); err != nil {
		if recordErr := c.store.Finish(record, release.Failed, firstLine(err)); recordErr != nil {
			return fmt.Errorf("%w (and %w)", err, recordErr)
		}
		return err
	}
	return c.store.Finish(record, release.Deployed, c.describe(record, changes))
}

// ensureNamespace makes the mesh's namespace before everything else, because
// the lock and the record live there.
func ensureNamespace(ctx context.Context, manifest render.Manifest, name string, cluster Cluster) error {
	for _, o := range manifest.Objects() {
		if o.GetKind() == "Namespace" && o.GetName() == name {
			_, err := cluster.Apply(ctx, o, object.Take)
			return err
		}
	}
	return nil
}

// overtaken says whether another change landed after the proposal was made.
func overtaken(store *release.Store, proposal Proposal) (bool, error) {
	current, _, err := store.Latest(proposal.Release)
	return current.Revision != proposal.Last.Revision || current.Status != proposal.Last.Status, err
}
