package profiles

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// originColumn is where the origin comments stand unless a line is longer.
const originColumn = 56

// plainText matches text that YAML reads back as the same text without quotes.
var plainText = regexp.MustCompile(`^([A-Za-z_/][A-Za-z0-9_./@%+-]*(:[A-Za-z0-9_./@%+-]+)*|[0-9]+[A-Za-z]+|[0-9]+(\.[0-9]+){2,}[A-Za-z0-9-]*)$`)

// YAML prints the resolved configuration as an IstioOperator, sorted by key. With
// origins each leaf has an end-of-line comment that says where it came from.
func (m *Mesh) YAML(withOrigins bool) ([]byte, error) {
	out := printer{origins: withOrigins}
	out.line("apiVersion: "+apiVersion, Origin{})
	out.line("kind: "+kind, Origin{})
	out.field("", "spec", m.spec)
	return out.text.Bytes(), nil
}

type printer struct {
	text    bytes.Buffer
	origins bool
}

func (p *printer) line(text string, origin Origin) {
	p.text.WriteString(text)
	if comment := origin.String(); p.origins && comment != "" {
		fmt.Fprintf(&p.text, "%s # %s", strings.Repeat(" ", max(0, originColumn-utf8.RuneCountInString(text))), comment)
	}
	p.text.WriteByte('\n')
}

func (p *printer) field(indent, name string, value *node) {
	p.value(indent+quote(name)+":", indent+"  ", value)
}

// value prints a value behind its key or dash; lists and mappings go below it,
// further in.
func (p *printer) value(head, indent string, value *node) {
	switch {
	case value.kind == mapping && len(value.fields) > 0:
		p.line(head, Origin{})
		for _, name := range value.keys() {
			if child := value.fields[name]; !child.null() {
				p.field(indent, name, child)
			}
		}
	case value.kind == list && len(value.items) > 0:
		p.line(head, Origin{})
		for _, item := range value.items {
			p.item(indent[:len(indent)-2], item)
		}
	default:
		p.leaf(head, indent, value)
	}
}

// item prints a list element. The first field of a mapping stands beside the
// dash.
func (p *printer) item(indent string, item *node) {
	start := p.text.Len()
	if item.kind != mapping || len(item.fields) == 0 {
		p.value(indent+"-", indent+"    ", item)
		return
	}
	for _, name := range item.keys() {
		p.field(indent+"  ", name, item.fields[name])
	}
	p.text.Bytes()[start+len(indent)] = '-'
}

func (p *printer) leaf(head, indent string, value *node) {
	text, isText := value.value.(string)
	switch {
	case value.kind == mapping:
		p.line(head+" {}", value.origin)
	case value.kind == list:
		p.line(head+" []", value.origin)
	case value.null():
		p.line(head+" null", value.origin)
	case isText && blockable(text):
		p.line(head+" "+blockHeader(text), value.origin)
		for line := range strings.Lines(strings.TrimSuffix(text, "\n")) {
			if line = strings.TrimSuffix(line, "\n"); line != "" {
				line = indent + line
			}
			p.line(line, Origin{})
		}
	case isText:
		p.line(head+" "+quote(text), value.origin)
	default:
		p.line(head+" "+literal(value.value), value.origin)
	}
}

func literal(value any) string {
	switch value := value.(type) {
	case bool:
		return strconv.FormatBool(value)
	case int64:
		return strconv.FormatInt(value, 10)
	case float64:
		text := strconv.FormatFloat(value, 'f', -1, 64)
		if !strings.Contains(text, ".") {
			text += ".0"
		}
		return text
	default:
		return fmt.Sprint(value)
	}
}

// blockable reports whether text reads better as a literal block and survives
// being one.
func blockable(text string) bool {
	lines := strings.Split(text, "\n")
	return len(lines) > 1 && lines[0] != "" && lines[0][0] != ' ' && lines[0][0] != '\t' &&
		!strings.HasSuffix(text, "\n\n") && !slices.ContainsFunc([]rune(text), func(r rune) bool {
		return r != '\n' && !strconv.IsPrint(r)
	})
}

func blockHeader(text string) string {
	if strings.HasSuffix(text, "\n") {
		return "|"
	}
	return "|-"
}

// quote writes a string so that every YAML reader takes it for that string.
func quote(text string) string {
	if _, isText := plainScalar(text).(string); isText && plainText.MatchString(text) {
		return text
	}
	return strconv.Quote(text) // its escapes are YAML's too
}
