package dashboard

import (
	"cmp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
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
