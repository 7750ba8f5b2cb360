// Serve runs a Prometheus that has the metrics of a made-up mesh (e2e/series), until it is
// interrupted. It prints its URL on stdout.
//
//	go run ./e2e/prometheus/serve
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/meshctl/meshctl/e2e/prometheus"
	"github.com/meshctl/meshctl/e2e/series"
)

func main() {
	programs := flag.String("programs", "e2e/lab/bin", "the `folder` with prometheus, from make lab-build")
	config := flag.String("config", "", "a configuration `file`, for rules; by default there are none")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := serve(ctx, *programs, *config)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

func serve(ctx context.Context, programs, config string) error {
	dir, err := os.MkdirTemp("", "meshctl-prometheus-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	server, err := prometheus.Start(ctx, prometheus.Options{Programs: programs, Dir: dir, Config: config})
	if err != nil {
		return err
	}
	defer server.Close()
	all := series.All(time.Now())
	if err := server.Load(ctx, time.Now(), all); err != nil {
		return err
	}
	fmt.Println(server.URL())
	more := time.NewTicker(time.Minute)
	defer more.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-more.C:
			if err := server.Load(ctx, time.Now(), all); err != nil && ctx.Err() == nil {
				return err
			}
		}
	}
}
