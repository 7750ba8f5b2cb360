package profiles

import (
	"maps"
	"slices"
	"strconv"
)

// node is a piece of configuration that knows its origin. Trees share nodes, so
// a node is never changed once the file or argument it came from is read.
type node struct {
	kind   nodeKind
	fields map[string]*node // of a mapping
	items  []*node          // of a list
	value  any              // of a scalar: string, bool, int64, float64 or nil
	text   string           // of a scalar: as it was written
	origin Origin
}

type nodeKind int

const (
	scalar nodeKind = iota
	mapping
	list
)

func newScalar(text string, origin Origin) *node {
	return &node{kind: scalar, value: text, text: text, origin: origin}
}

func newBool(value bool, origin Origin) *node {
	return &node{kind: scalar, value: value, text: strconv.FormatBool(value), origin: origin}
}

func newMapping(origin Origin) *node {
	return &node{kind: mapping, fields: map[string]*node{}, origin: origin}
}

// null reports whether the node removes what is below it.
func (n *node) null() bool { return n.kind == scalar && n.value == nil }

// at finds the node at a path, nil if there is none or it is null.
func (n *node) at(path ...string) *node {
	for _, name := range path {
		if n == nil {
			return nil
		}
		n = n.child(name)
	}
	if n == nil || n.null() {
		return nil
	}
	return n
}

func (n *node) child(name string) *node {
	switch n.kind {
	case mapping:
		return n.fields[name]
	case list:
		if index, err := strconv.Atoi(name); err == nil && index >= 0 && index < len(n.items) {
			return n.items[index]
		}
	}
	return nil
}

// has reports whether anything is said at a path, be it null.
func (n *node) has(path ...string) bool {
	for _, name := range path {
		if n == nil {
			return false
		}
		n = n.child(name)
	}
	return n != nil
}

// str is the text of the scalar at a path, "" if there is none.
func (n *node) str(path ...string) string {
	if found := n.at(path...); found != nil && found.kind == scalar {
		return found.text
	}
	return ""
}

// isTrue reports whether the scalar at a path is true.
func (n *node) isTrue(path ...string) bool {
	found := n.at(path...)
	return found != nil && found.value == true
}

// with is the tree with one node replaced. What stands in the way of the path
// and is not a mapping is replaced too.
func (n *node) with(leaf *node, path ...string) *node {
	if len(path) == 0 || leaf == nil {
		if leaf == nil {
			return n
		}
		return leaf
	}
	fields := map[string]*node{}
	origin := leaf.origin
	if n != nil && n.kind == mapping {
		fields, origin = maps.Clone(n.fields), n.origin
	}
	fields[path[0]] = fields[path[0]].with(leaf, path[1:]...)
	return &node{kind: mapping, fields: fields, origin: origin}
}

// keys are the names in a mapping, sorted.
func (n *node) keys() []string { return slices.Sorted(maps.Keys(n.fields)) }

// tree is a mapping as plain maps that share nothing with it. Nulls are left
// out, save inside lists.
func (n *node) tree() map[string]any {
	if n == nil || n.kind != mapping {
		return nil
	}
	tree := make(map[string]any, len(n.fields))
	for name, child := range n.fields {
		if !child.null() {
			tree[name] = child.plain()
		}
	}
	return tree
}

func (n *node) plain() any {
	switch n.kind {
	case mapping:
		return n.tree()
	case list:
		items := make([]any, len(n.items))
		for i, item := range n.items {
			items[i] = item.plain()
		}
		return items
	default:
		return n.value
	}
}

// elements are the elements of the list at a path.
func (n *node) elements(path ...string) []*node {
	if found := n.at(path...); found != nil && found.kind == list {
		return found.items
	}
	return nil
}
