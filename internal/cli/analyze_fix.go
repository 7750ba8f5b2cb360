package cli

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/fix"
	"github.com/meshctl/meshctl/internal/analyze/load"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/ui"
)

// fixable refuses to fix what is no file.
func (o *analyzeOptions) fixable() error {
	if len(o.paths) == 0 {
		return usageErrorf("--fix and --diff change files: name some")
	}
	for _, path := range o.paths {
		if path == load.Stdin || strings.Contains(path, "://") {
			return usageErrorf("--fix and --diff change files, which %s is not", path)
		}
	}
	return nil
}

// repair fixes what it can, in the files or, for --diff, in thought.
func (a *analysis) repair(ctx context.Context) error {
	mesh := a.mesh
	fixed, err := fix.Run(fix.Input{
		Documents: a.documents(),
		Report:    a.found,
		Read:      readRegular,
		Again: func(documents []object.Document) (*analyze.Report, error) {
			again, found, err := a.analyse(ctx, documents)
			mesh = again
			return found, err
		},
	})
	if err != nil {
		return err
	}
	a.fixed = fixed
	if a.diff {
		return a.showDiff()
	}
	for _, name := range slices.Sorted(maps.Keys(fixed.Texts)) {
		if err := replaceFile(name, fixed.Texts[name]); err != nil {
			return fmt.Errorf("writing what was fixed: %w", err)
		}
	}
	a.mesh, a.found = mesh, fixed.Report
	return nil
}

func (a *analysis) showDiff() error {
	for _, name := range slices.Sorted(maps.Keys(a.fixed.Texts)) {
		text := diff.Diff(filepath.ToSlash(name), a.fixed.Before[name], filepath.ToSlash(name), a.fixed.Texts[name])
		// The first line says no more than the two that follow.
		if at := strings.IndexByte(string(text), '\n'); at >= 0 {
			text = text[at+1:]
		}
		if _, err := a.env.IO.Stdout().Write(text); err != nil {
			return err
		}
	}
	return nil
}

// tellFixed says what was fixed, or would be, and what could not be.
func (a *analysis) tellFixed() {
	stderr := a.env.IO.Stderr()
	if a.fixed == nil {
		safe := 0
		for _, f := range a.found.Findings {
			if _, ok := fix.Safe(f); ok && !f.Resource.Live() {
				safe++
			}
		}
		if safe > 0 && !a.env.Global.Quiet {
			ui.Hint(stderr, counted(safe, "finding", "findings")+" can be fixed: --diff shows how, --fix does it")
		}
		return
	}
	for _, refusal := range a.fixed.Refused {
		where := refusal.Finding.Resource.String()
		if p := refusal.Finding.Position; p.File != "" {
			where = fmt.Sprintf("%s:%d", p.File, p.Line)
		}
		a.env.warn(fmt.Sprintf("%s: %s is not fixed: %v", where, refusal.Finding.Code.ID, refusal.Err))
	}
	if a.env.Global.Quiet {
		return
	}
	files := counted(len(a.fixed.Texts), "file", "files")
	switch n := len(a.fixed.Fixed); {
	case n == 0:
		ui.Hint(stderr, "there is nothing that can be fixed without a look at it")
	case a.diff:
		ui.Hint(stderr, fmt.Sprintf("--fix would fix %s in %s", counted(n, "finding", "findings"), files))
	default:
		ui.Success(stderr, fmt.Sprintf("%s fixed in %s", counted(n, "finding", "findings"), files))
	}
}

// line is a line of a file as it is now.
func (a *analysis) line(name string, number int) (string, bool) {
	if a.fixed == nil || a.diff {
		return a.input.files.Line(name, number)
	}
	text, ok := a.fixed.Texts[name]
	if !ok {
		return a.input.files.Line(name, number)
	}
	lines := strings.Split(string(text), "\n")
	if number < 1 || number > len(lines) {
		return "", false
	}
	return strings.TrimRight(lines[number-1], "\r"), true
}

// readRegular reads a file that can be written back.
func readRegular(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, &fix.RefusedError{Reason: name + " is no file"}
	}
	if !info.Mode().IsRegular() {
		return nil, &fix.RefusedError{Reason: name + " is no regular file"}
	}
	return os.ReadFile(name)
}

// replaceFile puts a text in the place of that of a file in one step: at no time
// is half of it there. The mode stays, and a link goes on to lead where it led.
func replaceFile(name string, text []byte) error {
	path, err := filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temporary.Name()) }() // it is gone if all went well
	if err := fill(temporary, text, info.Mode().Perm()); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), path)
}

func fill(file *os.File, text []byte, mode os.FileMode) error {
	_, err := file.Write(text)
	for _, step := range []func() error{func() error { return file.Chmod(mode) }, file.Sync} {
		if err == nil {
			err = step()
		}
	}
	if closing := file.Close(); err == nil {
		err = closing
	}
	return err
}
