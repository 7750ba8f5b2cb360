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

// files maps names to what is in them.
type files map[string][]byte

// put makes dir hold exactly f, or, as a check, complains if it does not.
func (f files) put(dir string, check bool) error {
	if check {
		return f.check(dir)
	}
	return f.write(dir)
}

func (f files) write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("writing documentation: %w", err)
	}
	extra, err := f.extra(dir)
	if err != nil {
		return err
	}
	for _, name := range extra {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("removing a page that is no more: %w", err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if err := os.WriteFile(filepath.Join(dir, name), f[name], 0o644); err != nil {
			return fmt.Errorf("writing documentation: %w", err)
		}
	}
	return nil
}

func (f files) check(dir string) error {
	stale, err := f.extra(dir)
	if err != nil {
		return err
	}
	for name, want := range f {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("reading documentation: %w", err)
		}
		if !bytes.Equal(got, want) {
			stale = append(stale, name)
		}
	}
	if len(stale) > 0 {
		slices.Sort(stale)
		return fmt.Errorf("%s is stale, run `make generate`: %s", dir, strings.Join(stale, ", "))
	}
	return nil
}

// extra lists the files in dir that are not in f.
func (f files) extra(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("listing documentation: %w", err)
	}
	var extra []string
	for _, entry := range entries {
		if _, known := f[entry.Name()]; !known {
			extra = append(extra, entry.Name())
		}
	}
	return extra, nil
}
