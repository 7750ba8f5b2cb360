package inject

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// record is what an injection forgets and uninject needs: by path, the values
// that cannot be told from the result, such as the name of a port of which only
// the number is left. It stands in the text as a comment, because the pod must be
// the one that the webhook makes. A nil value is a field that was not there.
type record map[string]any

// recordMark begins the comment.
const recordMark = "# meshctl uninject: "

// recordOf reads the comment of a pod, if it has one.
func (e *editor) recordOf(t *target) (record, error) {
	line := e.recordLine(t)
	if line == 0 {
		return nil, nil
	}
	text := strings.TrimPrefix(strings.TrimSpace(e.lineText(line)), recordMark)
	notes := record{}
	if err := json.Unmarshal([]byte(text), &notes); err != nil {
		return nil, fmt.Errorf("reading the comment %q: %w", strings.TrimSpace(recordMark), err)
	}
	for path, value := range notes {
		notes[path] = whole(value)
	}
	return notes, nil
}

// recordLine is the line of the comment, 0 if there is none.
func (e *editor) recordLine(t *target) int {
	key := e.recordKey(t)
	if key == nil || key.Line < 2 || !strings.HasPrefix(strings.TrimSpace(e.lineText(key.Line-1)), recordMark) {
		return 0
	}
	return key.Line - 1
}

// recordKey is the field above which the comment stands: the first that has a
// line for itself.
func (e *editor) recordKey(t *target) *yaml.Node {
	for i := 0; i < len(t.template.Content) && t.template.Style&yaml.FlowStyle == 0; i += 2 {
		key := t.template.Content[i]
		if strings.TrimSpace(string(e.text[e.start(key.Line):e.offset(key)])) == "" {
			return key
		}
	}
	return nil
}

// note writes the comment of a pod, or removes one that says nothing any more.
func (e *editor) note(t *target) {
	key, line, text := e.recordKey(t), e.recordLine(t), ""
	if key == nil {
		return
	}
	if len(t.record) > 0 {
		text = strings.Repeat(" ", key.Column-1) + recordMark + quoteJSON(map[string]any(t.record)) + e.style.eol
	}
	if line == 0 {
		line = key.Line
		e.replace(e.start(line), e.start(line), text)
		return
	}
	e.replace(e.start(line), e.start(line+1), text)
}

// difference is what turns from into to.
func difference(from, to any) record {
	notes := record{}
	notes.collect("", from, to)
	return notes
}

func (r record) collect(path string, from, to any) {
	if equalFields(from, to) {
		return
	}
	switch to := to.(type) {
	case map[string]any:
		from, ok := from.(map[string]any)
		if !ok {
			break
		}
		for key := range from {
			if _, stays := to[key]; !stays {
				r[path+"/"+escape(key)] = nil
			}
		}
		for key, value := range to {
			r.collect(path+"/"+escape(key), from[key], value)
		}
		return
	case []any:
		from, ok := from.([]any)
		if !ok || len(from) != len(to) {
			break
		}
		for i := range to {
			r.collect(path+"/"+strconv.Itoa(i), from[i], to[i])
		}
		return
	}
	r[path] = to
}

func escape(key string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(key) }

func unescape(key string) string { return strings.NewReplacer("~1", "/", "~0", "~").Replace(key) }

// replay makes the changes of a record. A path that leads nowhere is passed over:
// somebody has edited the pod since.
func (r record) replay(root any) any {
	for path, value := range r {
		root = setAt(root, strings.Split(strings.TrimPrefix(path, "/"), "/"), value)
	}
	return root
}

func setAt(root any, path []string, value any) any {
	key := unescape(path[0])
	switch root := root.(type) {
	case map[string]any:
		child, present := root[key]
		switch {
		case len(path) > 1 && present:
			root[key] = setAt(child, path[1:], value)
		case len(path) > 1:
		case value == nil:
			delete(root, key)
		default:
			root[key] = value
		}
	case []any:
		i, err := strconv.Atoi(key)
		if err != nil || i < 0 || i >= len(root) {
			break
		}
		if len(path) == 1 {
			root[i] = value
		} else {
			root[i] = setAt(root[i], path[1:], value)
		}
	}
	return root
}

// whole turns the numbers of JSON into those of Kubernetes.
func whole(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key := range value {
			value[key] = whole(value[key])
		}
	case []any:
		for i := range value {
			value[i] = whole(value[i])
		}
	case float64:
		if value == float64(int64(value)) {
			return int64(value)
		}
	}
	return value
}
