package fix

import (
	"bytes"
	"strings"

	"github.com/meshctl/meshctl/internal/object"
)

// inFlow says whether what is around the node is in brackets.
func (s *splicer) inFlow() bool {
	for _, node := range s.nodes[:len(s.nodes)-1] {
		if s.flowAt(node.Start) {
			return true
		}
	}
	return false
}

func (s *splicer) flowAt(start int) bool {
	at := s.properties(start)
	return at < len(s.text) && (s.text[at] == '{' || s.text[at] == '[')
}

// removeFlow takes an entry away together with a comma.
func (s *splicer) removeFlow() []byte {
	node, parent := s.node(), s.parent()
	end := s.valueEnd(node.Start)
	for i := range parent.Children {
		if parent.Children[i].KeyStart != node.KeyStart {
			continue
		}
		switch {
		case i+1 < len(parent.Children):
			return s.splice(node.KeyStart, parent.Children[i+1].KeyStart, "")
		case i > 0:
			return s.splice(s.valueEnd(parent.Children[i-1].Start), end, "")
		}
	}
	return s.splice(node.KeyStart, end, "")
}

// addFlow puts a field behind the last one in brackets, on a line of its own if
// that has one.
func (s *splicer) addFlow(name string, value any) []byte {
	node := s.node()
	open := s.properties(node.Start)
	quotes := s.quotesAll(node.Start)
	text := flowKey(name, quotes) + ": " + flow(value, quotes)
	if len(node.Children) == 0 {
		return s.splice(open+1, open+1, text)
	}
	last := &node.Children[len(node.Children)-1]
	gap := ", "
	if line := s.lineStart(last.KeyStart); line > open {
		gap = "," + s.eol + string(s.text[line:last.KeyStart])
		if strings.TrimSpace(string(s.text[line:last.KeyStart])) != "" {
			gap = ", "
		}
	}
	end := s.valueEnd(last.Start)
	return s.splice(end, end, gap+text)
}

// quotesAll says whether texts around here are all in double quotes, as in JSON.
func (s *splicer) quotesAll(at int) bool {
	if start := bytes.TrimLeft(s.text, " \t\r\n"); len(start) > 0 && start[0] == '{' && len(s.nodes) > 0 && len(s.nodes[0].Children) > 0 {
		return s.text[s.nodes[0].Children[0].KeyStart] == '"'
	}
	open := s.properties(at)
	if open >= len(s.text) || s.text[open] != '{' {
		return false
	}
	inside := bytes.TrimLeft(s.text[open+1:], " \t\r\n")
	return len(inside) > 0 && inside[0] == '"'
}

// valueEnd is where a value in brackets ends.
func (s *splicer) valueEnd(start int) int {
	at := s.properties(start)
	if at >= len(s.text) || s.text[at] != '{' && s.text[at] != '[' {
		return s.scalarEnd(at, true)
	}
	depth := 0
	for at < len(s.text) {
		switch c := s.text[at]; c {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return at + 1
			}
		case '"', '\'':
			if before := s.text[at-1]; strings.IndexByte(" \t\n{[,:", before) >= 0 {
				at = s.quotedEnd(at)
				continue
			}
		case '#':
			if before := s.text[at-1]; before == ' ' || before == '\n' {
				at = s.lineEnd(at)
				continue
			}
		}
		at++
	}
	return at
}

// flow writes a value on one line.
func flow(value any, quotes bool) string {
	switch v := value.(type) {
	case map[string]any:
		parts := make([]string, 0, len(v))
		for _, name := range sorted(v) {
			parts = append(parts, flowKey(name, quotes)+": "+flow(v[name], quotes))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = flow(item, quotes)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case string:
		if quotes || !simpleText(v) {
			return doubleQuoted(v)
		}
		return v
	}
	node := object.NodeOf(value)
	return string(node.AppendJSON(nil))
}

func flowKey(name string, quotes bool) string {
	if quotes || !simpleText(name) {
		return doubleQuoted(name)
	}
	return name
}
