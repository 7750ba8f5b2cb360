package inject

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	yamlv2 "go.yaml.in/yaml/v2"
	"k8s.io/apimachinery/pkg/runtime"
)

// reader reads what templates make. The output of a template for one pod is
// nearly the one for the next, so it is taken apart along its lines, and values
// that were seen before are not parsed again. What is not plain block YAML is
// left to the library as a whole, so that both always agree.
type reader struct{ seen sync.Map }

// longMemory is the longest value that is remembered.
const longMemory = 2 << 10

func (r *reader) fields(text string) (map[string]any, error) {
	if !strings.ContainsFunc(text, isOdd) && !strings.Contains(text, "---") && !strings.Contains(text, "...") {
		if fields, ok := r.block(slices.Collect(strings.Lines(text)), 0).(map[string]any); ok && len(fields) > 0 {
			return fields, nil
		}
	}
	return readMap([]byte(text))
}

// isOdd tells characters that end lines elsewhere, or that YAML does not allow
// everywhere, from those of plain text.
func isOdd(c rune) bool {
	const (
		noBreakSpace, lineSeparator, paragraphSeparator = 0xa0, 0x2028, 0x2029
		firstSurrogate                                  = 0xd800 // marks and what is no character at all are beyond
	)
	return c < ' ' && c != '\n' || c > '~' && c < noBreakSpace || c == lineSeparator || c == paragraphSeparator || c >= firstSurrogate
}

// unread is what reading ends with when the library has to do it.
type unread struct{}

// block reads lines that stand at an indentation or right of it.
func (r *reader) block(lines []string, indent int) any {
	entries, list, ok := entriesOf(lines, indent)
	if !ok {
		return unread{}
	}
	if list {
		items := make([]any, 0, len(entries))
		for _, entry := range entries {
			item := r.item(entry, indent)
			if _, failed := item.(unread); failed {
				return item
			}
			items = append(items, item)
		}
		return items
	}
	fields := make(map[string]any, len(entries))
	for _, entry := range entries {
		key, rest, _ := strings.Cut(entry[0][indent:], ":")
		value := r.value(entry, key, strings.TrimSpace(rest))
		if _, failed := value.(unread); failed {
			return value
		}
		fields[key] = value
	}
	return fields
}

// entriesOf cuts lines where fields or items begin. It is false for what is not
// all fields with simple names, or all items.
func entriesOf(lines []string, indent int) (entries [][]string, list, ok bool) {
	begin := -1
	for i, line := range lines {
		line = strings.TrimRight(line, "\n")
		rest := strings.TrimLeft(line, " ")
		depth := len(line) - len(rest)
		if rest == "" || depth > indent && begin >= 0 || depth == indent && begin >= 0 && (rest[0] == ']' || rest[0] == '}') {
			continue
		}
		isItem := strings.HasPrefix(rest, "- ")
		if begin >= 0 && !list && isItem && depth == indent && strings.HasSuffix(lines[begin], ":\n") {
			continue // a list may stand right below its key
		}
		if depth != indent || !isItem && !isField(rest) || begin >= 0 && isItem != list {
			return nil, false, false
		}
		if begin >= 0 {
			entries = append(entries, lines[begin:i])
		}
		begin, list = i, isItem
	}
	if begin < 0 {
		return nil, false, false
	}
	return append(entries, lines[begin:]), list, true
}

// isField says whether a line is a simple name, a colon and maybe more.
func isField(line string) bool {
	const longest = 1000 // YAML allows little more for names that nothing marks as such
	name, rest, ok := strings.Cut(line, ":")
	return ok && len(name) <= longest && (rest == "" || rest[0] == ' ') && isPlain(name) && isLetter(name[0]) && !strings.ContainsAny(name, "@,=$()")
}

// item reads an item of a list: what follows the dash is like lines of its own.
func (r *reader) item(lines []string, indent int) any {
	first := strings.TrimRight(lines[0], "\n")[indent+2:]
	if isField(first) {
		inner := append([]string{strings.Repeat(" ", indent+2) + lines[0][indent+2:]}, lines[1:]...)
		return r.block(inner, indent+2)
	}
	if !single(lines) {
		return unread{}
	}
	return r.remember("- "+first, func(content any) any {
		items, ok := content.([]any)
		if !ok || len(items) != 1 {
			return unread{}
		}
		return items[0]
	})
}

// value reads the value of a field, which begins on the line of its name or below.
func (r *reader) value(lines []string, key, rest string) any {
	var text string
	switch alone := single(lines); {
	case alone && isPlain(rest) && isLetter(rest[0]):
		return rest
	case alone:
		key, text = "_", "_: "+rest
	case rest != "":
		text = strings.Join(lines, "")
	default:
		return r.below(lines[1:])
	}
	return r.remember(text, func(content any) any {
		fields, ok := content.(map[string]any)
		value, present := fields[key]
		if !ok || !present || len(fields) != 1 {
			return unread{}
		}
		return value
	})
}

// below reads a value that begins on a line of its own.
func (r *reader) below(lines []string) any {
	for _, line := range lines {
		if trimmed := strings.TrimLeft(line, " "); trimmed != "\n" && trimmed != "" {
			return r.block(lines, len(line)-len(trimmed))
		}
	}
	return unread{}
}

// single says whether nothing but blank lines follows the first.
func single(lines []string) bool {
	for _, line := range lines[1:] {
		if strings.TrimSpace(line) != "" {
			return false
		}
	}
	return true
}

// remember parses a piece and picks the value out of it, unless it was seen before.
func (r *reader) remember(text string, pick func(any) any) any {
	if known, ok := r.seen.Load(text); ok {
		return runtime.DeepCopyJSONValue(known)
	}
	value, err := parse(text)
	if err != nil {
		return unread{}
	}
	value = pick(value)
	if _, failed := value.(unread); !failed && len(text) <= longMemory {
		r.seen.Store(text, runtime.DeepCopyJSONValue(value))
	}
	return value
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
