package profiles

import (
	"fmt"
	"strconv"
	"strings"
)

// Set is an argument of --set or one of its kin, all of which are PATH=VALUE.
//
// The path is below spec; its segments are divided by dots ("\." is a dot of a
// name) and each is a name, or picks an element of a list: [0] by its place,
// [-1] behind the last, [name:foo] by one of its fields. Everything after the
// first "=" is the value.
type Set struct {
	As       SetKind
	Argument string
	Data     []byte // of SetFile: what is in the file
}

// SetKind says how a value is read.
type SetKind int

// The ways to read a value, each a flag of its own.
const (
	SetScalar SetKind = iota // --set: a number, true, false, null, or else text
	SetText                  // --set-string: text, whatever it looks like
	SetFile                  // --set-file: the text in the file that is named
	SetJSON                  // --set-json: any JSON
)

// Flag is the name of the flag.
func (k SetKind) Flag() string {
	return [...]string{"set", "set-string", "set-file", "set-json"}[k]
}

// assignment is an argument that was read.
type assignment struct {
	path  []segment
	value *node
	place Origin
}

// segment is one step of a path: into a mapping if it has a name, else into a
// list.
type segment struct {
	text  string // as it was written
	name  string
	index int    // used if match is ""
	match string // field:value is kept apart as match and want
	want  string
}

func (s segment) inList() bool { return s.name == "" }

// parseSet reads a --set argument, the nth of them.
func parseSet(argument string, nth int) (assignment, error) {
	return Set{Argument: argument}.parse(nth)
}

// parse reads an argument, the nth of them.
func (s Set) parse(nth int) (assignment, error) {
	place := Origin{Kind: FromSet, Name: "--" + s.As.Flag() + " " + s.Argument, Line: nth}
	path, value, found := strings.Cut(s.Argument, "=")
	if !found {
		return assignment{}, &InputError{Place: place, Problem: "expected path=" + s.As.wants(), Hint: "for example --" + s.As.Flag() + " " + s.As.example()}
	}
	segments, err := parsePath(path)
	if err != nil {
		return assignment{}, &InputError{Place: place, Problem: err.Error()}
	}
	if len(segments) > 1 && segments[0].name == "spec" {
		segments = segments[1:]
	}
	leaf, err := s.read(value, place)
	if err != nil {
		return assignment{}, &InputError{Place: place, Problem: err.Error(), Hint: "for example --" + s.As.Flag() + " " + s.As.example()}
	}
	return assignment{path: segments, value: leaf, place: place}, nil
}

func (k SetKind) wants() string {
	return [...]string{"value", "text", "file", "JSON"}[k]
}

func (k SetKind) example() string {
	return [...]string{
		"values.pilot.traceSampling=100",
		"values.pilot.podAnnotations.build=0123",
		"values.pilot.jwksResolverExtraRootCA=ca.pem",
		`'values.pilot.nodeSelector={"disk":"ssd"}'`,
	}[k]
}

// read makes the value what the flag says it is.
func (s Set) read(value string, place Origin) (*node, error) {
	switch s.As {
	case SetJSON:
		return decodeJSON(value, place)
	case SetFile:
		return newScalar(string(s.Data), place), nil
	}
	leaf := newScalar(strings.ReplaceAll(value, `\,`, ","), place)
	if s.As == SetScalar {
		leaf.value = setScalar(leaf.text)
	}
	return leaf, nil
}

// parsePath divides a path into segments. Its errors name the segment.
func parsePath(path string) ([]segment, error) {
	var segments []segment
	for rest, more := path, true; more; {
		var step string
		step, rest, more = cutUnescaped(rest, '.')
		name, brackets, bracketed := cutUnescaped(step, '[')
		if name == "" && (!bracketed || len(segments) == 0) {
			return nil, fmt.Errorf("segment %d of the path %q is empty", len(segments)+1, path)
		}
		if name != "" {
			segments = append(segments, segment{text: name, name: unescape(name)})
		}
		for bracketed {
			var inside, behind string
			var closed bool
			inside, behind, closed = cutUnescaped(brackets, ']')
			if !closed {
				return nil, fmt.Errorf("segment %q: the bracket is not closed", "["+brackets)
			}
			element, err := parseElement(inside)
			if err != nil {
				return nil, err
			}
			segments = append(segments, element)
			if behind == "" {
				break
			}
			if behind[0] != '[' {
				return nil, fmt.Errorf("segment %q: expected a dot after the bracket, found %q", step, behind)
			}
			brackets = behind[1:]
		}
	}
	return segments, nil
}

func parseElement(inside string) (segment, error) {
	element := segment{text: "[" + inside + "]"}
	if index, err := strconv.Atoi(inside); err == nil {
		if index < -1 {
			return segment{}, fmt.Errorf("segment %q: expected an index, found a negative number", element.text)
		}
		element.index = index
		return element, nil
	}
	field, want, found := cutUnescaped(inside, ':')
	if !found || field == "" {
		return segment{}, fmt.Errorf("segment %q: expected a number or field:value in the brackets", element.text)
	}
	element.match, element.want = unescape(field), unescape(want)
	return element, nil
}

// cutUnescaped is strings.Cut at a sign that no backslash precedes and, for a
// dot, that stands in no brackets.
func cutUnescaped(text string, sign byte) (before, after string, found bool) {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case text[i] == sign && depth == 0:
			return text[:i], text[i+1:], true
		case sign == '.' && text[i] == '[':
			depth = 1
		case sign == '.' && text[i] == ']':
			depth = 0
		}
	}
	return text, "", false
}

func unescape(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	var plain strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) {
			i++
		}
		plain.WriteByte(text[i])
	}
	return plain.String()
}
