package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/ui"
)

// known are findings that are not to be reported again, and what knows them.
type known struct {
	analyze.Baseline
	// revision is the one in which they were found; empty for those of --baseline.
	revision string
	// had and gone count its findings: those that are there, and those that are no more.
	had, gone int
}

// learn reads what is known before the first look.
func (a *analysis) learn(ctx context.Context) error {
	if a.newSince != "" {
		past, err := a.past(ctx)
		if err != nil {
			return err
		}
		a.known = append(a.known, known{Baseline: past, revision: a.newSince})
	}
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
	a.known = append(a.known, known{Baseline: baseline})
	return nil
}

// tellKnown counts what is not reported because it was there before.
func (a *analysis) tellKnown() {
	stderr := a.env.IO.Stderr()
	for _, one := range a.known {
		switch {
		case one.had == 0:
		case one.revision != "":
			ui.Hint(stderr, counted(one.had, "finding was", "findings were")+" there in "+one.revision)
		default:
			ui.Hint(stderr, counted(one.had, "finding is", "findings are")+" in "+a.baseline)
		}
		switch {
		case one.gone == 0:
		case one.revision != "":
			ui.Hint(stderr, counted(one.gone, "finding", "findings")+" of "+one.revision+" are no more")
		default:
			ui.Hint(stderr, a.env.named(counted(one.gone, "finding", "findings")+" of "+a.baseline+" are no more: --update-baseline takes them out"))
		}
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
