package object

import (
	"encoding/json"
	"strconv"
)

// Node is one value in a document and where it stands there: what decoders read
// and positions are found in. Scalars keep their text, so nothing is lost that
// a number or a date would lose.
type Node struct {
	Kind NodeKind
	// Key is the name of the field this is the value of; empty for list items
	// and for the document itself.
	Key string
	// Text is the value of a scalar, unquoted.
	Text string
	// Children are the fields of a mapping, or the items of a list, in their order.
	Children []Node
	// Start and End are byte offsets of the value in the document, KeyStart is
	// that of the key. For a list item KeyStart is Start.
	Start, End, KeyStart int
}

// NodeKind says what a Node is.
type NodeKind uint8

// The kinds of nodes. Which scalar is a boolean or a number follows YAML 1.1,
// as Kubernetes does.
const (
	NullNode NodeKind = iota
	BoolNode
	NumberNode
	StringNode
	MapNode
	ListNode
)

// String names the kind in the words of messages.
func (k NodeKind) String() string {
	switch k {
	case NullNode:
		return "null"
	case BoolNode:
		return "a boolean"
	case NumberNode:
		return "a number"
	case StringNode:
		return "a string"
	case MapNode:
		return "a mapping"
	}
	return "a list"
}

// Field is the value of a field; ok is false if there is none.
func (n *Node) Field(name string) (field *Node, ok bool) {
	if n == nil || n.Kind != MapNode {
		return nil, false
	}
	for i := range n.Children {
		if n.Children[i].Key == name {
			return &n.Children[i], true
		}
	}
	return nil, false
}

// Str is the text of a string field, empty if there is none.
func (n *Node) Str(name string) string {
	if field, ok := n.Field(name); ok && field.Kind == StringNode {
		return field.Text
	}
	return ""
}

// Value is the node as plain maps, slices, strings, booleans, int64 and float64.
func (n *Node) Value() any {
	switch n.Kind {
	case MapNode:
		fields := make(map[string]any, len(n.Children))
		for i := range n.Children {
			fields[n.Children[i].Key] = n.Children[i].Value()
		}
		return fields
	case ListNode:
		items := make([]any, len(n.Children))
		for i := range n.Children {
			items[i] = n.Children[i].Value()
		}
		return items
	case StringNode:
		return n.Text
	case BoolNode:
		return n.Text == "true"
	case NumberNode:
		if whole, err := strconv.ParseInt(n.Text, 10, 64); err == nil {
			return whole
		}
		if number, err := strconv.ParseFloat(n.Text, 64); err == nil {
			return number
		}
	}
	return nil
}

// AppendJSON appends the node as JSON, with the fields in their order.
func (n *Node) AppendJSON(text []byte) []byte {
	switch n.Kind {
	case MapNode, ListNode:
		open, end := byte('{'), byte('}')
		if n.Kind == ListNode {
			open, end = '[', ']'
		}
		text = append(text, open)
		for i := range n.Children {
			if i > 0 {
				text = append(text, ',')
			}
			if n.Kind == MapNode {
				text = append(appendString(text, n.Children[i].Key), ':')
			}
			text = n.Children[i].AppendJSON(text)
		}
		return append(text, end)
	case StringNode:
		return appendString(text, n.Text)
	case BoolNode, NumberNode:
		return append(text, n.Text...)
	}
	return append(text, "null"...)
}

func appendString(text []byte, s string) []byte {
	quoted, err := json.Marshal(s)
	if err != nil { // strings always marshal
		return append(text, `""`...)
	}
	return append(text, quoted...)
}

// NodeOf is what Parse would make of the JSON of a decoded value. Its nodes
// have no positions.
func NodeOf(value any) Node {
	switch v := value.(type) {
	case map[string]any:
		node := Node{Kind: MapNode, Children: make([]Node, 0, len(v))}
		for _, name := range sortedKeys(v) {
			child := NodeOf(v[name])
			child.Key = name
			node.Children = append(node.Children, child)
		}
		return node
	case []any:
		node := Node{Kind: ListNode, Children: make([]Node, len(v))}
		for i, item := range v {
			node.Children[i] = NodeOf(item)
		}
		return node
	case string:
		return Node{Kind: StringNode, Text: v}
	case bool:
		return Node{Kind: BoolNode, Text: strconv.FormatBool(v)}
	case int64:
		return Node{Kind: NumberNode, Text: strconv.FormatInt(v, 10)}
	case float64:
		return Node{Kind: NumberNode, Text: strconv.FormatFloat(v, 'g', -1, 64)}
	}
	return Node{}
}
