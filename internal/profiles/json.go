package profiles

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// decodeJSON reads one JSON value into nodes of one origin.
func decodeJSON(text string, origin Origin) (*node, error) {
	reader := json.NewDecoder(strings.NewReader(text))
	reader.UseNumber()
	var value any
	if err := reader.Decode(&value); err != nil {
		return nil, notJSON(err)
	}
	if _, err := reader.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("not JSON: more than one value")
	}
	return nodeOf(value, origin), nil
}

func notJSON(err error) error {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("not JSON: character %d: %w", syntax.Offset, err)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("not JSON: it ends too early")
	}
	return fmt.Errorf("not JSON: %w", err)
}

// nodeOf turns what JSON decodes to into nodes.
func nodeOf(value any, origin Origin) *node {
	switch value := value.(type) {
	case map[string]any:
		found := newMapping(origin)
		for name, child := range value {
			found.fields[name] = nodeOf(child, origin)
		}
		return found
	case []any:
		found := &node{kind: list, origin: origin}
		for _, item := range value {
			found.items = append(found.items, nodeOf(item, origin))
		}
		return found
	case json.Number:
		leaf := newScalar(value.String(), origin)
		leaf.value = plainScalar(leaf.text)
		return leaf
	case bool:
		return newBool(value, origin)
	case string:
		return newScalar(value, origin)
	}
	leaf := newScalar("null", origin)
	leaf.value = nil
	return leaf
}
