package object

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// ParseError is text that is not YAML or JSON.
type ParseError struct {
	// Line and Column count from 1 within the document; 0 is unknown.
	Line, Column int
	Err          error
}

func (e *ParseError) Error() string { return e.Err.Error() }

func (e *ParseError) Unwrap() error { return e.Err }

// The limits keep a small text from becoming a large tree.
const (
	maxDepth     = 200
	maxExpansion = 100_000
)

// Parse reads one document of YAML or JSON.
func Parse(text []byte) (Node, error) {
	if isJSON(text) {
		if node, err := parseJSON(text); err == nil {
			return node, nil
		}
		// YAML in flow style starts alike, and says better what is wrong.
	}
	return parseYAML(text)
}

func parseYAML(text []byte) (Node, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return Node{}, yamlError(text, err)
	}
	if document.Kind == 0 {
		return Node{}, nil
	}
	c := converter{text: text, lines: lineStarts(text)}
	return c.convert(&document, 0)
}

// yamlLine finds the line in messages of the YAML library.
var yamlLine = regexp.MustCompile(`^(?:yaml: )?(?:unmarshal errors:\s+)?(?:line (\d+): )?`)

func yamlError(text []byte, err error) error {
	found := yamlLine.FindStringSubmatch(err.Error())
	line, _ := strconv.Atoi(found[1])
	message := strings.TrimPrefix(err.Error(), found[0])
	if line > 0 && strings.HasPrefix(message, "did not find expected") {
		line++ // of these errors the library counts lines from 0
	}
	if line > 0 {
		line = fileLine(text, line)
	}
	return &ParseError{Line: line, Err: errors.New(message)}
}

// converter turns the nodes of the YAML library into ours.
type converter struct {
	text     []byte
	lines    []int
	expanded int
}

func (c *converter) convert(y *yaml.Node, depth int) (Node, error) {
	if depth > maxDepth {
		return Node{}, c.errorAt(y, "it nests deeper than %d levels", maxDepth)
	}
	switch y.Kind {
	case yaml.DocumentNode:
		if len(y.Content) == 0 {
			return Node{}, nil
		}
		return c.convert(y.Content[0], depth)
	case yaml.AliasNode:
		return c.alias(y, depth)
	case yaml.MappingNode:
		return c.mapping(y, depth)
	case yaml.SequenceNode:
		node := c.positioned(ListNode, y)
		node.Children = make([]Node, 0, len(y.Content))
		for _, item := range y.Content {
			child, err := c.convert(item, depth+1)
			if err != nil {
				return Node{}, err
			}
			node.Children = append(node.Children, child)
			node.End = max(node.End, child.End)
		}
		return node, nil
	}
	return c.scalar(y)
}

func (c *converter) alias(y *yaml.Node, depth int) (Node, error) {
	c.expanded += size(y.Alias, maxExpansion)
	if c.expanded > maxExpansion {
		return Node{}, c.errorAt(y, "its aliases expand to more than %d values", maxExpansion)
	}
	node, err := c.convert(y.Alias, depth+1)
	if err != nil {
		return Node{}, err
	}
	// A finding about the value belongs where it is used.
	here := c.positioned(node.Kind, y)
	node.Start, node.KeyStart, node.End = here.Start, here.Start, here.Start+len("*")+len(y.Value)
	return node, nil
}

// size counts the nodes below one, up to a limit.
func size(y *yaml.Node, limit int) int {
	count := 1
	if limit <= 0 { // also where an anchor contains itself
		return count
	}
	if y.Kind == yaml.AliasNode {
		return count + size(y.Alias, limit-1)
	}
	for _, child := range y.Content {
		if count > limit {
			break
		}
		count += size(child, limit-count)
	}
	return count
}

