package prometheus

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/meshctl/meshctl/e2e/series"
)

// New is a server with all series of the mesh, for one test. Without the
// program it skips the test, and with -short too.
func New(t testing.TB) *Server {
	t.Helper()
	return NewWith(t, series.All(time.Now()))
}

// NewWith is the same with series of the test's own.
func NewWith(t testing.TB, all []series.Series) *Server {
	t.Helper()
	s, err := Start(t.Context(), Options{Programs: Programs(t), Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	if err := s.Load(t.Context(), time.Now(), all); err != nil {
		t.Fatal(err)
	}
	return s
}

// Programs is the folder with prometheus and promtool. Without them it skips
// the test; `make test` builds them first.
func Programs(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("-short leaves out what needs a Prometheus")
	}
	dir := labPrograms(t)
	for _, name := range []string{"prometheus", "promtool"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Skipf("%v: build it with 'make lab-build'", err)
		}
	}
	return dir
}

// labPrograms looks for e2e/lab/bin from the folder of the test upwards.
func labPrograms(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		lab := filepath.Join(dir, "e2e", "lab")
		if _, err := os.Stat(filepath.Join(lab, "go.mod")); err == nil {
			return filepath.Join(lab, "bin")
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no e2e/lab above the working folder")
		}
		dir = filepath.Dir(dir)
	}
}
