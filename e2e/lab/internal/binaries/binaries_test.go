package binaries

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestFresh_WantsATargetNewerThanItsSources(t *testing.T) {
	b := Builder{Module: t.TempDir()}
	source, target := filepath.Join(b.Module, "go.mod"), filepath.Join(b.Dir(), "etcd")
	s := step{name: "etcd", sources: []string{source}}
	if err := os.Mkdir(b.Dir(), 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(file string, age time.Duration) {
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		when := time.Now().Add(-age)
		if err := os.Chtimes(file, when, when); err != nil {
			t.Fatal(err)
		}
	}
	check := func(name string, want bool) {
		t.Helper()
		if got, err := b.fresh(s); err != nil || got != want {
			t.Errorf("%s: fresh = %t, %v; want %t", name, got, err, want)
		}
	}
	write(source, time.Hour)
	check("no target", false)
	write(target, 2*time.Hour)
	check("old target", false)
	write(target, 0)
	check("new target", true)
}

func TestLinkFlags_SetTheVersion(t *testing.T) {
	got := Builder{Version: "v1.36.3"}.linkFlags()
	for _, want := range []string{"version.gitVersion=v1.36.3", "version.gitMajor=1", "version.gitMinor=36"} {
		if !strings.Contains(got, want) {
			t.Errorf("flags %q lack %s", got, want)
		}
	}
}
