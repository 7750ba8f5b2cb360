package inject

import (
	"bytes"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/meshctl/meshctl/internal/object"
)

// read parses a document for the editor: what most are made of with the fast
// parser, all else with the library. Errors are object.ParseError.
func (t *tools) read(text []byte) (*yaml.Node, error) {
	if node, ok := t.parser.ParsePlain(text); ok {
		p := placing{text: text, line: 1}
		root := &yaml.Node{Kind: yaml.DocumentNode, Line: 1, Column: 1}
		root.Content = []*yaml.Node{p.value(&node)}
		return root, nil
	}
	root := &yaml.Node{}
	if err := yaml.Unmarshal(text, root); err != nil {
		if _, located := object.Parse(text); located != nil {
			return nil, located
		}
		return nil, err
	}
	if err := checkExpansion(root); err != nil {
		return nil, err
	}
	nameKeys(root)
	return root, nil
}

// placing turns nodes into the library's, in the order of the text. It keeps
// their tags open: the library finds them where somebody asks.
type placing struct {
	text []byte
	// offset is what was reached, in bytes, and line and column are where it stands.
	// Lines count from 1, columns from 0.
	offset, line, column int
}

func (p *placing) value(node *object.Node) *yaml.Node {
	placed := p.at(node.Start)
	switch node.Kind {
	case object.MapNode:
		placed.Kind, placed.Style = yaml.MappingNode, p.flow(node)
		placed.Content = make([]*yaml.Node, 0, 2*len(node.Children))
		for i := range node.Children {
			child := &node.Children[i]
			key := p.at(child.KeyStart)
			key.Value = child.Key
			if p.text[child.KeyStart] == '"' {
				key.Style = yaml.DoubleQuotedStyle
			}
			placed.Content = append(placed.Content, key, p.value(child))
		}
	case object.ListNode:
		placed.Kind, placed.Style = yaml.SequenceNode, p.flow(node)
		placed.Content = make([]*yaml.Node, 0, len(node.Children))
		for i := range node.Children {
			placed.Content = append(placed.Content, p.value(&node.Children[i]))
		}
	default:
		placed.Value, placed.Style = p.scalar(node)
	}
	return placed
}

func (p *placing) flow(node *object.Node) yaml.Style {
	if c := p.text[node.Start]; c == '{' || c == '[' {
		return yaml.FlowStyle
	}
	return 0
}

// scalar is what the text says, in which 0x1F is not 31.
func (p *placing) scalar(node *object.Node) (string, yaml.Style) {
	if node.Kind != object.StringNode {
		return string(p.text[node.Start:node.End]), 0
	}
	switch p.text[node.Start] {
	case '"':
		return node.Text, yaml.DoubleQuotedStyle
	case '\'':
		return node.Text, yaml.SingleQuotedStyle
	case '|':
		return node.Text, yaml.LiteralStyle
	}
	return node.Text, 0
}

// at is a scalar at an offset, which is not before the last one.
func (p *placing) at(offset int) *yaml.Node {
	if passed := bytes.Count(p.text[p.offset:offset], []byte("\n")); passed > 0 {
		p.line += passed
		p.offset, p.column = 1+bytes.LastIndexByte(p.text[:offset], '\n'), 0
	}
	p.column += utf8.RuneCount(p.text[p.offset:offset])
	p.offset = offset
	return &yaml.Node{Kind: yaml.ScalarNode, Line: p.line, Column: p.column + 1}
}
