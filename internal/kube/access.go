package kube

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/object"
)

// Denied asks the API server about all accesses at once and returns, sorted and
// each once, those that the user does not have.
func (c *Cluster) Denied(ctx context.Context, wanted []object.Access) ([]object.Access, error) {
	const atOnce = 32
	wanted = slices.Clone(wanted)
	slices.SortFunc(wanted, compareAccess)
	wanted = slices.Compact(wanted)
	allowed := make([]bool, len(wanted))
	group, grouped := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i, access := range wanted {
		group.Go(func() (err error) {
			allowed[i], err = c.allowed(grouped, access)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, c.explain(ctx, "asking what the user may do", object.Ref{}, err)
	}
	var denied []object.Access
	for i, access := range wanted {
		if !allowed[i] {
			denied = append(denied, access)
		}
	}
	return denied, nil
}

func (c *Cluster) allowed(ctx context.Context, access object.Access) (bool, error) {
	// This resource exists in every cluster, so there is no need to discover it.
	reviews := schema.GroupVersionResource{Group: "authorization.k8s.io", Version: "v1", Resource: "selfsubjectaccessreviews"}
	review := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "authorization.k8s.io/v1",
		"kind":       "SelfSubjectAccessReview",
		"spec": map[string]any{"resourceAttributes": map[string]any{
			"verb": access.Verb, "group": access.Group, "resource": access.Resource, "namespace": access.Namespace,
		}},
	}}
	var answer *unstructured.Unstructured
	err := c.do(ctx, func(ctx context.Context) (err error) {
		answer, err = c.dynamic.Resource(reviews).Create(ctx, review, metav1.CreateOptions{})
		return err
	})
	if err != nil {
		return false, err
	}
	allowed, _, err := unstructured.NestedBool(answer.Object, "status", "allowed")
	return allowed, err
}

// AccessTo is the access that a verb on an object needs. The resource of a kind
// that the cluster does not serve yet is guessed from its name.
func (c *Cluster) AccessTo(ctx context.Context, verb string, ref object.Ref) (object.Access, error) {
	how, found, err := c.serving(ctx, ref.GroupKind())
	if err != nil {
		return object.Access{}, fmt.Errorf("finding the resource of %s: %w", ref, err)
	}
	if !found {
		guess, _ := meta.UnsafeGuessKindToResource(schema.GroupVersionKind{Group: ref.Group, Kind: ref.Kind})
		how = served{Resource: guess.Resource, Namespaced: ref.Namespace != ""}
	}
	return object.Access{Verb: verb, Group: ref.Group, Resource: how.Resource, Namespace: c.place(how, ref.Namespace)}, nil
}

func compareAccess(a, b object.Access) int {
	return cmp.Or(
		cmp.Compare(a.Group, b.Group),
		cmp.Compare(a.Resource, b.Resource),
		cmp.Compare(a.Namespace, b.Namespace),
		cmp.Compare(a.Verb, b.Verb),
	)
}
