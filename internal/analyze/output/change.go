package output

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
)

// Changes are the formats that can tell what has changed. All others are one
// document for a program, which nobody reads a second time.
func Changes() []string { return []string{Log, Text, JSON, YAML} }

// Change is what is new among findings, and what is gone.
type Change struct{ New, Gone []analyze.Finding }

// Empty says that nothing changed.
func (c Change) Empty() bool { return len(c.New)+len(c.Gone) == 0 }

// ChangeOf compares findings as a baseline does: one that moved, or is worded
// differently, is the same.
func ChangeOf(before, after []analyze.Finding) Change {
	missing := func(from, in []analyze.Finding) []analyze.Finding {
		report := analyze.Report{Findings: slices.Clone(from)}
		report.Except(analyze.NewBaseline(in))
		return report.Findings
	}
	return Change{New: missing(after, before), Gone: missing(before, after)}
}

// WriteChange writes a change in a format of Changes. Of those for programs, JSON
// and YAML, each answer is whole, and a document of its own.
func WriteChange(w io.Writer, format string, change Change, in Input) error {
	switch format {
	case Log:
		return writeLogChange(w, change, in)
	case Text:
		return writeTextChange(w, change, in)
	case YAML:
		if _, err := io.WriteString(w, "---\n"); err != nil {
			return err
		}
	}
	return Write(w, format, in)
}

// writeLogChange marks lines as a difference does.
func writeLogChange(w io.Writer, change Change, in Input) error {
	var text strings.Builder
	for _, part := range []struct {
		mark     string
		style    Style
		findings []analyze.Finding
	}{{"-", Style{}, change.Gone}, {"+", in.Style, change.New}} {
		var lines strings.Builder
		if err := writeLog(&lines, Input{Findings: part.findings, Style: part.style}); err != nil {
			return err
		}
		for line := range strings.Lines(lines.String()) {
			line = part.mark + " " + strings.TrimSuffix(line, "\n")
			if part.mark == "-" {
				line = in.Style.muted(line)
			}
			text.WriteString(line + "\n")
		}
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// writeTextChange shows what is new as at first, and what is gone in a line each.
func writeTextChange(w io.Writer, change Change, in Input) error {
	var text strings.Builder
	for _, f := range change.Gone {
		where := f.Resource.String()
		if reference := reference(f); reference != "" {
			where += " " + reference
		}
		text.WriteString(in.Style.muted(fmt.Sprintf("gone: %s %s: %s (%s)", f.Severity, f.Code.ID, f.Message, where)) + "\n")
	}
	if len(change.Gone) > 0 && len(change.New) > 0 {
		text.WriteByte('\n')
	}
	in.Findings = change.New
	if err := writeText(&text, in); err != nil {
		return err
	}
	_, err := io.WriteString(w, text.String())
	return err
}
