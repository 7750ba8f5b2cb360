package dashboard

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// choosePort is the port of a Service that has the pages: the one on which the
// program usually listens, inside or outside; else one that says it is for
// HTTP; else the first. number tells to which port of the pod it leads. A
// Service that leads nowhere leaves only the usual one.
func choosePort(service corev1.Service, number func(corev1.ServicePort) (int, bool), usual int) (chosen int, through corev1.ServicePort) {
	chosen, rank := usual, 0
	for _, port := range service.Spec.Ports {
		target, known := number(port)
		if !known {
			continue
		}
		if claim := claimOf(port, target, usual); claim > rank {
			chosen, rank, through = target, claim, port
		}
	}
	return chosen, through
}

// claimOf is how much a port looks like the one with the pages; 0 is not at all.
func claimOf(port corev1.ServicePort, target, usual int) int {
	switch {
	case port.Protocol != "" && port.Protocol != corev1.ProtocolTCP:
		return 0
	case target == usual:
		return 4
	case int(port.Port) == usual:
		return 3
	case strings.HasPrefix(port.Name, "http"):
		return 2
	}
	return 1
}

// speaksTLS says whether a Service tells that a port of it does.
func speaksTLS(service corev1.Service, port corev1.ServicePort) bool {
	for _, prefix := range []string{"service.beta.openshift.io/", "service.alpha.openshift.io/"} {
		if service.Annotations[prefix+"serving-cert-secret-name"] != "" {
			return true
		}
	}
	if port.AppProtocol != nil {
		return strings.EqualFold(*port.AppProtocol, "https")
	}
	return port.Name == "https" || strings.HasPrefix(port.Name, "https-")
}

// portOf is the port of the pod to which a port of a Service leads.
func portOf(port corev1.ServicePort, pod corev1.Pod) (int, bool) {
	switch {
	case port.Protocol != "" && port.Protocol != corev1.ProtocolTCP:
		return 0, false
	case port.TargetPort.Type == intstr.String:
		return namedPort(port.TargetPort.StrVal, pod)
	case port.TargetPort.IntVal != 0:
		return int(port.TargetPort.IntVal), true
	}
	return int(port.Port), true
}

func namedPort(name string, pod corev1.Pod) (int, bool) {
	for _, containers := range [][]corev1.Container{pod.Spec.Containers, pod.Spec.InitContainers} {
		for _, container := range containers {
			for _, port := range container.Ports {
				if port.Name == name && (port.Protocol == "" || port.Protocol == corev1.ProtocolTCP) {
					return int(port.ContainerPort), true
				}
			}
		}
	}
	return 0, false
}
