package plan

import (
	"regexp"
	"strings"

	"github.com/meshctl/meshctl/internal/object"
)

// contested keeps the conflicts about fields that would really change. The API
// server also reports fields of which two managers spell the same value
// differently, such as a list with and without its defaults.
func contested(conflicts []object.Conflict, diff []FieldChange) []object.Conflict {
	var changed []object.Conflict
	for _, conflict := range conflicts {
		field := pathOf(conflict.Field)
		for _, change := range diff {
			if within(change.Path, field) || within(field, change.Path) {
				changed = append(changed, conflict)
				break
			}
		}
	}
	return changed
}

var (
	// namedElement is how managed fields address the element of a list by its name.
	namedElement = regexp.MustCompile(`\[name="([^"]*)"\]`)
	// otherElement is one that is addressed by other keys.
	otherElement = regexp.MustCompile(`\[[^\]]*=.*`)
)

// pathOf is a field as managed fields name it, in the words of a diff. What
// follows an element that a diff addresses differently is cut off, which makes
// the path match too much rather than too little.
func pathOf(field string) string {
	field = namedElement.ReplaceAllString(strings.TrimPrefix(field, "."), "[$1]")
	return otherElement.ReplaceAllString(field, "")
}

// within reports whether path is at or below parent.
func within(path, parent string) bool {
	rest, ok := strings.CutPrefix(path, parent)
	return ok && (rest == "" || strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "["))
}
