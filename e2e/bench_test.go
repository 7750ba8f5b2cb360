package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The benchmarks run the program as users have it, stripped and as a process of
// its own. What they measure is what docs/performance.md compares with istioctl.

func BenchmarkStartup(b *testing.B) {
	meshctl := program(b)
	for b.Loop() {
		run(b, meshctl, "version", "--remote=false")
	}
}

func BenchmarkRenderDemo(b *testing.B) {
	meshctl := program(b)
	for b.Loop() {
		run(b, meshctl, "manifest", "generate", "--profile", "demo")
	}
}

// BenchmarkInstallDemo is the time from the command to a healthy mesh, add-ons
// included, on an empty cluster.
func BenchmarkInstallDemo(b *testing.B) {
	meshctl := program(b)
	lab, err := filepath.Abs("lab/bin/lab")
	if err != nil {
		b.Fatal(err)
	}
	kubeconfig, stop, err := startLab(lab)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(stop)
	b.Setenv("KUBECONFIG", kubeconfig)
	for b.Loop() {
		run(b, meshctl, "install", "--profile", "demo", "--yes", "--quiet")
		b.StopTimer()
		run(b, meshctl, "uninstall", "--yes", "--crds", "--quiet")
		b.StartTimer()
	}
}

// program builds meshctl as a release has it.
func program(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "meshctl")
	build := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", path, "../cmd/meshctl")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		b.Fatalf("building meshctl: %v\n%s", err, output)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	const megabyte = 1 << 20
	b.ReportMetric(float64(info.Size())/megabyte, "binary-MB")
	return path
}

// run reports the most memory that a run took, besides its time.
func run(b *testing.B, program string, args ...string) {
	b.Helper()
	command := exec.CommandContext(b.Context(), program, args...)
	output, err := command.CombinedOutput()
	if err != nil {
		b.Fatalf("%v: %v\n%s", args, err, output)
	}
	if peak := peakMemory(command.ProcessState); peak > 0 {
		b.ReportMetric(peak, "peak-MB")
	}
}
