package e2e_test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
)

// unanswered runs the command of its arguments with a kubeconfig whose API
// server takes connections and says nothing.
func unanswered() { withSilentServer(func(*os.Process) {}) }

// interrupted does the same, and sends the command an interrupt as soon as it
// waits for that server.
func interrupted() {
	withSilentServer(func(process *os.Process) {
		if err := process.Signal(os.Interrupt); err != nil {
			fail(err)
		}
	})
}

// withSilentServer ends with the exit code of the command. connected is called
// once, when the server has its first connection.
func withSilentServer(connected func(*os.Process)) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fail(err)
	}
	kubeconfig, err := os.CreateTemp("", "kubeconfig")
	if err != nil {
		fail(err)
	}
	_, err = fmt.Fprintf(kubeconfig, silentKubeconfig, listener.Addr())
	if err = errors.Join(err, kubeconfig.Close()); err != nil {
		fail(err)
	}

	command := exec.Command(os.Args[1], os.Args[2:]...)
	command.Env = append(os.Environ(), "KUBECONFIG="+kubeconfig.Name())
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	if err := command.Start(); err != nil {
		fail(err)
	}
	go accept(listener, func() { connected(command.Process) })
	err = command.Wait()
	_ = os.Remove(kubeconfig.Name())
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		os.Exit(exit.ExitCode())
	}
	if err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "silent server:", err)
	os.Exit(125) // no code of meshctl's
}

// accept keeps connections open until the process ends.
func accept(listener net.Listener, first func()) {
	var open []net.Conn
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		if open = append(open, connection); len(open) == 1 {
			first()
		}
	}
}

const silentKubeconfig = `apiVersion: v1
kind: Config
current-context: silent
clusters:
- name: silent
  cluster: {server: "https://%s"}
users:
- name: someone
  user: {token: secret}
contexts:
- name: silent
  context: {cluster: silent, user: someone}
`
