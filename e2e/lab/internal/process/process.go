// Package process runs the components of a lab: it starts programs that cannot outlive this one, notices
// when one of them ends, and stops them. It knows nothing about Kubernetes.
package process

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// tailLines is how much of a log an error shows: enough for an error and what led to it.
const tailLines = 15

// Process is one running component.
type Process struct {
	Name    string
	LogFile string
	command *exec.Cmd
	ended   chan struct{}
	result  error // set before ended is closed
}

// DiedError says that a component ended although nobody asked it to.
type DiedError struct {
	Name    string
	LogFile string
	Cause   error
	Tail    string
}

func (e *DiedError) Error() string {
	return fmt.Sprintf("%s ended by itself (%v); last lines of %s:\n%s", e.Name, e.Cause, e.LogFile, e.Tail)
}

func (e *DiedError) Unwrap() error { return e.Cause }

// Command says what to run and where its output goes.
type Command struct {
	Name    string // how errors call it
	Path    string
	Args    []string
	Dir     string
	LogFile string // both output streams are appended here
}

// Start runs the command. On Linux the process ends with this program, even when this program is killed.
func (s *Spawner) Start(c Command) (*Process, error) {
	log, err := os.OpenFile(c.LogFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, fmt.Errorf("opening log of %s: %w", c.Name, err)
	}
	// The child has a descriptor of its own.
	defer log.Close()
	command := exec.Command(c.Path, c.Args...)
	command.Dir, command.Stdout, command.Stderr = c.Dir, log, log
	// Nothing of the caller's environment may change how a component behaves (KUBECONFIG, ETCD_*, proxies).
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + c.Dir, "TMPDIR=" + c.Dir}
	if err := s.spawn(command); err != nil {
		return nil, fmt.Errorf("starting %s: %w", c.Name, err)
	}
	p := &Process{Name: c.Name, LogFile: c.LogFile, command: command, ended: make(chan struct{})}
	go func() {
		p.result = command.Wait()
		close(p.ended)
	}()
	return p, nil
}

// Ended is closed when the process has ended.
func (p *Process) Ended() <-chan struct{} { return p.ended }

// Died describes how a process that has ended did so.
func (p *Process) Died() *DiedError {
	<-p.ended
	cause := p.result
	if cause == nil {
		cause = fmt.Errorf("exit status 0")
	}
	return &DiedError{Name: p.Name, LogFile: p.LogFile, Cause: cause, Tail: p.Tail()}
}

// Tail is the end of the process's log.
func (p *Process) Tail() string { return Tail(p.LogFile) }

// Stop asks the process to end, and kills its group when it has not done so within the grace.
func (p *Process) Stop(grace time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	_ = interrupt(p.command.Process)
	select {
	case <-p.ended:
	case <-ctx.Done():
	}
	// Also after a polite end: a component may have left children of its own in its group.
	_ = killGroup(p.command.Process.Pid)
	<-p.ended
}

// Tail returns the last lines of a log file, or the first ones of a crash in it, indented to stand out in an error.
func Tail(file string) string {
	content, err := os.ReadFile(file)
	if err != nil {
		return "  (no log: " + err.Error() + ")"
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	// The reason of a crash is above its stack, and only the reason is worth showing.
	for i, line := range lines {
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			lines = lines[i:min(i+tailLines, len(lines))]
			break
		}
	}
	if len(lines) > tailLines {
		lines = lines[len(lines)-tailLines:]
	}
	if len(lines) == 1 && lines[0] == "" {
		return "  (" + filepath.Base(file) + " is empty)"
	}
	return "  " + strings.Join(lines, "\n  ")
}
