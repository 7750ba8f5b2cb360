package cli

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

// fingerprints are what findings are called in baselines and in the formats for
// machines, or the beginning of one.
var fingerprints = regexp.MustCompile(`^[0-9a-f]{6,16}$`)

// explainFinding analyses, and prints what one finding rests on.
func explainFinding(ctx context.Context, env *Env, o analyzeOptions) error {
	a, err := o.prepare(ctx, env)
	if err != nil {
		return err
	}
	if err := a.look(ctx); err != nil {
		return err
	}
	var text strings.Builder
	for _, f := range slices.Concat(a.found.Findings, a.found.Suppressed, a.found.Unverified, a.found.Baselined) {
		if strings.HasPrefix(f.Fingerprint, o.explain) {
			writeEvidence(&text, f)
		}
	}
	if text.Len() == 0 {
		return usageErrorf("no finding has a fingerprint that begins with %s: -o sarif, -o gitlab and baselines have them", o.explain)
	}
	_, err = io.WriteString(env.IO.Stdout(), text.String())
	return err
}

// writeEvidence prints a finding, then what led to it, one step a line.
func writeEvidence(w *strings.Builder, f analyze.Finding) {
	if w.Len() > 0 {
		w.WriteByte('\n')
	}
	fmt.Fprintf(w, "%s %s: %s\n", f.Severity, f.Code.ID, f.Message)
	fmt.Fprintf(w, "  found in      %s\n", placeText(f.Resource, f.Field, f.Position))
	for i, related := range f.Related {
		fmt.Fprintf(w, "  evidence %-4d %s: %s\n", i+1, placeText(related.Resource, related.Field, related.Position), related.Note)
	}
	if f.Missing != (analyze.Absence{}) {
		fmt.Fprintf(w, "  if            no other %s exists elsewhere\n", f.Missing.Kind.Name())
	}
	if f.Suppression != nil {
		fmt.Fprintf(w, "  suppressed by %s\n", f.Suppression)
	}
	for _, fix := range f.Fixes {
		fmt.Fprintf(w, "  fix           %s\n", fix.Title)
	}
	fmt.Fprintf(w, "  found by      %s, fingerprint %s\n", f.Analyzer, f.Fingerprint)
	fmt.Fprintf(w, "  more          --explain %s\n", f.Code.ID)
}

func placeText(r *analyze.Resource, field object.Path, p object.Position) string {
	text := r.String()
	if len(field) > 0 {
		text += ", " + field.String()
	}
	if p.File != "" {
		text += fmt.Sprintf(" (%s:%d)", p.File, p.Line)
	}
	return text
}
