package kube

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/object"
)

// view is what one watch covers.
type view struct {
	kind      schema.GroupKind
	namespace string
}

// follow judges every object now and on each change, until all are as they should be.
func (c *Cluster) follow(ctx context.Context, doing string, refs []object.Ref, judge func(object.Ref, *object.Object) bool) error {
	watching, done := context.WithCancel(ctx)
	defer done()
	tally := newTally(refs, judge, done)
	err := c.look(watching, refs, tally)
	if err == nil && !tally.complete() {
		err = c.watchAll(watching, refs, tally)
	}
	switch {
	case tally.complete():
		return nil
	case ctx.Err() != nil:
		return interrupted(ctx, doing)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// look reads every object once.
func (c *Cluster) look(ctx context.Context, refs []object.Ref, tally *tally) error {
	const atOnce = 32
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for _, ref := range refs {
		group.Go(func() error {
			live, found, err := c.Get(ctx, ref)
			switch {
			case err != nil:
				return err
			case found:
				tally.see(ref, &live)
			default:
				tally.see(ref, nil)
			}
			return nil
		})
	}
	return group.Wait()
}

// watchAll watches those kinds and namespaces in which something is pending.
func (c *Cluster) watchAll(ctx context.Context, refs []object.Ref, tally *tally) error {
	views := map[view][]object.Ref{}
	for _, ref := range refs {
		where := view{kind: ref.GroupKind(), namespace: ref.Namespace}
		views[where] = append(views[where], ref)
	}
	group, ctx := errgroup.WithContext(ctx)
	for where, seen := range views {
		if tally.anyPending(seen) {
			group.Go(func() error { return c.watch(ctx, where, seen, tally) })
		}
	}
	return group.Wait()
}
