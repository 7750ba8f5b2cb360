package profiles

import corev1 "k8s.io/api/core/v1"

// globalTable is spec.values.global, which all charts share.
func globalTable() fieldTable {
	return fieldTable{
		"agentgateway":                 objectOf(fieldTable{"image": is(text)}),
		"arch":                         mapOf(is(integer)),
		"caAddress":                    is(text),
		"caName":                       is(text),
		"certSigners":                  listOf(is(text)),
		"configCluster":                is(boolean),
		"configValidation":             is(boolean),
		"defaultNodeSelector":          mapOf(is(text)),
		"defaultPodDisruptionBudget":   switchable(nil),
		"defaultResources":             like[corev1.ResourceRequirements](),
		"defaultTolerations":           like[[]corev1.Toleration](),
		"enableReaderRBAC":             is(boolean),
		"externalIstiod":               is(boolean),
		"hub":                          textThat(isHub),
		"imagePullPolicy":              pullPolicy(),
		"imagePullSecrets":             listOf(is(text)),
		"ipFamilies":                   ipFamilies(),
		"ipFamilyPolicy":               ipFamilyPolicy(),
		"istioNamespace":               textThat(isDNSLabel),
		"istiod":                       objectOf(fieldTable{"enableAnalysis": is(boolean)}),
		"logAsJson":                    is(boolean),
		"logging":                      objectOf(fieldTable{"level": is(text)}),
		"meshID":                       is(text),
		"meshNetworks":                 mapOf(is(anything)),
		"mountMtlsCerts":               is(boolean),
		"multiCluster":                 objectOf(fieldTable{"clusterName": is(text), "enabled": pointless(), "globalDomainSuffix": pointless(), "includeEnvoyFilter": pointless()}),
		"nativeNftables":               is(boolean),
		"network":                      is(text),
		"networkPolicy":                switchable(nil),
		"omitSidecarInjectorConfigMap": is(boolean),
		"operatorManageWebhooks":       is(boolean),
		"pilotCertProvider":            textThat(isCertProvider),
		"platform":                     is(text),
		"priorityClassName":            is(text),
		"profile":                      is(text),
		"proxy":                        lazy(proxyTable),
		"proxy_init":                   objectOf(fieldTable{"image": is(text), "forceApplyIptables": is(boolean), "resources": pointless()}),
		"remotePilotAddress":           is(text),
		"resourceScope":                oneOf("all", "cluster", "namespace"),
		"sds":                          objectOf(fieldTable{"token": objectOf(fieldTable{"aud": is(text)})}),
		"sts":                          objectOf(fieldTable{"servicePort": {shape: integer, check: isPort}}),
		"tag":                          textThat(isTag),
		"trustBundleName":              is(text),
		"variant":                      is(text),
		"waypoint":                     lazy(waypointTable),
	}.and(retiredGlobals())
}

// retiredGlobals are settings of former releases.
func retiredGlobals() fieldTable {
	tracing := "spec.meshConfig.defaultConfig.tracing."
	const noStackdriver = "use the Telemetry API"
	return fieldTable{
		"autoscalingv2API":       pointless(),
		"certificates":           deprecated("spec.meshConfig.certificates"),
		"configRootNamespace":    pointless(),
		"enableTracing":          deprecated("spec.meshConfig.enableTracing"),
		"jwtPolicy":              pointless(),
		"localityLbSetting":      deprecated("spec.meshConfig.localityLbSetting"),
		"meshExpansion":          deprecated("an east-west gateway"),
		"mtls":                   objectOf(fieldTable{"auto": deprecated("spec.meshConfig.enableAutoMtls"), "enabled": deprecated("a PeerAuthentication")}),
		"oneNamespace":           pointless(),
		"outboundTrafficPolicy":  deprecated("spec.meshConfig.outboundTrafficPolicy"),
		"podDNSSearchNamespaces": pointless(),
		"policyCheckFailOpen":    deprecated("spec.meshConfig.policyCheckFailOpen"),
		"revision":               pointless(),
		"tracer": objectOf(fieldTable{
			"datadog":   objectOf(fieldTable{"address": deprecated(tracing + "datadog.address")}),
			"lightstep": objectOf(fieldTable{"address": deprecated(tracing + "lightstep.address"), "accessToken": deprecated(tracing + "lightstep.accessToken")}),
			"zipkin":    objectOf(fieldTable{"address": deprecated(tracing + "zipkin.address")}),
			"stackdriver": objectOf(fieldTable{
				"debug":                    removed(noStackdriver),
				"maxNumberOfAnnotations":   removed(noStackdriver),
				"maxNumberOfAttributes":    removed(noStackdriver),
				"maxNumberOfMessageEvents": removed(noStackdriver),
			}),
		}),
	}
}

