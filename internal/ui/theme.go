package ui

import (
	"io"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// Theme holds the styles by what they mean. They use attributes and the 16
// colours of the terminal's own palette, which its user chose to be readable
// on a light or a dark background; so nothing has to be found out first.
type Theme struct {
	// Success is for what is good and finished.
	Success Style
	// Warning is for what needs a look.
	Warning Style
	// Danger is for what failed or destroys something.
	Danger Style
	// Active is for what is going on.
	Active Style
	// Muted is for what may be passed over.
	Muted Style
	// Emphasis is for the word a reader looks for.
	Emphasis Style
	// Heading is for the line above a group of lines.
	Heading Style
	// Added, Changed, Deleted and Kept are what a plan does to something.
	Added, Changed, Deleted, Kept Style

	unicode bool
}

// Style shows a meaning. The zero Style leaves text as it is.
type Style struct {
	look *lipgloss.Style
}

func newTheme(w io.Writer, d device) Theme {
	theme := Theme{unicode: d.unicode}
	if !d.color {
		return theme
	}
	// Both settings are explicit so that the renderer has no reason to query the terminal.
	renderer := lipgloss.NewRenderer(w, termenv.WithProfile(termenv.ANSI))
	renderer.SetColorProfile(termenv.ANSI)
	renderer.SetHasDarkBackground(true)

	base := renderer.NewStyle().TabWidth(lipgloss.NoTabConversion)
	color := func(c lipgloss.ANSIColor) Style { return newStyle(base.Foreground(c)) }
	const red, green, yellow, cyan = 1, 2, 3, 6

	theme.Success = color(green)
	theme.Warning = color(yellow)
	theme.Danger = color(red)
	theme.Active = color(cyan)
	// Faint, not bright black: some dark palettes make bright black invisible.
	theme.Muted = newStyle(base.Faint(true))
	theme.Emphasis = newStyle(base.Bold(true))
	theme.Heading = theme.Emphasis
	theme.Added = theme.Success
	theme.Changed = theme.Warning
	theme.Deleted = theme.Danger
	theme.Kept = theme.Muted
	return theme
}

func newStyle(look lipgloss.Style) Style { return Style{look: &look} }

// Render shows text in the style, line by line.
func (s Style) Render(text string) string {
	if s.look == nil || text == "" {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = s.look.Render(line)
		}
	}
	return strings.Join(lines, "\n")
}

// Cell is text as a table cell in the style.
func (s Style) Cell(text string) Cell { return Cell{Text: text, Style: s} }
