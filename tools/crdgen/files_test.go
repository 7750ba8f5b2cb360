package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWrite_RemovesWhatIsNoMore(t *testing.T) {
	dir := t.TempDir()
	if err := (Files{"a/one.yaml": []byte("1"), "a/two.yaml": []byte("2")}).Write(dir); err != nil {
		t.Fatal(err)
	}
	if err := (Files{"a/two.yaml": []byte("3")}).Write(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "a", "one.yaml")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("one.yaml: want it gone, got error %v", err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "a", "two.yaml")); string(got) != "3" {
		t.Errorf("two.yaml: got %q, error %v", got, err)
	}
}

func TestCheck_NamesEveryStaleFile(t *testing.T) {
	dir := t.TempDir()
	if err := (Files{"a/old.yaml": nil, "a/changed.yaml": []byte("1"), "a/same.yaml": []byte("2")}).Write(dir); err != nil {
		t.Fatal(err)
	}
	wanted := Files{"a/changed.yaml": []byte("x"), "a/same.yaml": []byte("2"), "b/new.yaml": []byte("y")}
	var stale *StaleError
	if err := wanted.Check(dir); !errors.As(err, &stale) {
		t.Fatalf("want a StaleError, got %v", err)
	}
	want := []string{"a/changed.yaml", "a/old.yaml", "b/new.yaml"}
	if diff := cmp.Diff(want, stale.Paths); diff != "" {
		t.Errorf("stale files (-want +got):\n%s", diff)
	}
	if err := wanted.Write(dir); err != nil {
		t.Fatal(err)
	}
	if err := wanted.Check(dir); err != nil {
		t.Errorf("after Write: %v", err)
	}
}
