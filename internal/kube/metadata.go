package kube

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/metadata"

	"github.com/meshctl/meshctl/internal/object"
)

// ListNames reads names and labels of the objects of a kind, and nothing of what
// they hold: the server sends no more.
func (c *Cluster) ListNames(ctx context.Context, kind schema.GroupKind, query object.Query) ([]object.Object, error) {
	doing := "listing " + kind.String()
	ref := object.Ref{Group: kind.Group, Kind: kind.Kind, Namespace: query.Namespace}
	where, _, found, err := c.locate(ctx, ref)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	if !found {
		return nil, nil
	}
	client, err := metadata.NewForConfigAndClient(c.config, c.http)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	list := client.Resource(where).Namespace(query.Namespace).List
	objects, _, err := c.names(ctx, list, where.GroupVersion().WithKind(kind.Kind), metav1.ListOptions{LabelSelector: query.Labels, FieldSelector: query.Fields})
	if err != nil {
		return nil, c.explain(ctx, doing, ref, err)
	}
	return objects, nil
}

func (c *Cluster) names(ctx context.Context, list func(context.Context, metav1.ListOptions) (*metav1.PartialObjectMetadataList, error), kind schema.GroupVersionKind, options metav1.ListOptions) ([]object.Object, string, error) {
	const page = 500
	var objects []object.Object
	options.Limit = page
	for {
		var part *metav1.PartialObjectMetadataList
		err := c.do(ctx, func(ctx context.Context) (err error) {
			part, err = list(ctx, options)
			return err
		})
		if apierrors.IsResourceExpired(err) && options.Continue != "" {
			objects, options.Continue, options.Limit = nil, "", 0
			continue
		}
		if err != nil {
			return nil, "", err
		}
		for i := range part.Items {
			objects = append(objects, named(kind, &part.Items[i]))
		}
		if options.Continue = part.Continue; options.Continue == "" {
			return objects, part.ResourceVersion, nil
		}
	}
}

// named is an object of which nothing else is known than what it is called.
func named(kind schema.GroupVersionKind, from *metav1.PartialObjectMetadata) object.Object {
	one := object.New(map[string]any{}, object.Source{})
	one.SetGroupVersionKind(kind)
	one.SetNamespace(from.Namespace)
	one.SetName(from.Name)
	one.SetLabels(from.Labels)
	one.SetResourceVersion(from.ResourceVersion)
	return one
}
