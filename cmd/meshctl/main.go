// Command meshctl installs an Istio service mesh on a Kubernetes cluster and looks after it.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/meshctl/meshctl/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first signal lets the command finish in order, a second one ends it at once.
	context.AfterFunc(ctx, stop)
	code := cli.Main(ctx, os.Args, os.Stdin, os.Stdout, os.Stderr, os.Environ())
	os.Exit(code)
}
