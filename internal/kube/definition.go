package kube

import (
	"context"
	"errors"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/version"

	"github.com/meshctl/meshctl/internal/object"
)

func definition() schema.GroupKind {
	return schema.GroupKind{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"}
}

func isDefinition(kind schema.GroupKind) bool { return kind == definition() }

// Defines tells whether a definition in the cluster has a kind that the cluster
// does not serve: discovery lags behind definitions by some seconds. If so, the
// kind counts as served from then on. To whom definitions are forbidden there
// are none.
func (c *Cluster) Defines(ctx context.Context, kind schema.GroupKind) (bool, error) {
	names, err := c.ListNames(ctx, definition(), object.Query{})
	if _, forbidden := errors.AsType[*ForbiddenError](err); forbidden {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for _, name := range names {
		if !strings.HasSuffix(name.GetName(), "."+kind.Group) {
			continue
		}
		found, ok, err := c.Get(ctx, name.Ref())
		if err != nil {
			return false, err
		}
		if ok {
			c.learn(found)
		}
	}
	_, defined, _ := c.kinds.find(kind)
	return defined, nil
}

// learn takes the kind of a definition as served, which spares asking again
// after each wave of definitions, and waiting until discovery has caught up.
func (c *Cluster) learn(applied object.Object) {
	if !isDefinition(applied.GroupVersionKind().GroupKind()) {
		return
	}
	group, _, _ := unstructured.NestedString(applied.Object, "spec", "group")
	kind, _, _ := unstructured.NestedString(applied.Object, "spec", "names", "kind")
	plural, _, _ := unstructured.NestedString(applied.Object, "spec", "names", "plural")
	scope, _, _ := unstructured.NestedString(applied.Object, "spec", "scope")
	versions, _, _ := unstructured.NestedSlice(applied.Object, "spec", "versions")
	how := served{Resource: plural, Namespaced: scope == "Namespaced"}
	for _, one := range versions {
		if fields, ok := one.(map[string]any); ok && fields["served"] == true {
			name, _ := fields["name"].(string)
			how.Versions = append(how.Versions, name)
		}
	}
	if len(how.Versions) == 0 {
		return
	}
	// The most stable and newest version is the one that discovery prefers.
	slices.SortFunc(how.Versions, func(a, b string) int { return version.CompareKubeAwareVersionStrings(b, a) })
	c.kinds.learn(schema.GroupKind{Group: group, Kind: kind}, how)
}

// unlearn forgets the kind of a deleted definition, whose name is plural.group.
func (c *Cluster) unlearn(deleted object.Ref) {
	if !isDefinition(deleted.GroupKind()) {
		return
	}
	c.kinds.unlearn(func(kind schema.GroupKind, how served) bool {
		return how.Resource+"."+kind.Group == deleted.Name
	})
}
