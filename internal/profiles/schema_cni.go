package profiles

import (
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
)

// cniTable is spec.values.cni, which spec.values.pilot.cni repeats for istiod.
func cniTable() fieldTable {
	return fieldTable{
		"affinity":                      like[corev1.Affinity](),
		"ambient":                       lazy(ambientTable),
		"chained":                       is(boolean),
		"cniBinDir":                     is(text),
		"cniConfDir":                    is(text),
		"cniConfFileName":               is(text),
		"cniNetnsDir":                   is(text),
		"daemonSetLabels":               mapOf(is(text)),
		"enabled":                       is(boolean),
		"env":                           mapOf(is(word)),
		"excludeNamespaces":             listOf(is(text)),
		"hub":                           textThat(isHub),
		"image":                         is(text),
		"istioOwnedCNIConfig":           is(boolean),
		"istioOwnedCNIConfigFileName":   is(text),
		"logging":                       objectOf(fieldTable{"level": is(text)}),
		"podAnnotations":                mapOf(is(text)),
		"podLabels":                     mapOf(is(text)),
		"provider":                      oneOf("default", "multus"),
		"pullPolicy":                    pullPolicy(),
		"repair":                        lazy(repairTable),
		"resourceQuotas":                switchable(fieldTable{"pods": is(integer)}),
		"resources":                     like[corev1.ResourceRequirements](),
		"seLinuxOptions":                like[corev1.SELinuxOptions](),
		"seccompProfile":                like[corev1.SeccompProfile](),
		"tag":                           textThat(isTag),
		"terminationGracePeriodSeconds": is(integer),
		"tolerations":                   like[[]corev1.Toleration](),
		"updateStrategy":                like[appsv1.DaemonSetUpdateStrategy](),
		"useAppArmorAnnotation":         is(boolean),
		"variant":                       is(text),
	}
}

func ambientTable() fieldTable {
	return switchable(fieldTable{
		"configDir":                   is(text),
		"dnsCapture":                  is(boolean),
		"enableAmbientDetectionRetry": is(boolean),
		"enablementSelectors":         listOf(is(anything)),
		"ipv6":                        is(boolean),
		"reconcileIptablesOnStartup":  is(boolean),
		"shareHostNetworkNamespace":   is(boolean),
	}).fields()
}

func repairTable() fieldTable {
	return switchable(fieldTable{
		"brokenPodLabelKey":   is(text),
		"brokenPodLabelValue": is(text),
		"deletePods":          is(boolean),
		"initContainerName":   is(text),
		"labelPods":           is(boolean),
		"repairPods":          is(boolean),
	}).fields()
}
