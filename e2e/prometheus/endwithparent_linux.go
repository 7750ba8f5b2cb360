package prometheus

import (
	"os/exec"
	"syscall"
)

// endWithParent keeps a killed test from leaving a server behind.
func endWithParent(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
