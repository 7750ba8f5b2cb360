package profiles

import corev1 "k8s.io/api/core/v1"

// gatewaysTable is spec.values.gateways.
func gatewaysTable() fieldTable {
	table := fieldTable{
		"enabled":          moved("spec.components.ingressGateways[].enabled"),
		"istio-ilbgateway": removed("add a gateway of your own to spec.components.ingressGateways"),
		"seccompProfile":   like[corev1.SeccompProfile]().by("{}").says("Seccomp profile of gateways"),
		"securityContext":  like[corev1.PodSecurityContext]().by("{}").says("Security context of pods that become gateways by injection or from the Gateway API"),
		"istio-egressgateway": lazy(func() fieldTable {
			return gatewayTable(gatewayDefaults{
				name: "istio-egressgateway", app: "egressgateway", kind: "ClusterIP",
				ports: "[{name: http2, port: 80, targetPort: 8080, protocol: TCP}, {name: https, port: 443, targetPort: 8443, protocol: TCP}]",
			}).and(fieldTable{"egressPorts": morePorts(), "ingressPorts": {shape: anything, hidden: true}})
		}),
		"istio-ingressgateway": lazy(func() fieldTable {
			return gatewayTable(gatewayDefaults{
				name: "istio-ingressgateway", app: "ingressgateway", kind: "LoadBalancer",
				ports: "[{name: status-port, port: 15021, targetPort: 15021, protocol: TCP}, {name: http2, port: 80, targetPort: 8080, protocol: TCP}, {name: https, port: 443, targetPort: 8443, protocol: TCP}]",
			}).and(fieldTable{"ingressPorts": morePorts(), "egressPorts": {shape: anything, hidden: true}})
		}),
	}
	return table
}

func morePorts() *schema {
	return like[[]corev1.ServicePort]().by("[]").says("More ports of the Service, which the container does not declare")
}

// gatewayDefaults is where the two gateways of a profile differ.
type gatewayDefaults struct{ name, app, kind, ports string }

// gatewayTable is spec.values.gateways.<gateway>.
func gatewayTable(of gatewayDefaults) fieldTable {
	secret := func(part string) string {
		name := of.app + "-" + part
		return "{name: " + name + ", secretName: istio-" + name + ", mountPath: /etc/istio/" + name + "}"
	}
	return gatewayService(of).and(gatewayPod()).and(scalingTable("the gateway", "")).and(fieldTable{
		"configVolumes":      listOf(objectOf(mountTable("configMapName"))).by("[]").says("ConfigMaps to mount; they need not exist"),
		"enabled":            is(boolean).says("`true` switches the gateway on whatever `components` say"),
		"hub":                textThat(isHub).says("Registry of the proxy's image; unset is `global.hub`"),
		"injectionTemplate":  is(text).by(`""`).says("Have the pod injected with this template, in place of a proxy spelt out"),
		"labels":             mapOf(is(text)).by("{app: " + of.name + ", istio: " + of.app + "}").says("Labels of the gateway, by which its Service and Gateway objects select it"),
		"meshExpansionPorts": removed("install an east-west gateway: a gateway of its own in spec.components.ingressGateways"),
		"name":               textThat(isGatewayName).by(of.name).says("Name of the gateway; `components` set it"),
		"sds":                removed("leave it out: gateways read certificates from Secrets by themselves"),
		"secretVolumes":      listOf(objectOf(mountTable("secretName"))).by("[" + secret("certs") + ", " + secret("ca-certs") + "]").says("Secrets to mount; they need not exist"),
		"serviceAccount":     objectOf(fieldTable{"annotations": mapOf(is(text)).by("{}").says("Annotations of the gateway's service account")}),
		"tag":                textThat(isTag).says("Tag of the proxy's image; unset is `global.tag`"),
		"zvpn":               removed("add the ports you need to ports"),
	})
}

func mountTable(source string) fieldTable {
	return fieldTable{"name": is(text), source: is(text), "mountPath": is(text)}
}

// gatewayService is about the Service of a gateway.
func gatewayService(of gatewayDefaults) fieldTable {
	return fieldTable{
		"customService":            is(boolean).by("false").says("Leave the Service to somebody else"),
		"externalTrafficPolicy":    oneOf("", "Cluster", "Local").by(`""`).says("Whether traffic from outside may take a detour over another node; Local keeps the client's address"),
		"ipFamilies":               ipFamilies().by("[]").says("IP families of the Service"),
		"ipFamilyPolicy":           ipFamilyPolicy().by(`""`).says("IP family policy of the Service"),
		"loadBalancerIP":           is(text).by(`""`).says("Address to ask the load balancer for"),
		"loadBalancerSourceRanges": listOf(is(text)).by("[]").says("Address ranges that may come in by the load balancer"),
		"ports":                    like[[]corev1.ServicePort]().by(of.ports).says("Ports of the Service"),
		"serviceAnnotations":       mapOf(is(text)).by("{}").says("Annotations of the Service, by which clouds are told about load balancers"),
		"type":                     oneOf("", "LoadBalancer", "ClusterIP", "NodePort").by(of.kind).says("Type of the Service"),
	}
}

// gatewayPod is about the pods of a gateway.
func gatewayPod() fieldTable {
	return fieldTable{
		"additionalContainers":             like[[]corev1.Container]().by("[]").says("More containers of the pod"),
		"env":                              mapOf(is(word)).by("{}").says("Environment variables of the proxy"),
		"nodeSelector":                     mapOf(is(text)).by("{}").says("Node labels that the gateway asks for"),
		"podAnnotations":                   mapOf(is(text)).by("{}").says("Annotations of the gateway's pods"),
		"podAntiAffinityLabelSelector":     podSelectors().by("[]").says("Pods that the gateway must not share a node, or other topology, with"),
		"podAntiAffinityTermLabelSelector": podSelectors().by("[]").says("Pods that it had rather not share it with"),
		"resources":                        like[corev1.ResourceRequirements]().by("{requests: {cpu: 100m, memory: 128Mi}, limits: {cpu: 2000m, memory: 1024Mi}}").says("Resources of the gateway"),
		"runAsRoot":                        is(boolean).by("false").says("Run the proxy as root, which ports below 1024 need"),
		"tolerations":                      like[[]corev1.Toleration]().by("[]").says("Tolerations of the gateway"),
	}
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
