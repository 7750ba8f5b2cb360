package crd

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/meshctl/meshctl/internal/object"
)

// Violation is something in an object that its definition does not allow.
type Violation struct {
	Path object.Path
	// Also are fields beside Path that are part of the matter.
	Also []object.Path
	// Message says what is wrong, without the path.
	Message string
	// Rule is true for what a rule says, in its own words.
	Rule bool
	// Value is what should have been one of Allowed.
	Value   string
	Allowed []string
	// fatal keeps rules from being looked at.
	fatal bool
}

// checker collects violations of one object.
type checker struct {
	found []Violation
	// quiet is true where only the number of violations matters.
	quiet bool
	count int
}

func (c *checker) add(v Violation) {
	c.count++
	if !c.quiet {
		c.found = append(c.found, v)
	}
}

func (c *checker) wrong(at object.Trail, fatal bool, format string, values ...any) {
	if c.quiet {
		c.count++
		return
	}
	c.add(Violation{Path: at.Path(), Message: fmt.Sprintf(format, values...), fatal: fatal})
}

// check looks at a value and all below it.
func (c *checker) check(s *Schema, node *object.Node, at object.Trail) {
	if s == nil {
		return
	}
	if !s.typeOf(node) {
		c.wrong(at, true, "must be %s, not %s", s.typeName(), node.Kind)
		return
	}
	switch node.Kind {
	case object.MapNode:
		c.fields(s, node, at)
	case object.ListNode:
		c.items(s, node, at)
	case object.StringNode:
		c.text(s, node.Text, at)
	case object.NumberNode:
		c.number(s, node.Text, at)
	}
	if node.Kind != object.NullNode {
		c.enumeration(s, node, at)
	}
	c.combined(s, node, at)
}

// typeOf says whether a value is of the type that the schema wants.
func (s *Schema) typeOf(node *object.Node) bool {
	if node.Kind == object.NullNode {
		return s.Nullable || s.Type == "" && !s.IntOrString
	}
	if s.IntOrString {
		return node.Kind == object.StringNode || node.Kind == object.NumberNode && isWhole(node.Text)
	}
	switch s.Type {
	case "object":
		return node.Kind == object.MapNode
	case "array":
		return node.Kind == object.ListNode
	case "string":
		return node.Kind == object.StringNode
	case "boolean":
		return node.Kind == object.BoolNode
	case "number":
		return node.Kind == object.NumberNode
	case "integer":
		return node.Kind == object.NumberNode && isWhole(node.Text)
	}
	return true
}

func (s *Schema) typeName() string {
	if s.IntOrString {
		return "a whole number or a string"
	}
	switch s.Type {
	case "object":
		return "a mapping"
	case "array":
		return "a list"
	case "integer":
		return "a whole number"
	}
	return "a " + s.Type
}

func isWhole(text string) bool {
	if _, err := strconv.ParseInt(text, 10, 64); err == nil {
		return true
	}
	number, err := strconv.ParseFloat(text, 64)
	return err == nil && number == math.Trunc(number)
}

func (c *checker) fields(s *Schema, node *object.Node, at object.Trail) {
	if s.MinProperties != nil && len(node.Children) < *s.MinProperties {
		c.wrong(at, false, "must have at least %s, not %d", count(*s.MinProperties, "field"), len(node.Children))
	}
	if s.MaxProperties != nil && len(node.Children) > *s.MaxProperties {
		c.wrong(at, true, "must have at most %s, not %d", count(*s.MaxProperties, "field"), len(node.Children))
	}
	for i := range node.Children {
		child := &node.Children[i]
		c.check(s.field(child.Key), child, at.Key(child.Key))
	}
	for _, name := range s.Required {
		if !hasField(node, name) {
			c.wrong(at.Key(name), true, "is required here")
		}
	}
}

