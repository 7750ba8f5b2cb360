package render

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/meshctl/meshctl/internal/profiles"
)

// TestConformance_ProfilesRenderAsIstioDoes compares our manifests by meaning
// with what istioctl 1.30.3 renders. testdata/conformance.allow holds the
// differences that are meant, each with its reason.
func TestConformance_ProfilesRenderAsIstioDoes(t *testing.T) {
	fixtures := os.Getenv("MESHCTL_CONFORMANCE")
	if fixtures == "" {
		t.Skip("MESHCTL_CONFORMANCE does not name the folder of fixtures")
	}
	allow, err := filepath.Abs("testdata/conformance.allow")
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]profiles.Config{
		"default":                 {Profile: "default"},
		"demo":                    {Profile: "demo"},
		"minimal":                 {Profile: "minimal"},
		"default-revision-canary": {Profile: "default", Revision: "canary"},
	}
	for name, config := range cases {
		t.Run(name, func(t *testing.T) {
			// Fixtures are rendered with their own hub and tag.
			config.Sets = []string{"hub=" + fixtureHub, "tag=" + fixtureTag}
			got := filepath.Join(t.TempDir(), "got.yaml")
			if err := os.WriteFile(got, rendered(t, config), 0o600); err != nil {
				t.Fatal(err)
			}
			want, err := filepath.Abs(filepath.Join(fixtures, "render", name+".yaml"))
			if err != nil {
				t.Fatal(err)
			}
			diff := exec.CommandContext(t.Context(), "go", "run", ".", "-allow", allow, want, got)
			diff.Dir = filepath.Join(fixtures, "..", "tools", "manifestdiff")
			if report, err := diff.CombinedOutput(); err != nil {
				t.Errorf("differs from Istio: %v\n%s", err, report)
			}
		})
	}
}

const (
	fixtureHub = "registry.istio.io/release"
	fixtureTag = "1.30.3"
)
