package inject

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
)

// mergePod lays a patch over a pod by the rules of a strategic merge. Both maps
// are used up.
func mergePod(pod, patch map[string]any) (map[string]any, error) {
	return strategicpatch.StrategicMergeMapPatch(pod, patch, corev1.Pod{})
}

func hasContainer(pod map[string]any, list, name string) bool {
	spec, _ := pod["spec"].(map[string]any)
	containers, _ := spec[list].([]any)
	return slices.ContainsFunc(containers, namedIn(name))
}

func namedIn(name string) func(any) bool {
	return func(container any) bool {
		fields, _ := container.(map[string]any)
		return fields["name"] == name
	}
}

// moveToInit makes a container the last init container, for the template to be
// merged into it there.
func moveToInit(pod map[string]any, name string) {
	spec, _ := pod["spec"].(map[string]any)
	containers, _ := spec["containers"].([]any)
	i := slices.IndexFunc(containers, namedIn(name))
	if i < 0 {
		return
	}
	inits, _ := spec["initContainers"].([]any)
	spec["initContainers"] = append(slices.Clone(inits), containers[i])
	spec["containers"] = slices.Delete(slices.Clone(containers), i, i+1)
}

// findContainer is the container of that name in one of the lists, the first that has it.
func findContainer(name string, lists ...[]corev1.Container) *corev1.Container {
	for _, list := range lists {
		if i := slices.IndexFunc(list, called(name)); i >= 0 {
			return &list[i]
		}
	}
	return nil
}

func called(name string) func(corev1.Container) bool {
	return func(c corev1.Container) bool { return c.Name == name }
}

// proxyOf is the proxy of a pod, wherever it runs; nil if it has none.
func proxyOf(pod *corev1.Pod) *corev1.Container {
	return findContainer(proxyContainer, pod.Spec.Containers, pod.Spec.InitContainers)
}
