package render

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/profiles"
)

func TestNamespaces(t *testing.T) {
	for _, c := range []struct {
		name string
		sets string // divided by blanks
		want map[string]any
	}{
		{"that objects live in", "", map[string]any{"istio-system": nil}},
		{"of every component", "components.ingressGateways[0].namespace=edge", map[string]any{"istio-system": nil, "edge": nil}},
		{"but those of Kubernetes", "profile=openshift", map[string]any{"istio-system": nil}},
		{
			"that say their network", "values.global.network=n1 components.ingressGateways[0].namespace=edge",
			map[string]any{"istio-system": map[string]any{networkLabel: "n1"}, "edge": nil},
		},
		{"for those who make no more", "values.global.resourceScope=cluster", map[string]any{"istio-system": nil}},
		{"not by those who cannot", "values.global.resourceScope=namespace", map[string]any{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := map[string]any{}
			for _, o := range objectsOf(t, profiles.Config{Sets: strings.Fields(c.sets)}) {
				if o.GetKind() == "Namespace" {
					found[o.GetName()] = fieldAt(o.Object, "metadata.labels")
				}
			}
			if diff := cmp.Diff(c.want, found); diff != "" {
				t.Errorf("namespaces and their labels (-want +got):\n%s", diff)
			}
		})
	}
}
