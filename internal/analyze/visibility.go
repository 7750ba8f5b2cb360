package analyze

import (
	"slices"
	"strings"
)

// Visibility says which namespaces see a service, a route or a rule.
type Visibility struct {
	home   string
	all    bool
	spaces []string
}

// NewVisibility reads an exportTo list: of a resource in the namespace home,
// and if that has none, of the mesh.
func NewVisibility(home string, exportTo, standard []string) Visibility {
	if len(exportTo) == 0 {
		exportTo = standard
	}
	v := Visibility{home: home, all: len(exportTo) == 0}
	for _, to := range exportTo {
		switch to = strings.TrimSpace(to); to {
		case "*":
			v.all = true
		case ".":
			v.spaces = append(v.spaces, home)
		case "~", "":
		default:
			v.spaces = append(v.spaces, to)
		}
	}
	return v
}

// Sees says whether the namespace sees it.
func (v Visibility) Sees(namespace string) bool {
	return v.all || slices.Contains(v.spaces, namespace)
}

// Everywhere says whether all namespaces see it.
func (v Visibility) Everywhere() bool { return v.all }

// Namespaces are those that see it, where that is not all of them.
func (v Visibility) Namespaces() []string { return v.spaces }

// Shares says whether any namespace sees both.
func (v Visibility) Shares(other Visibility) bool {
	switch {
	case v.all:
		return other.all || len(other.spaces) > 0
	case other.all:
		return len(v.spaces) > 0
	}
	return slices.ContainsFunc(v.spaces, other.Sees)
}
