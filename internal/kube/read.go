package kube

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"

	"github.com/meshctl/meshctl/internal/object"
)

// Get reads one object and tells whether it is there. An object of a kind that
// the cluster does not serve is not.
func (c *Cluster) Get(ctx context.Context, ref object.Ref) (object.Object, bool, error) {
	doing := "reading " + ref.String()
	where, how, found, err := c.locate(ctx, ref)
	if err != nil {
		return object.Object{}, false, fmt.Errorf("%s: %w", doing, err)
	}
	if !found {
		return object.Object{}, false, nil
	}
	live, err := c.get(ctx, c.at(where, c.place(how, ref.Namespace)), ref.Name)
	switch {
	case apierrors.IsNotFound(err):
		return object.Object{}, false, nil
	case err != nil:
		return object.Object{}, false, c.explain(ctx, doing, ref, err)
	}
	return live, true, nil
}

func (c *Cluster) get(ctx context.Context, resource dynamic.ResourceInterface, name string) (object.Object, error) {
	var live *unstructured.Unstructured
	err := c.do(ctx, func(ctx context.Context) (err error) {
		live, err = resource.Get(ctx, name, metav1.GetOptions{})
		return err
	})
	if err != nil {
		return object.Object{}, err
	}
	return object.Object{Unstructured: *live}, nil
}

// List reads the objects of a kind, page by page; without a namespace in the
// query, those of all namespaces. Of a kind that the cluster
// does not serve there are none.
func (c *Cluster) List(ctx context.Context, kind schema.GroupKind, query object.Query) ([]object.Object, error) {
	doing := "listing " + kind.String()
	ref := object.Ref{Group: kind.Group, Kind: kind.Kind, Namespace: query.Namespace}
	where, how, found, err := c.locate(ctx, ref)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	if !found {
		return nil, nil
	}
	namespace := query.Namespace
	if !how.Namespaced {
		namespace = ""
	}
	objects, _, err := c.list(ctx, c.at(where, namespace), metav1.ListOptions{LabelSelector: query.Labels, FieldSelector: query.Fields})
	if err != nil {
		return nil, c.explain(ctx, doing, ref, err)
	}
	return objects, nil
}

// list also returns the version of the whole list, from which a watch goes on.
func (c *Cluster) list(ctx context.Context, resource dynamic.ResourceInterface, options metav1.ListOptions) ([]object.Object, string, error) {
	const page = 500 // what kubectl asks for at a time
	var objects []object.Object
	options.Limit = page
	for {
		var part *unstructured.UnstructuredList
		err := c.do(ctx, func(ctx context.Context) (err error) {
			part, err = resource.List(ctx, options)
			return err
		})
		if apierrors.IsResourceExpired(err) && options.Continue != "" {
			// The pages are too old to be continued; only one large answer is consistent now.
			objects, options.Continue, options.Limit = nil, "", 0
			continue
		}
		if err != nil {
			return nil, "", err
		}
		for _, one := range part.Items {
			objects = append(objects, object.Object{Unstructured: one})
		}
		if options.Continue = part.GetContinue(); options.Continue == "" {
			return objects, part.GetResourceVersion(), nil
		}
	}
}

func (c *Cluster) at(where schema.GroupVersionResource, namespace string) dynamic.ResourceInterface {
	if namespace == "" {
		return c.dynamic.Resource(where)
	}
	return c.dynamic.Resource(where).Namespace(namespace)
}
