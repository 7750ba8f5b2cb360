package object

import "bytes"

// Documents cuts a stream of YAML or JSON at its "---" lines and drops documents
// that hold nothing but blanks and comments. The texts share the memory of the
// stream.
func Documents(file string, stream []byte) []Document {
	stream = bytes.TrimPrefix(stream, []byte("\uFEFF"))
	var documents []Document
	start, first, line := 0, 0, 0
	flush := func(end int) {
		if first > 0 {
			documents = append(documents, Document{Source: Source{File: file, Line: first}, Text: stream[start:end]})
		}
		first = 0
	}
	for at := 0; at < len(stream); {
		line++
		end := lineEnd(stream, at)
		content := stream[at:end]
		next := min(end+1, len(stream))
		switch {
		case isSeparator(content):
			flush(at)
		case first == 0 && !isBlank(content):
			start, first = at, line
		}
		at = next
	}
	flush(len(stream))
	return documents
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
