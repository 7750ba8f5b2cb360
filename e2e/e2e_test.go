// Package e2e_test runs scripts against the real program: those of
// testdata/script without a cluster, those of testdata/cluster against a real
// control plane (cluster_test.go).
//
// A script is a txtar file for testscript. Besides the commands of testscript
// there is
//
//	exits CODE COMMAND [ARG...]
//
// which runs a command as exec does and wants this exit code, and
//
//	awaits FILE REGEXP
//
// which waits until a command in the background has written it into a file, and
// charts, by which a script has charts published (charts_test.go), and
// prometheus, which starts one with the metrics of a mesh (prometheus_test.go).
// -update writes what was printed into the files that cmp compares it with.
package e2e_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/meshctl/meshctl/internal/cli"
)

var update = flag.Bool("update", false, "write what was printed into the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"meshctl":      meshctl,
		"kubectl-mesh": meshctl,
		"kubectl":      kubectl,
		"unanswered":   unanswered,
		"interrupted":  interrupted,
		"injector":     injector,
		"pages":        pages,
		"fetch":        fetch,
		"opens":        opens,
	})
}

// meshctl is what main is in the program.
func meshctl() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(cli.Main(ctx, os.Args, os.Stdin, os.Stdout, os.Stderr, os.Environ()))
}

func TestScript(t *testing.T) {
	testscript.Run(t, params("testdata/script", atHome))
}

// params are what scripts of both kinds have in common.
func params(dir string, setup func(*testscript.Env) error) testscript.Params {
	return testscript.Params{
		Dir:                 dir,
		Setup:               setup,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "awaits": awaits, "charts": charts, "prometheus": startPrometheus, "steps": stepsOf},
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	}
}

// atHome gives a script a home of its own, and no cluster. MANIFESTS is where the
// built-in charts and profiles lie.
func atHome(env *testscript.Env) error {
	manifests, err := filepath.Abs("../manifests")
	if err != nil {
		return err
	}
	env.Setenv("MANIFESTS", manifests)
	env.Setenv("HOME", env.WorkDir)
	env.Setenv("XDG_CONFIG_HOME", filepath.Join(env.WorkDir, "config"))
	env.Setenv("KUBECONFIG", filepath.Join(env.WorkDir, "no-kubeconfig"))
	return nil
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARG...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("running %s: %v", args[1], err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func awaits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: awaits FILE REGEXP")
	}
	wanted, err := regexp.Compile(args[1])
	ts.Check(err)
	const patience, pause = time.Minute, 20 * time.Millisecond
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(pause) {
		text, err := os.ReadFile(ts.MkAbs(args[0]))
		if err == nil && wanted.Match(text) {
			return
		}
	}
	ts.Fatalf("%s does not say %q within %s", args[0], args[1], patience)
}
