package e2e_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestCluster runs the scripts that need a cluster. Installations are
// cluster-wide, so each script gets a control plane of its own; where
// MESHCTL_E2E_KUBECONFIG names a real cluster they take turns on that one, and
// must leave it as they found it. The condition [lab] tells one from the other.
//
// In these scripts kubectl is a small stand-in (kubectl_test.go), and lab is
// the program that gives pods logs and ports (lab/README.md).
func TestCluster(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves out the scripts that need a cluster")
	}
	ours := os.Getenv("MESHCTL_E2E_KUBECONFIG")
	setup := onLab(t)
	if ours != "" {
		setup = onCluster(ours)
	}
	p := params("testdata/cluster", setup)
	p.Condition = func(name string) (bool, error) {
		if name != "lab" {
			return false, fmt.Errorf("unknown condition [%s]", name)
		}
		return ours == "", nil
	}
	testscript.Run(t, p)
}

// onCluster lets scripts use one cluster, one after another.
func onCluster(kubeconfig string) func(*testscript.Env) error {
	turn := make(chan struct{}, 1)
	return func(env *testscript.Env) error {
		turn <- struct{}{}
		env.Defer(func() { <-turn })
		if err := atHome(env); err != nil {
			return err
		}
		env.Setenv("KUBECONFIG", kubeconfig)
		return nil
	}
}

// A lab takes 600 MiB; more than two at once gain nothing on a small machine.
const labsAtOnce = 2

// onLab starts a control plane for each script and stops it after the script.
func onLab(t *testing.T) func(*testscript.Env) error {
	t.Helper()
	bin, err := filepath.Abs("lab/bin")
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(bin, "lab")
	if _, err := os.Stat(program); err != nil {
		t.Fatalf("%v\nbuild the lab with 'go -C e2e/lab run . build', name a cluster in MESHCTL_E2E_KUBECONFIG, or say -short", err)
	}
	free := make(chan struct{}, labsAtOnce)
	return func(env *testscript.Env) error {
		free <- struct{}{}
		env.Defer(func() { <-free })
		if err := atHome(env); err != nil {
			return err
		}
		kubeconfig, stop, err := startLab(program)
		if err != nil {
			return err
		}
		env.Defer(stop)
		env.Setenv("KUBECONFIG", kubeconfig)
		env.Setenv("PATH", env.Getenv("PATH")+string(filepath.ListSeparator)+bin)
		return nil
	}
}

// startLab returns when the cluster is ready. The lab also stops when this
// process dies, because its standard input ends then.
func startLab(program string) (kubeconfig string, stop func(), err error) {
	const patience = 2 * time.Minute
	var story strings.Builder
	lab := exec.Command(program, "up", "--until-stdin-closes")
	lab.Stderr = &story
	lab.WaitDelay = patience
	in, err := lab.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	out, err := lab.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := lab.Start(); err != nil {
		return "", nil, fmt.Errorf("starting the lab: %w", err)
	}
	late := time.AfterFunc(patience, func() { _ = in.Close() })
	line, err := bufio.NewReader(out).ReadString('\n')
	late.Stop()
	if err != nil {
		_ = in.Close()
		if errors.Is(err, io.EOF) {
			err = nil // the lab ended, and tells why
		}
		return "", nil, fmt.Errorf("starting the lab: %w\n%s", errors.Join(err, lab.Wait()), story.String())
	}
	return strings.TrimSpace(line), func() {
		_ = in.Close()
		_ = lab.Wait() // how a lab ends is a matter of its own tests
	}, nil
}
