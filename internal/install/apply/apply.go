// Package apply carries out a plan: wave by wave, side by side inside a wave,
// each wave healthy before the next one starts.
//
// It does exactly what the plan says. It talks to the cluster through the
// interface it declares and tells its progress as events.
package apply

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/meshctl/meshctl/internal/install/plan"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/progress"
)

// atOnce bounds the requests in flight inside a wave.
const atOnce = 24

// Cluster is what applying asks of the API server.
type Cluster interface {
	Apply(context.Context, object.Object, object.Ownership) (object.Object, error)
	Delete(context.Context, object.Ref) error
	// Await returns once all are healthy, and reports each change on the way.
	Await(context.Context, []object.Ref, func(object.Health)) error
	// AwaitGone returns once none is left.
	AwaitGone(context.Context, []object.Ref, func(object.Ref)) error
	// Causes says in a few words why an object is not healthy; empty if unknown.
	Causes(context.Context, object.Ref) []string
}

// Options are the user's wishes.
type Options struct {
	// Wait says whether to wait for health at all; without it waves follow one another at once.
	Wait bool
	// Timeout bounds the whole of the waiting; 0 means no bound.
	Timeout time.Duration
}

// Run carries out the plan. On failure the error tells what was and was not
// done: an *UnhealthyError when objects were applied but did not become
// healthy in time, a *StepError when the server refused one.
func Run(ctx context.Context, p plan.Plan, cluster Cluster, options Options, sink progress.Sink) error {
	if options.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, options.Timeout, errTimeout)
		defer cancel()
	}
	// The add-ons' health is awaited beside the waves; the first failure ends both.
	addOns, ctx := errgroup.WithContext(ctx)
	run := &run{cluster: cluster, options: options, board: newBoard(p, sink), addOns: addOns}
	addOns.Go(func() error { return run.waves(ctx, p.Waves) })
	if err := addOns.Wait(); err != nil {
		return run.failed(err, p)
	}
	return nil
}

var errTimeout = errors.New("timed out")

type run struct {
	cluster Cluster
	options Options
	board   *board
	// addOns runs what nothing waits for before the end.
	addOns *errgroup.Group
}

func (r *run) waves(ctx context.Context, waves []plan.Wave) error {
	for _, wave := range waves {
		if err := r.wave(ctx, wave); err != nil {
			return err
		}
	}
	return nil
}

// wave applies the steps of one wave and waits for those that later ones build on.
func (r *run) wave(ctx context.Context, wave plan.Wave) error {
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for _, step := range wave.Steps {
		if step.Action == plan.Keep {
			r.board.applied(step)
			continue
		}
		group.Go(func() error {
			r.board.start(step)
			if err := r.step(groupCtx, step); err != nil {
				return &StepError{Step: step, Err: err}
			}
			r.board.applied(step)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		if errors.Is(context.Cause(ctx), errTimeout) {
			return &UnhealthyError{Timeout: r.options.Timeout} // nobody refused anything: the time was up
		}
		return err
	}
	if !r.options.Wait {
		r.board.healthy(wave.Steps)
		return nil
	}
	return r.awaitWave(ctx, wave)
}

func (r *run) step(ctx context.Context, step plan.Step) error {
	if step.Action == plan.Delete {
		return r.cluster.Delete(ctx, step.Object.Ref())
	}
	_, err := r.cluster.Apply(ctx, step.Object, step.Ownership)
	return err
}

func (r *run) awaitWave(ctx context.Context, wave plan.Wave) error {
	var blocking, beside, going []plan.Step
	for _, step := range wave.Steps {
		switch {
		case step.Action == plan.Delete:
			going = append(going, step)
		case !hasHealth(step.Object.GetKind()):
			r.board.healthy([]plan.Step{step})
		case step.Blocks:
			blocking = append(blocking, step)
		default:
			beside = append(beside, step)
		}
	}
	r.addOns.Go(func() error { return r.await(ctx, beside) })
	if err := r.await(ctx, blocking); err != nil {
		return err
	}
	return r.awaitGone(ctx, going)
}

// hasHealth names the kinds whose health takes time and that the mesh does not
// work without. A Service without an external address is not among them: on
// clusters without a load balancer it would never come.
func hasHealth(kind string) bool {
	switch kind {
	case "CustomResourceDefinition", "Deployment", "DaemonSet", "StatefulSet":
		return true
	}
	return false
}

func (r *run) awaitGone(ctx context.Context, steps []plan.Step) error {
	if len(steps) == 0 {
		return nil
	}
	waiting := &waiting{health: map[object.Ref]object.Health{}}
	byRef := map[object.Ref]plan.Step{}
	for _, step := range steps {
		ref := step.Object.Ref()
		byRef[ref] = step
		waiting.set(object.Health{Ref: ref, State: object.Terminating, Message: "still being removed"})
	}
	err := r.cluster.AwaitGone(ctx, slices.Collect(maps.Keys(byRef)), func(ref object.Ref) {
		waiting.set(object.Health{Ref: ref, State: object.Healthy})
		r.board.healthy([]plan.Step{byRef[ref]})
	})
	switch {
	case err == nil:
		return nil
	case errors.Is(context.Cause(ctx), errTimeout):
		return &UnhealthyError{Timeout: r.options.Timeout, Objects: waiting.report()}
	}
	return fmt.Errorf("waiting for removal: %w", err)
}
