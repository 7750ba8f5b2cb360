package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/meshctl/meshctl/e2e/lab/internal/binaries"
	"github.com/meshctl/meshctl/e2e/lab/internal/controlplane"
)

// lab is a running bin/lab, started the way meshctl's own tests start it.
type lab struct {
	program    string
	command    *exec.Cmd
	stdin      io.Closer
	stderr     *bytes.Buffer
	kubeconfig string
	dir        string
	config     *rest.Config
	client     kubernetes.Interface
}

// program builds bin/lab and everything it starts; that takes minutes the first time.
func program(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a control plane")
	}
	module, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	builder := binaries.Builder{Module: module, Version: controlplane.Version, Report: os.Stderr}
	if err := builder.Build(t.Context()); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(builder.Dir(), "lab")
}

func startLab(t *testing.T) *lab {
	t.Helper()
	l := &lab{program: program(t), stderr: &bytes.Buffer{}}
	l.command = exec.Command(l.program, "up", "--until-stdin-closes")
	l.command.Stderr = l.stderr
	stdin, err := l.command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	l.stdin = stdin
	stdout, err := l.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	if err := l.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		_ = l.command.Wait()
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("lab up: %v\n%s", err, l.stderr)
	}
	t.Logf("ready after %s", time.Since(begin).Round(time.Millisecond))
	l.connect(t, strings.TrimSpace(line))
	return l
}

func (l *lab) connect(t *testing.T, kubeconfig string) {
	t.Helper()
	var err error
	l.kubeconfig, l.dir = kubeconfig, filepath.Dir(kubeconfig)
	if l.config, err = clientcmd.BuildConfigFromFlags("", kubeconfig); err != nil {
		t.Fatal(err)
	}
	l.config.QPS, l.config.Burst = 1000, 1000
	if l.client, err = kubernetes.NewForConfig(l.config); err != nil {
		t.Fatal(err)
	}
}

// run runs another verb of the lab program.
func (l *lab) run(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), l.program, args...)
	command.Env = append(os.Environ(), "KUBECONFIG="+l.kubeconfig)
	command.Stdin = strings.NewReader(stdin)
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("lab %s: %v\n%s", strings.Join(args, " "), err, output)
	}
	return string(output)
}

// eventually waits for a condition; its error is what the test then says.
func eventually(t *testing.T, check func(context.Context) error) {
	t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	for {
		err := check(t.Context())
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// componentsOf lists the processes of a lab: all of them have its folder in their command line.
func componentsOf(t *testing.T, dir string) []string {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("looks for processes in /proc")
	}
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, file := range files {
		// A process may end between the listing and the reading.
		line, _ := os.ReadFile(file)
		if bytes.Contains(line, []byte(dir+"/")) {
			name, _, _ := strings.Cut(string(line), "\x00")
			found = append(found, filepath.Base(name))
		}
	}
	return found
}
