package profiles

import corev1 "k8s.io/api/core/v1"

// proxyTable is spec.values.global.proxy: the proxy in injected pods and gateways.
func proxyTable() fieldTable {
	count := &schema{shape: integer, check: isCount}
	return captureTable().and(fieldTable{
		"autoInject":                   oneOf("enabled", "disabled").by("enabled").says("Whether pods are injected where their namespace asks for it and they say nothing"),
		"capNetBindService":            is(word).says("`true` lets gateways of the Gateway API listen on ports below 1024"),
		"clusterDomain":                is(text).by("cluster.local").says("DNS domain of the cluster"),
		"componentLogLevel":            is(text).by("misc:error").says("Log levels by component of Envoy"),
		"image":                        is(text).by("proxyv2").says("Image of the proxy; with a slash it is a full reference"),
		"lifecycle":                    like[corev1.Lifecycle]().says("Lifecycle hooks of the proxy in injected pods"),
		"logLevel":                     is(text).by("warning").says("Log level of Envoy"),
		"outlierLogPath":               is(text).by(`""`).says("File to log outlier detection to"),
		"privileged":                   is(boolean).by("false").says("Run the proxy in injected pods privileged"),
		"readinessFailureThreshold":    count.by("4").says("Failed probes until the proxy is not ready"),
		"readinessInitialDelaySeconds": count.by("0").says("Seconds until the first readiness probe"),
		"readinessPeriodSeconds":       count.by("15").says("Seconds between readiness probes"),
		"resources":                    like[corev1.ResourceRequirements]().by("{requests: {cpu: 100m, memory: 128Mi}, limits: {cpu: 2000m, memory: 1024Mi}}").says("Resources of the proxy in injected pods"),
		"seccompProfile":               like[corev1.SeccompProfile]().by("{}").says("Seccomp profile of the proxy in injected pods"),
		"startupProbe":                 switchable("true", "Probe the proxy until it has started", fieldTable{"failureThreshold": count.by("600").says("Failed startup probes until the pod restarts")}),
		"statusPort":                   (&schema{shape: integer, check: isPort}).by("15020").says("Port of the agent's health endpoint; 0 leaves probes out"),
		"tracer":                       oneOf("", "none", "zipkin", "lightstep", "datadog", "stackdriver").by("none").says("Tracer of old; `meshConfig.extensionProviders` and a Telemetry object are the way now"),
		"variant":                      is(text).says("Variant of the proxy's image; unset is `global.variant`"),
	}).and(retiredProxy())
}

// captureTable says which traffic goes through the proxy.
func captureTable() fieldTable {
	return fieldTable{
		"excludeIPRanges":      textThat(isCIDRs).by(`""`).says("Address ranges whose outbound traffic passes the proxy by"),
		"excludeInboundPorts":  textThat(isPorts).by(`""`).says("Inbound ports that pass the proxy by"),
		"excludeOutboundPorts": textThat(isPorts).by(`""`).says("Outbound ports that pass the proxy by"),
		"includeIPRanges":      textThat(isCIDRs).by(`"*"`).says("Address ranges whose outbound traffic goes through the proxy; `*` is all"),
		"includeInboundPorts":  textThat(isPorts).by(`"*"`).says("Inbound ports that go through the proxy; `*` is all"),
		"includeOutboundPorts": textThat(isPorts).by(`""`).says("Outbound ports that go through the proxy whatever the address"),
	}
}
