package inject

import (
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

const (
	hashLabel        = "pod-template-hash"
	rolloutHashLabel = "rollouts-pod-template-hash"
	configLabel      = "deploymentconfig"
)

// jobOfCronJob finds the CronJob in the name of a Job: what follows is the time of its run.
var jobOfCronJob = regexp.MustCompile(`^(.+)-\d{8,10}$`)

// workloadOf is what created a pod, as far as the pod tells.
func workloadOf(pod *corev1.Pod) (types.NamespacedName, metav1.TypeMeta) {
	name := types.NamespacedName{Name: pod.Name, Namespace: pod.Namespace}
	kind := metav1.TypeMeta{Kind: "Pod", APIVersion: "v1"}
	owner := metav1.GetControllerOfNoCopy(pod)
	if pod.GenerateName == "" || owner == nil || owner.Name == "" {
		return name, kind
	}
	kind.APIVersion, kind.Kind, name.Name = owner.APIVersion, owner.Kind, owner.Name
	switch owner.Kind {
	case "ReplicaSet":
		if before, ok := cutHash(pod, hashLabel, owner.Name); ok {
			kind.Kind, name.Name = "Deployment", before
		} else if before, ok := cutHash(pod, rolloutHashLabel, owner.Name); ok {
			kind.APIVersion, kind.Kind, name.Name = "v1alpha1", "Rollout", before
		}
	case "ReplicationController":
		if config := pod.Labels[configLabel]; config != "" {
			kind.Kind, name.Name = "DeploymentConfig", config
		}
	case "Job":
		if match := jobOfCronJob.FindStringSubmatch(owner.Name); match != nil {
			kind.APIVersion, kind.Kind, name.Name = "batch/v1", "CronJob", match[1]
		}
	}
	return name, kind
}

func cutHash(pod *corev1.Pod, label, name string) (string, bool) {
	hash := pod.Labels[label]
	if hash == "" {
		return "", false
	}
	return strings.CutSuffix(name, "-"+hash)
}
