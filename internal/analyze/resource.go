package analyze

import (
	"cmp"
	"strings"
	"time"

	"github.com/meshctl/meshctl/internal/analyze/decode"
	"github.com/meshctl/meshctl/internal/object"
)

// Resource is one object of the mesh: who it is, and where it was read.
// It is shared by all checks and never changes.
type Resource struct {
	Kind Kind
	// Version is that of its apiVersion: "v1".
	Version   string
	Namespace string
	Name      string
	// Cluster is the name of the cluster it lives in; empty where there is only one.
	Cluster     string
	Labels      map[string]string
	Annotations map[string]string
	// Created is when the cluster got it; zero for objects in files.
	Created time.Time
	Owners  []Owner
	// Status is the status, for kinds whose status checks read, else nil; that of
	// a Pod has its phase and conditions only.
	Status map[string]any
	// Problems are what its type does not allow: unknown fields, wrong values.
	Problems []decode.Problem

	body   any
	origin origin
}

// Owner is an owner reference.
type Owner struct{ Kind, Name string }

// Subject is what a finding can be about: a *Resource, or an Of, which has one.
type Subject interface{ resource() *Resource }

func (r *Resource) resource() *Resource { return r }

// Ref is the identity of the resource.
func (r *Resource) Ref() object.Ref {
	return object.Ref{Group: r.Kind.Group(), Kind: r.Kind.Name(), Namespace: r.Namespace, Name: r.Name}
}

// String is how messages name the resource: "VirtualService shop/cart".
func (r *Resource) String() string { return r.Ref().String() }

// FullName is "namespace/name".
func (r *Resource) FullName() string { return r.Namespace + "/" + r.Name }

// Live says whether the resource came from a cluster and not from a file.
func (r *Resource) Live() bool { return r.origin.document == nil }

// compare orders resources by kind, namespace, name and cluster.
func (r *Resource) compare(other *Resource) int {
	if order := strings.Compare(string(r.Kind), string(other.Kind)); order != 0 {
		return order
	}
	if order := r.compareName(other); order != 0 {
		return order
	}
	if order := strings.Compare(r.Cluster, other.Cluster); order != 0 {
		return order
	}
	return r.origin.compare(other.origin)
}

// compareName orders resources of a kind by namespace and name.
func (r *Resource) compareName(other *Resource) int {
	if order := strings.Compare(r.Namespace, other.Namespace); order != 0 {
		return order
	}
	return strings.Compare(r.Name, other.Name)
}

// byAge orders resources of a kind as istiod does: the oldest first, and by
// "name.namespace" where that does not decide, as among files. What a cluster
// does not have yet is younger than what it has.
func byAge(a, b *Resource) int {
	age := a.Created.Compare(b.Created)
	switch {
	case age != 0 && a.Created.IsZero() != b.Created.IsZero():
		return -age
	case age != 0:
		return age
	}
	if a.Name == b.Name {
		return strings.Compare(a.Namespace, b.Namespace)
	}
	common := min(len(a.Name), len(b.Name))
	if order := strings.Compare(a.Name[:common], b.Name[:common]); order != 0 {
		return order // also of what follows, without putting it together
	}
	return strings.Compare(a.Name[common:]+"."+a.Namespace, b.Name[common:]+"."+b.Namespace)
}

// origin is where in a document a resource stands; the zero value is a cluster.
type origin struct {
	document *object.Document
	// within leads to the resource in its document: "items[3]" in a List.
	within object.Path
	// spec is true where the document is what the resource has below spec, as
	// a file with MeshConfig is.
	spec bool
	// live is what a cluster has, of the few kinds that are looked at again.
	live map[string]any
}

// source is the document, or that of a live object, which is none.
func (o origin) source() object.Source {
	if o.document == nil {
		return object.Source{}
	}
	return o.document.Source
}

func (o origin) compare(other origin) int {
	if o.document == nil || other.document == nil {
		return 0
	}
	index := func(p object.Path) int {
		if len(p) == 0 {
			return 0
		}
		return p[len(p)-1].Index
	}
	return cmp.Or(
		strings.Compare(o.document.Source.File, other.document.Source.File),
		cmp.Compare(o.document.Source.Line, other.document.Source.Line),
		cmp.Compare(index(o.within), index(other.within)),
	)
}

// Of is a resource together with what it says: its spec, or the whole object
// for kinds that have none (Secret, ConfigMap, webhook configurations).
type Of[T any] struct {
	*Resource
	Spec *T
}
