package browser

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Mesh is a control plane of e2e/lab and the meshctl of this checkout.
type Mesh struct {
	meshctl, lab string
	kubeconfig   string
}

// NewMesh builds meshctl and starts a lab, which ends with the test.
func NewMesh(t *testing.T) *Mesh {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	m := &Mesh{meshctl: filepath.Join(t.TempDir(), "meshctl"), lab: filepath.Join(root, "e2e/lab/bin/lab")}
	if _, err := os.Stat(m.lab); err != nil {
		t.Fatalf("%v\nbuild the lab with 'go -C e2e/lab run . build'", err)
	}
	build := exec.Command("go", "build", "-o", m.meshctl, "./cmd/meshctl")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building meshctl: %v\n%s", err, out)
	}
	up := exec.Command(m.lab, "up", "--until-stdin-closes")
	up.Stderr = os.Stderr
	in, err := up.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = up.Wait()
	})
	m.kubeconfig = strings.TrimSpace(m.firstLine(t, up))
	return m
}

// firstLine starts a program and returns the first line of its output.
func (m *Mesh) firstLine(t *testing.T, program *exec.Cmd) string {
	t.Helper()
	out, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	return line
}

func (m *Mesh) command(t *testing.T, program string, args ...string) *exec.Cmd {
	t.Helper()
	command := exec.Command(program, args...)
	command.Env = append(os.Environ(), "KUBECONFIG="+m.kubeconfig, "HOME="+t.TempDir(), "NO_COLOR=1")
	return command
}

// Run runs meshctl and fails the test if that fails.
func (m *Mesh) Run(t *testing.T, args ...string) {
	t.Helper()
	if out, err := m.command(t, m.meshctl, args...).CombinedOutput(); err != nil {
		t.Fatalf("meshctl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// Serve lets a port of the pods of a namespace lead to a handler. Each call
// replaces what earlier ones said about the namespace, so ports come together.
func (m *Mesh) Serve(t *testing.T, namespace string, handlers map[string]http.Handler) map[string]*httptest.Server {
	t.Helper()
	servers := map[string]*httptest.Server{}
	args := []string{"forward", "--kubeconfig", m.kubeconfig, "-n", namespace}
	for port, handler := range handlers {
		server := httptest.NewServer(handler)
		t.Cleanup(server.Close)
		servers[port] = server
		args = append(args, port+"="+server.Listener.Addr().String())
	}
	if out, err := m.command(t, m.lab, args...).CombinedOutput(); err != nil {
		t.Fatalf("lab %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return servers
}

// Dashboard starts "meshctl dashboard ARGS" without a browser, and returns its
// URL once it works. stop ends it as Ctrl-C does; the end of the test does, too.
func (m *Mesh) Dashboard(t *testing.T, args ...string) (url string, stop func()) {
	t.Helper()
	command := m.command(t, m.meshctl, append([]string{"dashboard", "-o", "json", "--browser=false"}, args...)...)
	var story bytes.Buffer
	command.Stderr = &story
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(patience, func() { _ = command.Process.Kill() })
	var answer struct{ URL string }
	err = json.NewDecoder(out).Decode(&answer)
	late.Stop()
	ended := sync.OnceFunc(func() {
		_ = command.Process.Signal(syscall.SIGINT)
		_, _ = io.Copy(io.Discard, out)
		if err := command.Wait(); err != nil {
			t.Errorf("%s: %v\n%s", command, err, story.String())
		}
	})
	t.Cleanup(ended)
	if err != nil || answer.URL == "" {
		ended()
		t.Fatalf("%s gives no URL: %v\n%s", command, err, story.String())
	}
	return answer.URL, ended
}
