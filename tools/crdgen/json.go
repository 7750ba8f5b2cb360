package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

const (
	// lineWidth is the longest content an object or a list may have to go on one line.
	// Most of the bytes would be indentation if everything had a line of its own.
	lineWidth = 90
	// brokenLevels is how many outermost levels go on several lines whatever their
	// length, so that "metadata" starts a line of its own.
	brokenLevels = 2
)

// formatJSON writes a node as JSON: it is YAML too, and a tenth of the work to read.
func formatJSON(node *yaml.Node, level int) (string, error) {
	switch node.Kind {
	case yaml.ScalarNode:
		return formatScalar(node)
	case yaml.SequenceNode:
		var elements []string
		for _, below := range node.Content {
			element, err := formatJSON(below, level+1)
			if err != nil {
				return "", err
			}
			elements = append(elements, element)
		}
		return enclose("[", elements, "]", level), nil
	case yaml.MappingNode:
		var fields []string
		for i := 0; i < len(node.Content); i += 2 {
			key, err := quote(node.Content[i].Value)
			if err != nil {
				return "", err
			}
			value, err := formatJSON(node.Content[i+1], level+1)
			if err != nil {
				return "", err
			}
			fields = append(fields, key+": "+value)
		}
		return enclose("{", fields, "}", level), nil
	default:
		return "", fmt.Errorf("line %d: YAML aliases are not supported", node.Line)
	}
}

func enclose(opening string, parts []string, closing string, level int) string {
	line := strings.Join(parts, ", ")
	broken := level < brokenLevels || len(line) > lineWidth || strings.Contains(line, "\n")
	if !broken || len(parts) == 0 {
		return opening + line + closing
	}
	outer := "\n" + strings.Repeat(" ", level)
	return opening + outer + " " + strings.Join(parts, ","+outer+" ") + outer + closing
}

func formatScalar(node *yaml.Node) (string, error) {
	switch node.ShortTag() {
	case "!!str":
		return quote(node.Value)
	case "!!bool", "!!int", "!!float", "!!null":
		var value any
		if err := node.Decode(&value); err != nil {
			return "", fmt.Errorf("line %d: %w", node.Line, err)
		}
		text, err := json.Marshal(value)
		return string(text), err
	default:
		return "", fmt.Errorf("line %d: a value of type %s has no JSON form", node.Line, node.ShortTag())
	}
}

// quote is json.Marshal without the escapes meant for HTML: CEL rules are full of < and &&.
func quote(text string) (string, error) {
	var quoted bytes.Buffer
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		return "", fmt.Errorf("quoting %q: %w", text, err)
	}
	return strings.TrimSuffix(quoted.String(), "\n"), nil
}
