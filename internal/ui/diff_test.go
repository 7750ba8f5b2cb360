package ui

import (
	"fmt"
	"strings"
	"testing"
)

func TestPrintFields(t *testing.T) {
	mesh := "accessLogFile: /dev/stdout\ndefaultConfig:\n  discoveryAddress: istiod:15012\n  tracing: {}\nrootNamespace: istio-system\n"
	changes := []FieldChange{
		{Path: "spec.replicas", Old: int64(1), New: int64(2)},
		{Path: "spec.template.spec.containers[discovery].image", Old: "registry.istio.io/release/pilot:1.29.1", New: "registry.istio.io/release/pilot:1.30.3"},
		{Path: "metadata.labels.app", New: "istiod"},
		{Path: "metadata.annotations.note", Old: "line 1\nline 2\nline 3\n"},
		{Path: "spec.resources", Old: map[string]any{"limits": map[string]any{"cpu": "<none>"}}, New: map[string]any{}},
		{Path: "spec.arguments", Old: strings.Repeat("--log=all ", 20) + "--domain=a", New: strings.Repeat("--log=all ", 20) + "--domain=b"},
		{Path: "data.enabled", Old: true, New: "true"},
		{Path: "data.name", Old: "", New: "a\x1b[2Jb"},
		{Path: "data.mesh", Old: mesh, New: strings.ReplaceAll(mesh, "tracing: {}", "tracing:\n\t\tsampling: 10")},
		{Path: "data.end", Old: "a\nb", New: "a\nb\n"},
	}
	var got strings.Builder
	for _, device := range []Device{
		{},
		{OutTerminal: true, Width: 80, Unicode: true},
		{OutTerminal: true, Width: 80, Unicode: true, Color: true},
	} {
		streams, out, _ := Test(device)
		if err := PrintFields(streams.Stdout(), 2, changes); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&got, "== terminal %t, colour %t\n%s", device.OutTerminal, device.Color, visible(out))
	}
	golden(t, "fields", got.String())
}
