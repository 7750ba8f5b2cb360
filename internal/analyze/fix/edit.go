package fix

import (
	"reflect"
	"slices"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

// edit is one change of one field, in a document.
type edit struct {
	document *object.Document
	path     object.Path
	op       analyze.Op
	value    any
	name     string
	// near is the field that a new one comes after, if it is there.
	near string
	// from is the field that it takes the place of; what is said there about it goes along.
	from object.Path
}

// apply makes the change in the text.
func (e edit) apply(text []byte) ([]byte, error) {
	root, err := object.Parse(text)
	if err != nil {
		return nil, err
	}
	want, err := e.expect(root.Value())
	if err != nil {
		return nil, err
	}
	s := &splicer{text: text, eol: lineBreak(text)}
	if err := s.follow(&root, e.path); err != nil {
		return nil, err
	}
	var changed []byte
	switch e.op {
	case analyze.Remove:
		changed, err = s.remove()
	case analyze.Rename:
		changed, err = s.rename(e.name)
	default:
		changed, err = s.set(e)
	}
	if err != nil {
		return nil, err
	}
	got, err := object.Parse(changed)
	if err != nil || !reflect.DeepEqual(got.Value(), want) {
		return nil, refused("%s cannot be changed without changing more", e.path)
	}
	return changed, nil
}

// splicer changes one place of a text.
type splicer struct {
	text []byte
	eol  string
	// nodes are those on the path, from the top to where it leads, or to the
	// last one that is there.
	nodes []*object.Node
	// rest is what is not there of the path.
	rest object.Path
}

func (s *splicer) follow(root *object.Node, path object.Path) error {
	s.nodes = []*object.Node{root}
	for i, step := range path {
		if s.alias() {
			return refused("%s is an alias: what it stands for is used elsewhere too", path[:i])
		}
		last := s.nodes[len(s.nodes)-1]
		next, found := last.Find(object.Path{step})
		if !found {
			s.rest = path[i:]
			return nil
		}
		s.nodes = append(s.nodes, next)
	}
	if s.alias() {
		return refused("%s is an alias: what it stands for is used elsewhere too", path)
	}
	return nil
}

// alias says whether the last node is written as *name.
func (s *splicer) alias() bool {
	at := s.node().Start
	return s.node().Kind != object.NullNode && at < len(s.text) && s.text[at] == '*'
}

func (s *splicer) node() *object.Node { return s.nodes[len(s.nodes)-1] }

func (s *splicer) parent() *object.Node { return s.nodes[len(s.nodes)-2] }

// up is the splicer of what is around the node.
func (s *splicer) up() *splicer {
	above := *s
	above.nodes = s.nodes[:len(s.nodes)-1]
	return &above
}

// splice replaces a part of the text.
func (s *splicer) splice(start, end int, by string) []byte {
	return slices.Concat(s.text[:start], []byte(by), s.text[end:])
}
