package install

import (
	"github.com/meshctl/meshctl/internal/install/render"
	"github.com/meshctl/meshctl/internal/object"
)

// Annotations that say whose an object is. The first two are Helm's: with them
// helm accepts the objects as those of its release.
const (
	releaseNameAnnotation      = "meta.helm.sh/release-name"
	releaseNamespaceAnnotation = "meta.helm.sh/release-namespace"
	// componentAnnotation holds the title of the component an object belongs to.
	componentAnnotation = "meshctl.dev/component"
	// keepAnnotation with the value "keep" is Helm's way to say that an
	// object stays when its release goes.
	keepAnnotation = "helm.sh/resource-policy"
)

// own marks every object of the manifest as part of the release, except those
// that it shares with others.
func own(manifest render.Manifest, releaseName, namespace string, shared func(object.Object) bool) {
	for _, component := range manifest.Components {
		for _, o := range component.Objects {
			if shared(o) {
				continue
			}
			annotations := o.GetAnnotations()
			if annotations == nil {
				annotations = map[string]string{}
			}
			annotations[releaseNameAnnotation] = releaseName
			annotations[releaseNamespaceAnnotation] = namespace
			annotations[componentAnnotation] = component.Title
			o.SetAnnotations(annotations)
		}
	}
}

func componentOf(o object.Object) string {
	if title := o.GetAnnotations()[componentAnnotation]; title != "" {
		return title
	}
	return "Others"
}

func kept(o object.Object) bool {
	return o.GetAnnotations()[keepAnnotation] == "keep"
}
