package profiles

import corev1 "k8s.io/api/core/v1"

// gatewaysTable is spec.values.gateways.
func gatewaysTable() fieldTable {
	return fieldTable{
		"istio-egressgateway":  lazy(gatewayTable),
		"istio-ingressgateway": lazy(gatewayTable),
		"seccompProfile":       like[corev1.SeccompProfile](),
		"securityContext":      like[corev1.PodSecurityContext](),
	}
}

func gatewayTable() fieldTable {
	ports := like[[]corev1.ServicePort]()
	return fieldTable{
		"additionalContainers":             like[[]corev1.Container](),
		"configVolumes":                    listOf(objectOf(fieldTable{"name": is(text), "configMapName": is(text), "mountPath": is(text)})),
		"customService":                    is(boolean),
		"egressPorts":                      ports,
		"enabled":                          is(boolean),
		"env":                              mapOf(is(word)),
		"externalTrafficPolicy":            oneOf("", "Cluster", "Local"),
		"hub":                              textThat(isHub),
		"ingressPorts":                     ports,
		"injectionTemplate":                is(text),
		"ipFamilies":                       ipFamilies(),
		"ipFamilyPolicy":                   ipFamilyPolicy(),
		"labels":                           mapOf(is(text)),
		"loadBalancerIP":                   is(text),
		"loadBalancerSourceRanges":         listOf(is(text)),
		"name":                             textThat(isGatewayName),
		"nodeSelector":                     mapOf(is(text)),
		"podAnnotations":                   mapOf(is(text)),
		"podAntiAffinityLabelSelector":     podSelectors(),
		"podAntiAffinityTermLabelSelector": podSelectors(),
		"ports":                            ports,
		"resources":                        like[corev1.ResourceRequirements](),
		"runAsRoot":                        is(boolean),
		"secretVolumes":                    listOf(objectOf(fieldTable{"name": is(text), "secretName": is(text), "mountPath": is(text)})),
		"serviceAccount":                   objectOf(fieldTable{"annotations": mapOf(is(text))}),
		"serviceAnnotations":               mapOf(is(text)),
		"tag":                              textThat(isTag),
		"tolerations":                      like[[]corev1.Toleration](),
		"type":                             oneOf("", "LoadBalancer", "ClusterIP", "NodePort"),
	}.and(scalingTable())
}

// podSelectors is the gateways' own shorthand for anti-affinity.
func podSelectors() *schema {
	return listOf(objectOf(fieldTable{
		"key":         is(text),
		"namespaces":  is(text),
		"operator":    oneOf("In", "NotIn", "Exists", "DoesNotExist"),
		"topologyKey": is(text),
		"values":      is(text),
	}))
}
