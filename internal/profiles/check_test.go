package profiles

import "testing"

func TestCheck_Refused(t *testing.T) {
	tests := []struct{ name, text, want, hint string }{
		{"unknown in spec", "componets: {}\nhub: a", "1: spec.componets: unknown field", "did you mean components?"},
		{"values at the top", "global: {}\nhub: a", "1: spec.global: unknown field", "did you mean values.global?"},
		{"a component at the top", "pilot: {}\nhub: a", "1: spec.pilot: unknown field", "did you mean values.pilot?"},
		{"spec in values", "values: {hub: a}", "1: spec.values.hub: unknown field", "did you mean spec.hub?"},
		{"global in values", "values: {meshID: a}", "1: spec.values.meshID: unknown field", "did you mean global.meshID?"},
		{"unknown component", "components: {pliot: {}}", "1: spec.components.pliot: unknown field", "did you mean pilot?"},
		{"unknown in a component", "components: {pilot: {enable: true}}", "1: spec.components.pilot.enable: unknown field", "did you mean enabled?"},
		{"base has no hub", "components: {base: {hub: a}}", "1: spec.components.base.hub: unknown field", "known here: enabled, k8s"},
		{"unknown in k8s", "components: {pilot: {k8s: {replicaCont: 1}}}", "1: spec.components.pilot.k8s.replicaCont: unknown field", "did you mean replicaCount?"},
		{"deep in k8s", "components: {pilot: {k8s: {env: [{name: A, vaule: b}]}}}", "1: spec.components.pilot.k8s.env[0].vaule: unknown field", "did you mean value?"},
		{"a type in k8s", "components: {pilot: {k8s: {hpaSpec: {maxReplicas: many}}}}", `1: spec.components.pilot.k8s.hpaSpec.maxReplicas: expected an integer, found "many"`, ""},
		{"a quantity", "components: {pilot: {k8s: {resources: {requests: {cpu: lots}}}}}", `1: spec.components.pilot.k8s.resources.requests.cpu: expected a quantity such as 500m or 1Gi, found "lots"`, ""},
		{"negative replicas", "components: {pilot: {k8s: {replicaCount: -1}}}", `1: spec.components.pilot.k8s.replicaCount: expected a number that is not negative, found "-1"`, ""},
		{"a patch", "components: {pilot: {k8s: {overlays: [{kind: A, patchs: []}]}}}", "1: spec.components.pilot.k8s.overlays[0].patchs: unknown field", "did you mean patches?"},
		{"a boolean", "values: {pilot: {autoscaleEnabled: maybe}}", `1: spec.values.pilot.autoscaleEnabled: expected a boolean, found "maybe"`, ""},
		{"a quoted boolean", `values: {pilot: {autoscaleEnabled: "true"}}`, `1: spec.values.pilot.autoscaleEnabled: expected a boolean, found "true"`, "write it without quotes"},
		{"a quoted number", `values: {pilot: {autoscaleMax: "5"}}`, `1: spec.values.pilot.autoscaleMax: expected an integer, found "5"`, "write it without quotes"},
		{"a number for a boolean", "values: {pilot: {autoscaleEnabled: 1}}", "1: spec.values.pilot.autoscaleEnabled: expected a boolean, found 1", "write true or false"},
		{"a fraction", "values: {pilot: {autoscaleMax: 1.5}}", "1: spec.values.pilot.autoscaleMax: expected an integer, found 1.5", ""},
		{"a boolean for a number", "values: {pilot: {traceSampling: yes}}", "1: spec.values.pilot.traceSampling: expected a number, found yes", ""},
		{"a percentage", "values: {pilot: {traceSampling: 101}}", `1: spec.values.pilot.traceSampling: expected a percentage from 0 to 100, found "101"`, ""},
		{"a mapping", "values: {pilot: 3}", "1: spec.values.pilot: expected a mapping, found 3", ""},
		{"a list", "values: {global: {imagePullSecrets: regcred}}", `1: spec.values.global.imagePullSecrets: expected a list, found "regcred"`, ""},
		{"a word", "values: {global: {resourceScope: everything}}", `1: spec.values.global.resourceScope: expected one of all, cluster, namespace, found "everything"`, ""},
		{"a misspelt word", "values: {global: {imagePullPolicy: Alway}}", `1: spec.values.global.imagePullPolicy: expected one of Always, IfNotPresent, Never, found "Alway"`, "did you mean Always?"},
		{"a hub", "hub: https://example.com", `1: spec.hub: expected a registry with an optional path, such as registry.istio.io/release, found "https://example.com"`, ""},
		{"a revision", "revision: Blue", `1: spec.revision: expected lower-case letters, digits and '-', 63 at most, no '-' at either end, found "Blue"`, ""},
		{"a gateway name", "components: {ingressGateways: [{name: My_Gateway}]}", `1: spec.components.ingressGateways[0].name: expected lower-case letters, digits, '.' and '-', 254 at most, found "My_Gateway"`, ""},
		{"address ranges", "values: {global: {proxy: {includeIPRanges: 10.0.0.0}}}", `1: spec.values.global.proxy.includeIPRanges: expected "*" or address ranges such as 10.0.0.0/8, divided by commas, found "10.0.0.0"`, ""},
		{"ports", "values: {global: {proxy: {excludeInboundPorts: '80,http'}}}", `1: spec.values.global.proxy.excludeInboundPorts: expected "*" or ports from 0 to 65535, divided by commas, found "80,http"`, ""},
		{"a removed setting", "values: {telemetry: {v2: {prometheus: {configOverride: {}}}}}", "1: spec.values.telemetry.v2.prometheus.configOverride: removed from Istio", "use the Telemetry API, or an EnvoyFilter of your own"},
		{"a gone provider", "values: {global: {pilotCertProvider: kubernetes}}", `1: spec.values.global.pilotCertProvider: expected istiod, custom, none or k8s.io/<signer>, found "kubernetes"`, ""},
		{"unknown in the mesh", "meshConfig: {acessLogFile: a}", "1: spec.meshConfig.acessLogFile: unknown field", "did you mean accessLogFile?"},
		{"deep in the mesh", "values: {meshConfig: {defaultConfig: {tracing: {samplng: 1}}}}", "1: spec.values.meshConfig.defaultConfig.tracing.samplng: unknown field", "did you mean sampling?"},
		{"a word of the mesh", "meshConfig: {accessLogEncoding: XML}", `1: spec.meshConfig.accessLogEncoding: expected one of TEXT, JSON, found "XML"`, ""},
		{"a duration of the mesh", "meshConfig: {connectTimeout: soon}", `1: spec.meshConfig.connectTimeout: expected a duration of 1ms or more, found "soon"`, ""},
		{"a port of the mesh", "meshConfig: {defaultConfig: {statusPort: 70000}}", `1: spec.meshConfig.defaultConfig.statusPort: expected a port from 0 to 65535, found "70000"`, ""},
		{"two providers in one", "meshConfig: {extensionProviders: [{name: a, zipkin: {port: 1}, lightstep: {port: 1}}]}", "1: spec.meshConfig.extensionProviders[0].lightstep: cannot be set beside zipkin", ""},
		{"an add-on's setting", "values: {prometheus: {retension: 1d}}", "1: spec.values.prometheus.retension: unknown field", "did you mean retention?"},
		{"an add-on's type", "values: {prometheus: {persistence: {enabled: 3}}}", "1: spec.values.prometheus.persistence.enabled: expected a boolean, found 3", "write true or false"},
		{"a platform", "values: {platform: openshfit}", `1: spec.values.platform: unknown platform "openshfit"`, "did you mean openshift?"},
		{"a values profile", "values: {global: {profile: x}}", `1: spec.values.global.profile: unknown values profile "x"`, "known are demo, preview"},
		{"a compatibility version", "compatibilityVersion: 1.20", `1: spec.compatibilityVersion: unknown compatibility version "1.20"`, "did you mean 1.28?"},
		{"a low port", "components: {ingressGateways: [{name: a, k8s: {service: {ports: [{port: 443}]}}}]}", "1: spec.components.ingressGateways[0].k8s.service.ports[0]: only root may listen on port 443", "set targetPort to 1024 or more, or spec.values.gateways.istio-ingressgateway.runAsRoot to true"},
		{"the same gateway twice", "components: {egressGateways: [{name: a}, {name: a}]}", "1: spec.components.egressGateways[1]: a second gateway istio-system/a; the first is at mesh.yaml:1", "give one of them another name or namespace"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Resolve(Config{Files: []File{file(test.text)}}, assets())
			if err == nil || err.Error() != "mesh.yaml:"+test.want {
				t.Fatalf("got  %v\nwant mesh.yaml:%s", err, test.want)
			}
			if got := Problems(err)[0].Hint; got != test.hint {
				t.Errorf("hint %q, want %q", got, test.hint)
			}
		})
	}
}

