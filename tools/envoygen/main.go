// Command envoygen writes the shape of Envoy's configuration, as far as an
// EnvoyFilter can change it, into one file that meshctl embeds: a compressed
// FileDescriptorSet. Envoy's generated Go types would make meshctl many
// megabytes larger.
//
// It reads the descriptors out of the Go files of the modules that its go.mod
// pins, which takes seconds, where compiling these modules takes minutes. What
// does not bear on how JSON is read, such as options and services, is dropped.
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
		fmt.Fprintf(os.Stderr, "envoygen: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("envoygen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	out := flags.String("out", "", "file to write to")
	check := flags.Bool("check", false, "write nothing; fail if -out has not what would be written")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *out == "" || flags.NArg() > 0 {
		flags.Usage()
		return errors.New("-out FILE is needed, and no other argument")
	}
	published, err := readModules(ctx)
	if err != nil {
		return err
	}
	set, err := reduce(published)
	if err != nil {
		return fmt.Errorf("reducing descriptors: %w", err)
	}
	if *check {
		return checkFile(*out, set)
	}
	return writeFile(*out, set)
}
