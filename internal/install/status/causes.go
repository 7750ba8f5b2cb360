package status

import (
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/meshctl/meshctl/internal/object"
)

// lastLines is how much of a crashed container's log is worth showing.
const lastLines = 5

// Causes says why a workload is not healthy, the most telling first: what its
// containers wait for, why its pods are not scheduled, what kept them from being
// made, what a crashed container last said. It is empty when nothing is known.
func Causes(ctx context.Context, cluster Cluster, ref object.Ref) []string {
	workload, found, err := cluster.Get(ctx, ref)
	if err != nil || !found {
		return nil
	}
	pods, err := cluster.PodsOf(ctx, workload)
	if err != nil {
		return nil
	}
	var causes []string
	for _, o := range pods {
		var pod corev1.Pod
		if runtime.DefaultUnstructuredConverter.FromUnstructured(o.Object, &pod) == nil {
			causes = append(causes, podCauses(ctx, cluster, &pod)...)
		}
	}
	if len(pods) == 0 {
		causes = append(causes, creationCauses(workload)...)
	}
	return slices.Compact(causes)
}

func podCauses(ctx context.Context, cluster Cluster, pod *corev1.Pod) []string {
	var causes []string
	for _, condition := range pod.Status.Conditions {
		if condition.Type == corev1.PodScheduled && condition.Status == corev1.ConditionFalse {
			causes = append(causes, fmt.Sprintf("pod %s is not scheduled: %s", pod.Name, condition.Message))
		}
	}
	for _, container := range slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses) {
		causes = append(causes, containerCauses(ctx, cluster, pod, container)...)
	}
	if len(causes) == 0 && !ready(pod) {
		causes = warnings(ctx, cluster, pod)
	}
	return causes
}

func containerCauses(ctx context.Context, cluster Cluster, pod *corev1.Pod, container corev1.ContainerStatus) []string {
	name := fmt.Sprintf("pod %s, container %s", pod.Name, container.Name)
	if waiting := container.State.Waiting; waiting != nil && waiting.Reason != "" && waiting.Reason != "ContainerCreating" && waiting.Reason != "PodInitializing" {
		causes := []string{strings.TrimSuffix(fmt.Sprintf("%s: %s: %s", name, waiting.Reason, waiting.Message), ": ")}
		return append(causes, lastWords(ctx, cluster, pod, container)...)
	}
	if ended := container.State.Terminated; ended != nil && ended.ExitCode != 0 {
		causes := []string{fmt.Sprintf("%s: ended with exit code %d (%s)", name, ended.ExitCode, ended.Reason)}
		return append(causes, lastWords(ctx, cluster, pod, container)...)
	}
	if running := container.State.Running; running != nil && !container.Ready {
		return []string{name + ": running, but its readiness probe does not succeed"}
	}
	return nil
}

// lastWords are the last log lines of a container that crashed.
func lastWords(ctx context.Context, cluster Cluster, pod *corev1.Pod, container corev1.ContainerStatus) []string {
	if container.RestartCount == 0 && container.State.Terminated == nil {
		return nil
	}
	lines, err := cluster.LastLines(ctx, pod.Namespace, pod.Name, container.Name, lastLines)
	if err != nil {
		return nil
	}
	for i, line := range lines {
		lines[i] = "  | " + line
	}
	return lines
}

// warnings are what the cluster noted about a pod that says nothing itself.
func warnings(ctx context.Context, cluster Cluster, pod *corev1.Pod) []string {
	events, err := cluster.Events(ctx, object.Ref{Kind: "Pod", Namespace: pod.Namespace, Name: pod.Name})
	if err != nil {
		return nil
	}
	var notes []string
	for _, event := range events {
		if event.Type == corev1.EventTypeWarning {
			notes = append(notes, fmt.Sprintf("pod %s: %s: %s", pod.Name, event.Reason, event.Message))
		}
	}
	if len(notes) == 0 {
		return []string{fmt.Sprintf("pod %s is %s", pod.Name, describePhase(pod))}
	}
	return notes
}

func describePhase(pod *corev1.Pod) string {
	for _, container := range pod.Status.ContainerStatuses {
		if waiting := container.State.Waiting; waiting != nil && waiting.Reason != "" {
			return fmt.Sprintf("%s (%s: %s)", pod.Status.Phase, container.Name, waiting.Reason)
		}
	}
	return string(pod.Status.Phase)
}

func ready(pod *corev1.Pod) bool {
	return slices.ContainsFunc(pod.Status.Conditions, func(condition corev1.PodCondition) bool {
		return condition.Type == corev1.PodReady && condition.Status == corev1.ConditionTrue
	})
}

// creationCauses tells why a workload has no pods: quota, admission, a missing account.
func creationCauses(workload object.Object) []string {
	conditions, _, _ := nestedConditions(workload)
	var causes []string
	for _, condition := range conditions {
		if condition["type"] == "ReplicaFailure" && condition["status"] == "True" {
			causes = append(causes, fmt.Sprintf("no pod could be created: %v", condition["message"]))
		}
	}
	return causes
}
