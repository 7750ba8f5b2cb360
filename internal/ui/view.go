package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/meshctl/meshctl/internal/progress"
)

// Frame is what a board is drawn into.
type Frame struct {
	Theme Theme
	// Width and Height limit the drawing; 0 is unlimited. Lines are cut, and
	// subjects that need no attention are counted instead of listed.
	Width, Height int
	// Now is the time the clocks and the spinner show.
	Now time.Time
	// Final says that nothing will move any more.
	Final bool
}

// The columns of a line: glyph, title, clock, detail. Fixed bounds keep the
// columns where they are while subjects come and go.
const (
	minTitle  = 18
	maxTitle  = 40
	clockSize = 5
)

// row is a line of the board that may be folded away by its state.
type row struct {
	entry
	indent int
}

// View draws the board, each line with a newline.
func (b Board) View(f Frame) string {
	rows := b.rows(f.Final)
	title := minTitle
	for _, r := range rows {
		title = max(title, r.indent+width(f.Theme.title(r, f.Final)))
	}
	title = min(title, maxTitle)
	if f.Width > 0 {
		title = min(title, max(f.Width*2/5, 8))
	}
	var text strings.Builder
	for _, r := range fold(rows, f.Height) {
		line := f.line(r, title)
		if f.Width > 0 {
			line = f.Theme.cut(line, f.Width)
		}
		text.WriteString(line + "\n")
	}
	return text.String()
}

// rows lists the stages with their subjects. A stage that came to an end
// without anything to remember makes room for the next one.
func (b Board) rows(final bool) []row {
	var rows []row
	for i, stage := range b.stages {
		subjects := b.of(stage.stage)
		last := i == len(b.stages)-1
		if len(subjects) == 0 && !last && (stage.detail == "" || stage.active()) && stage.state != progress.Failed {
			continue
		}
		rows = append(rows, row{entry: summary(stage, subjects)})
		for _, subject := range subjects {
			rows = append(rows, row{entry: subject, indent: 2})
		}
	}
	if final {
		for i := range rows {
			if rows[i].active() && rows[i].detail == "" {
				rows[i].detail = "not finished"
			}
		}
	}
	return rows
}

// summary is the stage, with its state concluded from its subjects when it does not tell.
func summary(stage entry, subjects []entry) entry {
	if stage.state != "" {
		return stage
	}
	active, failed, queued := false, false, false
	for _, s := range subjects {
		if s.changed.After(stage.changed) {
			stage.changed = s.changed
		}
		active = active || s.active()
		failed = failed || s.state == progress.Failed
		queued = queued || s.state == progress.Queued
	}
	switch {
	case active, queued && !failed:
		stage.state = progress.Running
	case failed:
		stage.state = progress.Failed
	default:
		stage.state = progress.Done
	}
	return stage
}

// fold makes the rows fit by counting what is done, then what is queued or
// skipped, and by leaving that out if it must: the reader needs to see what is
// going on.
func fold(rows []row, height int) []row {
	if height <= 0 || len(rows) <= height {
		return rows
	}
	quiet := []progress.State{progress.Done, progress.Queued, progress.Skipped}
	for _, state := range quiet {
		rows = count(rows, state, len(rows)-height)
	}
	for _, state := range quiet {
		excess := len(rows) - height
		rows = slices.DeleteFunc(rows, func(r row) bool {
			if r.state != state || excess <= 0 {
				return false
			}
			excess--
			return true
		})
	}
	return rows[:min(len(rows), height)]
}

// count puts one row in the place of the first subjects in a state, so that excess rows go.
func count(rows []row, state progress.State, excess int) []row {
	var kept []row
	first, counted := 0, 0
	for _, r := range rows {
		if r.subject == "" || r.state != state || counted > excess {
			kept = append(kept, r)
			continue
		}
		if counted == 0 {
			first = len(kept)
			kept = append(kept, r)
		}
		counted++
	}
	if excess <= 0 || counted < 2 {
		return rows
	}
	kept[first].entry = entry{state: state, subject: fmt.Sprintf("%d %s", counted, state)}
	return kept
}

func (f Frame) line(r row, columns int) string {
	t := f.Theme
	title := t.cut(t.title(r, f.Final), columns-r.indent)
	style := Style{}
	switch {
	case r.subject == "":
		style = t.Heading
	case r.state == progress.Queued, r.state == progress.Skipped:
		style = t.Muted
	}
	left := strings.Repeat(" ", r.indent) + f.glyph(r) + " " + style.Render(title)
	clock, detail := f.clock(r), f.detail(r)
	if clock == "" && detail == "" {
		return left
	}
	left += pad(title, columns-r.indent+1+clockSize-len(clock)) + t.Muted.Render(clock)
	if f.Width > 0 {
		// Two blanks for the glyph, one before the clock and two after it.
		detail = t.cut(detail, f.Width-columns-clockSize-5)
	}
	if detail == "" {
		return left
	}
	return left + "  " + t.detailStyle(r).Render(detail)
}

// title is the subject, or what the stage does.
func (t Theme) title(r row, final bool) string {
	switch {
	case r.subject != "":
		return oneLine(r.subject)
	case !r.active() || final:
		return r.heading()
	case t.unicode:
		return r.heading() + "…"
	}
	return r.heading() + "..."
}

func (f Frame) detail(r row) string {
	if r.detail == "" && r.subject != "" {
		switch r.state {
		case progress.Waiting, progress.Skipped, progress.Failed:
			return r.word()
		}
	}
	return r.detail
}

func (t Theme) detailStyle(r row) Style {
	switch r.state {
	case progress.Failed:
		return t.Danger
	case progress.Running, progress.Waiting:
		return Style{}
	}
	return t.Muted
}

// clock is empty for the first second: most work is over before anybody looks.
func (f Frame) clock(r row) string {
	elapsed := r.elapsed(f.Now)
	switch {
	case elapsed < time.Second:
		return ""
	case r.active() && !f.Final:
		return seconds(elapsed)
	}
	return Duration(elapsed)
}

// glyph repeats the state in one column.
func (f Frame) glyph(r row) string {
	t := f.Theme
	pick := func(style Style, unicode, ascii string) string {
		if t.unicode {
			return style.Render(unicode)
		}
		return style.Render(ascii)
	}
	switch r.state {
	case progress.Done:
		return pick(t.Success, "✓", "+")
	case progress.Failed:
		return pick(t.Danger, "✗", "x")
	case progress.Skipped:
		return pick(t.Muted, "–", "-")
	case progress.Queued, "":
		return pick(t.Muted, "·", ".")
	}
	if f.Final {
		return t.Warning.Render("!")
	}
	beat := f.Now.UnixMilli() / 100
	round, bar := []rune("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"), `|/-\`
	return pick(t.Active, string(round[beat%int64(len(round))]), string(bar[beat/2%int64(len(bar))]))
}
