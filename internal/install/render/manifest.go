// Package render turns a resolved mesh into the Kubernetes objects that make it up.
//
// It runs the charts with the resolved values and orders what comes out. It is
// pure and deterministic: the same mesh and charts give the same bytes, and no
// cluster is asked. It must never import a later stage (plan, apply, status).
package render

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"slices"

	"go.yaml.in/yaml/v2"
	"golang.org/x/sync/errgroup"

	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
)

// Manifest is everything a mesh consists of, by component.
type Manifest struct {
	Components []Component
}

// Component is one rendered part of the mesh.
type Component struct {
	Kind profiles.ComponentKind
	// Name tells apart several components of one kind (gateways); empty otherwise.
	Name string
	// Title is how people call it: "Control plane".
	Title   string
	Objects []object.Object
	// Chart says which official chart it is made from; "" if from ours.
	Chart string
	// Warnings are what its chart wants the user to know.
	Warnings []string
}

// AddOn says that the mesh itself works without the component.
func (c Component) AddOn() bool { return c.Kind.AddOn() }

// Warnings lists those of all components.
func (m Manifest) Warnings() []string {
	var all []string
	for _, component := range m.Components {
		all = append(all, component.Warnings...)
	}
	return all
}

// Charts lists the official charts that the mesh is made from, each once.
func (m Manifest) Charts() []string {
	var all []string
	for _, component := range m.Components {
		if component.Chart != "" && !slices.Contains(all, component.Chart) {
			all = append(all, component.Chart)
		}
	}
	return all
}

// Objects lists every object in the order in which it can be applied: what
// others need comes first.
func (m Manifest) Objects() []object.Object {
	type placed struct {
		object object.Object
		wave   Wave
	}
	var all []placed
	for _, component := range m.Components {
		for _, o := range component.Objects {
			all = append(all, placed{o, WaveOf(component.Kind, o)})
		}
	}
	slices.SortStableFunc(all, func(a, b placed) int {
		if a.wave != b.wave {
			return int(a.wave) - int(b.wave)
		}
		return compareInWave(a.object, b.object)
	})
	objects := make([]object.Object, len(all))
	for i, p := range all {
		objects[i] = p.object
	}
	return objects
}

// WriteYAML writes the objects as one stream of YAML documents. It encodes them
// directly; going through JSON, as the Kubernetes libraries do to honour struct
// tags, would take twice as long and change nothing for plain maps.
func WriteYAML(w io.Writer, objects []object.Object) error {
	texts := make([][]byte, len(objects))
	var encoding errgroup.Group
	encoding.SetLimit(runtime.GOMAXPROCS(0))
	for i, o := range objects {
		encoding.Go(func() (err error) {
			if texts[i], err = yaml.Marshal(o.Object); err != nil {
				return fmt.Errorf("writing %s: %w", o.Ref(), err)
			}
			return nil
		})
	}
	if err := encoding.Wait(); err != nil {
		return err
	}
	_, err := w.Write(bytes.Join(texts, []byte("---\n")))
	return err
}
