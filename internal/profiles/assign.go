package profiles

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// assignAll makes the assignments to a spec, one after the other, and adds
// those that cannot be made to the problems.
func assignAll(spec *node, sets []assignment, found *problems) *node {
	for _, set := range sets {
		changed, err := assign(spec, set.path, set.value)
		if err != nil {
			found.add(&InputError{Place: set.place, Problem: err.Error()})
			continue
		}
		spec = changed
	}
	return spec
}

// assign is the tree with a leaf put at a path. Mappings and lists that are
// missing on the way are made.
func assign(n *node, path []segment, leaf *node) (*node, error) {
	if len(path) == 0 {
		return leaf, nil
	}
	if n != nil && n.null() {
		n = nil
	}
	if path[0].inList() {
		return assignElement(n, path, leaf)
	}
	step := path[0]
	fields := map[string]*node{}
	switch {
	case n == nil:
	case n.kind == mapping:
		fields = maps.Clone(n.fields)
	case n.kind == list:
		return nil, fmt.Errorf("segment %q: here is a list; pick an element by [index] or [field:value]", step.text)
	default:
		return nil, fmt.Errorf("segment %q: here is already the value %s (%s), which has no fields", step.text, n.describe(), n.origin)
	}
	child, err := assign(fields[step.name], path[1:], leaf)
	if err != nil {
		return nil, err
	}
	fields[step.name] = child
	return &node{kind: mapping, fields: fields, origin: leaf.origin}, nil
}

func assignElement(n *node, path []segment, leaf *node) (*node, error) {
	step := path[0]
	var items []*node
	switch {
	case n == nil:
	case n.kind == list:
		items = slices.Clone(n.items)
	default:
		return nil, fmt.Errorf("segment %q: expected a list here, found %s (%s)", step.text, n.describe(), n.origin)
	}
	index, err := step.find(items)
	if err != nil {
		return nil, err
	}
	if index == len(items) {
		items = append(items, nil)
	}
	items[index], err = assign(items[index], path[1:], leaf)
	if err != nil {
		return nil, err
	}
	return &node{kind: list, items: items, origin: leaf.origin}, nil
}

// find is the place of the element a segment picks; the place behind the last
// element makes a new one.
func (s segment) find(items []*node) (int, error) {
	if s.match == "" {
		if s.index == -1 || s.index > len(items) {
			return len(items), nil // as in Istio: beyond the end is behind the last
		}
		return s.index, nil
	}
	var there []string
	for i, item := range items {
		switch value := item.str(s.match); value {
		case "":
		case s.want:
			return i, nil
		default:
			there = append(there, value)
		}
	}
	if len(there) == 0 {
		return 0, fmt.Errorf("segment %q: no element has this %s", s.text, s.match)
	}
	return 0, fmt.Errorf("segment %q: no element has this %s; there are %s", s.text, s.match, strings.Join(there, ", "))
}
