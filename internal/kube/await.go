package kube

import (
	"context"

	"github.com/meshctl/meshctl/internal/object"
)

// Await returns once all the objects are healthy. report takes the health of
// each object at first and then whenever it changes; calls never overlap. A
// failed object may recover, so Await goes on: a caller that does not want to
// wait for that cancels the context. When the context ends, that is the error.
//
// Every object is read once; only kinds and namespaces in which one is not
// healthy yet are then watched.
func (c *Cluster) Await(ctx context.Context, refs []object.Ref, report func(object.Health)) error {
	last := make(map[object.Ref]object.Health, len(refs))
	return c.follow(ctx, "waiting until objects are healthy", refs, func(ref object.Ref, live *object.Object) bool {
		health := object.Health{Ref: ref, State: object.NotFound}
		if live != nil {
			health = c.Health(*live)
			health.Ref = ref
		}
		if before, seen := last[ref]; !seen || before != health {
			last[ref] = health
			report(health)
		}
		return health.State == object.Healthy
	})
}

// AwaitGone returns once none of the objects is there any more: their
// finalizers have run. report takes each object once, when it is gone; an object
// that is created anew under the same name stays gone. An object of a kind that
// the cluster does not serve is gone.
func (c *Cluster) AwaitGone(ctx context.Context, refs []object.Ref, report func(object.Ref)) error {
	gone := make(map[object.Ref]bool, len(refs))
	return c.follow(ctx, "waiting until objects are gone", refs, func(ref object.Ref, live *object.Object) bool {
		if live == nil && !gone[ref] {
			gone[ref] = true
			report(ref)
		}
		return gone[ref]
	})
}