func proxyTable() fieldTable {
	defaultConfig := "spec.meshConfig.defaultConfig."
	count := &schema{shape: integer, check: isCount}
	return fieldTable{
		"autoInject":                   oneOf("enabled", "disabled"),
		"capNetBindService":            is(word),
		"clusterDomain":                is(text),
		"componentLogLevel":            is(text),
		"excludeIPRanges":              textThat(isCIDRs),
		"excludeInboundPorts":          textThat(isPorts),
		"excludeOutboundPorts":         textThat(isPorts),
		"image":                        is(text),
		"includeIPRanges":              textThat(isCIDRs),
		"includeInboundPorts":          textThat(isPorts),
		"includeOutboundPorts":         textThat(isPorts),
		"lifecycle":                    like[corev1.Lifecycle](),
		"logLevel":                     is(text),
		"outlierLogPath":               is(text),
		"privileged":                   is(boolean),
		"readinessFailureThreshold":    count,
		"readinessInitialDelaySeconds": count,
		"readinessPeriodSeconds":       count,
		"resources":                    like[corev1.ResourceRequirements](),
		"seccompProfile":               like[corev1.SeccompProfile](),
		"startupProbe":                 switchable(fieldTable{"failureThreshold": count}),
		"statusPort":                   {shape: integer, check: isPort},
		"tracer":                       oneOf("", "none", "zipkin", "lightstep", "datadog", "stackdriver"),

		"accessLogFile":                   deprecated("spec.meshConfig.accessLogFile"),
		"accessLogFormat":                 deprecated("spec.meshConfig.accessLogFormat"),
		"concurrency":                     deprecated(defaultConfig + "concurrency"),
		"envoyAccessLogService":           objectOf(fieldTable{"enabled": deprecated("spec.meshConfig.enableEnvoyAccessLogService"), "host": deprecated(defaultConfig + "envoyAccessLogService"), "port": deprecated(defaultConfig + "envoyAccessLogService")}),
		"envoyMetricsService":             deprecated(defaultConfig + "envoyMetricsService"),
		"holdApplicationUntilProxyStarts": retiring(boolean, defaultConfig+"holdApplicationUntilProxyStarts"),
		"protocolDetectionTimeout":        deprecated("spec.meshConfig.protocolDetectionTimeout"),
	}
}

// retiring is a deprecated setting that still is obeyed, so its type counts.
func retiring(s shape, instead string) *schema { return &schema{shape: s, instead: instead} }

func waypointTable() fieldTable {
	return fieldTable{
		"affinity":                  like[corev1.Affinity](),
		"nodeSelector":              mapOf(is(text)),
		"resources":                 like[corev1.ResourceRequirements](),
		"toleration":                removed("write tolerations"),
		"tolerations":               like[[]corev1.Toleration](),
		"topologySpreadConstraints": like[[]corev1.TopologySpreadConstraint](),
	}
}

func ipFamilies() *schema { return listOf(oneOf("IPv4", "IPv6")) }

func ipFamilyPolicy() *schema {
	return oneOf("", "SingleStack", "PreferDualStack", "RequireDualStack")
}
