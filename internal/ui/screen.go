package ui

import (
	"bytes"
	"strings"
)

// Screen shows a text that is another every few seconds. A terminal is filled
// with it, and gets back what was there when it is closed, with the last text
// below; a window may change its size meanwhile. In a pipe the texts follow each
// other, with a blank line between.
type Screen struct {
	streams *Streams
	// last is what is shown, and columns and lines what the terminal had then.
	last           string
	columns, lines int
	shown          bool
}

// What a terminal is told.
const (
	enterFull = "\x1b[?1049h" // another screen, beside the usual one
	leaveFull = "\x1b[?1049l"
	toTop     = "\x1b[H"
	clearLine = "\x1b[K"
	clearRest = "\x1b[J"
)

// NewScreen is a screen on standard output. It has to be closed.
func NewScreen(s *Streams) *Screen { return &Screen{streams: s} }

// Resized says whether the terminal has another size than when something was last shown.
func (s *Screen) Resized() bool {
	if !s.shown || !s.streams.out.cursor {
		return false
	}
	columns, lines := s.streams.out.extent()
	return columns != s.columns || lines != s.lines
}

// Close gives the terminal back, and leaves there what was shown last.
func (s *Screen) Close() {
	if s.shown && s.streams.out.cursor {
		tell(s.streams.Out, "%s%s", leaveFull, s.last)
	}
	s.shown = false
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

// repainted is a text that takes the place of the one before.
func (s *Screen) repainted(text string, theme Theme) string {
	s.last = text
	s.columns, s.lines = s.streams.out.extent()
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	// The last line and the last column stay free, where terminals disagree on when to scroll and to wrap.
	if s.lines > 1 && len(lines) > s.lines-1 {
		lines = lines[:s.lines-1]
	}
	var painted strings.Builder
	if !s.shown {
		painted.WriteString(enterFull)
	}
	painted.WriteString(toTop)
	for _, line := range lines {
		painted.WriteString(theme.cut(line, max(s.columns-1, 1)) + clearLine + "\r\n")
	}
	painted.WriteString(clearRest)
	return painted.String()
}
