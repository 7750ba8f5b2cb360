package render

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/manifests"
)

var update = flag.Bool("update", false, "write what is rendered into the golden files")

// TestGolden shows in a review what a change of charts or profiles does to the
// objects that users get. CRDs are generated and tried elsewhere, and texts of
// ConfigMaps that repeat whole files are left out.
func TestGolden(t *testing.T) {
	operated := profiles.Config{Profile: "empty", Sets: []string{"components.prometheus.enabled=true", "components.prometheus.mode=operator"}}
	cases := map[string]profiles.Config{"addons": allAddOns(), "operator": operated}
	for _, profile := range []string{"default", "demo", "ocne", "ambient"} {
		cases[profile] = profiles.Config{Profile: profile, Sets: []string{"tag=1.2.3"}}
	}
	for name, config := range cases {
		t.Run(name, func(t *testing.T) {
			mesh, err := profiles.Resolve(config, manifests.FS())
			if err != nil {
				t.Fatal(err)
			}
			manifest, err := Render(mesh, manifests.FS())
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := WriteYAML(&got, reviewable(manifest.Objects())); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", "golden", name+".yaml")
			if *update {
				if err := os.WriteFile(file, got.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("rendered objects changed; if that is meant, run make golden (-want +got):\n%s", diff)
			}
		})
	}
}

func reviewable(objects []object.Object) []object.Object {
	var kept []object.Object
	for _, o := range objects {
		switch o.GetKind() {
		case "CustomResourceDefinition":
			continue
		case "ConfigMap":
			data, _ := o.Object["data"].(map[string]any)
			for key := range data {
				if key == "config" || key == "merged-values" || strings.HasSuffix(key, ".json") {
					delete(data, key)
				}
			}
		}
		kept = append(kept, o)
	}
	return kept
}
