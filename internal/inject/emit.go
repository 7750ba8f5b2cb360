package inject

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// emitter writes values as YAML in block style, as people write manifests.
type emitter struct {
	bytes.Buffer
	style
}

// style is how a document is written.
type style struct {
	eol string
	// listIndent is by how much lists stand right of their key.
	listIndent int
}

// field writes "key: value" with its line end.
func (e *emitter) field(indent int, key string, value any) {
	e.blanks(indent)
	e.WriteString(scalarText(key))
	e.WriteByte(':')
	e.rest(indent, value)
}

// item writes "- value" with its line end.
func (e *emitter) item(indent int, value any) {
	e.blanks(indent)
	e.WriteByte('-')
	if items, ok := value.([]any); ok && len(items) > 0 {
		e.line("")
		for _, item := range items {
			e.item(indent+2, item)
		}
		return
	}
	fields, ok := value.(map[string]any)
	if !ok || len(fields) == 0 {
		e.rest(indent, value)
		return
	}
	for i, key := range orderedKeys(fields) {
		if i == 0 {
			e.WriteByte(' ')
			e.WriteString(scalarText(key))
			e.WriteByte(':')
			e.rest(indent+2, fields[key])
			continue
		}
		e.field(indent+2, key, fields[key])
	}
}

// rest writes what follows a colon or a dash.
func (e *emitter) rest(indent int, value any) {
	switch value := value.(type) {
	case map[string]any:
		if len(value) == 0 {
			e.line(" {}")
			return
		}
		e.line("")
		for _, key := range orderedKeys(value) {
			e.field(indent+2, key, value[key])
		}
	case []any:
		if len(value) == 0 {
			e.line(" []")
			return
		}
		e.line("")
		for _, item := range value {
			e.item(indent+e.listIndent, item)
		}
	case string:
		if !isLiteral(value) {
			e.WriteByte(' ')
			e.line(stringText(value))
			return
		}
		body, chomp := strings.CutSuffix(value, "\n")
		header := " |-"
		if chomp {
			header = " |"
		}
		e.line(header)
		for line := range strings.SplitSeq(body, "\n") {
			e.blanks(indent + 2)
			e.line(line)
		}
	default:
		e.WriteByte(' ')
		e.line(scalarText(value))
	}
}

func (e *emitter) blanks(n int) {
	const some = "                                        "
	for ; n > len(some); n -= len(some) {
		e.WriteString(some)
	}
	e.WriteString(some[:max(n, 0)])
}

func (e *emitter) line(text string) {
	e.WriteString(text)
	e.WriteString(e.eol)
}

// isLiteral tells text that a literal block can hold as it is: several lines of
// printable characters, none of them blank or with blanks around it that matter.
func isLiteral(text string) bool {
	if !strings.Contains(text, "\n") || text[0] == ' ' || text[0] == '\n' {
		return false
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		if line == "" || line[len(line)-1] == ' ' || strings.ContainsFunc(line, func(c rune) bool { return c < ' ' || c > '~' }) {
			return false
		}
	}
	return true
}

// isPlain tells text that needs no quotes, whoever reads it.
func isPlain(text string) bool {
	if text == "" || reserved(text) {
		return false
	}
	letters := strings.TrimLeft(text, "-")
	if len(text)-len(letters) > 2 || letters == "" {
		return false
	}
	if first := letters[0]; !isLetter(first) && (first != '/' && first != '$' || letters != text) {
		return isAmount(text)
	}
	for i := range len(text) {
		c := text[i]
		if c == ':' && i+1 < len(text) && text[i+1] != ':' || isLetter(c) || isDigit(c) || strings.IndexByte("_./=$()@+,-", c) >= 0 {
			continue
		}
		return false
	}
	return true
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isAmount knows quantities that look like no number: 100m, 128Mi.
func isAmount(text string) bool {
	unit := strings.TrimLeft(text, "0123456789")
	switch unit {
	case "m", "Ki", "Mi", "Gi", "Ti":
		return len(unit) < len(text)
	}
	return false
}

// reserved are words that are no strings without quotes.
func reserved(word string) bool {
	if _, ok := oldBool(word); ok {
		return true
	}
	const longest = len("false")
	if len(word) > longest {
		return false
	}
	switch strings.ToLower(word) {
	case "true", "false", "null", "nan", "inf":
		return true
	}
	return false
}

func scalarText(value any) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case string:
		return stringText(value)
	case bool:
		return strconv.FormatBool(value)
	case int64:
		const decimal = 10
		return strconv.FormatInt(value, decimal)
	case float64:
		return strconv.FormatFloat(value, 'g', -1, 64)
	case map[string]any:
		if len(value) == 0 {
			return "{}"
		}
	case []any:
		if len(value) == 0 {
			return "[]"
		}
	}
	return fmt.Sprint(value)
}

// scalarTextLike keeps the quotes of the value that it takes the place of, so
// that a value which comes back looks as it did.
func scalarTextLike(style yaml.Style, value any) string {
	text, isText := value.(string)
	switch {
	case isText && style&yaml.DoubleQuotedStyle != 0:
		return quoteJSON(text)
	case isText && style&yaml.SingleQuotedStyle != 0 && isPrintable(text):
		return singleQuoted(text)
	}
	return scalarText(value)
}

func isPrintable(text string) bool {
	return !strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c > '~' })
}

func singleQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

func stringText(text string) string {
	if isPlain(text) {
		return text
	}
	if isPrintable(text) && strings.ContainsAny(text, `"\`) {
		return singleQuoted(text)
	}
	return quoteJSON(text)
}

// quoteJSON quotes a string as JSON, which is YAML too, without the escapes that
// are for web pages.
func quoteJSON(value any) string {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return fmt.Sprint(value)
	}
	return strings.TrimSuffix(text.String(), "\n")
}

// orderedKeys puts the fields first by which people tell containers apart.
func orderedKeys(fields map[string]any) []string {
	keys := make([]string, 0, len(fields))
	for key := range fields {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int {
		if byRank := rankOf(a) - rankOf(b); byRank != 0 {
			return byRank
		}
		return strings.Compare(a, b)
	})
	return keys
}

func rankOf(key string) int {
	const last = 9
	switch key {
	case "name":
		return 0
	case "image":
		return 1
	case "imagePullPolicy":
		return 2
	case "restartPolicy":
		return 3
	case "command":
		return 4
	case "args":
		return 5
	case "ports":
		return 6
	case "env":
		return 7
	case "mountPath":
		return 8
	}
	return last
}
