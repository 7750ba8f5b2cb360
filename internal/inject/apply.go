package inject

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// Request is text to inject.
type Request struct {
	File  string
	Text  []byte
	Kinds Kinds
	// Namespace is that of objects that name none.
	Namespace string
	// Admit decides before the injector does, as the API server does by the
	// selectors of webhooks. Nil lets every pod through.
	Admit func(pod *corev1.Pod) Decision
}

// Text injects every pod in a stream of documents that is to be injected. All
// else in the text stays byte for byte.
func (in *Injector) Text(request Request) ([]byte, []Outcome, error) {
	w := &rewriter{kinds: request.Kinds, namespace: request.Namespace}
	w.change = func(pod *corev1.Pod, _ record) (*corev1.Pod, Decision, error) {
		if request.Admit != nil {
			if decision := request.Admit(pod); !decision.Inject {
				return pod, decision, nil
			}
		}
		decision := in.Config.Decide(pod)
		if !decision.Inject {
			return pod, decision, nil
		}
		decision.Warnings = append(decision.Warnings, doubts(pod.Annotations)...)
		injected, err := in.Pod(pod)
		switch {
		case err != nil:
		case hasMovedProxy(pod, injected):
			decision.Warnings = append(decision.Warnings, movedProxy)
		case hasTwoProxies(injected):
			decision.Warnings = append(decision.Warnings, twoProxies)
		}
		return injected, decision, err
	}
	return w.stream(request.File, request.Text)
}

// hasTwoProxies finds what becomes of a template that adds to a container
// istio-proxy where the proxy is an init container: istiod does not see that the
// two are one, and makes a pod that no API server takes.
func hasTwoProxies(pod *corev1.Pod) bool {
	return findContainer(proxyContainer, pod.Spec.Containers) != nil && findContainer(proxyContainer, pod.Spec.InitContainers) != nil
}

const twoProxies = "a template adds to " + proxyContainer + " among the containers, but as a native sidecar the proxy is among the init containers; " +
	"the pod has both now, as istiod makes it, and no API server takes it: let the template say initContainers, or leave native sidecars off"

// hasMovedProxy finds a proxy that an earlier injection put among the other kind
// of containers. Istiod takes it for a container of the user's then: it wins over
// the template, or stays beside what the template makes.
func hasMovedProxy(before, after *corev1.Pod) bool {
	status := readStatus(before)
	if status == nil {
		return false
	}
	wasInit, was := slices.Contains(status.InitContainers, proxyContainer), slices.Contains(status.Containers, proxyContainer)
	isInit, is := findContainer(proxyContainer, after.Spec.InitContainers) != nil, findContainer(proxyContainer, after.Spec.Containers) != nil
	return was && !wasInit && isInit || wasInit && !was && is
}

const movedProxy = "an earlier injection made the other kind of sidecar, and as with istiod its proxy stays as it was, or even beside the new one: " +
	"run 'meshctl uninject' first"
