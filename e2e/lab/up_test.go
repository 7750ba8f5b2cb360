package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestUp_EndsWithItsStdin(t *testing.T) {
	l := startLab(t)
	if running := componentsOf(t, l.dir); len(running) != 5 {
		t.Fatalf("running: %v, want 5 components", running)
	}
	if err := l.stdin.Close(); err != nil {
		t.Fatal(err)
	}
	if err := l.command.Wait(); err != nil {
		t.Errorf("lab up: %v\n%s", err, l.stderr)
	}
	if running := componentsOf(t, l.dir); len(running) > 0 {
		t.Errorf("still running: %v", running)
	}
	if _, err := os.Stat(l.dir); !os.IsNotExist(err) {
		t.Errorf("the folder is still there: %v", err)
	}
}

func TestUp_LeavesNoProcessWhenKilled(t *testing.T) {
	l := startLab(t)
	if err := l.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = l.command.Wait()
	eventually(t, func(context.Context) error {
		if running := componentsOf(t, l.dir); len(running) > 0 {
			return fmt.Errorf("still running: %v", running)
		}
		return nil
	})
	l.run(t, "", "down", l.dir)
	if _, err := os.Stat(l.dir); !os.IsNotExist(err) {
		t.Errorf("down left the folder: %v", err)
	}
}

func TestUp_NamesTheComponentThatDies(t *testing.T) {
	l := startLab(t)
	killComponent(t, l.dir, "kube-scheduler")
	err := l.command.Wait()
	if err == nil {
		t.Fatal("lab up ended well without its scheduler")
	}
	if got := l.stderr.String(); !strings.Contains(got, "kube-scheduler ended by itself (signal: killed); last lines of") {
		t.Errorf("stderr = %s", got)
	}
	if running := componentsOf(t, l.dir); len(running) > 0 {
		t.Errorf("still running: %v", running)
	}
}

func TestUpDetach_RunsUntilDown(t *testing.T) {
	l := &lab{program: program(t)}
	kubeconfig := strings.TrimSpace(l.run(t, "", "up", "--detach", "--nodes", "1", "--dir", t.TempDir()+"/demo"))
	l.connect(t, kubeconfig)
	t.Cleanup(func() {
		if _, err := os.Stat(l.dir); !errors.Is(err, os.ErrNotExist) {
			l.run(t, "", "down", l.dir)
		}
	})
	if _, err := l.client.Discovery().ServerVersion(); err != nil {
		t.Error(err)
	}
	l.run(t, "", "down", kubeconfig)
	if running := componentsOf(t, l.dir); len(running) > 0 {
		t.Errorf("still running: %v", running)
	}
	if _, err := os.Stat(l.dir); !os.IsNotExist(err) {
		t.Errorf("the folder is still there: %v", err)
	}
}
