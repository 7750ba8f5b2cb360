package inject

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// emitter writes values as YAML in block style, as people write manifests.
type emitter struct {
	strings.Builder
	eol string
	// listIndent is by how much lists stand right of their key.
	listIndent int
}

// field writes "key: value" with its line end.
func (e *emitter) field(indent int, key string, value any) {
	e.WriteString(strings.Repeat(" ", indent))
	e.WriteString(scalarText(key))
	e.WriteByte(':')
	e.rest(indent, value)
}

// item writes "- value" with its line end.
func (e *emitter) item(indent int, value any) {
	e.WriteString(strings.Repeat(" ", indent))
	e.WriteByte('-')
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
			e.line(" " + scalarText(value))
			return
		}
		body, chomp := strings.CutSuffix(value, "\n")
		header := " |-"
		if chomp {
			header = " |"
		}
		e.line(header)
		for line := range strings.SplitSeq(body, "\n") {
			e.line(strings.Repeat(" ", indent+2) + line)
		}
	default:
		e.line(" " + scalarText(value))
	}
}

func (e *emitter) line(text string) {
	e.WriteString(text)
	e.WriteString(e.eol)
}

// literalText are lines that a literal block can hold as they are.
var literalText = regexp.MustCompile(`^[^\s\x00-\x1f][\x20-\x7e]*(\n[\x20-\x7e]*[\x21-\x7e])*\n?$`)

func isLiteral(text string) bool {
	return strings.Contains(text, "\n") && literalText.MatchString(text)
}

// plainText needs no quotes, whoever reads it.
var plainText = regexp.MustCompile(`^((-{0,2}[A-Za-z]|[/$])[A-Za-z0-9_./=$()@+,-]*(:[A-Za-z0-9_./=$()@+,-]+)*|[0-9]+(m|[KMGT]i))$`)

// reserved are words that are no strings without quotes.
func reserved(word string) bool {
	if _, ok := oldBool(word); ok {
		return true
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

func stringText(text string) string {
	if plainText.MatchString(text) && !reserved(text) {
		return text
	}
	printable := !strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c > '~' })
	if printable && strings.ContainsAny(text, `"\`) {
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
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
	first := []string{"name", "image", "imagePullPolicy", "restartPolicy", "command", "args", "ports", "env", "mountPath"}
	rank := func(key string) int {
		if i := slices.Index(first, key); i >= 0 {
			return i
		}
		return len(first)
	}
	return slices.SortedFunc(maps.Keys(fields), func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
}
