package profiles

// retiredGlobals are settings of spec.values.global that Istio still takes, but
// would like to be rid of, and those it has removed lately.
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

// retiredProxy are such settings of spec.values.global.proxy.
func retiredProxy() fieldTable {
	const defaultConfig = "spec.meshConfig.defaultConfig."
	logService := deprecated(defaultConfig + "envoyAccessLogService")
	return fieldTable{
		"accessLogEncoding":               moved("spec.meshConfig.accessLogEncoding"),
		"accessLogFile":                   deprecated("spec.meshConfig.accessLogFile"),
		"accessLogFormat":                 deprecated("spec.meshConfig.accessLogFormat"),
		"concurrency":                     deprecated(defaultConfig + "concurrency"),
		"dnsRefreshRate":                  moved("spec.meshConfig.dnsRefreshRate"),
		"enableCoreDump":                  removed("annotate the pods in question with sidecar.istio.io/enableCoreDump"),
		"envoyAccessLogService":           objectOf(fieldTable{"enabled": deprecated("spec.meshConfig.enableEnvoyAccessLogService"), "host": logService, "port": logService}),
		"envoyMetricsService":             deprecated(defaultConfig + "envoyMetricsService"),
		"envoyStatsd":                     moved(defaultConfig + "statsdUdpAddress"),
		"holdApplicationUntilProxyStarts": retiring(boolean, defaultConfig+"holdApplicationUntilProxyStarts"),
		"protocolDetectionTimeout":        deprecated("spec.meshConfig.protocolDetectionTimeout"),
	}
}

// retiring is a deprecated setting that still is obeyed, so its type counts.
func retiring(s shape, instead string) *schema { return &schema{shape: s, instead: instead} }

// What replaced the parts of an Istio that Helm 2 installed.
const (
	noMixer   = "there is no Mixer any more: proxies make the metrics (Telemetry API), and AuthorizationPolicy and EnvoyFilter set policy"
	noCitadel = "istiod is the certificate authority now; PeerAuthentication says where mutual TLS is demanded"
	noGalley  = "istiod validates configuration now; spec.values.global.configValidation: false turns that off"
	noIngress = "spec.components.ingressGateways lists the gateways; Ingress objects of class istio still work"
)

// helm2Values are settings of spec.values from the time of Helm 2: Istio 1.0 to
// 1.5. People still copy them from what was written then.
func helm2Values() fieldTable {
	return fieldTable{
		"certmanager":      removed("install cert-manager itself"),
		"citadel":          removed(noCitadel),
		"galley":           removed(noGalley),
		"helmVersion":      removed("leave it out"),
		"ingress":          removed(noIngress),
		"istio-policy":     removed(noMixer),
		"istio-telemetry":  removed(noMixer),
		"mixer":            removed(noMixer),
		"mixerTelemetry":   removed(noMixer),
		"nodeagent":        removed("every proxy gets its certificates from istiod by itself"),
		"policy":           removed(noMixer),
		"prometheusConfig": removed("spec.values.prometheus has the settings of Prometheus"),
		"security":         removed(noCitadel),
		"servicegraph":     removed("`meshctl graph` and `meshctl dashboard graph` draw the graph of services now, and so does Kiali: " + addOnHint("kiali")),
		"sidecarInjector":  removed("istiod injects sidecars; spec.values.sidecarInjectorWebhook has the settings"),
		"tracing":          removed(addOnHint("jaeger") + "; a Telemetry object and spec.meshConfig.extensionProviders say what is traced"),
	}
}

// helm2Globals are such settings of spec.values.global.
func helm2Globals() fieldTable {
	ingress := removed("spec.meshConfig.ingressService, ingressClass and ingressControllerMode say how Ingress objects are served")
	namespaces := removed("the control plane has one namespace: spec.values.global.istioNamespace")
	return fieldTable{
		"configNamespace":             namespaces,
		"controlPlaneSecurityEnabled": removed("it always is; leave it out"),
		"crds":                        moved("spec.values.base.enableCRDTemplates"),
		"createRemoteSvcEndpoints":    removed("spec.values.global.remotePilotAddress names a remote istiod"),
		"disablePolicyChecks":         removed(noMixer),
		"enableHelmTest":              removed("leave it out"),
		"hyperkube":                   removed("leave it out"),
		"k8sIngress":                  ingress,
		"k8sIngressHttps":             ingress,
		"k8sIngressSelector":          ingress,
		"policyNamespace":             namespaces,
		"prometheusNamespace":         moved("spec.components.prometheus.namespace"),
		"rbacEnabled":                 removed("it always is; leave it out"),
		"securityNamespace":           namespaces,
		"telemetryNamespace":          namespaces,
		"trustDomain":                 moved("spec.meshConfig.trustDomain"),
		"trustDomainAliases":          moved("spec.meshConfig.trustDomainAliases"),
		"useMCP":                      removed("spec.meshConfig.configSources names other sources of configuration"),
	}
}

// addOnHint says how to get an add-on that once was a switch in the values.
func addOnHint(key string) string { return "set spec.components." + key + ".enabled in its place" }

// helm2Components are former fields of spec.components.
func helm2Components() fieldTable {
	return fieldTable{
		"certManager":     removed("install cert-manager itself"),
		"citadel":         removed(noCitadel),
		"galley":          removed(noGalley),
		"nodeAgent":       removed("every proxy gets its certificates from istiod by itself"),
		"policy":          removed(noMixer),
		"proxy":           removed("spec.values.global.proxy has the settings of proxies"),
		"sidecarInjector": removed("istiod injects sidecars; spec.values.sidecarInjectorWebhook has the settings"),
		"telemetry":       removed(noMixer),
	}
}

// helm2Spec are former fields of spec.
func helm2Spec() fieldTable {
	components := removed("spec.components lists all parts: base, pilot, cni, ztunnel, ingressGateways, egressGateways and add-ons")
	return fieldTable{
		"addonComponents":   moved("spec.components"),
		"autoInjection":     components,
		"configManagement":  components,
		"defaultNamespace":  moved("spec.values.global.istioNamespace"),
		"gateways":          components,
		"policy":            components,
		"security":          components,
		"telemetry":         components,
		"trafficManagement": components,
	}
}
