package render

import (
	"io/fs"

	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
)

// Render runs the charts of every component of the mesh. assets holds
// charts/<name>, and the charts at OfficialPath that are to be used instead.
func Render(mesh *profiles.Mesh, assets fs.FS) (Manifest, error) {
	charts := newCharts(assets)
	manifest := Manifest{}
	for _, component := range mesh.Components {
		rendered, err := charts.component(mesh, component)
		if err != nil {
			return Manifest{}, err
		}
		if err := applySettings(component, mesh.Origin, rendered.Objects); err != nil {
			return Manifest{}, err
		}
		manifest.Components = append(manifest.Components, rendered)
	}
	return withNamespaces(manifest), nil
}

// withNamespaces puts the namespaces that objects live in before them, into
// the first component that needs each. They stay when the mesh is uninstalled:
// certificates and the users' own objects live there too.
func withNamespaces(manifest Manifest) Manifest {
	known := map[string]bool{"default": true, "kube-system": true}
	for i, component := range manifest.Components {
		var namespaces []object.Object
		for _, o := range component.Objects {
			if namespace := o.GetNamespace(); namespace != "" && !known[namespace] {
				known[namespace] = true
				namespaces = append(namespaces, namespaceObject(namespace))
			}
		}
		manifest.Components[i].Objects = append(namespaces, component.Objects...)
	}
	return manifest
}

func namespaceObject(name string) object.Object {
	return object.New(map[string]any{
		"apiVersion": "v1",
		"kind":       "Namespace",
		"metadata": map[string]any{
			"name":        name,
			"annotations": map[string]any{"helm.sh/resource-policy": "keep"},
		},
	}, object.Source{})
}
