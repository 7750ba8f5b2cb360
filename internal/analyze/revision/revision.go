// Package revision takes files out of a git repository as they were at a
// revision. It asks the user's git, and leaves working tree and index alone.
package revision

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Git runs git with arguments and something to read, and returns what it prints.
type Git func(ctx context.Context, stdin []byte, args ...string) ([]byte, error)

// NoRepositoryError is a working directory that is in no repository.
type NoRepositoryError struct{ Err error }

func (e *NoRepositoryError) Error() string {
	return "this folder is in no git repository"
}

func (e *NoRepositoryError) Unwrap() error { return e.Err }

// UnknownError is a revision that the repository does not have.
type UnknownError struct{ Revision string }

func (e *UnknownError) Error() string {
	return fmt.Sprintf("there is no revision %q in this repository", e.Revision)
}

// OutsideError is a file that the repository cannot know.
type OutsideError struct{ Path, Top string }

func (e *OutsideError) Error() string {
	return fmt.Sprintf("%s is outside of the repository %s", e.Path, e.Top)
}

// Tree is a revision of the repository that the working directory is in.
type Tree struct {
	git    Git
	top    string
	commit string
}

// Open finds a revision. One with three dots at its end, such as "main...", is
// the last commit that it has in common with what is checked out.
func Open(ctx context.Context, git Git, revision string) (*Tree, error) {
	top, err := git(ctx, nil, "rev-parse", "--show-toplevel")
	if err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return nil, err
		}
		return nil, &NoRepositoryError{Err: err}
	}
	t := &Tree{git: git}
	if t.top, err = filepath.EvalSymlinks(firstLine(top)); err != nil {
		return nil, err
	}
	name, fork := strings.CutSuffix(revision, "...")
	commit, err := git(ctx, nil, "rev-parse", "--verify", "--quiet", "--end-of-options", name+"^{commit}")
	if err == nil && fork {
		commit, err = git(ctx, nil, "merge-base", firstLine(commit), "HEAD")
	}
	if err != nil || len(commit) == 0 {
		return nil, &UnknownError{Revision: revision}
	}
	t.commit = firstLine(commit)
	return t, nil
}

func firstLine(text []byte) string {
	line, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimRight(line, "\r")
}

// Export writes the files below paths, as they were, to a folder, and returns
// where the paths are there. A path that did not exist is left out. A path may
// be a pattern.
func (t *Tree) Export(ctx context.Context, paths []string, folder string) (map[string]string, error) {
	exported := map[string]string{}
	args := []string{"--literal-pathspecs", "ls-tree", "-r", "-z", "--full-tree", t.commit, "--"}
	for _, path := range paths {
		inside, err := t.inside(path)
		if err != nil {
			return nil, err
		}
		exported[path] = filepath.Join(folder, filepath.FromSlash(inside))
		args = append(args, listable(inside))
	}
	entries, err := t.list(ctx, args)
	if err != nil {
		return nil, err
	}
	for _, one := range entries {
		if kustomization(one.path) { // its parts may be anywhere in the repository
			if entries, err = t.list(ctx, args[:len(args)-len(paths)]); err != nil {
				return nil, err
			}
			break
		}
	}
	if err := t.write(ctx, entries, folder); err != nil {
		return nil, fmt.Errorf("reading files of %s: %w", t.commit, err)
	}
	for path, place := range exported {
		if _, err := os.Stat(place); err == nil {
			continue
		}
		if found, err := filepath.Glob(place); err != nil || len(found) == 0 {
			delete(exported, path)
		}
	}
	return exported, nil
}

// inside is the path from the top of the repository.
func (t *Tree) inside(path string) (string, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	// The part that exists may lead through links; what follows may be a pattern.
	rest := ""
	for at := full; ; {
		if place, err := filepath.EvalSymlinks(at); err == nil {
			full = filepath.Join(place, rest)
			break
		}
		parent := filepath.Dir(at)
		if parent == at {
			break
		}
		rest = filepath.Join(filepath.Base(at), rest)
		at = parent
	}
	inside, err := filepath.Rel(t.top, full)
	if err != nil || inside == ".." || strings.HasPrefix(inside, ".."+string(filepath.Separator)) {
		return "", &OutsideError{Path: path, Top: t.top}
	}
	return filepath.ToSlash(inside), nil
}

// listable is the part of a path that git can list: a pattern's folder.
func listable(path string) string {
	at := strings.IndexAny(path, "*?[")
	if at < 0 {
		return path
	}
	if slash := strings.LastIndexByte(path[:at], '/'); slash >= 0 {
		return path[:slash]
	}
	return "."
}

func kustomization(path string) bool {
	name := strings.ToLower(path[strings.LastIndexByte(path, '/')+1:])
	return name == "kustomization" || name == "kustomization.yaml" || name == "kustomization.yml"
}

// entry is a file of a revision.
type entry struct{ id, path string }

func (t *Tree) list(ctx context.Context, args []string) ([]entry, error) {
	out, err := t.git(ctx, nil, args...)
	if err != nil {
		return nil, fmt.Errorf("listing files of %s: %w", t.commit, err)
	}
	var entries []entry
	for line := range strings.SplitSeq(string(out), "\x00") {
		about, path, ok := strings.Cut(line, "\t")
		fields := strings.Fields(about) // mode, type, id
		const regular = "100"
		if ok && len(fields) == 3 && strings.HasPrefix(fields[0], regular) {
			entries = append(entries, entry{fields[2], path})
		}
	}
	return entries, nil
}

func (t *Tree) write(ctx context.Context, entries []entry, folder string) error {
	if len(entries) == 0 {
		return nil
	}
	var ids bytes.Buffer
	for _, one := range entries {
		ids.WriteString(one.id + "\n")
	}
	out, err := t.git(ctx, ids.Bytes(), "cat-file", "--batch")
	if err != nil {
		return err
	}
	stream := bufio.NewReader(bytes.NewReader(out))
	for _, one := range entries {
		text, err := nextBlob(stream)
		if err != nil {
			return err
		}
		place := filepath.Join(folder, filepath.FromSlash(one.path))
		if err := os.MkdirAll(filepath.Dir(place), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(place, text, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// nextBlob reads "ID blob SIZE", that many bytes, and a line break.
func nextBlob(stream *bufio.Reader) ([]byte, error) {
	header, err := stream.ReadString('\n')
	if err != nil {
		return nil, err
	}
	fields := strings.Fields(header)
	if len(fields) != 3 {
		return nil, fmt.Errorf("git says %q", strings.TrimSpace(header))
	}
	size, err := strconv.Atoi(fields[2])
	if err != nil {
		return nil, err
	}
	text := make([]byte, size+1)
	if _, err := io.ReadFull(stream, text); err != nil {
		return nil, err
	}
	return text[:size], nil
}
