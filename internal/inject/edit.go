package inject

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// editor changes values inside a YAML text and leaves every other byte of it
// alone: comments, order, quotes, fields it does not know. The parser tells where
// nodes begin; where they end follows from indentation.
type editor struct {
	text  []byte
	lines []int // where each line starts, and where the text ends
	edits []edit
	style style
	// failed is set when the text is written in a way that cannot be edited.
	failed bool
	with   *tools
}

// edit replaces a part of the text.
type edit struct {
	from, to int
	text     string
}

func newEditor(text []byte, with *tools) *editor {
	e := &editor{text: text, lines: []int{0}, with: with, failed: hasOddLines(text)}
	for i, c := range text {
		if c == '\n' && i+1 < len(text) {
			e.lines = append(e.lines, i+1)
		}
	}
	e.lines = append(e.lines, len(text))
	e.style.eol = "\n"
	if bytes.Contains(text, []byte("\r\n")) {
		e.style.eol = "\r\n"
	}
	return e
}

// hasOddLines finds what ends a line for YAML and not for files: the lines of the
// parser are others then.
func hasOddLines(text []byte) bool {
	if bytes.Count(text, []byte("\r")) != bytes.Count(text, []byte("\r\n")) {
		return true
	}
	for _, lineBreak := range []string{"\u0085", "\u2028", "\u2029"} {
		if bytes.Contains(text, []byte(lineBreak)) {
			return true
		}
	}
	return false
}

// last is the line after the last one.
func (e *editor) last() int { return len(e.lines) }

// start is where a line begins. Lines count from 1, as the parser has them.
func (e *editor) start(line int) int { return e.lines[min(line, len(e.lines))-1] }

func (e *editor) lineText(line int) string {
	return strings.TrimRight(string(e.text[e.start(line):e.start(line+1)]), "\r\n")
}

// offset is where a node begins.
func (e *editor) offset(node *yaml.Node) int {
	at := e.start(node.Line)
	rest := e.text[at:]
	for range node.Column - 1 {
		_, size := utf8.DecodeRune(rest)
		at, rest = at+size, rest[size:]
	}
	return at
}

func (e *editor) replace(from, to int, text string) {
	if string(e.text[from:to]) != text {
		e.edits = append(e.edits, edit{from, to, text})
	}
}

// result is the text with all edits made.
func (e *editor) result() []byte { return e.apply(e.edits, 0, len(e.text)) }

// apply makes edits in a part of the text.
func (e *editor) apply(edits []edit, from, to int) []byte {
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Compare(a.from, b.from) })
	size := to - from + len(e.style.eol)
	for _, change := range edits {
		size += len(change.text)
	}
	var out bytes.Buffer
	out.Grow(size)
	at := from
	for _, change := range edits {
		if change.from < at {
			e.failed = true
			continue
		}
		out.Write(e.text[at:change.from])
		if change.from == len(e.text) && !bytes.HasSuffix(e.text, []byte("\n")) {
			out.WriteString(e.style.eol)
		}
		out.WriteString(change.text)
		at = change.to
	}
	out.Write(e.text[at:to])
	return out.Bytes()
}

// endOf is the line after the last one that belongs to something that starts on
// line first, left of which nothing of it stands, when the next thing starts on
// line limit. Blank lines and comments before the next thing belong to that.
func (e *editor) endOf(first, limit, column int) int {
	end := limit
	for end > first+1 {
		text := e.lineText(end - 1)
		trimmed := strings.TrimLeft(text, " ")
		comment := strings.HasPrefix(trimmed, "#") && len(text)-len(trimmed) < column
		if trimmed != "" && !comment {
			break
		}
		end--
	}
	return end
}

// change turns the value of a node from before into after. limit is the line on
// which what follows the node starts.
func (e *editor) change(node *yaml.Node, limit int, before, after any) {
	if equalFields(before, after) || e.failed {
		return
	}
	if node.Kind == yaml.AliasNode || node.Anchor != "" {
		e.failed = true
		return
	}
	switch after := after.(type) {
	case map[string]any:
		if before, ok := before.(map[string]any); ok && isBlock(node, yaml.MappingNode) {
			e.changeFields(node, limit, before, after)
			return
		}
	case []any:
		if before, ok := before.([]any); ok && isBlock(node, yaml.SequenceNode) {
			e.changeItems(node, limit, before, after)
			return
		}
	default:
		if node.Kind == yaml.ScalarNode && e.changeScalar(node, after) {
			return
		}
	}
	e.failed = true
}

func isBlock(node *yaml.Node, kind yaml.Kind) bool {
	const otherwise = yaml.FlowStyle | yaml.TaggedStyle
	return node.Kind == kind && node.Style&otherwise == 0 && len(node.Content) > 0
}

// changeScalar replaces a value that stands on one line.
func (e *editor) changeScalar(node *yaml.Node, after any) bool {
	from := e.offset(node)
	length, ok := scalarLength(string(e.text[from:e.start(node.Line+1)]), node.Style)
	if ok {
		e.replace(from, from+length, scalarTextLike(node.Style, after))
	}
	return ok
}

