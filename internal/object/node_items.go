package object

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Items cuts a document with a List into one document for each item, without
// reading the items: what a cluster prints can be too large to be read as one.
// ok is false if the document is no List, or is written in a way that is not
// easily cut.
func (d Document) Items() (items []Document, ok bool) {
	if isJSON(d.Text) {
		return d.jsonItems()
	}
	return d.yamlItems()
}

// yamlItems goes by lines: "items:" at the margin, then each "- " that is
// indented like the first.
func (d Document) yamlItems() (items []Document, ok bool) {
	isList, within, indent, start, line, startLine := false, false, -1, 0, 0, 0
	flush := func(end int) {
		if startLine > 0 {
			items = append(items, Document{Source: Source{File: d.Source.File, Line: d.LineOf(startLine)}, Text: d.Text[start:end], Item: true, Rendered: d.Rendered})
		}
		startLine = 0
	}
	for at := 0; at < len(d.Text); {
		line++
		end := lineEnd(d.Text, at)
		content := bytes.TrimRight(d.Text[at:end], " \r")
		blanks := len(content) - len(bytes.TrimLeft(content, " "))
		dash := within && (indent < 0 || blanks == indent) && (bytes.HasPrefix(content[blanks:], []byte("- ")) || len(content) == blanks+1 && content[blanks] == '-')
		switch {
		case dash:
			flush(at)
			indent, start, startLine = blanks, at, line
		case blanks > 0 || len(content) == 0 || content[0] == '#':
		default:
			flush(at)
			within = string(content) == "items:" && indent < 0
			kind, isKind := strings.CutPrefix(string(content), "kind:")
			isList = isList || isKind && strings.HasSuffix(strings.Trim(kind, " '\""), "List")
		}
		at = min(end+1, len(d.Text))
	}
	flush(len(d.Text))
	return items, isList && len(items) > 0
}

// jsonItems goes by the tokens at the top.
func (d Document) jsonItems() (items []Document, ok bool) {
	decoder := json.NewDecoder(bytes.NewReader(d.Text))
	decoder.UseNumber()
	if _, err := decoder.Token(); err != nil {
		return nil, false
	}
	isList, lines, counted := false, 0, 0
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil, false
		}
		if key != "items" {
			var value json.RawMessage
			if decoder.Decode(&value) != nil {
				return nil, false
			}
			isList = isList || key == "kind" && bytes.HasSuffix(value, []byte(`List"`))
			continue
		}
		if token, err := decoder.Token(); err != nil || token != json.Delim('[') {
			return nil, false
		}
		for decoder.More() {
			var item json.RawMessage
			if decoder.Decode(&item) != nil {
				return nil, false
			}
			end := int(decoder.InputOffset())
			start := end - len(item)
			lines += bytes.Count(d.Text[counted:start], []byte("\n"))
			counted = start
			items = append(items, Document{Source: Source{File: d.Source.File, Line: d.LineOf(lines + 1)}, Text: d.Text[start:end], Rendered: d.Rendered})
		}
		if _, err := decoder.Token(); err != nil {
			return nil, false
		}
	}
	return items, isList && len(items) > 0
}
