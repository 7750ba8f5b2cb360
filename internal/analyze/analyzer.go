package analyze

import (
	"context"
	"fmt"

	"github.com/meshctl/meshctl/internal/object"
)

// Analyzer is a check: a value that says what it looks for and how.
type Analyzer struct {
	// Name is that of its package: "portname".
	Name string
	// Legacy are the names by which istioctl knows the same check.
	Legacy []string
	// Doc says in a sentence or two what the check looks for.
	Doc string
	// Needs are the kinds it reads. Where one could not be read, the check is
	// skipped, and the report says so.
	Needs []Kind
	// Uses are kinds it reads too but can do without.
	Uses []Kind
	// OnRequest keeps it out of an analysis unless somebody names it: it is about
	// what is to come, not about what is there.
	OnRequest bool
	// Codes are all findings it can make.
	Codes []*Code
	// Run looks at the mesh and reports. It must not change anything it gets.
	Run func(*Pass) error
}

// Code is a kind of finding. Its ID is stable, and never used for anything else.
type Code struct {
	ID       string
	Severity Severity
	// Title says what is wrong in a few words, as a sentence without a period.
	Title string
	// Doc is the page of the code in markdown: cause, effect on traffic, an
	// example, the fix. It has no heading; that is made of ID and Title.
	Doc string
	// Aliases are the codes by which Kiali knows the same. If there are several,
	// each is a part of what the code says, and findings tell which.
	Aliases []string
	// YieldsTo are codes whose findings say more: where one of them is about the
	// same field of the same resource, a finding with this code is dropped.
	YieldsTo []string
}

// Narrowed is the code as one of its findings has it: with the alias that the
// finding names, where there are several.
func (c *Code) Narrowed(alias string) *Code {
	if len(c.Aliases) < 2 {
		return c
	}
	narrow := *c
	narrow.Aliases = nil
	if alias != "" {
		narrow.Aliases = []string{alias}
	}
	return &narrow
}

// Severity says how bad a finding is.
type Severity uint8

// The severities, in the words of istioctl.
const (
	Info Severity = iota + 1
	Warning
	Error
)

// String is the word for the severity.
func (s Severity) String() string {
	switch s {
	case Info:
		return "Info"
	case Warning:
		return "Warning"
	case Error:
		return "Error"
	}
	return "Unknown"
}

// MarshalText implements encoding.TextMarshaler.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Diagnostic is what a check has to say about one resource.
type Diagnostic struct {
	Code *Code
	// Alias is the one of the code's aliases that the finding is, where the code
	// has several; none if it is empty.
	Alias string
	// Severity is that of the code unless it is set.
	Severity Severity
	On       Subject
	// Field is what is wrong in the resource. If it is not there, the finding
	// is placed at its nearest parent.
	Field   object.Path
	Message string
	// Also are other fields of the resource that are part of the matter, with
	// all below them. Only codes that yield need them.
	Also []object.Path
	// Absent are kinds of which the check found none where there should be one.
	// If they are not known completely, the finding is not made.
	Absent []Absence
	// Related are other places that are part of the matter.
	Related []Related
	// Fixes are alternatives; at most one is applied.
	Fixes []Fix
}

// Absence says that no object of a kind is there; in no namespace if Namespace is empty.
type Absence struct {
	Kind      Kind
	Namespace string
}

// Related is another place that a finding is about.
type Related struct {
	On    Subject
	Field object.Path
	Note  string
}

// Fix is a way to make a finding go away.
type Fix struct {
	// Title says what it does: "rename the port to http-web".
	Title string
	// Safe is true if applying it cannot break what works now.
	Safe  bool
	Edits []Edit
}

// Edit changes one field of a resource.
type Edit struct {
	On    Subject
	Op    Op
	Field object.Path
	// Value is what to set: a string, number, boolean, map or list.
	Value any
	// Name is the new name, for Rename.
	Name string
}

// Op is what an edit does.
type Op string

// What edits do.
const (
	// Set sets a field, or adds it.
	Set Op = "set"
	// Remove takes a field or list item away.
	Remove Op = "remove"
	// Rename gives a field another name and keeps its value.
	Rename Op = "rename"
)

// Pass is one run of one check, and the only door between it and the world.
type Pass struct {
	Analyzer *Analyzer
	Mesh     *Mesh
	// Report makes a finding.
	Report func(Diagnostic)

	ctx     context.Context
	workers int
}

// Context ends when the analysis is to stop. Only checks whose work can take
// long need to look at it.
func (p *Pass) Context() context.Context { return p.ctx }

// Reportf makes a finding without relations and fixes.
func (p *Pass) Reportf(code *Code, on Subject, field object.Path, format string, values ...any) {
	p.Report(Diagnostic{Code: code, On: on, Field: field, Message: fmt.Sprintf(format, values...)})
}
