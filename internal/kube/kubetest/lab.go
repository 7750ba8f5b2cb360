package kubetest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// given names the variable that points the tests at a cluster of the user's.
const given = "MESHCTL_E2E_KUBECONFIG"

// lab is the control plane that the tests of this binary share.
//
//nolint:gochecknoglobals // starting one takes seconds, so one serves all tests of a binary
var lab struct {
	start      sync.Once
	kubeconfig string
	err        error
	stop       func()
}

// Main runs the tests of a package and then stops the lab, if one of them
// started it: func TestMain(m *testing.M) { os.Exit(kubetest.Main(m)) }.
func Main(m *testing.M) int {
	code := m.Run()
	if lab.stop != nil {
		lab.stop()
	}
	return code
}

// Kubeconfig is the path of a kubeconfig of a cluster that tests may change: the
// one that MESHCTL_E2E_KUBECONFIG names, else a lab of this test binary. Under
// go test -short the test is skipped.
func Kubeconfig(t testing.TB) string {
	t.Helper()
	if path := os.Getenv(given); path != "" {
		return path
	}
	if testing.Short() {
		t.Skipf("needs a cluster: run without -short, or set %s", given)
	}
	lab.start.Do(func() { lab.kubeconfig, lab.stop, lab.err = up() })
	if lab.err != nil {
		t.Fatalf("starting the lab: %v", lab.err)
	}
	return lab.kubeconfig
}

// up starts a lab, which ends with this process at the latest: its standard
// input closes then.
func up() (kubeconfig string, stop func(), err error) {
	program, err := program()
	if err != nil {
		return "", nil, err
	}
	var said bytes.Buffer
	command := exec.Command(program, "up", "--until-stdin-closes")
	command.Stderr = &said
	in, err := command.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := command.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = in.Close()
		_ = command.Wait()
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		stop()
		return "", nil, fmt.Errorf("%w: %s", err, said.String())
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return strings.TrimSpace(line), stop, nil
}

// program is the lab's binary, built if need be.
func program() (string, error) {
	home, err := home()
	if err != nil {
		return "", err
	}
	path := filepath.Join(home, "bin", "lab")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if said, err := exec.Command("go", "-C", home, "run", ".", "build").CombinedOutput(); err != nil {
		return "", fmt.Errorf("building it: %w: %s", err, said)
	}
	return path, nil
}

// home looks for the lab's module above the package under test.
func home() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		candidate := filepath.Join(dir, "e2e", "lab")
		if _, err := os.Stat(filepath.Join(candidate, "go.mod")); err == nil {
			return candidate, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("no e2e/lab above the working directory")
		}
		dir = filepath.Dir(dir)
	}
}
