package output

import (
	"fmt"
	"io"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

// writeText shows each finding with the line it is about, related places and
// fixes, for people at a terminal.
func writeText(w io.Writer, in Input) error {
	var text strings.Builder
	for i, f := range in.Findings {
		if i > 0 {
			text.WriteByte('\n')
		}
		level := in.Style.severity(f.Severity, f.Severity.String()+" "+f.Code.ID)
		fmt.Fprintf(&text, "%s: %s\n", level, f.Message)
		where := f.Resource.String()
		if f.Resource.Cluster != "" {
			where += " in cluster " + f.Resource.Cluster
		}
		if len(f.Field) > 0 {
			where += ", " + f.Field.String()
		}
		fmt.Fprintf(&text, "  %s\n", where)
		writePlace(&text, in, f.Position)
		for _, related := range f.Related {
			fmt.Fprintf(&text, "  %s: %s%s\n", related.Note, related.Resource, at(related.Position))
		}
		for _, fix := range f.Fixes {
			fmt.Fprintf(&text, "  fix: %s\n", fix.Title)
		}
	}
	if len(in.Findings) > 0 {
		fmt.Fprintf(&text, "\n%s\n", in.Style.muted(summary(in.Findings)))
	}
	_, err := io.WriteString(w, text.String())
	return err
}

func at(p object.Position) string {
	if p.File == "" {
		return ""
	}
	return fmt.Sprintf(" (%s:%d)", p.File, p.Line)
}

func writePlace(text *strings.Builder, in Input, p object.Position) {
	if p.File == "" {
		return
	}
	number := fmt.Sprint(p.Line)
	margin := strings.Repeat(" ", len(number))
	fmt.Fprintf(text, "  %s--> %s:%d:%d\n", margin, p.File, p.Line, p.Column)
	if in.Line == nil {
		return
	}
	line, ok := in.Line(p.File, p.Line)
	if !ok || p.Column < 1 {
		return
	}
	width := 1
	if p.EndLine == p.Line && p.EndColumn > p.Column {
		width = p.EndColumn - p.Column
	}
	const longest = 160
	if runes := []rune(line); len(runes) > longest {
		line = string(runes[:longest])
	}
	fmt.Fprintf(text, "  %s | %s\n", number, line)
	if p.Column <= longest {
		fmt.Fprintf(text, "  %s | %s%s\n", margin, strings.Repeat(" ", p.Column-1), in.Style.muted(strings.Repeat("^", min(width, longest-p.Column+1))))
	}
}

// summary counts: "2 errors, 1 warning".
func summary(findings []analyze.Finding) string {
	counts := map[analyze.Severity]int{}
	for _, f := range findings {
		counts[f.Severity]++
	}
	var parts []string
	for _, severity := range []analyze.Severity{analyze.Error, analyze.Warning, analyze.Info} {
		word := map[analyze.Severity]string{analyze.Error: "error", analyze.Warning: "warning", analyze.Info: "note"}[severity]
		switch n := counts[severity]; n {
		case 0:
		case 1:
			parts = append(parts, "1 "+word)
		default:
			parts = append(parts, fmt.Sprintf("%d %ss", n, word))
		}
	}
	return strings.Join(parts, ", ")
}