func TestCheck_Taken(t *testing.T) {
	for _, text := range []string{
		"components: {ingressGateways: [{name: a, k8s: {service: {ports: [{port: 443, targetPort: https}, {port: 1024}]}}}]}",
		"components: {ingressGateways: [{name: a, k8s: {service: {ports: [{port: 80}]}}}]}\nvalues: {gateways: {istio-ingressgateway: {runAsRoot: true}}}",
		"components: {ingressGateways: [{name: a}, {name: a, namespace: b}], istiodRemote: {enabled: false}}",
		"values: {global: {proxy: {resources: {limits: {cpu: null, memory: 1Gi}, requests: {cpu: 2}}}}}",
		"values: {prometheus: {nodeSelector: {a: 1}}, grafana: {adminPassword: 1234}}",
		"values: {pilot: {env: {A: true, B: 1, C: x}, rollingMaxSurge: 1}}",
		"meshConfig: {access_log_file: /dev/stdout, connectTimeout: 10s, enableAutoMtls: false, defaultConfig: {concurrency: 2, proxyMetadata: {A: true}}}",
		"meshConfig: {extensionProviders: [{name: a, zipkin: {service: z, port: 9411}}]}",
		"hub: localhost:5000/istio/x\ntag: 1.30",
		"components: {pilot: {k8s: {readinessProbe: {httpGet: {port: 8080}}, strategy: {rollingUpdate: {maxSurge: 50%}}}}}",
		"unvalidatedValues: {anything: {goes: [1]}}",
		"values: {ztunnel: {logLevel: debug, volumes: [{name: a, emptyDir: {}}]}, gatewayClasses: {istio: {service: {spec: {type: ClusterIP}}}}}",
	} {
		if _, err := Resolve(Config{Files: []File{file(text)}}, assets()); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}
