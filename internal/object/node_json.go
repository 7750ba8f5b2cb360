package object

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

func isJSON(text []byte) bool {
	trimmed := bytes.TrimLeft(text, " \t\r\n")
	return len(trimmed) > 0 && trimmed[0] == '{'
}

// parseJSON reads one JSON object.
func parseJSON(text []byte) (Node, error) {
	p := jsonParser{text: text, decoder: json.NewDecoder(bytes.NewReader(text))}
	p.decoder.UseNumber()
	node, err := p.value(0)
	if err != nil {
		return Node{}, p.explain(err)
	}
	if _, err := p.decoder.Token(); !errors.Is(err, io.EOF) {
		return Node{}, p.explain(errors.New("there is more after the end of the object"))
	}
	return node, nil
}

type jsonParser struct {
	text    []byte
	decoder *json.Decoder
}

func (p *jsonParser) value(depth int) (Node, error) {
	if depth > maxDepth {
		return Node{}, fmt.Errorf("it nests deeper than %d levels", maxDepth)
	}
	start := p.next()
	token, err := p.decoder.Token()
	if err != nil {
		return Node{}, err
	}
	node := Node{Start: start, KeyStart: start}
	switch token := token.(type) {
	case json.Delim:
		node.Kind = MapNode
		if token == '[' {
			node.Kind = ListNode
		}
		err = p.children(&node, depth)
	case string:
		node.Kind, node.Text = StringNode, token
	case json.Number:
		node.Kind, node.Text = NumberNode, token.String()
	case bool:
		node.Kind, node.Text = BoolNode, fmt.Sprint(token)
	}
	node.End = int(p.decoder.InputOffset())
	return node, err
}

func (p *jsonParser) children(node *Node, depth int) error {
	seen := map[string]bool{}
	for p.decoder.More() {
		var name string
		start := p.next()
		if node.Kind == MapNode {
			token, err := p.decoder.Token()
			if err != nil {
				return err
			}
			name, _ = token.(string)
			if seen[name] {
				return fmt.Errorf("%q is there twice", name)
			}
			seen[name] = true
		}
		child, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		child.Key = name
		if node.Kind == MapNode {
			child.KeyStart = start
		}
		node.Children = append(node.Children, child)
	}
	_, err := p.decoder.Token()
	return err
}

// next is where the next token starts.
func (p *jsonParser) next() int {
	at := int(p.decoder.InputOffset())
	for at < len(p.text) && bytes.IndexByte([]byte(" \t\r\n,:"), p.text[at]) >= 0 {
		at++
	}
	return at
}

func (p *jsonParser) explain(err error) error {
	line, column := LineColumn(p.text, int(p.decoder.InputOffset()))
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		line, column = LineColumn(p.text, int(syntax.Offset))
	}
	return &ParseError{Line: line, Column: column, Err: err}
}
