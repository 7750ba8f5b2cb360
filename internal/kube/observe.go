package kube

import (
	"context"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/metadata"

	"github.com/meshctl/meshctl/internal/object"
)

// Observe tells an observer of the objects of a kind, as List finds them and as
// they change, until the context ends or they may not be read. It waits for kinds
// that the cluster does not serve yet, and from the first list on it outlasts
// connections.
func (c *Cluster) Observe(ctx context.Context, kind schema.GroupKind, query object.Query, observer object.Observer) error {
	return c.observe(ctx, kind, query, observer, func(where schema.GroupVersionResource, namespace string) (*stream, error) {
		resource := c.at(where, namespace)
		return &stream{
			list: func(ctx context.Context, options metav1.ListOptions) ([]object.Object, string, error) {
				return c.list(ctx, resource, options)
			},
			watch: resource.Watch,
		}, nil
	})
}

// ObserveNames is Observe for names and labels, as ListNames finds them.
func (c *Cluster) ObserveNames(ctx context.Context, kind schema.GroupKind, query object.Query, observer object.Observer) error {
	return c.observe(ctx, kind, query, observer, func(where schema.GroupVersionResource, namespace string) (*stream, error) {
		client, err := metadata.NewForConfigAndClient(c.config, c.http)
		if err != nil {
			return nil, err
		}
		resource := client.Resource(where).Namespace(namespace)
		as := where.GroupVersion().WithKind(kind.Kind)
		return &stream{
			kind: as,
			list: func(ctx context.Context, options metav1.ListOptions) ([]object.Object, string, error) {
				return c.names(ctx, resource.List, as, options)
			},
			watch: resource.Watch,
		}, nil
	})
}

func (c *Cluster) observe(ctx context.Context, kind schema.GroupKind, query object.Query, observer object.Observer, open func(schema.GroupVersionResource, string) (*stream, error)) error {
	doing := "watching " + kind.String()
	ref := object.Ref{Group: kind.Group, Kind: kind.Kind, Namespace: query.Namespace}
	where, how, err := c.appears(ctx, ref, observer)
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	namespace := query.Namespace
	if !how.Namespaced {
		namespace = ""
	}
	s, err := open(where, namespace)
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	troubled, listed := false, false
	trouble := func(err error) {
		if err != nil || troubled {
			observer.Trouble(err)
		}
		troubled = err != nil
	}
	s.options = metav1.ListOptions{LabelSelector: query.Labels, FieldSelector: query.Fields}
	s.all = func(objects []object.Object) {
		listed = true
		trouble(nil)
		observer.All(objects)
	}
	s.one = func(o object.Object, gone bool) {
		trouble(nil)
		observer.One(o, gone)
	}
	// A connection that breaks is made again in a moment; only what lasts is worth telling.
	const noticeable = 3 * time.Second
	s.silent = func(err error, waited time.Duration) bool {
		if waited >= noticeable && !apierrors.IsNotFound(err) {
			trouble(c.explain(ctx, doing, ref, err))
		}
		return !listed || hopeless(err)
	}
	if err := s.run(ctx); err != nil {
		return c.explain(ctx, doing, ref, err)
	}
	return nil
}

// appears waits until the cluster serves a kind. Until then there are no objects.
func (c *Cluster) appears(ctx context.Context, ref object.Ref, observer object.Observer) (schema.GroupVersionResource, served, error) {
	for told := false; ; told = true {
		where, how, found, err := c.locate(ctx, ref)
		if err != nil || found {
			return where, how, err
		}
		if !told {
			observer.All(nil)
		}
		if err := pause(ctx, knownFor); err != nil {
			return where, how, err
		}
		c.kinds.forgetOld()
	}
}
