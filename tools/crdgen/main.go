// Command crdgen turns the CustomResourceDefinitions that istio.io/api and
// sigs.k8s.io/gateway-api publish into the files the base chart installs.
//
// It reads them from the module cache at the versions this module's go.mod pins,
// drops the prose and the publisher's labels, and writes one file per definition in
// a canonical order, so that a version bump shows up as a readable diff. It knows
// nothing of charts beyond the directory it writes to: labels are the template's job.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintf(os.Stderr, "crdgen: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("crdgen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	out := flags.String("out", "", "directory to write to: one sub-directory for each source")
	check := flags.Bool("check", false, "write nothing; fail if a file in -out is not what would be written")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *out == "" || flags.NArg() > 0 {
		flags.Usage()
		return errors.New("-out DIRECTORY is needed, and no other argument")
	}
	files := Files{}
	for _, source := range sources() {
		if err := source.generate(ctx, files); err != nil {
			return fmt.Errorf("generating CRDs of %s: %w", source.module, err)
		}
	}
	if *check {
		return files.Check(*out)
	}
	return files.Write(*out)
}
