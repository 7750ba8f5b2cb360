package process

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func start(t *testing.T, script string) *Process {
	t.Helper()
	dir := t.TempDir()
	p, err := NewSpawner().Start(Command{
		Name: "script", Path: "/bin/sh", Args: []string{"-c", script}, Dir: dir, LogFile: filepath.Join(dir, "script.log"),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Stop(0) })
	return p
}

func awaitLog(t *testing.T, p *Process, text string) {
	t.Helper()
	for !strings.Contains(p.Tail(), text) {
		select {
		case <-p.Ended():
			t.Fatalf("ended before it said %q: %s", text, p.Tail())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func TestStop_KillsWhatDoesNotListen(t *testing.T) {
	p := start(t, `trap "" TERM; echo deaf; while :; do sleep 1; done`)
	awaitLog(t, p, "deaf")
	begin := time.Now()
	p.Stop(50 * time.Millisecond)
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("stopping took %s", took)
	}
	if died := p.Died(); !strings.Contains(died.Error(), "signal: killed") {
		t.Errorf("ended by %v, want a kill", died.Cause)
	}
}

func TestDied_ShowsTheEndOfTheLog(t *testing.T) {
	p := start(t, `for i in $(seq 100); do echo line $i; done; exit 7`)
	<-p.Ended()
	died := p.Died()
	if !strings.Contains(died.Error(), "line 100") || strings.Contains(died.Error(), "line 50\n") || !strings.Contains(died.Error(), "exit status 7") {
		t.Errorf("error = %v", died)
	}
}

func TestStart_HidesTheCallersSettings(t *testing.T) {
	t.Setenv("ETCD_NAME", "not-ours")
	p := start(t, `echo "name=$ETCD_NAME."`)
	<-p.Ended()
	if got := p.Tail(); got != "  name=." {
		t.Errorf("log = %q", got)
	}
}

func TestTail_ShowsTheReasonOfACrash(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.log")
	if err := os.WriteFile(file, []byte("started\npanic: no luck\n"+strings.Repeat("stack\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := Tail(file); !strings.HasPrefix(got, "  panic: no luck\n") || strings.Count(got, "\n") != tailLines-1 {
		t.Errorf("tail = %q", got)
	}
}

func TestTail_SaysWhenThereIsNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.log")
	if got := Tail(file); !strings.Contains(got, "no log") {
		t.Errorf("tail of a missing log = %q", got)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := Tail(file); !strings.Contains(got, "is empty") {
		t.Errorf("tail of an empty log = %q", got)
	}
}

func TestFreePorts_AreDistinct(t *testing.T) {
	ports, err := FreePorts(50)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(ports)
	if len(slices.Compact(ports)) != 50 {
		t.Errorf("ports = %v", ports)
	}
}

func TestDied_UnwrapsToTheCause(t *testing.T) {
	cause := errors.New("cause")
	if !errors.Is(&DiedError{Cause: cause}, cause) {
		t.Error("the cause is lost")
	}
}
