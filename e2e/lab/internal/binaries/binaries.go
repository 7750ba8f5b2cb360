// Package binaries builds the programs of the lab from the versions in go.mod, and builds nothing that is
// up to date. It needs the Go tool and the module's source; the lab that was built needs neither.
package binaries

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Builder builds into one folder.
type Builder struct {
	Module  string    // the folder of e2e/lab, absolute
	Version string    // what Kubernetes says it is: without being told it says v0.0.0
	Report  io.Writer // one line for each step
}

// step is one program and the files that tell whether it is out of date.
type step struct {
	name    string
	dir     string // of the module, below e2e/lab
	pkg     string
	sources []string
	options []string // of go build, beyond those all have
}

// Dir is where the programs are.
func (b Builder) Dir() string { return filepath.Join(b.Module, "bin") }

// Build builds what is missing or old.
func (b Builder) Build(ctx context.Context) error {
	if err := os.MkdirAll(b.Dir(), 0o755); err != nil {
		return fmt.Errorf("making bin: %w", err)
	}
	// Two test packages may ask at the same time; the second then finds everything built.
	unlock, err := lock(filepath.Join(b.Dir(), ".lock"))
	if err != nil {
		return err
	}
	defer unlock()
	steps, err := b.steps()
	if err != nil {
		return err
	}
	begin, built := time.Now(), 0
	for _, s := range steps {
		fresh, err := b.fresh(s)
		if err != nil {
			return err
		}
		if fresh {
			continue
		}
		if err := b.build(ctx, s); err != nil {
			return err
		}
		built++
	}
	if built > 0 {
		fmt.Fprintf(b.Report, "lab: %d programs in %s\n", built, time.Since(begin).Round(100*time.Millisecond))
	}
	return nil
}

func (b Builder) steps() ([]step, error) {
	versions := b.versions(".")
	own, err := b.ownSources()
	if err != nil {
		return nil, err
	}
	kubernetes := []string{"-ldflags", b.linkFlags()}
	return []step{
		{"etcd", ".", "go.etcd.io/etcd/server/v3", versions, kubernetes},
		// The API server first among its relatives: it brings most of what they have in common.
		{"kube-apiserver", ".", "k8s.io/kubernetes/cmd/kube-apiserver", versions, kubernetes},
		{"kube-controller-manager", ".", "k8s.io/kubernetes/cmd/kube-controller-manager", versions, kubernetes},
		{"kube-scheduler", ".", "k8s.io/kubernetes/cmd/kube-scheduler", versions, kubernetes},
		{"kwok", ".", "sigs.k8s.io/kwok/cmd/kwok", versions, kubernetes},
		// Modules of their own, since their Kubernetes libraries are not those of the control plane.
		{"helm", "helm", "helm.sh/helm/v3/cmd/helm", b.versions("helm"), kubernetes},
		{"prometheus", "prometheus", prometheus + "/cmd/prometheus", b.versions("prometheus"), prometheusOptions()},
		{"promtool", "prometheus", prometheus + "/cmd/promtool", b.versions("prometheus"), prometheusOptions()},
		{"lab", ".", ".", append(own, versions...), kubernetes},
	}, nil
}

const prometheus = "github.com/prometheus/prometheus"

// prometheusOptions leave out what discovers targets anywhere but in Kubernetes:
// clients of two dozen clouds, which take most of the time to build. The pages
// of the web interface are not in the module, and not missed.
func prometheusOptions() []string {
	return []string{"-tags", "remove_all_sd,enable_kubernetes_sd", "-ldflags", "-s -w"}
}

// versions are the files that pin what the module in dir builds.
func (b Builder) versions(dir string) []string {
	return []string{filepath.Join(b.Module, dir, "go.mod"), filepath.Join(b.Module, dir, "go.sum")}
}

// ownSources lists the lab's own files, embedded ones included.
func (b Builder) ownSources() ([]string, error) {
	var sources []string
	err := filepath.WalkDir(b.Module, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if path == b.Dir() {
			return fs.SkipDir
		}
		switch filepath.Ext(path) {
		case ".go", ".yaml", ".tmpl":
			if !strings.HasSuffix(path, "_test.go") {
				sources = append(sources, path)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("listing sources: %w", err)
	}
	return sources, nil
}

func (b Builder) fresh(s step) (bool, error) {
	target, err := os.Stat(filepath.Join(b.Dir(), s.name))
	if os.IsNotExist(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking at %s: %w", s.name, err)
	}
	for _, source := range s.sources {
		file, err := os.Stat(source)
		if err != nil {
			return false, fmt.Errorf("looking at sources of %s: %w", s.name, err)
		}
		if file.ModTime().After(target.ModTime()) {
			return false, nil
		}
	}
	return true, nil
}

func (b Builder) build(ctx context.Context, s step) error {
	begin := time.Now()
	target := filepath.Join(b.Dir(), s.name)
	// Beside the target and then renamed: a lab that runs keeps its program, and an interrupted build
	// leaves nothing that looks finished.
	part := target + ".part"
	arguments := append([]string{"build", "-trimpath", "-buildvcs=false", "-o", part}, s.options...)
	command := exec.CommandContext(ctx, "go", append(arguments, s.pkg)...)
	command.Dir = filepath.Join(b.Module, s.dir)
	command.Env = append(os.Environ(), "GOWORK=off") // a workspace of meshctl's does not list this module
	// Interrupted, the go tool ends its compilers; killed, it would leave them running.
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	output, err := command.CombinedOutput()
	if err != nil {
		_ = os.Remove(part)
		return fmt.Errorf("building %s: %w\n%s", s.name, err, output)
	}
	if err := os.Rename(part, target); err != nil {
		return fmt.Errorf("putting %s in place: %w", s.name, err)
	}
	fmt.Fprintf(b.Report, "lab: built %s in %s\n", s.name, time.Since(begin).Round(100*time.Millisecond))
	return nil
}

func (b Builder) linkFlags() string {
	const variable = "-X k8s.io/component-base/version."
	major, rest, _ := strings.Cut(strings.TrimPrefix(b.Version, "v"), ".")
	minor, _, _ := strings.Cut(rest, ".")
	return strings.Join([]string{
		"-s -w", // nobody debugs them, and linking takes half the time
		variable + "gitVersion=" + b.Version, variable + "gitMajor=" + major, variable + "gitMinor=" + minor,
	}, " ")
}
