package dashboard

import (
	"cmp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// trouble says why a pod cannot answer, as far as the pod itself tells; empty
// is for a pod that can.
func trouble(pod corev1.Pod) string {
	ready := condition(pod, corev1.PodReady)
	switch {
	case pod.DeletionTimestamp != nil:
		return "is being deleted"
	case pod.Status.Phase == corev1.PodRunning && ready.Status == corev1.ConditionTrue:
		return ""
	}
	// Init containers come first: while one fails the others only wait for it.
	for _, container := range slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses) {
		if waiting := container.State.Waiting; waiting != nil && waiting.Reason != "" {
			return reason(waiting.Reason, waiting.Message)
		}
		if ended := container.State.Terminated; ended != nil && ended.ExitCode != 0 {
			return reason(ended.Reason, ended.Message)
		}
	}
	if scheduled := condition(pod, corev1.PodScheduled); scheduled.Status == corev1.ConditionFalse {
		return reason(scheduled.Reason, scheduled.Message)
	}
	if pod.Status.Phase == corev1.PodRunning {
		return reason("not ready", ready.Message)
	}
	return reason(cmp.Or(pod.Status.Reason, string(pod.Status.Phase), "not started yet"), pod.Status.Message)
}

func reason(word, message string) string {
	message, _, _ = strings.Cut(strings.TrimSpace(message), "\n")
	if message == "" {
		return word
	}
	return word + ": " + message
}

func condition(pod corev1.Pod, kind corev1.PodConditionType) corev1.PodCondition {
	for _, one := range pod.Status.Conditions {
		if one.Type == kind {
			return one
		}
	}
	return corev1.PodCondition{}
}

// choosePort is the port of a Service that has the pages: the one on which the
// program usually listens, inside or outside; else one that says it is for
// HTTP; else the first. A Service that leads nowhere leaves only the usual one.
func choosePort(service corev1.Service, pod corev1.Pod, usual int) int {
	best, rank := usual, 0
	for _, port := range service.Spec.Ports {
		number, known := portOf(port, pod)
		if !known {
			continue
		}
		claim := 1
		switch {
		case number == usual:
			claim = 4
		case int(port.Port) == usual:
			claim = 3
		case strings.HasPrefix(port.Name, "http"):
			claim = 2
		}
		if claim > rank {
			best, rank = number, claim
		}
	}
	return best
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
