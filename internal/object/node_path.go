package object

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Path leads from the top of an object to one of its fields.
type Path []Step

// Step is one part of a path: the name of a field, or, where Name is empty, the
// number of a list item.
type Step struct {
	Name  string
	Index int
}

// Field builds a path from texts such as "spec.ports", whose dots part names,
// and numbers of list items: Field("spec.ports", i, "name").
func Field(parts ...any) Path { return Path(nil).With(parts...) }

// With is the path that goes on from p, as Field would.
func (p Path) With(parts ...any) Path {
	steps := len(p)
	for _, part := range parts {
		switch part := part.(type) {
		case int:
			steps++
		case string:
			steps += 1 + strings.Count(part, ".")
		case Path:
			steps += len(part)
		}
	}
	path := append(make(Path, 0, steps), p...)
	for _, part := range parts {
		switch part := part.(type) {
		case int:
			path = append(path, Step{Index: part})
		case string:
			path = path.appendNames(part)
		case Path:
			path = append(path, part...)
		}
	}
	return path
}

func (p Path) appendNames(dotted string) Path {
	for {
		name, rest, more := strings.Cut(dotted, ".")
		if p = append(p, Step{Name: name}); !more {
			return p
		}
		dotted = rest
	}
}

// Key is the path that goes on with one name, dots and slashes included:
// Field("metadata.annotations").Key("sidecar.istio.io/inject").
func (p Path) Key(name string) Path {
	return append(slices.Clip(p), Step{Name: name})
}

// Item is the path that goes on with a list item.
func (p Path) Item(index int) Path {
	return append(slices.Clip(p), Step{Index: index})
}

// String is how users read a path: spec.ports[0].name, and
// metadata.annotations["sidecar.istio.io/inject"].
func (p Path) String() string {
	var text strings.Builder
	for i, step := range p {
		switch {
		case step.Name == "":
			text.WriteString("[" + strconv.Itoa(step.Index) + "]")
		case strings.ContainsAny(step.Name, `./[]" `):
			text.WriteString("[" + strconv.Quote(step.Name) + "]")
		case i > 0:
			text.WriteString("." + step.Name)
		default:
			text.WriteString(step.Name)
		}
	}
	return text.String()
}

// Find follows a path as far as the document goes. found is false if the last
// node is only the nearest parent of what was looked for.
func (n *Node) Find(path Path) (node *Node, found bool) {
	for _, step := range path {
		next, ok := n.step(step)
		if !ok {
			return n, false
		}
		n = next
	}
	return n, true
}

func (n *Node) step(step Step) (*Node, bool) {
	if step.Name != "" {
		return n.Field(step.Name)
	}
	if n.Kind != ListNode || step.Index < 0 || step.Index >= len(n.Children) {
		return nil, false
	}
	return &n.Children[step.Index], true
}

func sortedKeys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }
