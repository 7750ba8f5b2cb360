package crd

import (
	"slices"

	"github.com/meshctl/meshctl/internal/object"
)

// place is where a value stands in its object. It becomes a path only for a
// violation: most objects have none.
type place struct {
	parent *place
	step   object.Step
}

func (p *place) key(name string) *place { return &place{parent: p, step: object.Step{Name: name}} }
func (p *place) item(index int) *place  { return &place{parent: p, step: object.Step{Index: index}} }

func (p *place) path() object.Path {
	if p == nil || p.parent == nil {
		return nil
	}
	return append(slices.Clip(p.parent.path()), p.step)
}
