package inject

import (
	"bytes"
)

// part is a piece of a stream: one document with the separator in front of it.
type part struct {
	// mark is the separator line, or nothing for the first document.
	mark []byte
	text []byte
	// line is the line, from 1, on which text starts.
	line int
}

// split cuts a stream into its documents, losing nothing: all parts together are
// the stream again.
func split(stream []byte) []part {
	var parts []part
	current := part{line: 1}
	begin, line := 0, 1
	for at := 0; at < len(stream); line++ {
		end := len(stream)
		if i := bytes.IndexByte(stream[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		if isSeparator(stream[at:end]) {
			current.text = stream[begin:at]
			parts = append(parts, current)
			current = part{mark: stream[at:end], line: line + 1}
			begin = end
		}
		at = end
	}
	current.text = stream[begin:]
	return append(parts, current)
}

// isSeparator knows "---", also with a comment behind it, and "...".
func isSeparator(line []byte) bool {
	line = bytes.TrimRight(line, "\r\n\t ")
	for _, mark := range []string{"---", "..."} {
		rest, ok := bytes.CutPrefix(line, []byte(mark))
		if ok && (len(rest) == 0 || rest[0] == ' ' && bytes.HasPrefix(bytes.TrimLeft(rest, " "), []byte("#"))) {
			return true
		}
	}
	return false
}

// empty says whether there is nothing in a document but blanks, comments and directives.
func (p part) empty() bool {
	for line := range bytes.Lines(p.text) {
		line = bytes.TrimSpace(line)
		if len(line) > 0 && line[0] != '#' && line[0] != '%' {
			return false
		}
	}
	return true
}

// withEnd ends the last line if it may belong to a block of text. Readers of YAML
// disagree whether such a block ends with a line end that is not there, and
// Kubernetes says that it does.
func (p part) withEnd() []byte {
	last := p.text[bytes.LastIndexByte(p.text, '\n')+1:]
	if len(last) == 0 || last[0] != ' ' && last[0] != '\t' || !bytes.ContainsAny(p.text, "|>") {
		return p.text
	}
	return append(bytes.Clone(p.text), '\n')
}
