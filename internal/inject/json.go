package inject

import (
	"bytes"
	"encoding/json"

	"go.yaml.in/yaml/v3"
)

func isJSON(text []byte) bool { return bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("{")) }

// inOrderOf writes a value as JSON, with fields in the order in which a node has
// them, and new ones behind.
func inOrderOf(node *yaml.Node, value any, indented bool) ([]byte, error) {
	var text, out bytes.Buffer
	writeJSON(&text, node, value)
	if !indented {
		text.WriteByte('\n')
		return text.Bytes(), nil
	}
	if err := json.Indent(&out, text.Bytes(), "", "  "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

func writeJSON(out *bytes.Buffer, node *yaml.Node, value any) {
	switch value := value.(type) {
	case map[string]any:
		out.WriteByte('{')
		for i, key := range keysInOrder(node, value) {
			if i > 0 {
				out.WriteByte(',')
			}
			out.WriteString(quoteJSON(key))
			out.WriteByte(':')
			child, _ := fieldOf(node, 0, key)
			writeJSON(out, child, value[key])
		}
		out.WriteByte('}')
	case []any:
		sources := nodesOf(node, value)
		out.WriteByte('[')
		for i, item := range value {
			if i > 0 {
				out.WriteByte(',')
			}
			writeJSON(out, sources[i], item)
		}
		out.WriteByte(']')
	default:
		out.WriteString(quoteJSON(value))
	}
}

// keysInOrder are the fields of a value, those first that a node has.
func keysInOrder(node *yaml.Node, fields map[string]any) []string {
	var keys []string
	seen := map[string]bool{}
	for i := 0; node != nil && node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
		key := node.Content[i].Value
		if _, stays := fields[key]; stays && !seen[key] {
			keys = append(keys, key)
			seen[key] = true
		}
	}
	for _, key := range orderedKeys(fields) {
		if !seen[key] {
			keys = append(keys, key)
		}
	}
	return keys
}

// nodesOf are the nodes that the items of a list come from; nil for new ones.
func nodesOf(node *yaml.Node, items []any) []*yaml.Node {
	sources := make([]*yaml.Node, len(items))
	if node == nil || node.Kind != yaml.SequenceNode {
		return sources
	}
	before := make([]any, len(node.Content))
	for i, item := range node.Content {
		before[i], _ = valueOf(item) // it was read before
	}
	for i, source := range match(before, items) {
		if source >= 0 {
			sources[i] = node.Content[source]
		}
	}
	return sources
}
