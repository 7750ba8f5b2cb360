package inject

import (
	"fmt"
	"sync"

	yamlv2 "go.yaml.in/yaml/v2"

	"github.com/meshctl/meshctl/internal/object"
)

// parsers are those that nobody uses now: they keep their memory from one text to
// the next.
type parsers struct{ idle sync.Pool }

func (p *parsers) take() *object.Parser {
	if parser, ok := p.idle.Get().(*object.Parser); ok {
		return parser
	}
	return new(object.Parser)
}

func (p *parsers) put(parser *object.Parser) { p.idle.Put(parser) }

// fields reads what a template made, whose memory they share.
func (p *parsers) fields(text []byte) (map[string]any, error) {
	parser := p.take()
	defer p.put(parser)
	if node, ok := parser.ParsePlain(text); ok && node.Kind == object.MapNode {
		fields, _ := node.Value().(map[string]any)
		return fields, nil
	}
	return readMap(text)
}

func parse(text string) (any, error) {
	var content any
	if err := yamlv2.Unmarshal([]byte(text), &content); err != nil {
		return nil, err
	}
	return plain(content), nil
}

// readMap reads YAML whose positions do not matter, faster than by way of nodes or JSON.
func readMap(text []byte) (map[string]any, error) {
	content, err := parse(string(text))
	if err != nil {
		return nil, err
	}
	fields, ok := content.(map[string]any)
	if !ok && content != nil {
		return nil, fmt.Errorf("want fields, got %T", content)
	}
	return fields, nil
}

// plain turns what the library makes into what Kubernetes expects.
func plain(value any) any {
	switch value := value.(type) {
	case map[any]any:
		fields := make(map[string]any, len(value))
		for key, content := range value {
			name, ok := key.(string)
			if !ok {
				name = fmt.Sprint(key)
			}
			fields[name] = plain(content)
		}
		return fields
	case []any:
		for i := range value {
			value[i] = plain(value[i])
		}
		return value
	case int:
		return int64(value)
	case uint64:
		return float64(value)
	}
	return value
}
