package inject

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
)

const dumpContainer = "enable-core-dump"

// order puts injected containers where they start and stop at the right time.
func (r *run) order(pod *corev1.Pod) {
	spec := &pod.Spec
	if r.holds() {
		spec.Containers = toFront(spec.Containers, proxyContainer)
	} else {
		spec.Containers = toBack(spec.Containers, proxyContainer)
	}
	if findContainer(proxyContainer, spec.InitContainers) == nil {
		// User's init containers run before the capture, which would cut them off:
		// nobody is there yet to pass their traffic on.
		spec.InitContainers = toFront(spec.InitContainers, checkContainer)
		spec.InitContainers = toBack(spec.InitContainers, initContainer)
		spec.InitContainers = toBack(spec.InitContainers, dumpContainer)
		return
	}
	for _, name := range []string{dumpContainer, proxyContainer, checkContainer, initContainer} {
		spec.InitContainers = toFront(spec.InitContainers, name)
	}
}

// holds says whether the application waits for the proxy. What a ProxyConfig
// resource or an annotation says about one pod counts too.
func (r *run) holds() bool {
	return r.values.Global.Proxy.Hold || r.proxy.GetHoldApplicationUntilProxyStarts().GetValue()
}

func toFront(containers []corev1.Container, name string) []corev1.Container {
	i := slices.IndexFunc(containers, called(name))
	if i <= 0 {
		return containers
	}
	moved := containers[i]
	return slices.Insert(slices.Delete(containers, i, i+1), 0, moved)
}

func toBack(containers []corev1.Container, name string) []corev1.Container {
	i := slices.IndexFunc(containers, called(name))
	if i < 0 {
		return containers
	}
	moved := containers[i]
	return append(slices.Delete(containers, i, i+1), moved)
}