func (c *converter) mapping(y *yaml.Node, depth int) (Node, error) {
	node := c.positioned(MapNode, y)
	node.Children = make([]Node, 0, len(y.Content)/2)
	seen := make(map[string]bool, len(y.Content)/2)
	merged := false
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, value := y.Content[i], y.Content[i+1]
		if key.Tag == "!!merge" {
			merged = true
			if err := c.merge(&node, value, depth); err != nil {
				return Node{}, err
			}
			continue
		}
		name, err := c.convert(key, depth+1)
		if err != nil {
			return Node{}, err
		}
		if name.Kind == MapNode || name.Kind == ListNode {
			return Node{}, c.errorAt(key, "the name of a field cannot be %s", name.Kind)
		}
		if name.Kind == NullNode {
			name.Text = "null"
		}
		if seen[name.Text] {
			return Node{}, c.errorAt(key, "%q is there twice", name.Text)
		}
		seen[name.Text] = true
		child, err := c.convert(value, depth+1)
		if err != nil {
			return Node{}, err
		}
		child.Key, child.KeyStart = name.Text, name.Start
		if merged {
			node.set(child)
		} else {
			node.Children = append(node.Children, child)
		}
		node.End = max(node.End, child.End)
	}
	return node, nil
}

// merge copies the fields that "<<" refers to, unless they are there.
func (c *converter) merge(node *Node, value *yaml.Node, depth int) error {
	merged, err := c.convert(value, depth+1)
	if err != nil {
		return err
	}
	sources := []Node{merged}
	if merged.Kind == ListNode {
		sources = merged.Children
	}
	for _, source := range sources {
		for _, child := range source.Children {
			if _, there := node.Field(child.Key); !there {
				node.Children = append(node.Children, child)
			}
		}
	}
	return nil
}

// set adds a field, or replaces the one that a merge brought.
func (n *Node) set(child Node) {
	if field, ok := n.Field(child.Key); ok {
		*field = child
		return
	}
	n.Children = append(n.Children, child)
}

func (c *converter) scalar(y *yaml.Node) (Node, error) {
	node := c.positioned(StringNode, y)
	node.Text = y.Value
	if y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0 && (y.Style&yaml.TaggedStyle == 0 || y.Tag != "!!str" && y.Tag != "!") {
		node.Kind, node.Text = plainScalar(y.Value)
	}
	node.End = c.scalarEnd(y, node.Start)
	return node, nil
}

// scalarEnd finds where a scalar ends; block scalars end with their header.
func (c *converter) scalarEnd(y *yaml.Node, start int) int {
	line := string(c.text[start:lineEnd(c.text, start)])
	switch {
	case strings.HasPrefix(line, y.Value) && y.Value != "" && y.Style == 0:
		return start + len(y.Value)
	case y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 && len(line) > 1:
		if end := strings.LastIndexByte(line, line[0]); end > 0 {
			return start + end + 1
		}
	case y.Value == "":
		return start
	}
	return start + len(strings.TrimRight(line, " \r"))
}

func (c *converter) positioned(kind NodeKind, y *yaml.Node) Node {
	start := c.offset(y)
	return Node{Kind: kind, Start: start, KeyStart: start, End: start}
}

// offset turns line and column, which counts characters, into bytes.
func (c *converter) offset(y *yaml.Node) int {
	if y.Line < 1 || y.Line > len(c.lines) {
		return len(c.text)
	}
	start := c.lines[y.Line-1]
	for column := 1; column < y.Column && start < len(c.text) && c.text[start] != '\n'; column++ {
		start++
		for start < len(c.text) && c.text[start]&0xC0 == 0x80 {
			start++
		}
	}
	return start
}

func (c *converter) errorAt(y *yaml.Node, format string, values ...any) error {
	return &ParseError{Line: fileLine(c.text, y.Line), Column: y.Column, Err: fmt.Errorf(format, values...)}
}

// lineStarts are where the lines begin that YAML counts: it ends them also where
// files do not.
func lineStarts(text []byte) []int {
	starts := []int{0}
	for i := range text {
		rest := text[i:]
		switch {
		case text[i] == '\n', text[i] == '\r' && !bytes.HasPrefix(rest, []byte("\r\n")):
			starts = append(starts, i+1)
		case text[i] < utf8.RuneSelf:
		case bytes.HasPrefix(rest, []byte("\u0085")):
			starts = append(starts, i+len("\u0085"))
		case bytes.HasPrefix(rest, []byte("\u2028")), bytes.HasPrefix(rest, []byte("\u2029")):
			starts = append(starts, i+len("\u2028"))
		}
	}
	return starts
}

// fileLine is the line of a file on which a line that YAML counts begins.
func fileLine(text []byte, line int) int {
	starts := lineStarts(text)
	if line < 1 || line > len(starts) {
		line = len(starts)
	}
	return 1 + bytes.Count(text[:starts[line-1]], []byte("\n"))
}
