package fix

import (
	"slices"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

// done is an edit that this round has made.
type done struct {
	document *object.Document
	path     object.Path
	op       analyze.Op
}

// overlaps says whether an edit touches what this round has changed: the same
// field, one in it or around it, or an item of a list that has lost one.
func (r *round) overlaps(e edit) bool {
	return slices.ContainsFunc(r.done, func(d done) bool {
		if d.document != e.document {
			return false
		}
		changed := d.path
		if d.op == analyze.Remove && changed[len(changed)-1].Name == "" {
			changed = changed[:len(changed)-1]
		}
		shared := min(len(changed), len(e.path))
		return slices.Equal(changed[:shared], e.path[:shared])
	})
}

// editsOf are the edits of a fix in the order in which they can be made one
// after the other: first what adds and renames, then what takes away, last
// items first.
func editsOf(fix analyze.Fix) ([]edit, error) {
	var edits []edit
	for _, one := range fix.Edits {
		document, path, ok := one.Target().InDocument(one.Field)
		if !ok {
			return nil, refused("it is in the cluster and not in a file")
		}
		if len(path) == 0 {
			return nil, refused("it is about the whole document")
		}
		edits = append(edits, edit{document: document, path: path, op: one.Op, value: one.Value, name: one.Name})
	}
	replace(edits)
	slices.SortStableFunc(edits, func(a, b edit) int {
		if removes := removal(a) - removal(b); removes != 0 || removal(a) == 0 {
			return removes
		}
		return slices.CompareFunc(b.path, a.path, func(x, y object.Step) int { return x.Index - y.Index })
	})
	return edits, nil
}

func removal(e edit) int {
	if e.op == analyze.Remove {
		return 1
	}
	return 0
}

// replace tells new fields what they come in place of: the field that the same
// fix removes. In the same mapping the new one also stands where that stood.
func replace(edits []edit) {
	gone := slices.IndexFunc(edits, func(e edit) bool { return e.op == analyze.Remove })
	if gone < 0 {
		return
	}
	old := edits[gone]
	depth := len(old.path) - 1
	for i := range edits {
		e := &edits[i]
		if e.op != analyze.Set || e.document != old.document {
			continue
		}
		e.from = old.path
		if depth < len(e.path) && slices.Equal(old.path[:depth], e.path[:depth]) {
			e.near = old.path[depth].Name
		}
	}
}
