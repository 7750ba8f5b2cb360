//go:build unix

package binaries

import (
	"fmt"
	"os"
	"syscall"
)

// lock waits until nobody else holds the file. The kernel gives it back when the holder dies.
func lock(path string) (func(), error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("opening lock: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("taking lock: %w", err)
	}
	return func() { _ = file.Close() }, nil
}
