package object

import (
	"bytes"
	"unicode/utf8"
)

// Position is a place in a file, from 1; the zero value means it has none, as
// for objects of a cluster. The end is exclusive.
type Position struct {
	File      string `json:"file,omitempty"`
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	EndLine   int    `json:"endLine,omitempty"`
	EndColumn int    `json:"endColumn,omitempty"`
}

// Locate finds the position of fields in a document: from the key to the end of
// the value where that is on one line, else the key alone. A field that is not
// there has the position of its nearest parent. Positions count from the
// source's line.
func (d Document) Locate(root *Node, path Path) Position {
	node, found := root.Find(path)
	start, end := node.KeyStart, node.End
	if !found || node.Kind == MapNode || node.Kind == ListNode {
		end = start + len(node.Key)
	}
	if node.Key == "" && end == start {
		end = lineEnd(d.Text, start)
	}
	if newline := bytes.IndexByte(d.Text[start:max(start, end)], '\n'); newline >= 0 {
		end = start + newline
	}
	line, column := LineColumn(d.Text, start)
	endLine, endColumn := LineColumn(d.Text, end)
	if d.Rendered != nil && d.Rendered.Lines != nil {
		return Position{File: d.Source.File, Line: d.LineOf(line)} // columns are those of the rendered text
	}
	return Position{File: d.Source.File, Line: d.LineOf(line), Column: column, EndLine: d.LineOf(endLine), EndColumn: endColumn}
}

func lineEnd(text []byte, from int) int {
	if newline := bytes.IndexByte(text[from:], '\n'); newline >= 0 {
		return from + newline
	}
	return len(text)
}

// LineColumn turns a byte offset into line and column, both from 1. Columns
// count characters.
func LineColumn(text []byte, offset int) (line, column int) {
	offset = min(max(offset, 0), len(text))
	before := text[:offset]
	line = 1 + bytes.Count(before, []byte("\n"))
	start := bytes.LastIndexByte(before, '\n') + 1
	return line, 1 + utf8.RuneCount(before[start:])
}
