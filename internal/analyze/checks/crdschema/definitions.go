package crdschema

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/crd"
	"github.com/meshctl/meshctl/internal/object"
)

type apiVersion struct {
	kind    analyze.Kind
	version string
}

// definitions are those of the mesh, and of the library for all other kinds.
type definitions struct {
	pass    *analyze.Pass
	library crd.Library
	mine    map[analyze.Kind]*crd.Definition
	found   map[apiVersion]*crd.Version
}

// own reads the definitions in files and in the cluster, of kinds of which
// there are resources.
func (d *definitions) own() {
	present := map[analyze.Kind]bool{}
	for resource := range d.pass.Mesh.Documented() {
		present[resource.Kind] = true
	}
	var resources []*analyze.Resource
	for definition := range d.pass.Mesh.Definitions().All() {
		kind := schema.GroupKind{Group: definition.Spec.Group, Kind: definition.Spec.Names.Kind}
		if present[analyze.KindOf(kind)] {
			resources = append(resources, definition.Resource)
		}
	}
	read := make([]*crd.Definition, len(resources))
	errs := make([]error, len(resources))
	d.pass.Nodes(resources, func(i int, node *object.Node) {
		read[i], errs[i] = crd.Read(node.AppendJSON(nil), d.library.Engine())
	})
	d.mine = map[analyze.Kind]*crd.Definition{}
	for i, definition := range read {
		if errs[i] == nil && definition != nil { // else the API server would not take it, and others say so
			d.mine[analyze.KindOf(definition.Kind)] = definition
		}
	}
}

// version is the definition of the kind and version of a resource; nil if there
// is none, or if it is not served.
func (d *definitions) version(resource *analyze.Resource) (*crd.Version, error) {
	key := apiVersion{resource.Kind, resource.Version}
	if found, ok := d.found[key]; ok {
		return found, nil
	}
	definition, ok := d.mine[resource.Kind]
	if !ok {
		var err error
		if definition, ok, err = d.library.Find(resource.Kind.GroupKind()); err != nil {
			return nil, fmt.Errorf("looking for the definition of %s: %w", resource.Kind, err)
		}
	}
	d.found[key] = nil
	if ok {
		if version, known := definition.Version(resource.Version); known && version.Served {
			d.found[key] = version
		}
	}
	return d.found[key], nil
}
