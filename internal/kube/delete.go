package kube

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/meshctl/meshctl/internal/object"
)

// Delete removes an object; what it owns follows in the background. That it is
// not there, or of a kind the cluster does not serve, is no error. AwaitGone
// waits for the end.
func (c *Cluster) Delete(ctx context.Context, ref object.Ref) error {
	doing := "deleting " + ref.String()
	where, how, found, err := c.locate(ctx, ref)
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if !found {
		return nil
	}
	background := metav1.DeletePropagationBackground
	request := metav1.DeleteOptions{PropagationPolicy: &background}
	err = c.do(ctx, func(ctx context.Context) error {
		return c.at(where, c.place(how, ref.Namespace)).Delete(ctx, ref.Name, request)
	})
	if err != nil && !apierrors.IsNotFound(err) {
		return c.explain(ctx, doing, ref, err)
	}
	c.unlearn(ref)
	return nil
}
