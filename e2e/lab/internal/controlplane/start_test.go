package controlplane

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/meshctl/meshctl/e2e/lab/internal/process"
)

func TestStart_SaysWhichComponentDiedAndShowsItsLog(t *testing.T) {
	programs := t.TempDir()
	script := "#!/bin/sh\necho cannot find the database >&2\nexit 3\n"
	if err := os.WriteFile(filepath.Join(programs, "etcd"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), Options{Folder: t.TempDir(), Binaries: programs, Nodes: 1})
	var died *process.DiedError
	if !errors.As(err, &died) {
		t.Fatalf("error = %v, want a DiedError", err)
	}
	if died.Name != "etcd" || !strings.Contains(err.Error(), "cannot find the database") {
		t.Errorf("error = %v", err)
	}
}
