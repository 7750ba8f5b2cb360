package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// TestInject_LikeIstiod runs the command as a user does, with the built-in
// charts, and compares with what the webhook of a real istiod answered.
func TestInject_LikeIstiod(t *testing.T) {
	fixtures := os.Getenv("MESHCTL_CONFORMANCE")
	if fixtures == "" {
		t.Skip("MESHCTL_CONFORMANCE names no folder of fixtures")
	}
	pods, err := filepath.Glob(filepath.Join(fixtures, "inject", "*.pod.yaml"))
	if err != nil || len(pods) == 0 {
		t.Fatalf("no pods in %s: %v", fixtures, err)
	}
	in := t.TempDir()
	for _, file := range pods {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(in, filepath.Base(file)), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, run := range []struct {
		name, answers string
		args          []string
	}{
		{"plain", "inject", nil},
		{"native", "inject-native", []string{"--native-sidecars=true"}},
		{"by version", "inject-native", []string{"--native-sidecars=auto", "--kube-version=1.36.3"}},
	} {
		t.Run(run.name, func(t *testing.T) {
			out, back := t.TempDir(), t.TempDir()
			mustRun(t, append([]string{"inject", "-f", in, "-o", out}, run.args...)...)
			mustRun(t, "uninject", "-f", out, "-o", back)
			for _, file := range pods {
				name := filepath.Base(file)
				answer := filepath.Join(fixtures, run.answers, strings.Replace(name, ".pod.", ".injected.", 1))
				if diff := cmp.Diff(podFields(t, answer), podFields(t, filepath.Join(out, name))); diff != "" {
					t.Errorf("%s: istiod's answer is another (-istiod +meshctl):\n%s", name, diff)
				}
				if diff := cmp.Diff(podFields(t, file), podFields(t, filepath.Join(back, name))); diff != "" {
					t.Errorf("%s: uninject does not lead back:\n%s", name, diff)
				}
			}
		})
	}
}

func mustRun(t *testing.T, args ...string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	args = append([]string{"meshctl"}, args...)
	environ := []string{"HOME=" + t.TempDir()}
	if code := Main(t.Context(), args, strings.NewReader(""), &stdout, &stderr, environ); code != 0 {
		t.Fatalf("%s: exit code %d\n%s", strings.Join(args, " "), code, &stderr)
	}
}

// podFields are the fields of a pod in one spelling each.
func podFields(t *testing.T, file string) any {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pod := corev1.Pod{}
	if err := yaml.UnmarshalStrict(text, &pod); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	asJSON, err := json.Marshal(pod)
	if err != nil {
		t.Fatal(err)
	}
	var fields any
	if err := json.Unmarshal(asJSON, &fields); err != nil {
		t.Fatal(err)
	}
	return fields
}
