package crd

import (
	"errors"
	"strings"
	"sync"

	"github.com/google/cel-go/common/types/ref"

	"github.com/meshctl/meshctl/internal/analyze/cel"
	"github.com/meshctl/meshctl/internal/object"
)

// lazyRule is compiled when the first value comes that it is about.
type lazyRule struct {
	engine  *cel.Engine
	once    sync.Once
	rule    *cel.Rule
	message *cel.Rule
}

// compiled is the rule, or nil if it cannot be looked at: it compares with the
// object as it was, or calls what is not known.
func (r *Rule) compiled() *cel.Rule {
	lazy := &r.program
	lazy.once.Do(func() {
		rule, err := lazy.engine.Compile(r.Text)
		if err != nil || rule.Transition {
			return // the cluster will know what the rule means
		}
		lazy.rule = rule
		if r.MessageExpression != "" { // without it, there is another message
			lazy.message, _ = lazy.engine.Compile(r.MessageExpression)
		}
	})
	return lazy.rule
}

// rules evaluates the rules of a schema and of all below it.
func (c *checker) rules(s *Schema, node *object.Node, at object.Trail) {
	if s == nil || !s.required || node.Kind == object.NullNode {
		return
	}
	if len(s.Rules) > 0 {
		value := valueOf(node, s)
		for _, rule := range s.Rules {
			c.rule(rule, value, at)
		}
	}
	for _, one := range s.AllOf {
		c.rules(one, node, at)
	}
	switch node.Kind {
	case object.MapNode:
		for i := range node.Children {
			child := &node.Children[i]
			if below := s.field(child.Key); below != nil && below.required {
				c.rules(below, child, at.Key(child.Key))
			}
		}
	case object.ListNode:
		if s.Items == nil || !s.Items.required {
			return
		}
		for i := range node.Children {
			c.rules(s.Items, &node.Children[i], at.Item(i))
		}
	}
}

func (c *checker) rule(rule *Rule, value ref.Val, at object.Trail) {
	compiled := rule.compiled()
	if compiled == nil {
		return
	}
	holds, err := compiled.Holds(value)
	if holds {
		return
	}
	violation := Violation{Path: at.Path(), Rule: true, Message: rule.said(value)}
	switch {
	case errors.Is(err, cel.ErrTooLong):
		violation.Message = "the rule " + shorten(rule.Text) + " would take too long to check"
	case err != nil && rule.Message == "":
		violation.Message += ": " + err.Error()
	}
	if rule.FieldPath != "" {
		violation.Path = violation.Path.With(within(rule.FieldPath))
	}
	if _, isList := value.(listValue); isList {
		violation.Also = []object.Path{violation.Path}
	}
	for _, field := range compiled.Fields {
		violation.Also = append(violation.Also, at.Key(field).Path())
	}
	c.add(violation)
}

// said is what the rule says of a value that breaks it.
func (r *Rule) said(value ref.Val) string {
	if r.program.message != nil {
		if text, ok := r.program.message.Text(value); ok {
			return text
		}
	}
	if r.Message != "" {
		return r.Message
	}
	return "breaks the rule " + r.Text
}

// within reads the path of a rule to the field it is about: .spec['a.b'].c
func within(text string) object.Path {
	var path object.Path
	for text != "" {
		if rest, ok := strings.CutPrefix(text, "['"); ok {
			name, after, _ := strings.Cut(rest, "']")
			path, text = path.Key(name), after
			continue
		}
		text = strings.TrimPrefix(text, ".")
		end := strings.IndexAny(text, ".[")
		if end <= 0 {
			end = len(text)
		}
		if end > 0 {
			path = path.Key(text[:end])
		}
		text = text[end:]
	}
	return path
}
