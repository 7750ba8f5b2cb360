package render

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
)

func sortedKeys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }

// applyOverlays changes single fields of the rendered objects, in place, as
// k8s.overlays asks. An overlay that finds no object, or a path that leads
// nowhere, is an error: upstream ignores both, and nobody notices.
func applyOverlays(component profiles.Component, origin origins, objects []object.Object) error {
	overlays, _ := component.K8s["overlays"].([]any)
	for i, entry := range overlays {
		overlay, _ := entry.(map[string]any)
		kind, _ := overlay["kind"].(string)
		name, _ := overlay["name"].(string)
		at := overlayAt{origin, slices.Concat(component.Path, []string{"k8s", "overlays", strconv.Itoa(i)})}
		matched := false
		for _, o := range objects {
			if o.GetKind() != kind || o.GetName() != name {
				continue
			}
			matched = true
			if err := applyPatches(o, overlay["patches"], at); err != nil {
				return err
			}
		}
		if !matched {
			return at.refuse(fmt.Sprintf("no %s named %q is rendered here; there are %s", kind, name, names(objects, kind)), "name")
		}
	}
	return nil
}

// overlayAt is where an overlay is written.
type overlayAt struct {
	origin origins
	path   []string
}

// refuse is what is wrong with a field of the overlay.
func (at overlayAt) refuse(problem string, field ...string) error {
	path := slices.Concat(at.path, field)
	return &profiles.InputError{Place: at.origin(path...), Path: specPath(path), Problem: problem}
}

// specPath is a path below spec as --set takes it.
func specPath(path []string) string {
	var text strings.Builder
	text.WriteString("spec")
	for _, step := range path {
		if _, err := strconv.Atoi(step); err == nil {
			text.WriteString("[" + step + "]")
		} else {
			text.WriteString("." + step)
		}
	}
	return text.String()
}

func names(objects []object.Object, kind string) string {
	var found []string
	for _, o := range objects {
		if kind == o.GetKind() {
			found = append(found, strconv.Quote(o.GetName()))
		}
	}
	if found == nil {
		return "none of that kind"
	}
	return strings.Join(found, ", ")
}

func applyPatches(o object.Object, patches any, at overlayAt) error {
	list, _ := patches.([]any)
	for i, entry := range list {
		change, _ := entry.(map[string]any)
		path, _ := change["path"].(string)
		value, set := change["value"]
		if text, ok := value.(string); ok {
			value = asTree(text)
		}
		steps, err := parsePath(path)
		if err != nil {
			return at.refuse(fmt.Sprintf("%q is %v", path, err), "patches", strconv.Itoa(i), "path")
		}
		changed, err := setAt(o.Object, steps, value, !set || value == nil)
		if err != nil {
			return at.refuse(fmt.Sprintf("%q leads nowhere in %s: %v", path, o.Ref(), err), "patches", strconv.Itoa(i), "path")
		}
		o.Object, _ = changed.(map[string]any)
	}
	return nil
}

// asTree reads a block of "key: value" lines as the tree it describes; any
// other text stays text.
func asTree(text string) any {
	if !strings.Contains(text, ": ") && !strings.HasSuffix(strings.TrimSpace(text), ":") || strings.HasPrefix(text, "{") {
		return text
	}
	var tree map[string]any
	if yaml.Unmarshal([]byte(text), &tree) != nil {
		return text
	}
	return tree
}

// step is one part of an overlay path: a key of a map, or an element of a list.
type step struct {
	key      string
	inList   bool
	matchKey string // [key:value]; empty for [value] and [index]
	match    string
}

var errPath = fmt.Errorf("not a path: segments are parted by dots, list elements stand in brackets")

// parsePath cuts a.b.[name:x].[0] at its dots; "\." is a dot in a key and
// "\:" a colon in a match.
func parsePath(path string) ([]step, error) {
	var steps []step
	for _, segment := range splitEscaped(strings.ReplaceAll(path, "[", ".["), '.') {
		switch {
		case segment == "":
			continue
		case strings.HasPrefix(segment, "["):
			inner, closed := strings.CutSuffix(segment[1:], "]")
			if !closed || inner == "" {
				return nil, errPath
			}
			parts := splitEscaped(inner, ':')
			if len(parts) > 1 {
				steps = append(steps, step{inList: true, matchKey: unescape(parts[0]), match: unescape(strings.Join(parts[1:], ":"))})
				continue
			}
			steps = append(steps, step{inList: true, match: unescape(inner)})
		default:
			steps = append(steps, step{key: unescape(segment)})
		}
	}
	if len(steps) == 0 {
		return nil, errPath
	}
	return steps, nil
}