func (c *checker) items(s *Schema, node *object.Node, at object.Trail) {
	if s.MinItems != nil && len(node.Children) < *s.MinItems {
		c.wrong(at, false, "must have at least %s, not %d", count(*s.MinItems, "item"), len(node.Children))
	}
	if s.MaxItems != nil && len(node.Children) > *s.MaxItems {
		c.wrong(at, true, "must have at most %s, not %d", count(*s.MaxItems, "item"), len(node.Children))
	}
	for i := range node.Children {
		c.check(s.Items, &node.Children[i], at.Item(i))
	}
	c.unique(s, node, at)
}

func (c *checker) text(s *Schema, text string, at object.Trail) {
	if s.MinLength != nil || s.MaxLength != nil {
		length := utf8.RuneCountInString(text)
		if s.MinLength != nil && length < *s.MinLength {
			if length == 0 {
				c.wrong(at, false, "must not be empty")
			} else {
				c.wrong(at, false, "must have at least %s, not %d", count(*s.MinLength, "letter"), length)
			}
		}
		if s.MaxLength != nil && length > *s.MaxLength {
			c.wrong(at, true, "must have at most %s, not %d", count(*s.MaxLength, "letter"), length)
		}
	}
	if s.pattern != nil && !s.pattern.MatchString(text) {
		c.wrong(at, false, "%s does not match %s", shorten(text), s.Pattern)
	}
	if wanted, ok := formatted(s.Format, text); !ok {
		c.wrong(at, true, "%s is not %s", shorten(text), wanted)
	}
}

func (c *checker) number(s *Schema, text string, at object.Trail) {
	number, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return
	}
	if s.Type == "integer" && !fits(s.Format, number) {
		c.wrong(at, false, "%s is out of the range of %s", text, s.Format)
	}
	if s.Minimum != nil && (number < *s.Minimum || s.OpenBelow && number == *s.Minimum) {
		c.wrong(at, false, "must be %s, not %s", bound("at least", "more than", *s.Minimum, s.OpenBelow), text)
	}
	if s.Maximum != nil && (number > *s.Maximum || s.OpenAbove && number == *s.Maximum) {
		c.wrong(at, false, "must be %s, not %s", bound("at most", "less than", *s.Maximum, s.OpenAbove), text)
	}
	if s.MultipleOf != nil && *s.MultipleOf > 0 && math.Mod(number, *s.MultipleOf) != 0 {
		c.wrong(at, false, "must be a multiple of %s, not %s", decimal(*s.MultipleOf), text)
	}
}

// fits says whether a whole number has the size that its format says.
func fits(format string, number float64) bool {
	if format == "int32" {
		return number >= math.MinInt32 && number <= math.MaxInt32
	}
	return number >= math.MinInt64 && number <= math.MaxInt64
}

func bound(closed, open string, limit float64, isOpen bool) string {
	if isOpen {
		closed = open
	}
	return closed + " " + decimal(limit)
}

func decimal(number float64) string { return strconv.FormatFloat(number, 'f', -1, 64) }

func (c *checker) enumeration(s *Schema, node *object.Node, at object.Trail) {
	if len(s.Enum) == 0 || slices.ContainsFunc(s.Enum, func(value any) bool { return equals(node, value) }) {
		return
	}
	if c.quiet {
		c.count++
		return
	}
	allowed := make([]string, len(s.Enum))
	for i, value := range s.Enum {
		allowed[i] = fmt.Sprint(value)
	}
	c.add(Violation{
		Path: at.Path(), fatal: true, Value: node.Text, Allowed: allowed,
		Message: fmt.Sprintf("%s is not one of %s", shorten(node.Text), strings.Join(allowed, ", ")),
	})
}

// equals compares a scalar with a value from JSON.
func equals(node *object.Node, value any) bool {
	switch value := value.(type) {
	case string:
		return node.Kind == object.StringNode && node.Text == value
	case bool:
		return node.Kind == object.BoolNode && (node.Text == "true") == value
	case float64:
		number, err := strconv.ParseFloat(node.Text, 64)
		return err == nil && node.Kind == object.NumberNode && number == value
	}
	return false
}

// shorten quotes a text, and not too much of it.
func shorten(text string) string {
	const most = 60
	if len(text) > most {
		cut := most
		for !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut] + "…"
	}
	return strconv.Quote(text)
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
