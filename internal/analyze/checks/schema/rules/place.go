package rules

import (
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/object"
)

// Place is a field of a resource: the way there from the top. Most resources
// are right, so places are made to cost nothing until there is something to
// report: they are links on the stack, and only Path makes a path of them.
// A function that keeps one, or hands it to a function value, spoils that.
type Place struct {
	up    *Place
	name  string
	index int
	// field tells the field without a name, which a path cannot lead to, from the first item.
	field bool
}

// At is a field at the top of a resource.
func At(name string) *Place { return &Place{name: name, field: true} }

// Field is a field of what is at the place; the name may have dots and slashes.
func (p *Place) Field(name string) *Place { return &Place{up: p, name: name, field: true} }

// Item is an item of the list at the place.
func (p *Place) Item(index int) *Place { return &Place{up: p, index: index} }

// Path is the place as a path.
func (p *Place) Path() object.Path {
	depth := 0
	for at := p; at != nil; at = at.up {
		depth++
	}
	path := make(object.Path, 0, depth)
	for at := p; at != nil; at = at.up {
		if !at.field || at.name != "" {
			// Cloned, for otherwise the compiler takes places for kept.
			path = append(path, object.Step{Name: strings.Clone(at.name), Index: at.index})
		}
	}
	slices.Reverse(path)
	return path
}
