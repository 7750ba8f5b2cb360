package cli

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/ui"
)

// compare takes out what the baseline has, or writes a new one and is done.
func (o *analyzeOptions) compare(env *Env, found *analyze.Report) (done bool, err error) {
	switch {
	case o.baseline == "" && o.rebase:
		return false, usageErrorf("--update-baseline needs --baseline, the file to write")
	case o.baseline == "":
		return false, nil
	case o.rebase:
		return true, o.writeBaseline(env, found)
	}
	text, err := readInput(env, o.baseline, true)
	if err != nil {
		return false, err
	}
	baseline, err := analyze.ReadBaseline(text)
	if err != nil {
		return false, &InputFileError{File: o.baseline, Err: err}
	}
	found.Except(baseline)
	return false, nil
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
