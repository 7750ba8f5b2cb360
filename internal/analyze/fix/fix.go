// Package fix applies the fixes that findings carry to the texts of files, and
// leaves everything else in them as it is: comments, quotes, indentation, anchors.
//
// An edit is made in the text and once more in the values that the text stands
// for. Only if the new text stands for exactly the new values is it taken, so a
// fix never changes more than it says, however odd the YAML is.
package fix

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

// maxRounds is how often findings are fixed and looked for again: fixes that
// touch each other take more than one round.
const maxRounds = 5

// Input is what to fix.
type Input struct {
	// Documents are all that was analysed.
	Documents []object.Document
	// Report is what was found in them.
	Report *analyze.Report
	// Read reads a file; it fails for what is none, such as standard input.
	Read func(file string) ([]byte, error)
	// Again analyses documents as those of the report were.
	Again func([]object.Document) (*analyze.Report, error)
}

// Result is what came of it. Nothing is written.
type Result struct {
	// Texts are the new texts of the files that change.
	Texts map[string][]byte
	// Before are their texts as they were read.
	Before map[string][]byte
	// Fixed are the findings that were fixed, in the order in which that was done.
	Fixed []analyze.Finding
	// Refused are findings with a fix that cannot be made in the text.
	Refused []Refusal
	// Report is what is left.
	Report *analyze.Report
	// Documents are those that the report is of.
	Documents []object.Document
}

// Refusal is a fix that was not applied, and why.
type Refusal struct {
	Finding analyze.Finding
	Err     error
}

// RefusedError is an edit that would change more than it should, or that the text has no place for.
type RefusedError struct{ Reason string }

func (e *RefusedError) Error() string { return e.Reason }

func refused(format string, values ...any) error {
	return &RefusedError{Reason: fmt.Sprintf(format, values...)}
}

// Run applies safe fixes until there are none, or none that can be applied.
func Run(in Input) (*Result, error) {
	result := &Result{Texts: map[string][]byte{}, Before: map[string][]byte{}, Report: in.Report, Documents: in.Documents}
	for range maxRounds {
		round := &round{in: in, result: result, texts: map[*object.Document][]byte{}}
		round.apply()
		if len(round.texts) == 0 {
			break
		}
		round.finish()
		report, err := in.Again(result.Documents)
		if err != nil {
			return nil, err
		}
		result.Report = report
	}
	return result, nil
}

// Safe is the fix of a finding that can be applied without a look, if it has one.
func Safe(f analyze.Finding) (analyze.Fix, bool) {
	at := slices.IndexFunc(f.Fixes, func(fix analyze.Fix) bool { return fix.Safe })
	if at < 0 {
		return analyze.Fix{}, false
	}
	return f.Fixes[at], true
}

// round is one pass over the findings of a report.
type round struct {
	in     Input
	result *Result
	texts  map[*object.Document][]byte
	done   []done
}

func (r *round) apply() {
	r.result.Refused = nil
	for _, finding := range r.result.Report.Findings {
		fix, ok := Safe(finding)
		if !ok {
			continue
		}
		edits, err := editsOf(fix)
		if err == nil && slices.ContainsFunc(edits, r.overlaps) {
			continue // the next round will see what is left of it
		}
		var texts map[*object.Document][]byte
		if err == nil {
			texts, err = r.attempt(edits)
		}
		if err != nil {
			r.result.Refused = append(r.result.Refused, Refusal{finding, err})
			continue
		}
		maps.Copy(r.texts, texts)
		for _, edit := range edits {
			r.done = append(r.done, done{edit.document, edit.path, edit.op})
		}
		r.result.Fixed = append(r.result.Fixed, finding)
	}
}

// attempt makes all edits of a fix, or none.
func (r *round) attempt(edits []edit) (map[*object.Document][]byte, error) {
	texts := map[*object.Document][]byte{}
	for _, edit := range edits {
		text, ok := texts[edit.document]
		if !ok {
			text, ok = r.texts[edit.document]
		}
		if !ok {
			if err := r.load(edit.document); err != nil {
				return nil, err
			}
			text = edit.document.Text
		}
		changed, err := edit.apply(text)
		if err != nil {
			return nil, err
		}
		texts[edit.document] = changed
	}
	return texts, nil
}

// load makes sure that a document is a part of its file, word for word: what was
// rendered, or came from elsewhere, is not.
func (r *round) load(document *object.Document) error {
	name := document.Source.File
	text, ok := r.result.Texts[name]
	if !ok {
		var err error
		if text, err = r.in.Read(name); err != nil {
			return err
		}
		if _, ok := r.result.Before[name]; !ok {
			r.result.Before[name] = text
		}
	}
	at := lineOffset(text, document.Source.Line)
	if !bytes.HasPrefix(text[at:], document.Text) {
		return refused("%s is made from other files", name)
	}
	return nil
}

// finish puts the changed documents into their files.
func (r *round) finish() {
	var changed []*object.Document
	for document := range r.texts {
		changed = append(changed, document)
	}
	// From the end, so that the places of those before stay what they are.
	slices.SortFunc(changed, func(a, b *object.Document) int {
		if order := strings.Compare(a.Source.File, b.Source.File); order != 0 {
			return order
		}
		return b.Source.Line - a.Source.Line
	})
	for _, document := range changed {
		name := document.Source.File
		text, ok := r.result.Texts[name]
		if !ok {
			text = r.result.Before[name]
		}
		at := lineOffset(text, document.Source.Line)
		r.result.Texts[name] = slices.Concat(text[:at], r.texts[document], text[at+len(document.Text):])
	}
	r.result.Documents = r.reread(changed)
}

// reread is all documents, those of changed files anew.
func (r *round) reread(changed []*object.Document) []object.Document {
	stale, put := map[string]bool{}, map[string]bool{}
	for _, document := range changed {
		stale[document.Source.File] = true
	}
	documents := make([]object.Document, 0, len(r.result.Documents))
	for _, document := range r.result.Documents {
		name := document.Source.File
		switch {
		case !stale[name]:
			documents = append(documents, document)
		case !put[name]:
			put[name] = true
			documents = append(documents, object.Documents(name, r.result.Texts[name])...)
		}
	}
	return documents
}

// lineOffset is where a line starts. As for documents, a byte order mark is not
// part of the first line.
func lineOffset(text []byte, line int) int {
	at := len(text) - len(bytes.TrimPrefix(text, []byte("\uFEFF")))
	for ; line > 1 && at < len(text); line-- {
		next := bytes.IndexByte(text[at:], '\n')
		if next < 0 {
			return len(text)
		}
		at += next + 1
	}
	return at
}
