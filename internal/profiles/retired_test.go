package profiles

import (
	"strings"
	"testing"
)

// What people bring from the days of Helm 2 is refused, with what there is now.
func TestRetired_Refused(t *testing.T) {
	tests := []struct{ text, want, hint string }{
		{"values: {grafana: {enabled: true}}", "spec.values.grafana.enabled: moved to spec.components.grafana.enabled", "set spec.components.grafana.enabled in its place"},
		{"values: {prometheus: {enabled: true}}", "spec.values.prometheus.enabled: moved to spec.components.prometheus.enabled", "set spec.components.prometheus.enabled in its place"},
		{"values: {servicegraph: {enabled: true}}", "spec.values.servicegraph: removed from Istio", "draw the graph of services now"},
		{"values: {tracing: {enabled: true}}", "spec.values.tracing: removed from Istio", "spec.meshConfig.extensionProviders say what is traced"},
		{"values: {mixer: {policy: {enabled: true}}}", "spec.values.mixer: removed from Istio", "AuthorizationPolicy"},
		{"values: {galley: {enabled: true}}", "spec.values.galley: removed from Istio", "istiod validates"},
		{"values: {citadel: {enabled: true}}", "spec.values.citadel: removed from Istio", "PeerAuthentication"},
		{"values: {security: {enabled: true}}", "spec.values.security: removed from Istio", "PeerAuthentication"},
		{"values: {sidecarInjectorWebhook: {enabled: true}}", "spec.values.sidecarInjectorWebhook.enabled: removed from Istio", "autoInject"},
		{"values: {ingress: {enabled: true}}", "spec.values.ingress: removed from Istio", "spec.components.ingressGateways"},
		{"values: {certmanager: {enabled: true}}", "spec.values.certmanager: removed from Istio", "cert-manager"},
		{"values: {nodeagent: {enabled: true}}", "spec.values.nodeagent: removed from Istio", "istiod"},
		{"values: {gateways: {enabled: true}}", "spec.values.gateways.enabled: moved to spec.components.ingressGateways[].enabled", ""},
		{"values: {gateways: {istio-ilbgateway: {enabled: true}}}", "spec.values.gateways.istio-ilbgateway: removed from Istio", "spec.components.ingressGateways"},
		{"values: {gateways: {istio-ingressgateway: {sds: {enabled: true}}}}", "spec.values.gateways.istio-ingressgateway.sds: removed from Istio", "Secrets"},
		{"values: {global: {controlPlaneSecurityEnabled: true}}", "spec.values.global.controlPlaneSecurityEnabled: removed from Istio", "leave it out"},
		{"values: {global: {k8sIngress: {enabled: true}}}", "spec.values.global.k8sIngress: removed from Istio", "ingressControllerMode"},
		{"values: {global: {trustDomain: a}}", "spec.values.global.trustDomain: moved to spec.meshConfig.trustDomain", ""},
		{"values: {global: {proxy: {accessLogEncoding: JSON}}}", "spec.values.global.proxy.accessLogEncoding: moved to spec.meshConfig.accessLogEncoding", ""},
		{"values: {global: {waypoint: {toleration: []}}}", "spec.values.global.waypoint.toleration: moved to spec.values.global.waypoint.tolerations", ""},
		{"values: {global: {tracer: {stackdriver: {debug: true}}}}", "spec.values.global.tracer.stackdriver.debug: removed from Istio", "Telemetry API"},
		{"values: {pilot: {sidecar: true}}", "spec.values.pilot.sidecar: removed from Istio", "istiod has no proxy"},
		{"values: {telemetry: {v1: {enabled: true}}}", "spec.values.telemetry.v1: removed from Istio", "Mixer"},
		{"hub: a\naddonComponents: {grafana: {enabled: true}}", "spec.addonComponents: moved to spec.components", ""},
		{"hub: a\ntrafficManagement: {}", "spec.trafficManagement: removed from Istio", "spec.components"},
		{"components: {telemetry: {enabled: true}}", "spec.components.telemetry: removed from Istio", "Mixer"},
		{"components: {citadel: {enabled: true}}", "spec.components.citadel: removed from Istio", "PeerAuthentication"},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			_, err := Resolve(Config{Files: []File{file(test.text)}}, assets())
			found := Problems(err)
			if len(found) != 1 {
				t.Fatalf("got %v, want one problem", err)
			}
			if found[0].Path+": "+found[0].Problem != test.want || found[0].Place.Line == 0 {
				t.Errorf("got  %v\nwant mesh.yaml:N: %s", err, test.want)
			}
			if !strings.Contains(found[0].Hint, test.hint) {
				t.Errorf("hint %q, want %q in it", found[0].Hint, test.hint)
			}
		})
	}
}

