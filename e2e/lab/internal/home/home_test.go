package home

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestClaim_TakesOnlyAnEmptyFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "thesis.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Claim(dir); err == nil {
		t.Error("claimed a folder with somebody's file in it")
	}
}

func TestOwner_KnowsTheLivingFromTheDead(t *testing.T) {
	h, err := Claim(filepath.Join(t.TempDir(), "new"))
	if err != nil {
		t.Fatal(err)
	}
	if owner, err := Owner(h.Dir); err != nil || owner != os.Getpid() {
		t.Errorf("owner = %d, %v; want this process", owner, err)
	}
	if found, err := Find(filepath.Join(h.Dir, "kubeconfig")); err != nil || found != h.Dir {
		t.Errorf("found %s, %v", found, err)
	}
	if err := h.Release(false); err != nil {
		t.Fatal(err)
	}
	if owner, err := Owner(h.Dir); err != nil || owner != 0 {
		t.Errorf("owner after release = %d, %v; want none", owner, err)
	}
}

func TestSweep_RemovesOnlyWhatTheDeadLeftBehind(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	claim := func() *Home {
		h, err := Claim("")
		if err != nil {
			t.Fatal(err)
		}
		long := time.Now().Add(-time.Hour)
		if err := os.Chtimes(filepath.Join(h.Dir, lockName), long, long); err != nil {
			t.Fatal(err)
		}
		return h
	}
	living, dead := claim(), claim()
	if err := dead.Release(false); err != nil {
		t.Fatal(err)
	}
	starting, err := Make()
	if err != nil {
		t.Fatal(err)
	}
	Sweep()
	for dir, want := range map[string]bool{living.Dir: true, dead.Dir: false, starting: true} {
		if _, err := os.Stat(dir); (err == nil) != want {
			t.Errorf("%s is there: %t, want %t", dir, err == nil, want)
		}
	}
}
