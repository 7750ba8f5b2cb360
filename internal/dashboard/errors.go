package dashboard

import (
	"strings"
)

// NotInstalledError is a dashboard whose Service is not in the namespace.
type NotInstalledError struct {
	Dashboard Dashboard
	Namespace string
	// Elsewhere are the namespaces that have such a Service, as far as the user
	// may look.
	Elsewhere []string
}

func (e *NotInstalledError) Error() string {
	return e.Dashboard.Title + " is not installed in namespace " + e.Namespace
}

// NotReadyError is a dashboard without a pod that can answer.
type NotReadyError struct {
	Dashboard Dashboard
	Namespace string
	// Service is the one whose pods were looked at.
	Service string
	Pods    []PodTrouble
}

// PodTrouble is why a pod cannot answer.
type PodTrouble struct {
	Pod    string
	Reason string
}

func (e *NotReadyError) Error() string {
	message := e.Dashboard.Title + " is not ready: "
	if len(e.Pods) == 0 {
		return message + "Service " + e.Namespace + "/" + e.Service + " has no pods"
	}
	troubles := make([]string, len(e.Pods))
	for i, trouble := range e.Pods {
		troubles[i] = "Pod " + e.Namespace + "/" + trouble.Pod + ": " + trouble.Reason
	}
	return message + strings.Join(troubles, "; ")
}
