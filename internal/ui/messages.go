package ui

import (
	"strings"
)

// Success says that something went well.
func Success(w Writer, text string) {
	mark := "ok:"
	if w.Theme.unicode {
		mark = "✓"
	}
	tell(w, "%s %s\n", w.Theme.Success.Render(mark), text)
}

// Warning says what needs a look although the command goes on.
func Warning(w Writer, text string) {
	tell(w, "%s %s\n", w.Theme.Warning.Render("warning:"), indent(text))
}

// Hint says what to do next.
func Hint(w Writer, text string) {
	tell(w, "  %s %s\n", w.Theme.Muted.Render("hint:"), indent(text))
}

// Note says what happened, and when.
func Note(w Writer, when, text string) {
	tell(w, "%s %s\n", w.Theme.Muted.Render(when), indent(text))
}

// Failure says what failed, in the name of the program: "meshctl" or "kubectl mesh".
func Failure(w Writer, program string, err error) {
	tell(w, "%s %s\n", w.Theme.Danger.Render(program+":"), indent(err.Error()))
}

// indent sets the lines after the first one off, so that they are seen to belong to it.
func indent(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i := range lines {
		lines[i] = clean(lines[i])
	}
	return strings.Join(lines, "\n  ")
}
