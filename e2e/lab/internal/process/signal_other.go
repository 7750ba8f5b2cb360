//go:build unix && !linux

package process

import "syscall"

// dieWithParent gives the child a group of its own. Only Linux can also tie its life to the parent's:
// elsewhere a lab that is killed outright leaves its components behind.
func dieWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
