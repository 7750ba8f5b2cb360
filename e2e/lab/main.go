// Command lab builds, starts and stops a real Kubernetes control plane on loopback, for tests and demos.
// README.md is the contract with those who start it; this package only reads flags, prints and exits.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

const usage = `lab runs a real Kubernetes control plane on loopback.

  lab build                    build what is missing or old
  lab up [flags]               start, print the kubeconfig's path, stop on a signal
  lab up --detach [flags]      start in the background, print the kubeconfig's path
  lab down DIR|KUBECONFIG      stop what runs in the background
  lab forward [flags] 80=127.0.0.1:8080 ...
                               let ports of pods lead to processes of this machine
  lab logs [flags] < lines     give pods a log

lab VERB -h shows the flags of a verb.
`

// errUsage is for mistakes in the command line that were explained already.
var errUsage = errors.New("wrong usage")

// streams are where a verb reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

func main() {
	os.Exit(run(os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr}))
}

func run(args []string, io streams) int {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer cancel()
	// Whoever started the lab may be dead when the lab reports that it stops: a write to the broken pipe
	// must fail, not end the lab in the middle of its cleaning up.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	err := dispatch(ctx, args, io)
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errUsage):
		return 2
	}
	fmt.Fprintln(io.err, "lab:", err)
	return 1
}

func dispatch(ctx context.Context, args []string, io streams) error {
	if len(args) == 0 {
		fmt.Fprint(io.err, usage)
		return errUsage
	}
	verb, rest := args[0], args[1:]
	switch verb {
	case "build":
		return build(ctx, rest, io)
	case "up":
		return up(ctx, rest, io)
	case "down":
		return down(ctx, rest, io)
	case "forward":
		return forward(ctx, rest, io)
	case "logs":
		return logs(ctx, rest, io)
	case "help", "-h", "--help":
		fmt.Fprint(io.out, usage)
		return nil
	}
	fmt.Fprintf(io.err, "lab: no verb %q\n\n%s", verb, usage)
	return errUsage
}

// parse reads flags, and wants a number of arguments after them (-1 for any).
func parse(flags *flag.FlagSet, args []string, io streams, want int) error {
	flags.SetOutput(io.err)
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return errUsage // the flag package has said what is wrong
	}
	if want >= 0 && flags.NArg() != want {
		fmt.Fprintf(io.err, "lab %s: wants %d arguments, got %d\n", flags.Name(), want, flags.NArg())
		return errUsage
	}
	return nil
}
