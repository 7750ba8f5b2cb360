package analyze

import (
	_ "embed"
	"errors"
)

//go:embed IST0001.md
var ist0001 string

// Failure is a check that did not come to its end: a mistake in this program,
// and not in the mesh.
//
//nolint:gochecknoglobals // a code is an immutable value with an identity
var Failure = &Code{ID: "IST0001", Severity: Error, Title: "A check failed", Doc: ist0001}

// checkKind stands for a check, as what a failure is about.
const checkKind Kind = "Check"

// failure is the finding about a check that failed.
func failure(mesh *Mesh, a *Analyzer, err error) made {
	text := "the check failed, so what it looks for may be there and is not reported: " + err.Error()
	if _, ok := errors.AsType[*PanicError](err); ok {
		text += "; please report this with the input"
	}
	on := &Resource{Kind: checkKind, Name: a.Name, Cluster: mesh.cluster}
	return made{Diagnostic: Diagnostic{Code: Failure, Severity: Failure.Severity, On: on, Message: text}, analyzer: a.Name}
}
