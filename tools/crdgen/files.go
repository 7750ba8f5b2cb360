package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Files maps slash-separated paths below the output directory to what belongs there.
type Files map[string][]byte

// Write makes the sub-directories of dir that f names hold exactly f.
func (f Files) Write(dir string) error {
	existing, err := f.existing(dir)
	if err != nil {
		return err
	}
	for _, path := range existing {
		if _, wanted := f[path]; wanted {
			continue
		}
		if err := os.Remove(filepath.Join(dir, path)); err != nil {
			return fmt.Errorf("removing a CRD that is no more: %w", err)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(f)) {
		target := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return fmt.Errorf("writing CRDs: %w", err)
		}
		if err := os.WriteFile(target, f[path], 0o644); err != nil {
			return fmt.Errorf("writing CRDs: %w", err)
		}
	}
	return nil
}

// Check returns a StaleError if Write would change anything.
func (f Files) Check(dir string) error {
	existing, err := f.existing(dir)
	if err != nil {
		return err
	}
	var stale []string
	for _, path := range existing {
		if _, wanted := f[path]; !wanted {
			stale = append(stale, path)
		}
	}
	for path, want := range f {
		got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(path)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("reading generated CRDs: %w", err)
		}
		if !bytes.Equal(got, want) {
			stale = append(stale, path)
		}
	}
	if len(stale) > 0 {
		slices.Sort(stale)
		return &StaleError{Dir: dir, Paths: stale}
	}
	return nil
}

// existing lists the files in the sub-directories of dir that f names.
func (f Files) existing(dir string) ([]string, error) {
	below := map[string]bool{}
	for path := range f {
		below[filepath.Dir(filepath.FromSlash(path))] = true
	}
	var paths []string
	for _, sub := range slices.Sorted(maps.Keys(below)) {
		entries, err := os.ReadDir(filepath.Join(dir, sub))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("listing generated CRDs: %w", err)
		}
		for _, entry := range entries {
			paths = append(paths, filepath.ToSlash(filepath.Join(sub, entry.Name())))
		}
	}
	return paths, nil
}

// StaleError names the files that differ from what crdgen generates.
type StaleError struct {
	Dir   string
	Paths []string
}

func (e *StaleError) Error() string {
	return fmt.Sprintf("%s is stale, run `make generate`: %s", e.Dir, strings.Join(e.Paths, ", "))
}
