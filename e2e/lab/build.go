package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/meshctl/meshctl/e2e/lab/internal/binaries"
	"github.com/meshctl/meshctl/e2e/lab/internal/controlplane"
)

func build(ctx context.Context, args []string, io streams) error {
	if err := parse(flag.NewFlagSet("build", flag.ContinueOnError), args, io, 0); err != nil {
		return err
	}
	module, err := findModule()
	if err != nil {
		return err
	}
	return binaries.Builder{Module: module, Version: controlplane.Version, Report: io.err}.Build(ctx)
}

// findModule finds the source: the working folder with `go run`, the folder above for bin/lab.
func findModule() (string, error) {
	working, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("finding the module: %w", err)
	}
	program, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("finding the module: %w", err)
	}
	for _, dir := range []string{filepath.Dir(filepath.Dir(program)), working} {
		if _, err := os.Stat(filepath.Join(dir, "internal", "controlplane")); err == nil {
			return dir, nil
		}
	}
	return "", fmt.Errorf("finding the module: %s is not e2e/lab; use go -C e2e/lab run . build", working)
}

// findBinaries wants all of them, so that a missing one is told before anything starts.
func findBinaries() (string, error) {
	module, err := findModule()
	if err != nil {
		return "", err
	}
	dir := binaries.Builder{Module: module}.Dir()
	for _, name := range controlplane.Programs() {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return "", fmt.Errorf("finding %s: build it first: go -C e2e/lab run . build", name)
		}
	}
	return dir, nil
}
