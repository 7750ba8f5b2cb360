package fix

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/object"
)

// properties passes over an anchor and a tag before a value.
func (s *splicer) properties(at int) int {
	for at < len(s.text) && (s.text[at] == '&' || s.text[at] == '!') {
		for at < len(s.text) && strings.IndexByte(" \n\r", s.text[at]) < 0 {
			at++
		}
		for at < len(s.text) && s.text[at] == ' ' {
			at++
		}
	}
	return at
}

// scalarEnd is where a scalar or a key ends that is on one line.
func (s *splicer) scalarEnd(at int, inFlow bool) int {
	if at < len(s.text) && (s.text[at] == '"' || s.text[at] == '\'') {
		return s.quotedEnd(at)
	}
	end := at
	for ; end < len(s.text) && s.text[end] != '\n'; end++ {
		c := s.text[end]
		if c == ':' && (end+1 == len(s.text) || strings.IndexByte(" \r\n", s.text[end+1]) >= 0) ||
			c == '#' && end > at && s.text[end-1] == ' ' || inFlow && strings.IndexByte(",]}", c) >= 0 {
			break
		}
	}
	for end > at && strings.IndexByte(" \t\r", s.text[end-1]) >= 0 {
		end--
	}
	return end
}

func (s *splicer) quotedEnd(at int) int {
	mark := s.text[at]
	for at++; at < len(s.text); at++ {
		switch {
		case mark == '"' && s.text[at] == '\\':
			at++
		case s.text[at] == mark && mark == '\'' && at+1 < len(s.text) && s.text[at+1] == mark:
			at++
		case s.text[at] == mark:
			return at + 1
		}
	}
	return len(s.text)
}

// scalarLike writes a value in the quotes that the old one has.
func (s *splicer) scalarLike(at int, value any) string {
	text, isText := value.(string)
	if !isText {
		return flow(plain(value), false)
	}
	switch {
	case at < len(s.text) && s.text[at] == '"':
		return doubleQuoted(text)
	case at < len(s.text) && s.text[at] == '\'' && !strings.ContainsAny(text, "\n\r"):
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	case simpleText(text):
		return text
	}
	return doubleQuoted(text)
}

// block writes a field on lines of its own.
func block(name string, value any, indent int, eol string) string {
	margin := strings.Repeat(" ", indent)
	key := margin + flowKey(name, false) + ":"
	fields, ok := value.(map[string]any)
	if !ok || len(fields) == 0 {
		return key + " " + flow(value, false) + eol
	}
	var text strings.Builder
	text.WriteString(key + eol)
	for _, name := range sorted(fields) {
		text.WriteString(block(name, fields[name], indent+indentStep, eol))
	}
	return text.String()
}

// simpleText says whether a text means itself without quotes, everywhere.
func simpleText(text string) bool {
	if text == "" || strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./") != "" || text[0] == '-' {
		return false
	}
	node, err := object.Parse([]byte("[" + text + "]"))
	return err == nil && len(node.Children) == 1 && node.Children[0].Kind == object.StringNode && node.Children[0].Text == text
}

func doubleQuoted(text string) string {
	var quoted bytes.Buffer
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil { // texts always can
		return `""`
	}
	return strings.TrimSuffix(quoted.String(), "\n")
}

func sorted(fields map[string]any) []string { return slices.Sorted(maps.Keys(fields)) }

func lineBreak(text []byte) string {
	if bytes.Contains(text, []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}

func (s *splicer) lineStart(at int) int { return bytes.LastIndexByte(s.text[:at], '\n') + 1 }

func (s *splicer) lineEnd(at int) int {
	if end := bytes.IndexByte(s.text[at:], '\n'); end >= 0 {
		return at + end
	}
	return len(s.text)
}

// nextLine is where the line after the one that at is in starts.
func (s *splicer) nextLine(at int) int { return min(s.lineEnd(at)+1, len(s.text)) }

// column is how far a place is from the start of its line.
func (s *splicer) column(at int) int { return at - s.lineStart(at) }

// afterColon is where the value of a key may start.
func (s *splicer) afterColon(key int) int {
	end := s.scalarEnd(key, false)
	for end < len(s.text) && s.text[end] != ':' {
		end++
	}
	return min(end+1, len(s.text))
}
