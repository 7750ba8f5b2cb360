package crd

import (
	"slices"

	"github.com/meshctl/meshctl/internal/object"
)

// normal is a value as the API server goes on with it: without fields that the
// schema does not know, without nulls that say nothing, and with defaults. The
// node itself stays as it is; parts that stay the same are shared.
//
// Items keep their numbers, so paths lead to the same places in both.
func (s *Schema) normal(node *object.Node, at object.Trail, unknown func(at object.Trail, known []string)) *object.Node {
	if s == nil {
		return node
	}
	switch node.Kind {
	case object.MapNode:
		return s.normalMap(node, at, unknown)
	case object.ListNode:
		return s.normalList(node, at, unknown)
	}
	return node
}

func (s *Schema) normalMap(node *object.Node, at object.Trail, unknown func(object.Trail, []string)) *object.Node {
	edit := copied{from: node}
	for i := range node.Children {
		child := &node.Children[i]
		below := s.field(child.Key)
		if below == nil {
			switch {
			case s.open(), s.Embedded && isIdentity(child.Key):
				edit.keep(i, child)
			default:
				edit.drop(i)
				unknown(at.Key(child.Key), s.names)
			}
			continue
		}
		if child.Kind == object.NullNode && !below.Nullable {
			if below.initial == nil {
				edit.drop(i)
				continue
			}
			child = named(below.initial, child.Key)
		}
		edit.keep(i, below.normal(child, at.Key(child.Key), unknown))
	}
	if s.defaults {
		for _, name := range s.names {
			if below := s.Properties[name]; below.initial != nil && !hasField(node, name) {
				edit.add(below.normal(named(below.initial, name), at.Key(name), unknown))
			}
		}
	}
	return edit.node()
}

func (s *Schema) normalList(node *object.Node, at object.Trail, unknown func(object.Trail, []string)) *object.Node {
	if s.Items == nil {
		return node
	}
	edit := copied{from: node}
	for i := range node.Children {
		child := &node.Children[i]
		if child.Kind == object.NullNode && !s.Items.Nullable && s.Items.initial != nil {
			child = s.Items.initial
		}
		edit.keep(i, s.Items.normal(child, at.Item(i), unknown))
	}
	return edit.node()
}

// isIdentity knows the fields that every object has.
func isIdentity(name string) bool {
	return name == "apiVersion" || name == "kind" || name == "metadata"
}

func hasField(node *object.Node, name string) bool {
	_, ok := node.Field(name)
	return ok
}

func named(node *object.Node, name string) *object.Node {
	field := *node
	field.Key = name
	return &field
}

// copied is a node whose children are copied once one of them differs.
type copied struct {
	from     *object.Node
	children []object.Node
	differs  bool
}

// keep takes the next child over, or what has become of it.
func (c *copied) keep(i int, child *object.Node) {
	if !c.differs && child == &c.from.Children[i] {
		return
	}
	c.diverge(i)
	c.children = append(c.children, *child)
}

func (c *copied) drop(i int) { c.diverge(i) }

func (c *copied) add(child *object.Node) {
	c.diverge(len(c.from.Children))
	c.children = append(c.children, *child)
}

func (c *copied) diverge(i int) {
	if !c.differs {
		c.differs = true
		c.children = slices.Clone(c.from.Children[:i])
	}
}

func (c *copied) node() *object.Node {
	if !c.differs {
		return c.from
	}
	node := *c.from
	node.Children = c.children
	return &node
}
