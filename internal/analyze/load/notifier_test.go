package load_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/analyze/load"
)

// notify starts a watch of what reading some paths has looked at.
func notify(t *testing.T, sources load.Sources, paths ...string) (n *load.Notifier, changed chan string) {
	t.Helper()
	changed = make(chan string, 100)
	n, err := load.NewNotifier(func(name string) { changed <- filepath.Base(name) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Close() })
	for _, want := range []bool{true, false} {
		more, err := n.Watch(read(t, sources, paths...).Places)
		if err != nil || more != want {
			t.Fatalf("more is %v, want %v; %v", more, want, err)
		}
	}
	return n, changed
}

// heard fails if nothing is said of a name.
func heard(t *testing.T, changed chan string, name string) {
	t.Helper()
	late := time.After(10 * time.Second)
	for {
		select {
		case got := <-changed:
			if got == name {
				return
			}
		case <-late:
			t.Fatalf("nothing is said of %s", name)
		}
	}
}

// silent fails if anything but marker is said before that.
func silent(t *testing.T, changed chan string, folder string) {
	t.Helper()
	for len(changed) > 0 {
		<-changed
	}
	put(t, filepath.Join(folder, "marker.yaml"), "")
	if got := <-changed; got != "marker.yaml" {
		t.Errorf("something is said of %s", got)
	}
}

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestNotifier_TellsOfFolders(t *testing.T) {
	write(t, map[string]string{"deploy/deep/a.yaml": service, "other/b.yaml": service, "chart/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n", "chart/templates/_x.tpl": ""})
	if err := os.Symlink("../other/b.yaml", "deploy/b.yaml"); err != nil {
		t.Fatal(err)
	}
	n, changed := notify(t, load.Sources{}, "deploy", "chart")
	put(t, "deploy/deep/a.yaml", "kind: Service")
	heard(t, changed, "a.yaml")
	put(t, "other/b.yaml", "kind: Service") // behind a link
	heard(t, changed, "b.yaml")
	put(t, "chart/templates/_x.tpl", "x")
	heard(t, changed, "_x.tpl")
	// The folder itself may go and come back.
	if err := os.Rename("deploy", "away"); err != nil {
		t.Fatal(err)
	}
	heard(t, changed, "deploy")
	if err := os.Rename("away", "deploy"); err != nil {
		t.Fatal(err)
	}
	heard(t, changed, "deploy")
	if _, err := n.Watch(read(t, load.Sources{}, "deploy").Places); err != nil {
		t.Fatal(err)
	}
	put(t, "deploy/deep/a.yaml", service)
	heard(t, changed, "a.yaml")
	// What is no longer among the places is not watched.
	put(t, "chart/templates/_x.tpl", "y")
	silent(t, changed, "deploy")
}

func TestNotifier_TellsOfOneFile(t *testing.T) {
	write(t, map[string]string{"a.yaml": service, "b.yaml": service})
	_, changed := notify(t, load.Sources{}, "a.yaml")
	put(t, "b.yaml", "kind: Service") // nobody asked for it
	put(t, ".a.yaml.swp", service)
	if err := os.Rename(".a.yaml.swp", "a.yaml"); err != nil {
		t.Fatal(err)
	}
	if got := <-changed; got != "a.yaml" {
		t.Errorf("something is said of %s", got)
	}
}

// TestNotifier_TellsOfMountedFiles swaps a folder behind links, as Kubernetes does
// with a ConfigMap.
func TestNotifier_TellsOfMountedFiles(t *testing.T) {
	write(t, map[string]string{"mount/..1/a.yaml": service, "mount/..2/a.yaml": service})
	for link, target := range map[string]string{"mount/..data": "..1", "mount/a.yaml": "..data/a.yaml", "mount/..new": "..2"} {
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
	}
	_, changed := notify(t, load.Sources{}, "mount/a.yaml")
	if err := os.Rename("mount/..new", "mount/..data"); err != nil {
		t.Fatal(err)
	}
	heard(t, changed, "..data")
}

func TestRead_Places(t *testing.T) {
	write(t, map[string]string{
		"overlays/prod/kustomization.yaml": "resources: [../../base]\npatches: [{path: ../shared/patch.yaml}]\n",
		"overlays/shared/patch.yaml":       "", "base/kustomization.yaml": "resources: [a.yaml, ../overlays/prod]\n", "base/a.yaml": service,
		"teams/x/deploy/a.yaml": service, "teams/y/b.yaml": "",
	})
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	of := func(paths ...string) map[string]bool {
		found := map[string]bool{}
		sources := load.Sources{Kustomize: func(context.Context, string) ([]byte, error) { return nil, nil }}
		for _, place := range read(t, sources, paths...).Places {
			folder, err := filepath.Abs(place.Folder)
			if err != nil {
				t.Fatal(err)
			}
			if place.Name == "" {
				folder, err = filepath.Rel(here, folder)
				if err != nil {
					t.Fatal(err)
				}
				found[filepath.ToSlash(folder)] = true
			}
		}
		return found
	}
	if diff := cmp.Diff(map[string]bool{"overlays/prod": true, "base": true}, of("overlays/prod")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]bool{"teams": true, "teams/x": true, "teams/y": true, "teams/x/deploy": true}, of("teams/*/deploy/*.yaml")); diff != "" {
		t.Error(diff)
	}
}
