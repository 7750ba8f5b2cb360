//go:build unix

package home

import (
	"os"
	"syscall"
)

// tryLock takes the file's lock if nobody has it. The kernel gives it back when the holder dies.
func tryLock(file *os.File) bool {
	return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}
