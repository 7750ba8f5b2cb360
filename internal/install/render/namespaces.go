package render

import (
	"slices"

	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
)

// networkLabel tells control planes which network the pods of a cluster are on.
const networkLabel = "topology.istio.io/network"

// withNamespaces puts the namespaces that objects live in before them, into
// the first component that needs each. They stay when the mesh is uninstalled:
// certificates and the users' own objects live there too.
//
// Where only the objects outside namespaces are wanted, the namespaces are
// among them, for those who may make no more than what goes inside.
func withNamespaces(mesh *profiles.Mesh, manifest Manifest) Manifest {
	global, _ := mesh.Values["global"].(map[string]any)
	scope, _ := global["resourceScope"].(string)
	if scope == "namespace" {
		return manifest
	}
	known := []string{"default", "kube-system"}
	for i, component := range manifest.Components {
		var needed []string
		if scope == "cluster" {
			needed = append(needed, mesh.Components[i].Namespace)
		}
		for _, o := range component.Objects {
			needed = append(needed, o.GetNamespace())
		}
		var namespaces []object.Object
		for _, name := range needed {
			if name != "" && !slices.Contains(known, name) {
				known = append(known, name)
				namespaces = append(namespaces, namespaceObject(name, global))
			}
		}
		manifest.Components[i].Objects = append(namespaces, component.Objects...)
	}
	return manifest
}

// namespaceObject makes a namespace. That of the mesh says which network the
// cluster is on.
func namespaceObject(name string, global map[string]any) object.Object {
	metadata := map[string]any{
		"name":        name,
		"annotations": map[string]any{"helm.sh/resource-policy": "keep"},
	}
	if network, _ := global["network"].(string); network != "" && name == global["istioNamespace"] {
		metadata["labels"] = map[string]any{networkLabel: network}
	}
	return object.New(map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}, object.Source{})
}
