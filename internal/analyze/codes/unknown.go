package codes

import (
	_ "embed"
	"fmt"
	"slices"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/near"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed MSH0002.md
var msh0002 string

// UnknownField is a field, or a value, that a kind does not have.
//
//nolint:gochecknoglobals // a code is an immutable value with an identity
var UnknownField = &analyze.Code{ID: "MSH0002", Severity: analyze.Error, Title: "A field or a value is unknown", Doc: msh0002}

// Unknown is the finding of a field that nobody knows, with the name that may
// be meant among those that could stand there.
func Unknown(on analyze.Subject, field object.Path, known []string) analyze.Diagnostic {
	name := field[len(field)-1].Name
	finding := analyze.Diagnostic{Code: UnknownField, On: on, Field: field, Message: fmt.Sprintf("there is no field %q here", name)}
	if meant, only := near.Certain(name, known); meant != "" {
		finding.Message += fmt.Sprintf(": did you mean %q?", meant)
		finding.Fixes = []analyze.Fix{{
			Title: "rename it to " + meant, Safe: only,
			Edits: []analyze.Edit{{On: on, Op: analyze.Rename, Field: slices.Clone(field), Name: meant}},
		}}
	}
	return finding
}
