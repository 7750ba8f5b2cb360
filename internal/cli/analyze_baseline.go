package cli

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/ui"
)

// known are findings that are not to be reported again, and what knows them.
type known struct {
	analyze.Baseline
	// from names it for messages: a file, or "main".
	from string
}

// learn reads what is known before the first look.
func (a *analysis) learn() error {
	if a.baseline == "" || a.rebase {
		return nil
	}
	text, err := readInput(a.env, a.baseline, true)
	if err != nil {
		return err
	}
	baseline, err := analyze.ReadBaseline(text)
	if err != nil {
		return &InputFileError{File: a.baseline, Err: err}
	}
	a.known = append(a.known, known{baseline, a.baseline})
	return nil
}

// tellKnown counts what is not reported because it was there before.
func (a *analysis) tellKnown() {
	stderr := a.env.IO.Stderr()
	if n := len(a.found.Baselined); n > 0 {
		ui.Hint(stderr, counted(n, "finding is", "findings are")+" in "+a.baseline)
	}
	if n := len(a.found.Fixed); n > 0 {
		ui.Hint(stderr, a.env.named(counted(n, "finding", "findings")+" of "+a.baseline+" are no more: --update-baseline takes them out"))
	}
}

func (o *analyzeOptions) writeBaseline(env *Env, found *analyze.Report) error {
	text, err := json.MarshalIndent(analyze.NewBaseline(found.Findings), "", "  ")
	if err != nil {
		return err
	}
	const mode = 0o644 // it goes into a repository
	if err := os.WriteFile(o.baseline, append(text, '\n'), mode); err != nil {
		return fmt.Errorf("writing the baseline: %w", err)
	}
	if !env.Global.Quiet {
		ui.Success(env.IO.Stderr(), counted(len(found.Findings), "finding", "findings")+" written to "+o.baseline)
	}
	return nil
}
