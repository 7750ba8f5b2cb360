package ui

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// Plural counts things: "1 object", "2 objects".
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Duration is short enough to read in passing: 1.2s, 14s, 1m05s, 2h03m.
func Duration(d time.Duration) string {
	d = max(d, 0)
	// 9.95 s would be rounded to 10.0 s, which belongs to the next form.
	if d < 9950*time.Millisecond {
		return fmt.Sprintf("%.1fs", d.Seconds())
	}
	return seconds(d.Round(time.Second))
}

// seconds leaves fractions out; a running clock that shows them is restless.
func seconds(d time.Duration) string {
	total := int(d / time.Second)
	switch {
	case total < 60:
		return fmt.Sprintf("%ds", total)
	case total < 3600:
		return fmt.Sprintf("%dm%02ds", total/60, total%60)
	}
	return fmt.Sprintf("%dh%02dm", total/3600, total/60%60)
}

// clean takes away what would move the cursor. Names and messages come from
// clusters and files, and a log line in them must not repaint the screen.
func clean(text string) string {
	if !strings.ContainsFunc(text, unicode.IsControl) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, ansi.Strip(text))
}

// oneLine is text that spreads over lines, on one.
func oneLine(text string) string {
	if !strings.ContainsFunc(text, unicode.IsControl) {
		return text
	}
	return strings.Join(strings.Fields(clean(text)), " ")
}

// width is the number of columns text takes.
func width(text string) int { return ansi.StringWidth(text) }

// cut shortens text to columns, with an ellipsis where something is missing.
func (t Theme) cut(text string, columns int) string {
	if width(text) <= columns {
		return text
	}
	ellipsis := "..."
	if t.unicode {
		ellipsis = "…"
	}
	if columns <= width(ellipsis) {
		ellipsis = ""
	}
	return ansi.Truncate(text, max(columns, 0), ellipsis)
}

// pad is the blanks that fill text up to columns.
func pad(text string, columns int) string {
	return strings.Repeat(" ", max(columns-width(text), 0))
}

// list joins names the way they are read aloud: "a, b or c".
func list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