// scalarLength is how long the scalar at the beginning of a line is. It is false
// for one that goes on on the next line.
func scalarLength(line string, style yaml.Style) (int, bool) {
	switch {
	case style&yaml.DoubleQuotedStyle != 0:
		for i := 1; i < len(line); i++ {
			switch line[i] {
			case '\\':
				i++
			case '"':
				return i + 1, true
			}
		}
		return 0, false
	case style&yaml.SingleQuotedStyle != 0:
		for i := 1; i < len(line); i++ {
			if line[i] != '\'' {
				continue
			}
			if i+1 < len(line) && line[i+1] == '\'' {
				i++
				continue
			}
			return i + 1, true
		}
		return 0, false
	case style != 0:
		return 0, false
	}
	if i := strings.Index(line, " #"); i >= 0 {
		line = line[:i]
	}
	return len(strings.TrimRight(line, " \t\r\n")), true
}

// changeFields edits a mapping field by field.
func (e *editor) changeFields(node *yaml.Node, limit int, before, after map[string]any) {
	for i := 0; i < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if key.Tag == "!!merge" {
			e.failed = true
			return
		}
		next := limit
		if i+2 < len(node.Content) {
			next = node.Content[i+2].Line
		}
		was, known := before[key.Value]
		want, stays := after[key.Value]
		switch {
		case !known && !stays, stays && known && equalFields(was, want):
		case !stays:
			e.removeField(node, i, next, was)
		case canEdit(value, was, want):
			e.change(value, next, was, want)
		default:
			e.changeWhole(key, value, next, was, want)
		}
	}
	e.addFields(node, limit, before, after)
}

// changeWhole changes a value of which nothing stays that its type knows, or that
// is written in a way that does not allow a smaller change.
func (e *editor) changeWhole(key, value *yaml.Node, next int, was, want any) {
	whole, err := valueOf(value)
	carried := carry(whole, was, want)
	_, had := was.(map[string]any)
	_, has := want.(map[string]any)
	if fields, _ := carried.(map[string]any); had && has && len(fields) > 0 && isBlock(value, yaml.MappingNode) {
		e.change(value, next, was, want)
		return
	}
	e.failed = e.failed || err != nil || definesAnchor(value)
	e.rewriteField(key, next, carried)
}

// canEdit tells values that are edited in place from those that are written anew.
func canEdit(node *yaml.Node, before, after any) bool {
	switch after := after.(type) {
	case map[string]any:
		_, same := before.(map[string]any)
		return same && isBlock(node, yaml.MappingNode) && len(after) > 0
	case []any:
		_, same := before.([]any)
		return same && isBlock(node, yaml.SequenceNode) && len(after) > 0
	}
	if text, ok := after.(string); ok && strings.Contains(text, "\n") {
		return false
	}
	const multiline = yaml.LiteralStyle | yaml.FoldedStyle
	return node.Kind == yaml.ScalarNode && node.Style&multiline == 0 && node.ShortTag() != "!!null" && !strings.Contains(node.Value, "\n")
}

// addFields writes the new fields of a mapping behind those it has.
func (e *editor) addFields(node *yaml.Node, limit int, before, after map[string]any) {
	present := map[string]bool{}
	for i := 0; i < len(node.Content); i += 2 {
		present[node.Content[i].Value] = true
	}
	out := e.emitter()
	for _, key := range orderedKeys(after) {
		if was, had := before[key]; !present[key] && (!had || !equalFields(was, after[key])) {
			out.field(node.Column-1, key, after[key])
		}
	}
	if out.Len() > 0 {
		last := node.Content[len(node.Content)-2]
		at := e.start(e.endOf(last.Line, limit, node.Column))
		e.replace(at, at, out.String())
	}
}

// emitter is an empty one, good until it is asked for again.
func (e *editor) emitter() *emitter {
	out := &e.with.out
	out.Reset()
	out.style = e.style
	return out
}

// removeField removes the field at i of a mapping, less what its type does not know.
func (e *editor) removeField(node *yaml.Node, i, next int, was any) {
	key, value := node.Content[i], node.Content[i+1]
	whole, err := valueOf(value)
	rest := unknownIn(whole, was)
	switch {
	case err != nil:
		e.failed = true
	case len(rest) == 0:
		e.dropField(node, i, next)
	case isBlock(value, yaml.MappingNode) && !definesAnchor(value):
		e.changeFields(value, next, was.(map[string]any), map[string]any{})
	default:
		e.failed = e.failed || definesAnchor(value)
		e.rewriteField(key, next, rest)
	}
}

// dropField removes the field at i of a mapping.
func (e *editor) dropField(node *yaml.Node, i, next int) {
	key := node.Content[i]
	e.failed = e.failed || definesAnchor(node.Content[i+1])
	end := e.endOf(key.Line, next, node.Column)
	from := e.offset(key)
	if strings.TrimSpace(string(e.text[e.start(key.Line):from])) == "" {
		e.replace(e.start(key.Line), e.start(end), "")
		return
	}
	// It shares its line with the dash of a list: the next field moves up.
	if i+2 >= len(node.Content) {
		e.failed = true
		return
	}
	e.replace(from, e.offset(node.Content[i+2]), "")
}

// rewriteField writes a field anew, where its value is written in a way that does
// not allow a smaller change.
func (e *editor) rewriteField(key *yaml.Node, next int, value any) {
	if key.Anchor != "" || key.Kind != yaml.ScalarNode {
		e.failed = true
		return
	}
	out := e.emitter()
	out.field(key.Column-1, key.Value, value)
	from := e.offset(key)
	e.replace(from, e.start(e.endOf(key.Line, next, key.Column)), strings.TrimLeft(out.String(), " "))
}
