package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"syscall"
	"time"

	"github.com/meshctl/meshctl/e2e/lab/internal/home"
)

// downPatience is more than twice what the components may take to stop.
const downPatience = 20 * time.Second

func down(ctx context.Context, args []string, io streams) error {
	flags := flag.NewFlagSet("down", flag.ContinueOnError)
	if err := parse(flags, args, io, 1); err != nil {
		return err
	}
	dir, err := home.Find(flags.Arg(0))
	if err != nil {
		return err
	}
	owner, err := home.Owner(dir)
	if err != nil {
		return err
	}
	if owner == 0 {
		// The lab was killed, and on Linux its components with it.
		return removeLeftovers(dir)
	}
	if err := syscall.Kill(owner, syscall.SIGTERM); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("stopping the lab: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, downPatience)
	defer cancel()
	for {
		owner, err := home.Owner(dir)
		if err == nil && owner == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("stopping the lab: process %d still runs", owner)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func removeLeftovers(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("removing folder: %w", err)
	}
	return nil
}
