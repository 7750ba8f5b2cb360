package fix

import (
	"bytes"
	"unicode/utf8"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

// Change is what a fix does to one file: a text in place of another.
type Change struct {
	// At is the text that goes; it may be empty.
	At object.Position
	// Text is what comes.
	Text string
}

// Preview is what a fix would change, for those that apply it themselves. It is
// empty if the fix cannot be made in the text.
func Preview(fix analyze.Fix) []Change {
	edits, err := editsOf(fix)
	if err != nil {
		return nil
	}
	var documents []*object.Document
	texts := map[*object.Document][]byte{}
	for _, edit := range edits {
		text, ok := texts[edit.document]
		if !ok {
			text = edit.document.Text
			documents = append(documents, edit.document)
		}
		if texts[edit.document], err = edit.apply(text); err != nil {
			return nil
		}
	}
	var changes []Change
	for _, document := range documents {
		if change, ok := difference(document, texts[document]); ok {
			changes = append(changes, change)
		}
	}
	return changes
}

// difference is the part of a document in which a new text differs.
func difference(document *object.Document, text []byte) (Change, bool) {
	old := document.Text
	if bytes.Equal(old, text) {
		return Change{}, false
	}
	start := 0
	for start < min(len(old), len(text)) && old[start] == text[start] {
		start++
	}
	end := 0
	for end < min(len(old), len(text))-start && old[len(old)-1-end] == text[len(text)-1-end] {
		end++
	}
	for start > 0 && start < len(old) && !utf8.RuneStart(old[start]) {
		start--
	}
	for end > 0 && !utf8.RuneStart(old[len(old)-end]) {
		end--
	}
	line, column := object.LineColumn(old, start)
	endLine, endColumn := object.LineColumn(old, len(old)-end)
	offset := max(document.Source.Line-1, 0)
	return Change{
		At:   object.Position{File: document.Source.File, Line: line + offset, Column: column, EndLine: endLine + offset, EndColumn: endColumn},
		Text: string(text[start : len(text)-end]),
	}, true
}
