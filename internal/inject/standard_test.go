package inject_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/inject"
)

// standardValues are what an installation of the default profile gives to templates.
const standardValues = `
global:
  caAddress: ""
  caName: ""
  hub: registry.istio.io/release
  tag: 1.30.3
  variant: ""
  imagePullPolicy: ""
  imagePullSecrets: []
  istioNamespace: istio-system
  logAsJson: false
  logging: {level: "default:info"}
  meshID: ""
  mountMtlsCerts: false
  multiCluster: {clusterName: ""}
  nativeNftables: false
  network: ""
  pilotCertProvider: istiod
  trustBundleName: ""
  sds: {token: {aud: istio-ca}}
  sts: {servicePort: 0}
  proxy:
    autoInject: enabled
    clusterDomain: cluster.local
    componentLogLevel: "misc:error"
    excludeIPRanges: ""
    excludeInboundPorts: ""
    excludeOutboundPorts: ""
    image: proxyv2
    includeIPRanges: "*"
    includeInboundPorts: "*"
    includeOutboundPorts: ""
    logLevel: warning
    outlierLogPath: ""
    privileged: false
    readinessFailureThreshold: 4
    readinessInitialDelaySeconds: 0
    readinessPeriodSeconds: 15
    resources:
      limits: {cpu: 2000m, memory: 1024Mi}
      requests: {cpu: 100m, memory: 128Mi}
    seccompProfile: {}
    startupProbe: {enabled: true, failureThreshold: 600}
    statusPort: 15020
    tracer: none
  proxy_init: {image: proxyv2, forceApplyIptables: false}
pilot: {cni: {enabled: false, provider: default}, env: {}}
gateways: {securityContext: {}, seccompProfile: {}}
revision: ""
sidecarInjectorWebhook: {rewriteAppHTTPProbe: true}
`

// standardInjector has our templates, and the values of the default profile
// where the settings say nothing else.
func standardInjector(t testing.TB, settings inject.Settings) *inject.Injector {
	t.Helper()
	if settings.Values == nil {
		var err error
		settings.Values, err = inject.ReadValues([]byte(standardValues))
		check(t, err)
	}
	if settings.Config.Templates == nil {
		settings.Config.Templates = ourTemplates(t)
	}
	injector, err := inject.New(settings)
	check(t, err)
	return injector
}
