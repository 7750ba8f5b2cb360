package ui

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/diff"
)

// FieldChange is a field of an object before and after a change.
type FieldChange struct {
	// Path is where the field is: spec.replicas.
	Path string
	// Old and New are the values as JSON knows them; nil where there is none.
	Old, New any
}

// PrintFields writes one line for each change: + added, - deleted, ~ changed.
// A text of several lines is shown by the lines that differ. On a terminal long
// values are shortened, around the place where they differ.
func PrintFields(w Writer, indent int, changes []FieldChange) error {
	var text strings.Builder
	for _, change := range changes {
		change.write(&text, w, indent)
	}
	_, err := io.WriteString(w, text.String())
	return err
}

func (c FieldChange) write(text *strings.Builder, w Writer, indent int) {
	t := w.Theme
	margin := strings.Repeat(" ", indent)
	before, wasText := c.Old.(string)
	after, isText := c.New.(string)
	path := clean(c.Path)
	switch {
	case c.Old == nil:
		room := w.room(indent + 4 + width(path))
		line := fmt.Sprintf("+ %s: %s", path, t.shorten(value(c.New), room))
		text.WriteString(margin + t.Added.Render(line) + "\n")
	case c.New == nil:
		room := w.room(indent + 4 + width(path))
		line := fmt.Sprintf("- %s: %s", path, t.shorten(value(c.Old), room))
		text.WriteString(margin + t.Deleted.Render(line) + "\n")
	case wasText && isText && strings.Contains(before+after, "\n"):
		fmt.Fprintf(text, "%s%s %s:\n", margin, t.Changed.Render("~"), path)
		writeText(text, w, indent+4, before, after)
	default:
		c.writeChange(text, w, indent)
	}
}

// writeChange shows both values on one line if they fit, and else below each
// other, where the eye finds the difference.
func (c FieldChange) writeChange(text *strings.Builder, w Writer, indent int) {
	t := w.Theme
	margin := strings.Repeat(" ", indent)
	arrow := "->"
	if t.unicode {
		arrow = "→"
	}
	path, before, after := clean(c.Path), value(c.Old), value(c.New)
	limit := w.Width
	if limit == 0 {
		limit = 100
	}
	if indent+width(path)+width(before)+width(after)+width(arrow)+6 <= limit {
		fmt.Fprintf(text, "%s%s %s: %s %s %s\n", margin, t.Changed.Render("~"), path,
			t.Deleted.Render(before), arrow, t.Added.Render(after))
		return
	}
	before, after = t.apart(before, after, w.room(indent+6))
	fmt.Fprintf(text, "%s%s %s:\n", margin, t.Changed.Render("~"), path)
	fmt.Fprintf(text, "%s    %s\n", margin, t.Deleted.Render("- "+before))
	fmt.Fprintf(text, "%s    %s\n", margin, t.Added.Render("+ "+after))
}

// PrintText writes the lines of a text that differ, with some lines around them.
func PrintText(w Writer, indent int, before, after string) error {
	var text strings.Builder
	writeText(&text, w, indent, before, after)
	_, err := io.WriteString(w, text.String())
	return err
}

func writeText(text *strings.Builder, w Writer, indent int, before, after string) {
	t := w.Theme
	margin := strings.Repeat(" ", indent)
	// A missing newline at the end is worth a remark only if it is all there is.
	patch := diff.Diff("old", []byte(ended(before)), "new", []byte(ended(after)))
	if patch == nil && before != after {
		fmt.Fprintf(text, "%s%s\n", margin, t.Muted.Render("only the newline at the end differs"))
	}
	number := 0
	for line := range strings.Lines(string(patch)) {
		// The first three lines name the files, and there are none.
		if number++; number <= 3 {
			continue
		}
		style := Style{}
		switch line[0] {
		case '+':
			style = t.Added
		case '-':
			style = t.Deleted
		case '@':
			style = t.Muted
		}
		shown := t.shorten(clean(strings.ReplaceAll(strings.TrimRight(line, "\n"), "\t", "    ")), w.room(indent))
		text.WriteString(strings.TrimRight(margin+style.Render(shown), " ") + "\n")
	}
}

func ended(text string) string {
	if text == "" || strings.HasSuffix(text, "\n") {
		return text
	}
	return text + "\n"
}

// value is a value on one line: text as it is, the rest as JSON.
func value(v any) string {
	// "1" and 1 are different values, so a text that reads as JSON is quoted.
	if text, ok := v.(string); ok && text != "" && !json.Valid([]byte(text)) {
		first, rest, _ := strings.Cut(strings.TrimRight(text, "\n"), "\n")
		if rest == "" {
			return clean(first)
		}
		return fmt.Sprintf("%s (and %s)", clean(first), Plural(1+strings.Count(rest, "\n"), "more line", "more lines"))
	}
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return clean(fmt.Sprint(v))
	}
	return strings.TrimSuffix(text.String(), "\n")
}

// room is what is left of a line after used columns; 0 is unlimited.
func (w Writer) room(used int) int {
	if w.Width == 0 {
		return 0
	}
	// Less than this would show nothing of the value; then the line may wrap.
	return max(w.Width-used, 24)
}

func (t Theme) shorten(text string, room int) string {
	if room == 0 {
		return text
	}
	return t.cut(text, room)
}

// apart shortens two values and keeps the place where they differ in sight.
func (t Theme) apart(before, after string, room int) (string, string) {
	if room == 0 || (width(before) <= room && width(after) <= room) {
		return before, after
	}
	// Half of the room shows what comes before the difference.
	if shared := commonPrefix(before, after) - room/2; shared > 0 {
		for shared > 0 && !utf8.RuneStart(before[shared]) {
			shared--
		}
		mark := "..."
		if t.unicode {
			mark = "…"
		}
		before, after = mark+before[shared:], mark+after[shared:]
	}
	return t.cut(before, room), t.cut(after, room)
}

// commonPrefix is the number of bytes with which both begin.
func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
