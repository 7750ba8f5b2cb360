package profiles

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxNodes bounds what a document may unfold to, so that a few lines of nested
// aliases cannot fill the memory.
const maxNodes = 200_000

// yamlLine is how the YAML parser tells where it stopped.
var yamlLine = regexp.MustCompile(`^yaml: line (\d+): `)

// decode reads the YAML documents of a text into nodes of one origin, whose
// lines it fills in. Empty documents are left out.
func decode(text []byte, origin Origin) ([]*node, error) {
	reader := decoder{origin: origin, open: map[*yaml.Node]bool{}}
	stream := yaml.NewDecoder(bytes.NewReader(text))
	var documents []*node
	for {
		var document yaml.Node
		err := stream.Decode(&document)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, syntaxError(err, origin)
		}
		if len(document.Content) == 0 {
			continue
		}
		root := document.Content[0]
		if tree := reader.node(root, root.Line); !tree.null() {
			documents = append(documents, tree)
		}
	}
	return documents, errors.Join(reader.errs...)
}

// decodeOne reads a text of one document, which must be a mapping if it is
// there at all.
func decodeOne(text []byte, origin Origin) (*node, error) {
	documents, err := decode(text, origin)
	switch {
	case err != nil:
		return nil, err
	case len(documents) == 0:
		return newMapping(origin), nil
	case len(documents) > 1 || documents[0].kind != mapping:
		return nil, &InputError{Place: origin, Problem: "expected one YAML document that is a mapping"}
	}
	return documents[0], nil
}

func syntaxError(err error, origin Origin) *InputError {
	reason := err.Error()
	if match := yamlLine.FindStringSubmatch(reason); match != nil {
		origin.Line, _ = strconv.Atoi(match[1])
		reason = reason[len(match[0]):]
	}
	return &InputError{Place: origin, Problem: "not valid YAML: " + strings.TrimPrefix(reason, "yaml: ")}
}

type decoder struct {
	origin Origin
	open   map[*yaml.Node]bool // anchors being unfolded
	count  int
	errs   []error
}

func (d *decoder) fail(line int, format string, args ...any) *node {
	d.errs = append(d.errs, &InputError{Place: d.origin.on(line), Problem: fmt.Sprintf(format, args...)})
	return &node{kind: scalar, origin: d.origin.on(line)}
}

func (o Origin) on(line int) Origin {
	o.Line = line
	return o
}

// node converts a parsed value. The line is that of its key or list dash,
// which is where a reader looks for it.
func (d *decoder) node(from *yaml.Node, line int) *node {
	if d.count++; d.count > maxNodes {
		if d.count == maxNodes+1 {
			return d.fail(line, "too large once its aliases are unfolded")
		}
		return &node{kind: scalar}
	}
	switch from.Kind {
	case yaml.AliasNode:
		if d.open[from.Alias] {
			return d.fail(line, "anchor %q contains itself", from.Value)
		}
		d.open[from.Alias] = true
		defer delete(d.open, from.Alias)
		return d.node(from.Alias, line)
	case yaml.MappingNode:
		return d.mapping(from, line)
	case yaml.SequenceNode:
		items := make([]*node, len(from.Content))
		for i, item := range from.Content {
			items[i] = d.node(item, item.Line)
		}
		return &node{kind: list, items: items, origin: d.origin.on(line)}
	default:
		return d.scalar(from, line)
	}
}

func (d *decoder) scalar(from *yaml.Node, line int) *node {
	leaf := newScalar(from.Value, d.origin.on(line))
	quoted := from.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
	if !quoted && !(from.Style&yaml.TaggedStyle != 0 && from.ShortTag() == "!!str") {
		leaf.value = plainScalar(from.Value)
	}
	return leaf
}

func (d *decoder) mapping(from *yaml.Node, line int) *node {
	fields := make(map[string]*node, len(from.Content)/2)
	lines := make(map[string]int, len(from.Content)/2)
	var inherited []*node
	for i := 0; i+1 < len(from.Content); i += 2 {
		key, value := from.Content[i], from.Content[i+1]
		if key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		switch {
		case key.Kind != yaml.ScalarNode:
			d.fail(from.Content[i].Line, "a key must be a word, not a list or a mapping")
		case key.ShortTag() == "!!merge":
			inherited = append(inherited, d.inherited(value, key.Line)...)
		case fields[key.Value] != nil:
			d.fail(key.Line, "key %q is already set on line %d", key.Value, lines[key.Value])
		default:
			fields[key.Value], lines[key.Value] = d.node(value, from.Content[i].Line), key.Line
		}
	}
	for _, source := range inherited {
		for name, child := range source.fields {
			if fields[name] == nil {
				fields[name] = child
			}
		}
	}
	return &node{kind: mapping, fields: fields, origin: d.origin.on(line)}
}

// inherited reads the value of a "<<" key: a mapping or a list of them, of
// which the first wins.
func (d *decoder) inherited(value *yaml.Node, line int) []*node {
	source := d.node(value, line)
	sources := []*node{source}
	if source.kind == list {
		sources = source.items
	}
	for _, source := range sources {
		if source.kind != mapping {
			d.fail(line, "<< expects a mapping")
			return nil
		}
	}
	return sources
}
