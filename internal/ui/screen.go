package ui

import (
	"bytes"
	"strings"
)

// Screen shows a text that is another every few seconds. On a terminal each one
// takes the place of the one before; in a pipe they follow each other, with a
// blank line between.
type Screen struct {
	streams *Streams
	// painted is what is on the terminal, and columns and lines what that had then.
	painted        []string
	columns, lines int
	shown          bool
}

// NewScreen is a screen on standard output.
func NewScreen(s *Streams) *Screen { return &Screen{streams: s} }

// Resized says whether the terminal has another size than when something was last shown.
func (s *Screen) Resized() bool {
	if !s.shown || !s.streams.out.cursor {
		return false
	}
	columns, lines := s.streams.out.extent()
	return columns != s.columns || lines != s.lines
}

// Show draws what view writes. A terminal gets no more lines than it has, each as wide as it is.
func (s *Screen) Show(view func(Writer) error) error {
	var text bytes.Buffer
	out := s.streams.Stdout()
	out.Writer = &text
	if s.streams.out.cursor {
		out.Width = max(out.Width-1, 1) // the last column stays free, where terminals disagree on when to wrap
	}
	if err := view(out); err != nil {
		return err
	}
	drawn := text.String()
	if s.streams.out.cursor {
		drawn = s.repainted(drawn, out.Theme)
	} else if s.shown {
		drawn = "\n" + drawn
	}
	s.shown = true
	_, err := s.streams.Out.Write([]byte(drawn))
	return err
}

// repainted is a text that is written over the one before. A terminal that was
// made narrower has wrapped that one.
func (s *Screen) repainted(text string, theme Theme) string {
	s.columns, s.lines = s.streams.out.extent()
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if s.lines > 1 && len(lines) > s.lines-1 {
		lines = lines[:s.lines-1]
	}
	var painted strings.Builder
	painted.WriteString(up(wrappedRows(s.painted, s.columns)))
	for i, line := range lines {
		lines[i] = theme.cut(line, max(s.columns-1, 1))
		painted.WriteString(lines[i] + "\x1b[K\n")
	}
	painted.WriteString("\x1b[J")
	s.painted = lines
	return painted.String()
}

// wrappedRows is how many rows lines take on a terminal.
func wrappedRows(lines []string, columns int) int {
	rows := 0
	for _, line := range lines {
		rows += max(1, (width(line)+columns-1)/columns)
	}
	return rows
}
