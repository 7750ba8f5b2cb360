package object

import "bytes"

// Documents cuts a stream of YAML or JSON at its "---" lines and drops documents
// that hold nothing but blanks and comments; comments above a document are part
// of it. The texts share the memory of the stream.
func Documents(file string, stream []byte) []Document {
	stream = bytes.TrimPrefix(stream, []byte("\uFEFF"))
	var documents []Document
	start, first, line, blank := 0, 1, 0, true
	flush := func(end int) {
		if !blank {
			documents = append(documents, Document{Source: Source{File: file, Line: first}, Text: stream[start:end]})
		}
		blank = true
	}
	for at := 0; at < len(stream); {
		line++
		end := lineEnd(stream, at)
		content := stream[at:end]
		next := min(end+1, len(stream))
		switch {
		case isSeparator(content):
			flush(at)
			start, first = next, line+1
		case blank && !isBlank(content):
			blank = false
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
