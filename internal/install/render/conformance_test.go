package render

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/meshctl/meshctl/internal/profiles"
)

const (
	fixtureHub = "registry.istio.io/release"
	fixtureTag = "1.30.3"
)

// TestConformance_ProfilesRenderAsIstioDoes compares our manifests by meaning
// with what istioctl 1.30.3 renders: every file in the folder of fixtures.
// testdata/conformance.allow holds the differences that are meant, each with
// its reason.
func TestConformance_ProfilesRenderAsIstioDoes(t *testing.T) {
	differ := newManifestdiff(t)
	files, err := filepath.Glob(filepath.Join(differ.fixtures, "render", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures in render: %v", err)
	}
	allow := readAllowances(t, "testdata/conformance.allow")
	for _, want := range files {
		name := strings.TrimSuffix(filepath.Base(want), ".yaml")
		t.Run(name, func(t *testing.T) {
			// Fixtures are rendered with their own hub and tag.
			config := profiles.Config{Sets: []string{"hub=" + fixtureHub, "tag=" + fixtureTag}}
			config.Profile, config.Revision, _ = strings.Cut(name, "-revision-")
			got := filepath.Join(t.TempDir(), "got.yaml")
			if err := os.WriteFile(got, rendered(t, config), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, line := range differ.run(t, want, got) {
				if !allow.covers(line) {
					t.Error(line)
				}
			}
		})
	}
	allow.complainOfIdle(t)
}