// What Istio still takes is taken, with a warning that names its successor.
func TestRetired_Warned(t *testing.T) {
	const mesh = "spec.meshConfig."
	tests := []struct{ path, value, want string }{
		{"global.outboundTrafficPolicy", "{mode: ALLOW_ANY}", mesh + "outboundTrafficPolicy"},
		{"global.certificates", "[]", mesh + "certificates"},
		{"global.localityLbSetting", "{enabled: true}", mesh + "localityLbSetting"},
		{"global.policyCheckFailOpen", "true", mesh + "policyCheckFailOpen"},
		{"global.enableTracing", "true", mesh + "enableTracing"},
		{"global.proxy.accessLogFormat", "x", mesh + "accessLogFormat"},
		{"global.proxy.accessLogFile", "x", mesh + "accessLogFile"},
		{"global.proxy.protocolDetectionTimeout", "1s", mesh + "protocolDetectionTimeout"},
		{"global.proxy.concurrency", "2", mesh + "defaultConfig.concurrency"},
		{"global.proxy.envoyAccessLogService.enabled", "true", mesh + "enableEnvoyAccessLogService"},
		{"global.proxy.envoyAccessLogService.host", "a", mesh + "defaultConfig.envoyAccessLogService"},
		{"global.proxy.envoyMetricsService", "{host: a}", mesh + "defaultConfig.envoyMetricsService"},
		{"global.proxy.holdApplicationUntilProxyStarts", "true", mesh + "defaultConfig.holdApplicationUntilProxyStarts"},
		{"pilot.ingress", "{ingressService: a}", mesh + "ingressService"},
		{"global.mtls.enabled", "true", "a PeerAuthentication"},
		{"global.mtls.auto", "true", mesh + "enableAutoMtls"},
		{"global.tracer.lightstep.address", "a", mesh + "defaultConfig.tracing.lightstep.address"},
		{"global.tracer.lightstep.accessToken", "a", mesh + "defaultConfig.tracing.lightstep.accessToken"},
		{"global.tracer.zipkin.address", "a", mesh + "defaultConfig.tracing.zipkin.address"},
		{"global.tracer.datadog.address", "a", mesh + "defaultConfig.tracing.datadog.address"},
		{"global.meshExpansion", "{enabled: true}", "an east-west gateway"},
		{"istiocoredns", "{enabled: true}", "the DNS proxy"},
	}
	for _, test := range tests {
		steps := strings.Split(test.path, ".")
		text := "values: {" + strings.Join(steps, ": {") + ": " + test.value + strings.Repeat("}", len(steps))
		mesh, err := Resolve(Config{Files: []File{file(text)}}, assets())
		if err != nil {
			t.Errorf("%s: %v", test.path, err)
			continue
		}
		want := "mesh.yaml:1: spec.values." + test.path + " is deprecated; use " + test.want
		if len(mesh.Warnings) != 1 || !strings.HasPrefix(mesh.Warnings[0], want) {
			t.Errorf("got  %q\nwant %q", mesh.Warnings, want)
		}
	}
}

// Values made for Helm are no IstioOperator, and are easily made one.
func TestRetired_HelmValues(t *testing.T) {
	for _, text := range []string{
		"grafana:\n  enabled: true\nglobal:\n  hub: docker.io/istio\nmixer:\n  enabled: true\n",
		"pilot: {autoscaleEnabled: false}",
	} {
		_, err := Resolve(Config{Files: []File{file(text)}}, assets())
		found := Problems(err)
		if len(found) != 1 || !strings.Contains(found[0].Hint, "put them below spec.values") {
			t.Errorf("%s: got %v, hint %q", text, err, Problems(err)[0].Hint)
		}
	}
}
