package inject

import (
	"strings"

	meshconfig "istio.io/api/mesh/v1alpha1"
	corev1 "k8s.io/api/core/v1"
)

// otelAttributes are the attributes by which OpenTelemetry tells services apart,
// in the order and by the rules of its conventions for Kubernetes. They are
// empty unless a tracing provider asks for them.
func otelAttributes(mesh *meshconfig.MeshConfig, annotations, labels map[string]string, namespace string, containers []corev1.Container) string {
	if !wantsConventions(mesh) {
		return ""
	}
	const prefix = "resource.opentelemetry.io/"
	first := func(values ...string) string {
		for _, value := range values {
			if value != "" {
				return value
			}
		}
		return ""
	}
	image, instance := "", ""
	if len(containers) == 1 {
		image = versionOf(containers[0].Image)
	}
	if len(containers) > 0 {
		instance = namespace + ".$(POD_NAME)." + containers[0].Name
	}
	var attributes []string
	add := func(name string, values ...string) {
		if value := first(append([]string{annotations[prefix+name]}, values...)...); value != "" {
			attributes = append(attributes, name+"="+value)
		}
	}
	add("service.namespace", namespace)
	add("service.version", labels["app.kubernetes.io/version"], image)
	add("service.instance.id", instance)
	return strings.Join(attributes, ",")
}

func wantsConventions(mesh *meshconfig.MeshConfig) bool {
	for _, provider := range mesh.GetExtensionProviders() {
		const wanted = meshconfig.MeshConfig_ExtensionProvider_OTEL_SEMANTIC_CONVENTIONS
		if provider.GetOpentelemetry().GetServiceAttributeEnrichment() == wanted {
			return true
		}
	}
	return false
}

// versionOf is the tag of an image, its digest, or both as tag@digest.
func versionOf(image string) string {
	name, digest, _ := strings.Cut(image, "@")
	tag := ""
	// A colon before the last slash belongs to the port of the registry.
	if i := strings.LastIndex(name, ":"); i > strings.LastIndex(name, "/") {
		tag = name[i+1:]
	}
	switch {
	case tag == "":
		return digest
	case digest == "":
		return tag
	}
	return tag + "@" + digest
}
