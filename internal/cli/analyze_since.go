package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/load"
	"github.com/meshctl/meshctl/internal/analyze/revision"
)

// comparable refuses to compare what git does not have.
func (o *analyzeOptions) comparable() error {
	if len(o.paths) == 0 {
		return usageErrorf("--new-since compares files: name some")
	}
	for _, path := range o.paths {
		if path == load.Stdin || strings.Contains(path, "://") {
			return usageErrorf("--new-since compares files of a git repository, which %s is not", path)
		}
	}
	return nil
}

// past is what was found in the files as they were at a revision.
func (a *analysis) past(ctx context.Context) (analyze.Baseline, error) {
	input, err := a.pastInput(ctx)
	if err != nil {
		return analyze.Baseline{}, err
	}
	meshes, err := a.input.meshes(ctx, input)
	if err != nil {
		return analyze.Baseline{}, err
	}
	found, err := a.input.analyze(ctx, meshes, a.selection.Analyzers, a.options)
	if err != nil {
		return analyze.Baseline{}, err
	}
	// What could not be verified then is not new because it can be now.
	return analyze.NewBaseline(slices.Concat(found.Findings, found.Unverified)), nil
}

// pastInput is the input as it was: other files, the same cluster.
func (a *analysis) pastInput(ctx context.Context) (analyze.Input, error) {
	input := a.input.mesh
	tree, err := revision.Open(ctx, a.env.git(), a.newSince)
	if err != nil {
		return input, err
	}
	folder, err := os.MkdirTemp("", "meshctl-revision-")
	if err != nil {
		return input, fmt.Errorf("making a folder for files of %s: %w", a.newSince, err)
	}
	defer func() { _ = os.RemoveAll(folder) }() // it is in the folder for such things
	paths := slices.Clone(a.paths)
	for _, path := range []string{a.meshConfig, a.meshNetworks} {
		if path != "" {
			paths = append(paths, path)
		}
	}
	exported, err := tree.Export(ctx, paths, folder)
	if err != nil {
		return input, err
	}
	then := *a.analyzeOptions
	then.useKube = false
	then.paths = nil
	for _, path := range a.paths {
		if place, ok := exported[path]; ok {
			then.paths = append(then.paths, place)
		}
	}
	then.meshConfig, then.meshNetworks = exported[a.meshConfig], exported[a.meshNetworks]
	input.Documents, input.MeshConfig, input.MeshNetworks = nil, nil, nil
	if len(then.paths) == 0 {
		return input, nil
	}
	read, err := then.read(ctx, a.env, a.selection)
	if err != nil {
		return input, fmt.Errorf("analysing the files of %s: %w", a.newSince, err)
	}
	input.Documents, input.MeshConfig, input.MeshNetworks = read.mesh.Documents, read.mesh.MeshConfig, read.mesh.MeshNetworks
	return input, nil
}

// GitError is a git that failed.
type GitError struct {
	Said string
	Err  error
}

func (e *GitError) Error() string {
	if e.Said != "" {
		return "git: " + e.Said
	}
	return fmt.Sprintf("git: %v", e.Err)
}

func (e *GitError) Unwrap() error { return e.Err }

// git is what runs git: the user's, unless a test has one of its own.
func (e *Env) git() revision.Git {
	if e.Git != nil {
		return e.Git
	}
	return runGit
}

func runGit(ctx context.Context, stdin []byte, args ...string) ([]byte, error) {
	command := exec.CommandContext(ctx, "git", args...)
	var out, said bytes.Buffer
	command.Stdin, command.Stdout, command.Stderr = bytes.NewReader(stdin), &out, &said
	err := command.Run()
	switch {
	case err == nil:
		return out.Bytes(), nil
	case errors.Is(err, exec.ErrNotFound):
		return nil, err
	}
	return nil, &GitError{Said: strings.TrimPrefix(strings.TrimSpace(said.String()), "fatal: "), Err: err}
}
