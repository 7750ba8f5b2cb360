package profiles

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// checker compares configuration with a schema and keeps what it finds.
type checker struct {
	problems problems
	warnings []string
	path     []string
	skip     OriginKind // findings in this layer are not kept
}

func (c *checker) fail(at *node, problem, hint string) {
	if at.origin.Kind == FromNowhere || at.origin.Kind != c.skip {
		c.problems.add(&InputError{Place: at.origin, Path: pathText(c.path), Problem: problem, Hint: hint})
	}
}

func (c *checker) warn(at *node, format string, args ...any) {
	if !at.origin.User() || at.origin.Kind == c.skip {
		return
	}
	warning := at.origin.place() + ": " + fmt.Sprintf(format, args...)
	if !slices.Contains(c.warnings, warning) {
		c.warnings = append(c.warnings, warning)
	}
}

// under runs a check of something one step down the path.
func (c *checker) under(step string, check func()) {
	c.path = append(c.path, step)
	check()
	c.path = c.path[:len(c.path)-1]
}

// walk checks a node and all below it. Null is right everywhere: it removes.
// A scalar that has to be text gets the very text the user wrote, so that a tag
// 1.30 does not become 1.3.
func (c *checker) walk(n *node, s *schema) {
	if n == nil || n.null() || c.retired(n, s) {
		return
	}
	switch s.shape {
	case object:
		c.object(n, s)
	case dictionary:
		if !c.is(n, mapping, s) {
			return
		}
		for _, key := range n.keys() {
			c.under(key, func() { c.walk(n.fields[key], s.item) })
		}
	case sequence:
		if !c.is(n, list, s) {
			return
		}
		for i, item := range n.items {
			c.under("["+strconv.Itoa(i)+"]", func() { c.walk(item, s.item) })
		}
	case anything:
	default:
		if c.is(n, scalar, s) {
			c.scalar(n, s)
		}
	}
}

// retired deals with settings of former times, and reports whether that is all
// there is to do.
func (c *checker) retired(n *node, s *schema) bool {
	path := pathText(c.path)
	switch {
	case s.removed != "":
		c.fail(n, "removed from Istio", s.removed)
		return true
	case s.moved != "":
		c.fail(n, "moved to "+s.moved, "set "+s.moved+" in its place")
		return true
	case s.instead != "":
		c.warn(n, "%s is deprecated; use %s", path, s.instead)
	case s.pointless:
		c.warn(n, "%s has no effect", path)
	}
	return false
}

func (c *checker) is(n *node, kind nodeKind, s *schema) bool {
	if n.kind == kind {
		return true
	}
	var hint string
	if kind == list && n.origin.Kind == FromSet && n.kind == scalar {
		hint = "set its elements: " + strings.TrimPrefix(pathText(c.path), "spec.") + "[0]=..."
	}
	c.fail(n, fmt.Sprintf("expected %s, found %s", s.shape, n.describe()), hint)
	return false
}

func (c *checker) object(n *node, s *schema) {
	if !c.is(n, mapping, s) {
		return
	}
	fields := s.fields()
	for _, key := range n.keys() {
		child := n.fields[key]
		c.under(key, func() {
			if field := fields[key]; field != nil {
				c.walk(child, field)
				return
			}
			c.unknown(child, key, s)
		})
	}
	if s.rivals != nil {
		c.rivals(n, s.rivals())
	}
}

// rivals finds fields set side by side of which only one may be.
func (c *checker) rivals(n *node, groups [][]string) {
	for _, group := range groups {
		var first string
		for _, name := range group {
			if n.at(name) == nil {
				continue
			}
			if first != "" {
				c.under(name, func() { c.fail(n.fields[name], "cannot be set beside "+first, "") })
				continue
			}
			first = name
		}
	}
}

func (c *checker) unknown(child *node, key string, s *schema) {
	known := s.names()
	hint := didYouMean(Near(key, known))
	if s.elsewhere != nil {
		hint = either(s.elsewhere(key), hint)
	}
	if hint == "" && len(known) > 0 && len(known) <= 12 {
		hint = "known here: " + strings.Join(known, ", ")
	}
	c.fail(child, "unknown field", hint)
}

func (c *checker) scalar(n *node, s *schema) {
	switch value := n.value.(type) {
	case string:
		if s.shape == boolean || s.shape == integer || s.shape == decimal {
			c.fail(n, fmt.Sprintf("expected %s, found %q", s.shape, value), withoutQuotes(n, s.shape))
			return
		}
	case bool:
		if s.shape == integer || s.shape == decimal {
			c.fail(n, fmt.Sprintf("expected %s, found %s", s.shape, n.text), "")
			return
		}
	case int64:
		if s.shape == boolean {
			c.fail(n, "expected a boolean, found "+n.text, "write true or false")
			return
		}
	case float64:
		if s.shape == boolean || s.shape == integer {
			c.fail(n, fmt.Sprintf("expected %s, found %s", s.shape, n.text), "")
			return
		}
	}
	if s.shape == text {
		n.value = n.text
	}
	c.content(n, s)
}

// content checks what the text of a scalar says.
func (c *checker) content(n *node, s *schema) {
	if len(s.enum) > 0 && !slices.Contains(s.enum, n.text) {
		allowed := slices.DeleteFunc(slices.Clone(s.enum), func(word string) bool { return word == "" })
		c.fail(n, fmt.Sprintf("expected one of %s, found %q", strings.Join(allowed, ", "), n.text), didYouMean(Near(n.text, allowed)))
		return
	}
	if s.check == nil {
		return
	}
	if expected := s.check(n.text); expected != "" {
		c.fail(n, fmt.Sprintf("expected %s, found %q", expected, n.text), "")
	}
}

// withoutQuotes is the way out for a number or a boolean that came as text.
func withoutQuotes(n *node, want shape) string {
	hint := "write it without quotes"
	if flag, _, _ := strings.Cut(n.origin.Name, " "); n.origin.Kind == FromSet {
		hint = "use --" + SetScalar.Flag() + " in place of " + flag
	}
	switch plainScalar(n.text).(type) {
	case bool:
		if want == boolean {
			return hint
		}
	case int64, float64:
		if want != boolean {
			return hint
		}
	}
	return ""
}
