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
	rows    int
	shown   bool
}

// NewScreen is a screen on standard output.
func NewScreen(s *Streams) *Screen { return &Screen{streams: s} }

// Show draws what view writes. A terminal gets no more lines than it has.
func (s *Screen) Show(view func(Writer) error) error {
	var text bytes.Buffer
	out := s.streams.Stdout()
	out.Writer = &text
	if err := view(out); err != nil {
		return err
	}
	drawn := text.String()
	if s.streams.out.cursor {
		drawn = s.repainted(drawn)
	} else if s.shown {
		drawn = "\n" + drawn
	}
	s.shown = true
	_, err := s.streams.Out.Write([]byte(drawn))
	return err
}

// repainted is a text that is written over the one before.
func (s *Screen) repainted(text string) string {
	_, height := s.streams.out.extent()
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if height > 1 && len(lines) > height-1 {
		lines = lines[:height-1]
	}
	var painted strings.Builder
	painted.WriteString(up(s.rows))
	for _, line := range lines {
		painted.WriteString(line + "\x1b[K\n")
	}
	painted.WriteString("\x1b[J")
	s.rows = len(lines)
	return painted.String()
}
