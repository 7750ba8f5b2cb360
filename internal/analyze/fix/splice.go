package fix

import (
	"bytes"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/object"
)

// remove takes the field or item at the end of the path away.
func (s *splicer) remove() ([]byte, error) {
	if len(s.rest) > 0 || len(s.nodes) < 2 {
		return nil, refused("it is not there")
	}
	parent := s.parent()
	switch {
	case len(parent.Children) == 1 && goesEmpty(parent.Key):
		return s.up().remove()
	case s.inFlow():
		return s.removeFlow(), nil
	case len(parent.Children) == 1:
		empty := "{}"
		if parent.Kind == object.ListNode {
			empty = "[]"
		}
		return s.up().replace(empty), nil
	}
	start := s.entryStart()
	line := s.lineStart(start)
	if end := s.entryEnd(); strings.TrimSpace(string(s.text[line:start])) == "" {
		return s.splice(line, s.nextLine(end), ""), nil
	}
	// It stands behind the dash of an item, so what comes next takes its place.
	for i := range parent.Children {
		if next := &parent.Children[i]; next.KeyStart > start {
			return s.splice(start, next.KeyStart, ""), nil
		}
	}
	return nil, refused("it cannot be taken out of its line")
}

// rename gives the field at the end of the path another name.
func (s *splicer) rename(name string) ([]byte, error) {
	node := s.node()
	if len(s.rest) > 0 || node.Key == "" {
		return nil, refused("it is not there")
	}
	end := s.scalarEnd(node.KeyStart, s.inFlow())
	return s.splice(node.KeyStart, end, s.scalarLike(node.KeyStart, name)), nil
}

// set gives the field at the end of the path a value, and makes it if it is not there.
func (s *splicer) set(e edit) ([]byte, error) {
	if len(s.rest) == 0 {
		return s.replaceValue(e.value)
	}
	if s.rest[0].Name == "" {
		return nil, refused("the list has no such item")
	}
	value := plain(e.value)
	for i := len(s.rest) - 1; i > 0; i-- {
		if s.rest[i].Name == "" {
			return nil, refused("the list has no such item")
		}
		value = map[string]any{s.rest[i].Name: value}
	}
	node := s.node()
	switch {
	case node.Kind == object.MapNode && s.flowAt(node.Start):
		return s.addFlow(s.rest[0].Name, value), nil
	case len(node.Children) > 0:
		return s.addBlock(s.rest[0].Name, value, e.near, e.from), nil
	case len(s.nodes) > 1 && node.Key != "" && !s.inFlow():
		indent := s.column(s.entryStart()) + indentStep
		return s.replace(s.eol + strings.TrimSuffix(block(s.rest[0].Name, value, indent, s.eol), s.eol)), nil
	}
	return nil, refused("there is no mapping to put it into")
}

const indentStep = 2

// addBlock puts a field below another of the same mapping, with the comment of
// what it comes from.
func (s *splicer) addBlock(name string, value any, near string, from object.Path) []byte {
	node := s.node()
	after := &node.Children[0]
	for i := range node.Children {
		if child := &node.Children[i]; child.KeyStart > after.KeyStart {
			after = child
		}
	}
	if sibling, ok := node.Field(near); ok {
		after = sibling
	}
	beside := *s
	beside.nodes = append(slices.Clip(beside.nodes), after)
	text := block(name, value, s.column(after.KeyStart), s.eol)
	if comment := s.comment(from); comment != "" {
		first, rest, _ := strings.Cut(text, s.eol)
		text = first + comment + s.eol + rest
	}
	at := s.nextLine(beside.entryEnd())
	if at > 0 && s.text[at-1] != '\n' {
		text = s.eol + strings.TrimSuffix(text, s.eol)
	}
	return s.splice(at, at, text)
}

// comment is the comment behind a scalar on its line, with the blanks before it.
func (s *splicer) comment(path object.Path) string {
	node, found := s.nodes[0].Find(path)
	if !found || len(path) == 0 || node.Kind == object.MapNode || node.Kind == object.ListNode {
		return ""
	}
	end := s.scalarEnd(s.properties(node.Start), false)
	behind := string(s.text[end:s.trimEnd(s.lineEnd(end))])
	if strings.HasPrefix(strings.TrimLeft(behind, " \t"), "#") {
		return behind
	}
	return ""
}

// replaceValue gives what is there another value.
func (s *splicer) replaceValue(value any) ([]byte, error) {
	node := s.node()
	switch plain(value).(type) {
	case map[string]any, []any:
		return s.replace(flow(plain(value), false)), nil
	}
	if node.Kind == object.MapNode || node.Kind == object.ListNode || node.Kind == object.NullNode {
		return s.replace(flow(plain(value), s.quotesAll(node.Start))), nil
	}
	start := s.properties(node.Start)
	text := s.scalarLike(start, value)
	if s.inFlow() && s.quotesAll(s.parent().Start) {
		text = flow(plain(value), true)
	}
	return s.splice(start, s.scalarEnd(start, s.inFlow()), text), nil
}

// replace puts a text where the value of the node is, all of it.
func (s *splicer) replace(text string) []byte {
	node := s.node()
	if s.inFlow() {
		return s.splice(node.Start, s.valueEnd(node.Start), text)
	}
	start := node.Start
	if node.Key != "" {
		start = s.afterColon(node.KeyStart)
		if !strings.HasPrefix(text, s.eol) {
			text = " " + text
		}
	}
	return s.splice(start, s.entryEnd(), text)
}

// entryStart is where the key begins, or the dash of an item.
func (s *splicer) entryStart() int {
	node := s.node()
	if node.Key != "" || len(s.nodes) < 2 {
		return node.KeyStart
	}
	if dash := bytes.LastIndexByte(s.text[:node.Start], '-'); dash >= 0 {
		return dash
	}
	return node.Start
}

// entryEnd is the end of the last line of the entry, whose further lines are
// indented more. Comments and blanks below it are not part of it.
func (s *splicer) entryEnd() int {
	start := s.entryStart()
	column := s.column(start)
	list := s.node().Kind == object.ListNode && s.node().Key != ""
	end := s.lineEnd(start)
	for at := s.nextLine(end); at < len(s.text); {
		stop := s.lineEnd(at)
		line := strings.TrimRight(string(s.text[at:stop]), " \r")
		content := strings.TrimLeft(line, " ")
		indent := len(line) - len(content)
		switch {
		case content == "":
		case indent > column, list && indent == column && (content == "-" || strings.HasPrefix(content, "- ")):
			end = stop
		default:
			return s.trimEnd(end)
		}
		at = s.nextLine(stop)
	}
	return s.trimEnd(end)
}

// trimEnd leaves the carriage return to the line break.
func (s *splicer) trimEnd(end int) int {
	if end > 0 && s.text[end-1] == '\r' {
		return end - 1
	}
	return end
}
