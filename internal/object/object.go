// Package object holds a Kubernetes object together with the place it came from.
//
// It turns manifests (YAML or JSON text, rendered, read from a file or listed
// from a cluster) into Objects and back. It is a leaf: it imports no other
// package of this module, and nothing here talks to a cluster or a terminal.
package object

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Object is one Kubernetes object and where it came from.
type Object struct {
	unstructured.Unstructured
	// Source is where the object was read; the zero value means a live cluster.
	Source Source
}

// Source is a place in a file: a user's manifest or a chart template.
type Source struct {
	// File is the path as the user or the chart names it.
	File string
	// Line is the line, from 1, on which the object's document starts; 0 is unknown.
	Line int
}

// New wraps the decoded content of one object.
func New(content map[string]any, source Source) Object {
	return Object{Unstructured: unstructured.Unstructured{Object: content}, Source: source}
}

// Ref is the object's identity.
func (o Object) Ref() Ref {
	gvk := o.GroupVersionKind()
	return Ref{Group: gvk.Group, Kind: gvk.Kind, Namespace: o.GetNamespace(), Name: o.GetName()}
}

// Copy is a deep copy; changing it leaves o as it is.
func (o Object) Copy() Object {
	return Object{Unstructured: *o.DeepCopy(), Source: o.Source}
}
