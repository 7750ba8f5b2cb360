package profiles

import (
	"maps"
	"slices"
	"strconv"
)

// Platform is where the mesh is to run, and what follows from it: settings
// stronger than those of profiles and weaker than any the user makes.
type Platform struct {
	Name     string
	Settings map[string]any // below spec, by paths as --set takes them
}

// platformPaths are where the user may name a platform, or by "" none.
func platformPaths() [][]string {
	return [][]string{{"values", "platform"}, {"values", "global", "platform"}}
}

// under lays the settings of a platform over a profile. A user, or a profile
// made for one platform, that names a platform has the last word.
func (p Platform) under(profile *node, asked request) (*node, error) {
	said, named := newMapping(Origin{}), false
	for _, operator := range asked.files {
		said = merge(said, operator.spec)
	}
	var dropped problems
	said = assignAll(said, asked.sets, &dropped) // they are told where they are made
	for _, path := range platformPaths() {
		named = named || said.has(path...) || profile.str(path...) != ""
	}
	if named {
		return profile, nil
	}
	origin := Origin{Kind: FromPlatform, Name: p.Name}
	for _, text := range slices.Sorted(maps.Keys(p.Settings)) {
		path, err := parsePath(text)
		if err != nil {
			return nil, err
		}
		leaf := &node{kind: scalar, value: p.Settings[text], text: scalarText(p.Settings[text]), origin: origin}
		if profile, err = assign(profile, path, leaf); err != nil {
			return nil, err
		}
	}
	return profile, nil
}

func scalarText(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	return literal(value)
}

// Leaf is a single value of the resolved configuration.
type Leaf struct {
	Path   string   `json:"path"` // below spec
	Steps  []string `json:"-"`    // the same, apart
	Value  any      `json:"value"`
	Origin Origin   `json:"-"`
}

// PlatformLeaves lists the values that are what they are because of the
// platform: those it sets, and those of the overlay it chooses.
func (m *Mesh) PlatformLeaves() []Leaf {
	choice := m.platformChoice()
	return m.leaves(func(o Origin) bool {
		return o.Kind == FromPlatform || choice != "" && o.Kind == FromOverlay && o.Name == "platform "+choice
	})
}

// platformChoice is the platform overlay in use, "" for none.
func (m *Mesh) platformChoice() string {
	for _, path := range platformPaths() {
		if name := m.spec.str(path...); name != "" {
			return name
		}
	}
	return ""
}

// PlatformNamed is the platform that the configuration names, and who says so.
func (m *Mesh) PlatformNamed() (string, Origin) {
	for _, path := range platformPaths() {
		if found := m.spec.at(path...); found != nil && found.kind == scalar && (found.text != "" || found.origin.User()) {
			return found.text, found.origin
		}
	}
	return "", Origin{}
}

// Leaves lists the values below a path of the spec, sorted by path.
func (m *Mesh) Leaves(below ...string) []Leaf {
	var found []Leaf
	m.spec.at(below...).walkLeaves(below, func(path []string, leaf *node) {
		found = append(found, Leaf{Path: pathText(path), Steps: path, Value: leaf.plain(), Origin: leaf.origin})
	})
	return found
}

func (m *Mesh) leaves(want func(Origin) bool) []Leaf {
	return slices.DeleteFunc(m.Leaves(), func(l Leaf) bool { return !want(l.Origin) })
}

// walkLeaves visits what has nothing below it.
func (n *node) walkLeaves(path []string, visit func([]string, *node)) {
	switch {
	case n == nil || n.null():
	case n.kind == mapping && len(n.fields) > 0:
		for _, name := range n.keys() {
			n.fields[name].walkLeaves(below(path, name), visit)
		}
	case n.kind == list && len(n.items) > 0:
		for i, item := range n.items {
			item.walkLeaves(below(path, listStep(i)), visit)
		}
	default:
		visit(path, n)
	}
}

// listStep is the step of a path into a list.
func listStep(i int) string { return "[" + strconv.Itoa(i) + "]" }
