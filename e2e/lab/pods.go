package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/meshctl/meshctl/e2e/lab/internal/api"
	"github.com/meshctl/meshctl/e2e/lab/internal/home"
	"github.com/meshctl/meshctl/e2e/lab/internal/kwok"
)

// podOptions are the flags that say which pods of which lab.
type podOptions struct {
	Kubeconfig string
	Pods       kwok.Pods
}

func (o *podOptions) register(flags *flag.FlagSet) {
	flags.StringVar(&o.Kubeconfig, "kubeconfig", os.Getenv("KUBECONFIG"), "the lab's kubeconfig")
	flags.StringVar(&o.Pods.Namespace, "n", "default", "the pods' `namespace`")
	flags.StringVar(&o.Pods.Selector, "l", "", "`labels` of the pods, which must exist already; by default all pods of the namespace, later ones too")
}

func forward(ctx context.Context, args []string, io streams) error {
	var o podOptions
	flags := flag.NewFlagSet("forward", flag.ContinueOnError)
	o.register(flags)
	if err := parse(flags, args, io, -1); err != nil {
		return err
	}
	forwards, err := parseForwards(flags.Args())
	if err != nil {
		fmt.Fprintln(io.err, "lab forward:", err)
		return errUsage
	}
	client, err := api.FromKubeconfig(o.Kubeconfig)
	if err != nil {
		return err
	}
	return kwok.AddForwards(ctx, client, o.Pods, forwards)
}

func parseForwards(args []string) ([]kwok.Forward, error) {
	if len(args) == 0 {
		return nil, fmt.Errorf("wants at least one PORT=ADDRESS:PORT")
	}
	var forwards []kwok.Forward
	for _, arg := range args {
		from, to, _ := strings.Cut(arg, "=")
		port, err := strconv.Atoi(from)
		if err != nil {
			return nil, fmt.Errorf("reading %q, wants PORT=ADDRESS:PORT: %w", arg, err)
		}
		host, digits, err := net.SplitHostPort(to)
		if err != nil {
			return nil, fmt.Errorf("reading %q, wants PORT=ADDRESS:PORT: %w", arg, err)
		}
		target, err := strconv.Atoi(digits)
		if err != nil {
			return nil, fmt.Errorf("reading %q, wants PORT=ADDRESS:PORT: %w", arg, err)
		}
		forwards = append(forwards, kwok.Forward{Port: port, Address: host, Target: target})
	}
	return forwards, nil
}

func logs(ctx context.Context, args []string, io streams) error {
	var o podOptions
	var container string
	var previous bool
	flags := flag.NewFlagSet("logs", flag.ContinueOnError)
	o.register(flags)
	flags.StringVar(&container, "c", "", "the `container`; by default all of the pod")
	flags.BoolVar(&previous, "previous", false, "the log before the last restart")
	if err := parse(flags, args, io, 0); err != nil {
		return err
	}
	client, err := api.FromKubeconfig(o.Kubeconfig)
	if err != nil {
		return err
	}
	file, err := writeLog(o.Kubeconfig, io)
	if err != nil {
		return err
	}
	return kwok.AddLog(ctx, client, o.Pods, kwok.Log{Container: container, File: file, Previous: previous})
}

// writeLog copies standard input to a file in the lab's folder, in the format of a container runtime.
func writeLog(kubeconfig string, io streams) (string, error) {
	dir, err := home.Find(kubeconfig)
	if err != nil {
		return "", err
	}
	file, err := os.CreateTemp(filepath.Join(dir, "pod-logs"), "*.log")
	if err != nil {
		return "", fmt.Errorf("writing log: %w", err)
	}
	if err := errors.Join(copyLines(file, io.in), file.Close()); err != nil {
		return "", err
	}
	return file.Name(), nil
}

func copyLines(to io.Writer, from io.Reader) error {
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		if _, err := fmt.Fprintf(to, "%s stdout F %s\n", time.Now().UTC().Format(time.RFC3339Nano), lines.Text()); err != nil {
			return fmt.Errorf("writing log: %w", err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("reading standard input: %w", err)
	}
	return nil
}
