//go:build unix

package process

import (
	"os"
	"syscall"
)

func interrupt(p *os.Process) error { return p.Signal(syscall.SIGTERM) }

func killGroup(pid int) error { return syscall.Kill(-pid, syscall.SIGKILL) }

// Detached describes a process that lives on in a session of its own when its parent ends.
func Detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
