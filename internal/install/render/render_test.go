package render

import (
	"bytes"
	"testing"

	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/manifests"
)

// rendered is the manifest of a built-in profile as YAML.
func rendered(t testing.TB, config profiles.Config) []byte {
	t.Helper()
	mesh, err := profiles.Resolve(config, manifests.FS())
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := Render(mesh, manifests.FS())
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := WriteYAML(&text, manifest.Objects()); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

func TestRender_SameInputSameBytes(t *testing.T) {
	config := profiles.Config{Profile: "demo"}
	if first, second := rendered(t, config), rendered(t, config); !bytes.Equal(first, second) {
		t.Error("two renderings of the demo profile differ")
	}
}

func BenchmarkRenderDemo(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		rendered(b, profiles.Config{Profile: "demo"})
	}
}
