package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/meshctl/meshctl/e2e/lab/internal/controlplane"
	"github.com/meshctl/meshctl/e2e/lab/internal/home"
	"github.com/meshctl/meshctl/e2e/lab/internal/process"
)

type upOptions struct {
	Nodes            int
	Dir              string
	Keep             bool
	UntilStdinCloses bool
	Detach           bool
}

func up(ctx context.Context, args []string, io streams) error {
	var o upOptions
	flags := flag.NewFlagSet("up", flag.ContinueOnError)
	flags.IntVar(&o.Nodes, "nodes", 3, "how many nodes the cluster has")
	flags.StringVar(&o.Dir, "dir", "", "the lab's `folder`, empty or missing; a fresh temporary one by default")
	flags.BoolVar(&o.Keep, "keep", false, "leave the folder, with all logs, when the lab stops")
	flags.BoolVar(&o.UntilStdinCloses, "until-stdin-closes", false, "stop when standard input ends")
	flags.BoolVar(&o.Detach, "detach", false, "return when the lab is ready, and leave it running")
	if err := parse(flags, args, io, 0); err != nil {
		return err
	}
	if o.Nodes < 1 || o.Nodes > 250 || o.Detach && o.UntilStdinCloses {
		fmt.Fprintln(io.err, "lab up: wants 1 to 250 nodes, and not both --detach and --until-stdin-closes")
		return errUsage
	}
	home.Sweep()
	if o.Detach {
		return detach(ctx, o, io)
	}
	return serve(ctx, o, io)
}

// serve runs a lab until the context ends, standard input closes, or a component dies.
func serve(ctx context.Context, o upOptions, io streams) (err error) {
	programs, err := findBinaries()
	if err != nil {
		return err
	}
	if o.UntilStdinCloses {
		ctx = untilClosed(ctx, io.in)
	}
	place, err := home.Claim(o.Dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, place.Release(!o.Keep)) }()
	begin := time.Now()
	cluster, err := controlplane.Start(ctx, controlplane.Options{Folder: place.Dir, Binaries: programs, Nodes: o.Nodes})
	if errors.Is(err, context.Canceled) {
		return nil // told to stop before it was ready
	}
	if err != nil {
		return err
	}
	defer cluster.Stop()
	fmt.Fprintf(io.err, "lab: ready in %s\n", time.Since(begin).Round(10*time.Millisecond))
	if _, err := fmt.Fprintln(io.out, cluster.Kubeconfig()); err != nil {
		return fmt.Errorf("printing the kubeconfig's path: %w", err)
	}
	select {
	case <-ctx.Done():
		return nil
	case died := <-cluster.Died():
		return died
	}
}

// untilClosed ends the context when the reader does. Whatever becomes of the process at the other end of
// the pipe, the kernel closes it.
func untilClosed(ctx context.Context, in io.Reader) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, in)
		cancel()
	}()
	return ctx
}

// detach starts this program again, in a session of its own, and waits for the line that it prints.
func detach(ctx context.Context, o upOptions, streams streams) error {
	if o.Dir == "" {
		dir, err := home.Make()
		if err != nil {
			return err
		}
		o.Dir = dir
	}
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return fmt.Errorf("making folder: %w", err)
	}
	report, err := os.Create(filepath.Join(o.Dir, "lab.log"))
	if err != nil {
		return fmt.Errorf("opening log of the lab: %w", err)
	}
	defer report.Close()
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding the lab program: %w", err)
	}
	child := exec.Command(program, "up", "--dir", o.Dir, "--nodes", strconv.Itoa(o.Nodes), "--keep="+strconv.FormatBool(o.Keep))
	child.Stderr = report
	child.SysProcAttr = process.Detached()
	out, err := child.StdoutPipe()
	if err != nil {
		return fmt.Errorf("starting the lab: %w", err)
	}
	if err := child.Start(); err != nil {
		return fmt.Errorf("starting the lab: %w", err)
	}
	// An interrupt here reaches only this process: hand it on.
	stop := context.AfterFunc(ctx, func() { _ = child.Process.Signal(os.Interrupt) })
	defer stop()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return startFailure(child, report)
	}
	fmt.Fprint(streams.out, line)
	return nil
}

// startFailure tells what the lab in the background said. Its folder is gone already, and the name of the
// log with it, but not the open file.
func startFailure(child *exec.Cmd, report *os.File) error {
	cause := child.Wait()
	content, err := io.ReadAll(io.NewSectionReader(report, 0, 1<<20))
	if err != nil || len(content) == 0 {
		return fmt.Errorf("starting the lab in the background: %w", cause)
	}
	return errors.New(strings.TrimPrefix(strings.TrimSpace(string(content)), "lab: "))
}
