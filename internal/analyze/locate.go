package analyze

import (
	"github.com/meshctl/meshctl/internal/object"
)

// locate finds the places of findings in their files. Each document is read
// again once, for all findings in it: nodes are not kept from the first reading.
func locate(findings []Finding, workers int) {
	byDocument := map[*object.Document][]target{}
	var documents []*object.Document
	want := func(r *Resource, field object.Path, position *object.Position) {
		document := r.origin.document
		if document == nil {
			return
		}
		if byDocument[document] == nil {
			documents = append(documents, document)
		}
		byDocument[document] = append(byDocument[document], target{r.origin.path(field), position})
	}
	for i := range findings {
		finding := &findings[i]
		want(finding.Resource, finding.Field, &finding.Position)
		for j := range finding.Related {
			related := &finding.Related[j]
			want(related.Resource, related.Field, &related.Position)
		}
	}
	parallel(workers, len(documents), func(i int) {
		document := documents[i]
		root, err := object.Parse(document.Text)
		for _, target := range byDocument[document] {
			*target.position = object.Position{File: document.Source.File, Line: document.Source.Line}
			if err == nil { // it could be read when the mesh was made
				*target.position = document.Locate(&root, target.path)
			}
		}
	})
}

// target is a position to find.
type target struct {
	path     object.Path
	position *object.Position
}

// path is where a field of the resource is in its document.
func (o origin) path(field object.Path) object.Path {
	if o.spec && len(field) > 0 && field[0].Name == "spec" {
		field = field[1:]
	}
	return o.within.With(field)
}

// InDocument is where a field of the resource is written: the document, and the
// path from its top. ok is false for objects of a cluster.
func (r *Resource) InDocument(field object.Path) (document *object.Document, path object.Path, ok bool) {
	return r.origin.document, r.origin.path(field), r.origin.document != nil
}

// Target is the resource that an edit changes.
func (e Edit) Target() *Resource { return e.On.resource() }
