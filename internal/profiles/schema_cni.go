package profiles

import (
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
)

// Defaults that would be too long for their place.
const (
	tolerateAll      = "[{effect: NoSchedule, operator: Exists}, {effect: NoExecute, operator: Exists}, {key: CriticalAddonsOnly, operator: Exists}]"
	ambientSelectors = "[{podSelector: {matchLabels: {istio.io/dataplane-mode: ambient}}}, " +
		"{namespaceSelector: {matchLabels: {istio.io/dataplane-mode: ambient}}, podSelector: {matchExpressions: [{key: istio.io/dataplane-mode, operator: NotIn, values: [none]}]}}]"
)

// cniTable is spec.values.cni.
func cniTable() fieldTable {
	return cniNode().and(cniPod()).and(fieldTable{
		"ambient":          lazy(ambientTable),
		"enabled":          is(boolean).says("Same as `components.cni.enabled`, for istiod only"),
		"env":              mapOf(is(word)).by("{}").says("Environment variables of the agent"),
		"hub":              textThat(isHub).by(`""`).says("Registry of the agent's image; empty is `global.hub`"),
		"image":            is(text).by("install-cni").says("Image of the agent; with a slash it is a full reference"),
		"logging":          objectOf(fieldTable{"level": is(text).by(`""`).says("Log level of the agent by scope; empty is info")}),
		"privileged":       pointless(),
		"psp_cluster_role": pointless(),
		"pullPolicy":       pullPolicy().by(`""`).says("When nodes pull the agent's image; empty is `global.imagePullPolicy`"),
		"repair":           lazy(repairTable),
		"resourceQuotas":   lazy(quotaTable),
		"tag":              textThat(isTag).by(`""`).says("Tag of the agent's image; empty is `global.tag`"),
		"variant":          is(text).by(`""`).says("Variant of the agent's image; empty is `global.variant`"),
	})
}

// cniNode is about the nodes the agent works on.
func cniNode() fieldTable {
	return fieldTable{
		"chained":                     is(boolean).by("true").says("Add the plugin to the configuration of the cluster's own CNI plugin; `false` writes a file of its own"),
		"cniBinDir":                   is(text).by("/opt/cni/bin").says("Directory on nodes with CNI plugins"),
		"cniConfDir":                  is(text).by("/etc/cni/net.d").says("Directory on nodes with the configuration of CNI plugins"),
		"cniConfFileName":             is(text).by(`""`).says("Configuration file to add the plugin to; empty is the first one there"),
		"cniNetnsDir":                 is(text).by("/var/run/netns").says("Directory on nodes with network namespaces"),
		"excludeNamespaces":           listOf(is(text)).by("[kube-system]").says("Namespaces whose pods the plugin leaves alone"),
		"istioOwnedCNIConfig":         is(boolean).by("false").says("Keep a configuration of our own ahead of the cluster's, so that no pod starts without the plugin"),
		"istioOwnedCNIConfigFileName": is(text).by(`""`).says("Name of that file; empty is 02-istio-cni.conflist"),
		"provider":                    cniProvider().by("default").says("How pods are attached: default, or multus, which wants a NetworkAttachmentDefinition"),
	}
}

func cniProvider() *schema { return oneOf("default", "multus") }

// cniPod is about the agent's pods.
func cniPod() fieldTable {
	return fieldTable{
		"affinity":                      like[corev1.Affinity]().by("{}").says("Affinity of the agent"),
		"daemonSetLabels":               mapOf(is(text)).by("{}").says("Labels of the agent's DaemonSet"),
		"podAnnotations":                mapOf(is(text)).by("{}").says("Annotations of the agent's pods"),
		"podLabels":                     mapOf(is(text)).by("{}").says("Labels of the agent's pods"),
		"resources":                     like[corev1.ResourceRequirements]().by("{requests: {cpu: 100m, memory: 100Mi}}").says("Resources of the agent"),
		"rollingMaxUnavailable":         moved("spec.values.cni.updateStrategy.rollingUpdate.maxUnavailable"),
		"seLinuxOptions":                like[corev1.SELinuxOptions]().by("{}").says("SELinux options of the agent"),
		"seccompProfile":                like[corev1.SeccompProfile]().by("{}").says("Seccomp profile of the agent"),
		"terminationGracePeriodSeconds": is(integer).by("30").says("Seconds the agent has to stop"),
		"tolerations":                   like[[]corev1.Toleration]().by(tolerateAll).says("Tolerations of the agent"),
		"updateStrategy":                like[appsv1.DaemonSetUpdateStrategy]().by("{type: RollingUpdate, rollingUpdate: {maxUnavailable: 1}}").says("How the agent's pods are replaced"),
		"useAppArmorAnnotation":         is(boolean).by("false").says("Switch AppArmor off by the annotation of old instead of the field"),
	}
}

// ambientTable is spec.values.cni.ambient.
func ambientTable() fieldTable {
	return switchable("false", "Capture traffic for ztunnel", fieldTable{
		"configDir":                   pointless(),
		"dnsCapture":                  is(boolean).by("true").says("Capture DNS queries too"),
		"enableAmbientDetectionRetry": is(boolean).by("false").says("Try again where it is not clear yet whether a pod is ambient"),
		"enablementSelectors":         listOf(is(anything)).by(ambientSelectors).says("Which pods are ambient, by their labels and their namespace's"),
		"ipv6":                        is(boolean).by("true").says("Capture IPv6 too"),
		"reconcileIptablesOnStartup":  is(boolean).by("true").says("Bring the rules of running pods up to date when the agent starts"),
		"shareHostNetworkNamespace":   is(boolean).by("false").says("Run the agent in the network of the node"),
	}).fields()
}

// repairTable is spec.values.cni.repair.
func repairTable() fieldTable {
	return switchable("true", "Look after pods that started before the plugin was there", fieldTable{
		"brokenPodLabelKey":   is(text).by("cni.istio.io/uninitialized").says("Label for such pods, with labelPods"),
		"brokenPodLabelValue": is(text).by(`"true"`).says("Value of that label"),
		"deletePods":          is(boolean).by("false").says("Delete such pods"),
		"initContainerName":   is(text).by("istio-validation").says("Init container by whose failure such pods are known"),
		"labelPods":           is(boolean).by("false").says("Label such pods"),
		"repairPods":          is(boolean).by("true").says("Set up traffic capture in such pods"),
	}).fields()
}

// quotaTable lets pods of critical priority into a namespace, for GKE.
func quotaTable() fieldTable {
	return switchable("false", "Make a ResourceQuota that lets pods of critical priority in, which GKE asks for", fieldTable{
		"pods": is(integer).by("5000").says("How many pods it allows"),
	}).fields()
}