func splitEscaped(text string, separator byte) []string {
	var parts []string
	start := 0
	depth := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
		case c == '[' && separator == '.':
			depth++
		case c == ']' && separator == '.' && depth > 0:
			depth--
		case c == separator && depth == 0:
			parts = append(parts, text[start:i])
			start = i + 1
		}
	}
	return append(parts, text[start:])
}

func unescape(text string) string {
	return strings.NewReplacer(`\.`, ".", `\:`, ":").Replace(text)
}

// setAt is tree with the value at steps replaced, or removed. Maps on the way
// are made where they lack; list elements must be there.
func setAt(tree any, steps []step, value any, remove bool) (any, error) {
	if len(steps) == 0 {
		return value, nil
	}
	if steps[0].inList {
		return setInList(tree, steps, value, remove)
	}
	fields, ok := tree.(map[string]any)
	if !ok {
		if tree != nil {
			return nil, fmt.Errorf("%q is looked for in %T, which has no fields", steps[0].key, tree)
		}
		fields = map[string]any{}
	}
	key := steps[0].key
	if remove {
		if _, there := fields[key]; !there {
			return nil, fmt.Errorf("there is no field %q", key)
		}
		if len(steps) == 1 {
			delete(fields, key)
			return fields, nil
		}
	}
	changed, err := setAt(fields[key], steps[1:], value, remove)
	if err != nil {
		return nil, err
	}
	fields[key] = changed
	return fields, nil
}

func setInList(tree any, steps []step, value any, remove bool) (any, error) {
	list, ok := tree.([]any)
	if !ok && tree != nil {
		return nil, fmt.Errorf("[%s] selects in a list, and there is %T", steps[0].match, tree)
	}
	at, err := indexOf(list, steps[0], len(steps) == 1)
	if err != nil {
		return nil, err
	}
	if at == len(list) {
		if remove {
			return nil, fmt.Errorf("there is no element [%s]", steps[0].match)
		}
		list = append(list, nil)
	}
	if remove && len(steps) == 1 {
		return slices.Delete(list, at, at+1), nil
	}
	changed, err := setAt(list[at], steps[1:], value, remove)
	if err != nil {
		return nil, err
	}
	list[at] = changed
	return list, nil
}

// indexOf finds the element a step selects: by index (-1 appends), by the
// value of a field, or, for lists of texts, by a regular expression.
func indexOf(list []any, s step, last bool) (int, error) {
	if n, err := strconv.Atoi(s.match); err == nil && s.matchKey == "" {
		if n == -1 {
			return len(list), nil
		}
		if n < 0 || n >= len(list) {
			return 0, fmt.Errorf("index %d is outside the list of %d", n, len(list))
		}
		return n, nil
	}
	for i, element := range list {
		fields, isMap := element.(map[string]any)
		if s.matchKey != "" && isMap && fmt.Sprint(fields[s.matchKey]) == s.match {
			return i, nil
		}
		if s.matchKey == "" && !isMap && last {
			if ok, err := regexp.MatchString(strings.TrimPrefix(s.match, ":"), fmt.Sprint(element)); err == nil && ok {
				return i, nil
			}
		}
	}
	return 0, fmt.Errorf("no element matches [%s]%s", strings.TrimPrefix(s.matchKey+":"+s.match, ":"), selectable(list, s.matchKey))
}

// selectable says which elements of a list could have been selected.
func selectable(list []any, key string) string {
	var found []string
	for _, element := range list {
		fields, isMap := element.(map[string]any)
		switch {
		case isMap && key != "" && fields[key] != nil:
			found = append(found, fmt.Sprintf("[%s:%v]", key, fields[key]))
		case !isMap && key == "":
			found = append(found, fmt.Sprintf("[%v]", element))
		}
	}
	switch len(found) {
	case 0:
		return ""
	case 1:
		return "; there is only " + found[0]
	}
	return "; there are " + strings.Join(found, ", ")
}
