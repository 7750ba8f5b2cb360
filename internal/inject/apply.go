package inject

import (
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
		injected, err := in.Pod(pod)
		return injected, decision, err
	}
	return w.stream(request.File, request.Text)
}
