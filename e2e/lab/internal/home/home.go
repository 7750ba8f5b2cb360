// Package home looks after the folders that labs live in: one for each lab, locked while its lab lives, so
// that others can tell a living lab from what a killed one has left behind.
package home

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	prefix   = "meshctl-lab-"
	lockName = "lab.pid"
)

// Home is a claimed folder.
type Home struct {
	Dir  string // absolute
	lock *os.File
}

// Claim takes a folder for a lab: dir, which has to be empty or missing, or a fresh temporary one.
func Claim(dir string) (*Home, error) {
	dir, err := prepare(dir)
	if err != nil {
		return nil, err
	}
	lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("claiming folder: %w", err)
	}
	if !tryLock(lock) {
		_ = lock.Close()
		return nil, fmt.Errorf("claiming folder: a lab lives in %s", dir)
	}
	if _, err := lock.WriteString(strconv.Itoa(os.Getpid())); err != nil {
		_ = lock.Close()
		return nil, fmt.Errorf("claiming folder: %w", err)
	}
	return &Home{Dir: dir, lock: lock}, nil
}

// Release removes the folder, or only gives it up.
func (h *Home) Release(remove bool) error {
	defer h.lock.Close()
	if !remove {
		return nil
	}
	if err := os.RemoveAll(h.Dir); err != nil {
		return fmt.Errorf("removing folder: %w", err)
	}
	return nil
}

// Make makes a fresh temporary folder for a lab to claim.
func Make() (string, error) {
	dir, err := os.MkdirTemp("", prefix)
	if err != nil {
		return "", fmt.Errorf("making folder: %w", err)
	}
	return dir, nil
}

// Find turns what a user gives, a folder or the kubeconfig in it, into the folder of a lab.
func Find(path string) (string, error) {
	if filepath.Base(path) == "kubeconfig" {
		path = filepath.Dir(path)
	}
	if _, err := os.Stat(filepath.Join(path, lockName)); err != nil {
		return "", fmt.Errorf("%s is not the folder or the kubeconfig of a lab", path)
	}
	return path, nil
}

// Owner is the process whose lab lives in the folder, or zero when it is dead.
func Owner(dir string) (int, error) {
	lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("looking for the owner: %w", err)
	}
	defer lock.Close()
	if tryLock(lock) {
		return 0, nil
	}
	content, err := os.ReadFile(lock.Name())
	if err != nil {
		return 0, fmt.Errorf("looking for the owner: %w", err)
	}
	pid, err := strconv.Atoi(string(content))
	if err != nil {
		return 0, fmt.Errorf("looking for the owner: %w", err)
	}
	return pid, nil
}

// Sweep removes the temporary folders of labs that were killed before they could do so themselves.
func Sweep() {
	folders, err := filepath.Glob(filepath.Join(os.TempDir(), prefix+"*"))
	if err != nil {
		return
	}
	for _, dir := range folders {
		// A folder without a lock yet may belong to a lab that is just starting.
		lock, err := os.Stat(filepath.Join(dir, lockName))
		if err != nil || time.Since(lock.ModTime()) < time.Minute {
			continue
		}
		if owner, err := Owner(dir); err == nil && owner == 0 {
			_ = os.RemoveAll(dir)
		}
	}
}

func prepare(dir string) (string, error) {
	if dir == "" {
		return Make()
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("finding folder: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("making folder: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", fmt.Errorf("reading folder: %w", err)
	}
	// The folder is removed in the end, so nothing of anybody else's may be in it.
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), "lab.") {
			return "", fmt.Errorf("using %s: the folder is not empty", dir)
		}
	}
	return dir, nil
}
