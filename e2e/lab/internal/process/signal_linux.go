package process

import "syscall"

// dieWithParent gives the child a group of its own, so that Ctrl-C reaches only the lab, which then stops
// its children in the right order, and lets the kernel kill it when the lab is killed.
func dieWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
