package object

import "bytes"

// Documents cuts a stream of YAML or JSON at its "---" lines and drops documents
// that hold nothing but blanks and comments; comments above a document are part
// of it. The texts share the memory of the stream.
func Documents(file string, stream []byte) []Document {
	stream = bytes.TrimPrefix(stream, []byte("\uFEFF"))
	documents := make([]Document, 0, 1+bytes.Count(stream, []byte("\n---")))
	cuts := separators{stream: stream}
	line := 1
	for at := 0; at < len(stream); {
		end, next := cuts.next(at)
		if text := stream[at:end]; !isEmpty(text) {
			documents = append(documents, Document{Source: Source{File: file, Line: line}, Text: text})
		}
		line += bytes.Count(stream[at:next], []byte("\n"))
		at = next
	}
	return documents
}

// separators finds the lines that part documents, without looking at each of the others.
type separators struct {
	stream []byte
	// dashes and dots are where the next lines begin that may be some, from where
	// it was looked at last.
	dashes, dots int
}

// next is where the first separator from a line on starts, and where what
// follows it does.
func (s *separators) next(line int) (start, after int) {
	for line < len(s.stream) {
		end := lineEnd(s.stream, line)
		if isSeparator(s.stream[line:end]) {
			return line, min(end+1, len(s.stream))
		}
		s.dashes = s.look(s.dashes, end, "\n---")
		s.dots = s.look(s.dots, end, "\n...")
		line = min(s.dashes, s.dots)
	}
	return len(s.stream), len(s.stream)
}

// look keeps what is known if it lies behind the end of a line.
func (s *separators) look(known, end int, mark string) int {
	if known > end {
		return known
	}
	if found := bytes.Index(s.stream[end:], []byte(mark)); found >= 0 {
		return end + found + 1
	}
	return len(s.stream) + 1
}

// isEmpty knows a text that holds nothing but blanks and comments.
func isEmpty(text []byte) bool {
	for line := range bytes.Lines(text) {
		if !isBlank(bytes.TrimSuffix(line, []byte("\n"))) {
			return false
		}
	}
	return true
}

func isSeparator(line []byte) bool {
	if len(line) < 3 || line[0] != '-' && line[0] != '.' {
		return false
	}
	line = bytes.TrimRight(line, " \t\r")
	return bytes.Equal(line, []byte("---")) || bytes.HasPrefix(line, []byte("--- ")) || bytes.Equal(line, []byte("..."))
}

func isBlank(line []byte) bool {
	line = bytes.TrimLeft(line, " \t\r")
	return len(line) == 0 || line[0] == '#' || line[0] == '%' && bytes.HasPrefix(line, []byte("%YAML"))
}
