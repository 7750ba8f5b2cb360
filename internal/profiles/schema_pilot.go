package profiles

import (
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
)

// pilotTable is spec.values.pilot.
func pilotTable() fieldTable {
	return fieldTable{
		"affinity":                          like[corev1.Affinity](),
		"autoscaleBehavior":                 like[autoscalingv2.HorizontalPodAutoscalerBehavior](),
		"cni":                               lazy(cniTable),
		"configMap":                         is(boolean),
		"crlConfigMapName":                  is(text),
		"deploymentAnnotations":             mapOf(is(text)),
		"deploymentLabels":                  mapOf(is(text)),
		"enabled":                           pointless(),
		"env":                               mapOf(is(word)),
		"envVarFrom":                        like[[]corev1.EnvVar](),
		"extraContainerArgs":                listOf(is(text)),
		"hub":                               textThat(isHub),
		"image":                             is(text),
		"ingress":                           deprecated("spec.meshConfig.ingressService, ingressClass and ingressControllerMode"),
		"initContainers":                    like[[]corev1.Container](),
		"ipFamilies":                        ipFamilies(),
		"ipFamilyPolicy":                    ipFamilyPolicy(),
		"jwksResolverExtraRootCA":           is(text),
		"keepaliveMaxServerConnectionAge":   textThat(isDuration),
		"nodeSelector":                      mapOf(is(text)),
		"pdb":                               lazy(budgetTable),
		"podAnnotations":                    mapOf(is(text)),
		"podLabels":                         mapOf(is(text)),
		"resources":                         like[corev1.ResourceRequirements](),
		"seccompProfile":                    like[corev1.SeccompProfile](),
		"serviceAccountAnnotations":         mapOf(is(text)),
		"serviceAnnotations":                mapOf(is(text)),
		"sidecarInjectorWebhookAnnotations": mapOf(is(text)),
		"tag":                               textThat(isTag),
		"taint":                             switchable(fieldTable{"namespace": is(text), "name": is(text)}),
		"tolerations":                       like[[]corev1.Toleration](),
		"topologySpreadConstraints":         like[[]corev1.TopologySpreadConstraint](),
		"traceSampling":                     {shape: decimal, check: isPercentage},
		"trafficDistribution":               is(text),
		"trustedZtunnelName":                is(text),
		"trustedZtunnelNamespace":           is(text),
		"variant":                           is(text),
		"volumeMounts":                      like[[]corev1.VolumeMount](),
		"volumes":                           like[[]corev1.Volume](),
	}.and(scalingTable())
}

// scalingTable is what istiod and the gateways share about their size.
func scalingTable() fieldTable {
	count := &schema{shape: integer, check: isCount}
	utilization := objectOf(fieldTable{"targetAverageUtilization": count})
	return fieldTable{
		"autoscaleEnabled":      is(boolean),
		"autoscaleMax":          count,
		"autoscaleMin":          count,
		"cpu":                   utilization,
		"memory":                utilization,
		"replicaCount":          count,
		"rollingMaxSurge":       is(word),
		"rollingMaxUnavailable": is(word),
	}
}

func budgetTable() fieldTable {
	return fieldTable{
		"maxUnavailable":             is(word),
		"minAvailable":               is(word),
		"unhealthyPodEvictionPolicy": oneOf("", "IfHealthyBudget", "AlwaysAllow"),
	}
}
