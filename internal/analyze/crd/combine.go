package crd

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/object"
)

// combined looks at what is said by several schemas at once.
func (c *checker) combined(s *Schema, node *object.Node, at object.Trail) {
	for _, one := range s.AllOf {
		c.check(one, node, at)
	}
	if len(s.AnyOf) > 0 {
		if c.alternatives(s.AnyOf, node, at) == 0 {
			c.choice(s.AnyOf, node, at, false)
		}
	}
	if len(s.OneOf) > 0 {
		if matched := c.alternatives(s.OneOf, node, at); matched != 1 {
			c.choice(s.OneOf, node, at, matched > 1)
		}
	}
	if s.Not != nil && c.passes(s.Not, node, at) {
		c.forbidden(s.Not, at)
	}
}

// alternatives counts the schemas that a value meets.
func (c *checker) alternatives(schemas []*Schema, node *object.Node, at object.Trail) int {
	matched := 0
	for _, one := range schemas {
		if c.passes(one, node, at) {
			matched++
		}
	}
	return matched
}

// passes says whether a value meets a schema, and reports nothing.
func (c *checker) passes(s *Schema, node *object.Node, at object.Trail) bool {
	quiet, count := c.quiet, c.count
	c.quiet = true
	c.check(s, node, at)
	passed := c.count == count
	c.quiet, c.count = quiet, count
	return passed
}

func (c *checker) forbidden(s *Schema, at object.Trail) {
	if c.quiet {
		c.count++
		return
	}
	c.wrong(at, false, "must not have %s", orElse(names([]*Schema{s}), "what it has"))
}

// choice reports a value that meets none, or too many, of several schemas. Most
// of them say which fields exclude each other, and then those are named.
func (c *checker) choice(schemas []*Schema, node *object.Node, at object.Trail, many bool) {
	if c.quiet {
		c.count++
		return
	}
	if len(schemas) == 1 {
		c.check(schemas[0], node, at)
		return
	}
	all := names(schemas)
	present := slices.DeleteFunc(slices.Clone(all), func(name string) bool { return !hasField(node, name) })
	violation := Violation{Path: at.Path()}
	switch {
	case len(all) == 0:
		violation.Message = "meets none of the forms that are allowed here"
		violation.fatal = c.fatal(schemas, node, at)
	case len(present) > 1:
		last := len(present) - 1
		violation.Message = "cannot be set beside " + and(present[:last])
		violation.Path = at.Key(present[last]).Path()
		for _, name := range present {
			violation.Also = append(violation.Also, at.Key(name).Path())
		}
	case many:
		violation.Message = "meets several of the forms of which one is allowed here"
	default:
		violation.Message = "must have one of " + strings.Join(all, ", ")
		violation.fatal = true
	}
	c.add(violation)
}

// fatal says whether a failed alternative is one that keeps the API server from
// looking at rules: a wrong type, for instance.
func (c *checker) fatal(schemas []*Schema, node *object.Node, at object.Trail) bool {
	return slices.ContainsFunc(schemas, func(s *Schema) bool {
		loud := checker{}
		loud.check(s, node, at)
		return slices.ContainsFunc(loud.found, func(v Violation) bool { return v.fatal })
	})
}

// names are the fields that schemas require, or forbid, at any depth of their
// combinations: what they choose among.
func names(schemas []*Schema) []string {
	var found []string
	for _, s := range schemas {
		if s == nil {
			continue
		}
		found = append(found, s.Required...)
		found = append(found, names(slices.Concat(s.AllOf, s.AnyOf, s.OneOf, []*Schema{s.Not}))...)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func and(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

func orElse(words []string, otherwise string) string {
	if len(words) == 0 {
		return otherwise
	}
	return strings.Join(words, ", ")
}

// unique looks for items that are there twice.
func (c *checker) unique(s *Schema, node *object.Node, at object.Trail) {
	isSet := s.ListType == "set" || s.Unique
	if len(node.Children) < 2 || !isSet && s.ListType != "map" {
		return
	}
	seen := make(map[string]bool, len(node.Children))
	var key []byte
	for i := range node.Children {
		item := &node.Children[i]
		if key = key[:0]; isSet {
			key = canonical(key, item)
		} else {
			for _, name := range s.MapKeys {
				if field, ok := item.Field(name); ok {
					key = canonical(append(append(key, name...), 0), field)
				}
			}
		}
		if !seen[string(key)] {
			seen[string(key)] = true
			continue
		}
		violation := Violation{Path: at.Item(i).Path(), Message: "is in the list already"}
		if !isSet {
			violation.Message = "has the same " + and(s.MapKeys) + " as another item"
			violation.Also = []object.Path{violation.Path}
		}
		c.add(violation)
	}
}

// canonical is the same text for the same value.
func canonical(text []byte, node *object.Node) []byte {
	if node.Kind != object.MapNode && node.Kind != object.ListNode {
		return append(node.AppendJSON(append(text, byte(node.Kind))), 0)
	}
	marshalled, err := json.Marshal(node.Value())
	if err != nil { // numbers that JSON cannot have
		return node.AppendJSON(text)
	}
	return append(text, marshalled...)
}
