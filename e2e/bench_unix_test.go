//go:build unix

package e2e_test

import (
	"os"
	"runtime"
	"syscall"
)

// peakMemory is the largest resident set of a process that has ended, in MB.
func peakMemory(state *os.ProcessState) float64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	const kilobyte, megabyte = 1 << 10, 1 << 20
	if runtime.GOOS == "darwin" {
		return float64(usage.Maxrss) / megabyte
	}
	return float64(usage.Maxrss) * kilobyte / megabyte
}
