// Package crd knows what the API server knows about custom resources from their
// definitions: fields, types, defaults, and rules in the Common Expression
// Language. It says of an object what the API server would say.
package crd

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/analyze/cel"
	"github.com/meshctl/meshctl/internal/object"
)

// Definition is the definition of a kind. It is safe for concurrent use.
type Definition struct {
	Kind schema.GroupKind
	// Plural is the name of the kind in addresses, "virtualservices".
	Plural string
	// Namespaced says whether its objects live in namespaces.
	Namespaced bool
	Versions   []*Version
}

// Version is a version of a kind.
type Version struct {
	Name   string
	Served bool
	// Warning is what the API server says to those who use the version.
	Warning string

	text   json.RawMessage
	status bool
	engine *cel.Engine
	once   sync.Once
	schema *Schema
}

// definitionText is what is read of a CustomResourceDefinition.
type definitionText struct {
	Spec struct {
		Group string `json:"group"`
		Scope string `json:"scope"`
		Names struct {
			Kind   string `json:"kind"`
			Plural string `json:"plural"`
		} `json:"names"`
		Versions []struct {
			Name               string `json:"name"`
			Served             bool   `json:"served"`
			Deprecated         bool   `json:"deprecated"`
			DeprecationWarning string `json:"deprecationWarning"`
			Subresources       struct {
				Status *struct{} `json:"status"`
			} `json:"subresources"`
			Schema struct {
				Object json.RawMessage `json:"openAPIV3Schema"`
			} `json:"schema"`
		} `json:"versions"`
	} `json:"spec"`
}

// Read reads the JSON of a CustomResourceDefinition. Its schemas are read when
// they are first needed.
func Read(text []byte, engine *cel.Engine) (*Definition, error) {
	var read definitionText
	if err := json.Unmarshal(text, &read); err != nil {
		return nil, fmt.Errorf("reading a definition: %w", err)
	}
	d := &Definition{
		Kind:   schema.GroupKind{Group: read.Spec.Group, Kind: read.Spec.Names.Kind},
		Plural: read.Spec.Names.Plural, Namespaced: read.Spec.Scope != "Cluster",
	}
	for _, one := range read.Spec.Versions {
		version := &Version{Name: one.Name, Served: one.Served, text: one.Schema.Object, status: one.Subresources.Status != nil, engine: engine}
		if one.Deprecated {
			version.Warning = one.DeprecationWarning
			if version.Warning == "" {
				version.Warning = fmt.Sprintf("%s/%s %s is deprecated", d.Kind.Group, one.Name, d.Kind.Kind)
			}
		}
		d.Versions = append(d.Versions, version)
	}
	return d, nil
}

// Version finds a version by its name.
func (d *Definition) Version(name string) (*Version, bool) {
	at := slices.IndexFunc(d.Versions, func(v *Version) bool { return v.Name == name })
	if at < 0 {
		return nil, false
	}
	return d.Versions[at], true
}

// Served are the names of the versions that can be used.
func (d *Definition) Served() []string {
	var names []string
	for _, version := range d.Versions {
		if version.Served {
			names = append(names, version.Name)
		}
	}
	return names
}

// Schema is the schema of the version; nil if there is none.
func (v *Version) Schema() *Schema {
	v.once.Do(func() {
		var read Schema
		if len(v.text) == 0 || json.Unmarshal(v.text, &read) != nil {
			return
		}
		for _, name := range []string{"apiVersion", "kind", "metadata"} {
			delete(read.Properties, name) // the API server has rules of its own for them
		}
		if v.status {
			delete(read.Properties, "status") // taken away before anything is looked at
		}
		read.Embedded = true
		prepare := preparer{engine: v.engine, patterns: map[string]*regexp.Regexp{}}
		prepare.prepare(&read)
		v.schema, v.text = &read, nil
	})
	return v.schema
}

// Unknown is a field that a definition does not have. The API server takes it
// away without a word.
type Unknown struct {
	Path object.Path
	// Known are the fields that could be there.
	Known []string
}

// Check says what the definition does not allow in an object.
func (v *Version) Check(node *object.Node) (violations []Violation, unknown []Unknown) {
	s := v.Schema()
	if s == nil || s.Preserve && len(s.Properties) == 0 {
		return nil, nil
	}
	top := object.TrailFrom(nil)
	whole := s.normal(v.withoutStatus(node), top, func(at object.Trail, known []string) {
		unknown = append(unknown, Unknown{Path: at.Path(), Known: known})
	})
	c := &checker{}
	c.check(s, whole, top)
	if !slices.ContainsFunc(c.found, func(v Violation) bool { return v.fatal }) {
		c.rules(s, whole, top)
	}
	return c.found, unknown
}

// withoutStatus is the object as the API server creates it.
func (v *Version) withoutStatus(node *object.Node) *object.Node {
	if !v.status || !hasField(node, "status") {
		return node
	}
	object := *node
	object.Children = slices.Clone(node.Children)
	for i := range object.Children {
		if object.Children[i].Key == "status" {
			object.Children = slices.Delete(object.Children, i, i+1)
			break
		}
	}
	return &object
}
