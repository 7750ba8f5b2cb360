// Package duplicate finds objects that the input defines twice, and differently.
package duplicate

import (
	_ "embed"
	"fmt"
	"slices"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed MSH0004.md
var msh0004 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:  "duplicate",
	Doc:   "No object is in the input twice with different contents.",
	Needs: []analyze.Kind{analyze.MeshConfig},
	Codes: []*analyze.Code{twice},
	Run:   run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var twice = &analyze.Code{ID: "MSH0004", Severity: analyze.Warning, Title: "An object is defined twice", Doc: msh0004}

func run(pass *analyze.Pass) error {
	pairs := pairs(pass.Mesh)
	sides := make([]*analyze.Resource, 0, 2*len(pairs))
	for _, pair := range pairs {
		sides = append(sides, pair.First, pair.Last)
	}
	values := make([]any, len(sides))
	pass.Nodes(sides, func(i int, node *object.Node) { values[i] = node.Value() })
	for i, pair := range pairs {
		field, differs := difference(values[2*i], values[2*i+1], nil)
		if !differs {
			continue
		}
		pass.Report(analyze.Diagnostic{
			Code: twice, On: pair.Last, Field: object.Field("metadata.name"),
			Message: fmt.Sprintf("%s is defined twice, with another %s: only the last one counts", pair.Last, field),
			Related: []analyze.Related{{On: pair.First, Field: object.Field("metadata.name"), Note: "the first one"}},
		})
	}
	return nil
}

// pairs are the objects of which documents have two.
func pairs(mesh *analyze.Mesh) []analyze.Duplicate {
	var pairs []analyze.Duplicate
	for pair := range mesh.Duplicates() {
		if !pair.First.Live() && !pair.Last.Live() {
			pairs = append(pairs, pair)
		}
	}
	// Objects of other kinds are in the mesh as often as in the input.
	last := map[string]*analyze.Resource{}
	for r := range mesh.Others() {
		if r.Live() || r.Name == "" || r.Name[len(r.Name)-1] == '*' {
			continue
		}
		key := string(r.Kind) + " " + r.FullName()
		if first, ok := last[key]; ok {
			pairs = append(pairs, analyze.Duplicate{First: first, Last: r})
		}
		last[key] = r
	}
	return pairs
}

// difference is the first field, by its name, in which two values differ.
func difference(a, b any, at object.Path) (field object.Path, differs bool) {
	first, isMap := a.(map[string]any)
	second, areMaps := b.(map[string]any)
	if !isMap || !areMaps {
		return at, !equal(a, b)
	}
	names := make([]string, 0, len(first)+len(second))
	for name := range first {
		names = append(names, name)
	}
	for name := range second {
		if _, both := first[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		mine, ok := first[name]
		theirs, both := second[name]
		if ok != both {
			return at.Key(name), true
		}
		if field, differs := difference(mine, theirs, at.Key(name)); differs {
			return field, true
		}
	}
	return nil, false
}

func equal(a, b any) bool {
	first, isList := a.([]any)
	second, areLists := b.([]any)
	if !isList || !areLists {
		return fmt.Sprintf("%T %v", a, a) == fmt.Sprintf("%T %v", b, b)
	}
	return slices.EqualFunc(first, second, func(x, y any) bool {
		_, differs := difference(x, y, nil)
		return !differs
	})
}
