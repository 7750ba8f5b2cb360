package kube

import (
	"context"

	"github.com/meshctl/meshctl/internal/object"
)

// Until returns once enough is true of an object, which it is shown now and at
// each change; nil is an object that is not there. When the context ends, that
// is the error.
func (c *Cluster) Until(ctx context.Context, ref object.Ref, enough func(live *object.Object) bool) error {
	return c.follow(ctx, "watching "+ref.String(), []object.Ref{ref}, func(_ object.Ref, live *object.Object) bool {
		return enough(live)
	})
}
