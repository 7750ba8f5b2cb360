package render

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/manifests"
)

// allAddOns turns every add-on on, and nothing else.
func allAddOns(sets ...string) profiles.Config {
	config := profiles.Config{Profile: "empty"}
	for _, addOn := range profiles.AddOns() {
		config.Sets = append(config.Sets, "components."+addOn.Key+".enabled=true")
	}
	config.Sets = append(config.Sets, sets...)
	return config
}

// TestAddOns_AreSafe looks at every pod of every add-on, in every profile that has one.
func TestAddOns_AreSafe(t *testing.T) {
	for name, config := range map[string]profiles.Config{
		"all": allAddOns(), "demo": {Profile: "demo"}, "ocne": {Profile: "ocne"}, "openshift": allAddOns("values.global.platform=openshift"),
	} {
		t.Run(name, func(t *testing.T) {
			workloads := 0
			for _, o := range objectsOf(t, config) {
				if !profiles.ComponentKind(o.GetLabels()["operator.istio.io/component"]).AddOn() || !isWorkload(o) {
					continue
				}
				workloads++
				const pod, container = "spec.template.spec.", "spec.template.spec.containers.0."
				want := map[string]any{
					pod + "securityContext.runAsNonRoot":                        true,
					pod + "securityContext.seccompProfile.type":                 "RuntimeDefault",
					container + "securityContext.readOnlyRootFilesystem":        true,
					container + "securityContext.allowPrivilegeEscalation":      false,
					container + "securityContext.capabilities.drop.0":           "ALL",
					pod + "automountServiceAccountToken":                        o.GetName() == "prometheus" || o.GetName() == "kiali",
					"spec.template.metadata.labels.sidecar\\.istio\\.io/inject": "false",
					"spec.template.metadata.labels.istio\\.io/dataplane-mode":   "none",
					pod + "containers.1":                                        nil,
					pod + "hostNetwork":                                         nil,
				}
				for path, value := range want {
					if diff := cmp.Diff(value, fieldAt(o.Object, path)); diff != "" {
						t.Errorf("%s of %s (-want +got):\n%s", path, o.Ref(), diff)
					}
				}
				for _, path := range []string{"resources.requests.cpu", "resources.requests.memory", "readinessProbe", "livenessProbe"} {
					if fieldAt(o.Object, container+path) == nil {
						t.Errorf("%s has no %s", o.Ref(), path)
					}
				}
			}
			if workloads == 0 {
				t.Error("there are no add-ons")
			}
		})
	}
}

// The names and ports are those by which programs and people know them.
func TestAddOns_Services(t *testing.T) {
	want := map[string]string{
		"prometheus": "9090>http", "grafana": "3000>http",
		"tracing":          "80>16686 16685>16685",
		"jaeger-collector": "14268>14268 14250>14250 9411>9411 4317>4317 4318>4318",
		"zipkin":           "9411>9411",
		"kiali":            "20001>20001 9090>9090",
		"loki":             "3100>3100 9095>9095", "loki-headless": "3100>3100",
	}
	got := map[string]string{}
	for _, o := range objectsOf(t, allAddOns()) {
		if o.GetKind() != "Service" {
			continue
		}
		if _, twice := got[o.GetName()]; twice {
			t.Errorf("there are two Services %s", o.GetName())
		}
		got[o.GetName()] = portsOf(o)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func portsOf(o object.Object) string {
	var ports []string
	list, _ := fieldAt(o.Object, "spec.ports").([]any)
	for _, one := range list {
		port, _ := one.(map[string]any)
		ports = append(ports, text(port["port"])+">"+text(port["targetPort"]))
	}
	return strings.Join(ports, " ")
}

func objectNamed(t *testing.T, objects []object.Object, kind, name string) object.Object {
	t.Helper()
	at := slices.IndexFunc(objects, func(o object.Object) bool { return o.GetKind() == kind && o.GetName() == name })
	if at < 0 {
		t.Fatalf("there is no %s %s", kind, name)
	}
	return objects[at]
}

func text(value any) string {
	data, _ := yaml.Marshal(value)
	return strings.TrimSpace(string(data))
}

// The provider of the demo profile leads to a Service that the add-on brings.
func TestJaeger_IsWhereTheDemoProfileSendsTraces(t *testing.T) {
	mesh, err := profiles.Resolve(profiles.Config{Profile: "demo", Sets: []string{"components.jaeger.enabled=true"}}, manifests.FS())
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := Render(mesh, manifests.FS())
	if err != nil {
		t.Fatal(err)
	}
	config, _ := mesh.Values["meshConfig"].(map[string]any)
	providers, _ := config["extensionProviders"].([]any)
	for _, one := range providers {
		provider, _ := one.(map[string]any)
		if provider["name"] != "jaeger" {
			continue
		}
		host, _ := fieldAt(provider, "opentelemetry.service").(string)
		for _, o := range manifest.Objects() {
			if o.GetKind() == "Service" && host == o.GetName()+"."+o.GetNamespace()+".svc.cluster.local" {
				if want := text(fieldAt(provider, "opentelemetry.port")); !strings.Contains(portsOf(o), want+">") {
					t.Errorf("%s has the ports %s, not %s", o.Ref(), portsOf(o), want)
				}
				return
			}
		}
		t.Fatalf("there is no Service %s", host)
	}
	t.Error("the demo profile has no provider jaeger")
}

// TestAddOns_FindOneAnother looks for what one add-on is told of the others.
func TestAddOns_FindOneAnother(t *testing.T) {
	for _, c := range []struct {
		name   string
		config profiles.Config
		of     string // the ConfigMap
		file   string
		has    string // lines, divided by |
		lacks  string
	}{
		{"Grafana has sources", allAddOns(), "grafana", "datasources.yaml", "url: http://prometheus.istio-system:9090|url: http://loki.istio-system:3100|url: http://tracing.istio-system:80/jaeger|url: http://zipkin.istio-system:9411", "secureJsonData"},
		{"if they are there", profiles.Config{Profile: "demo"}, "grafana", "datasources.yaml", "url: http://prometheus.istio-system:9090", "loki"},
		{"wherever they are", allAddOns("components.loki.namespace=logs", "values.loki.service.port=3101"), "grafana", "datasources.yaml", "url: http://loki.logs:3101", "loki.istio-system"},
		{"with their password", allAddOns("values.prometheus.web.existingSecret=s", "values.prometheus.web.user=mesh", "values.prometheus.web.https=true"), "grafana", "datasources.yaml", "url: https://prometheus.istio-system:9090|basicAuthUser: \"mesh\"|basicAuthPassword: $PROMETHEUS_PASSWORD|tlsCACert: $PROMETHEUS_CA", ""},
		{"or another server", allAddOns("components.prometheus.mode=operator", "values.prometheus.operator.url=http://p.monitoring:9090", "values.prometheus.web.user=mesh"), "grafana", "datasources.yaml", "url: http://p.monitoring:9090", "basicAuth"},
		{"Kiali asks them", allAddOns(), "kiali", "config.yaml", "url: http://prometheus.istio-system:9090|internal_url: http://grafana.istio-system:3000|internal_url: http://tracing.istio-system:80/jaeger|strategy: anonymous|view_only_mode: true|logs-tab", ""},
		{"Kiali asks who is there", profiles.Config{Sets: []string{"components.kiali.enabled=true"}}, "kiali", "config.yaml", "enabled: false", "internal_url"},
		{"Kiali asks for a token", allAddOns("values.kiali.auth.signingKeySecret=s"), "kiali", "config.yaml", "strategy: token", "anonymous"},
		{"Kiali is what it is told", allAddOns("values.kiali.config.server.port=20002", "values.kiali.podLogs=true"), "kiali", "config.yaml", "port: 20002|web_root: /kiali|disabled_features: []", ""},
		{"Jaeger keeps traces in files", allAddOns(), "jaeger", "config.yaml", "spans: 48h|base_path: /jaeger", "max_traces"},
		{"or in memory", allAddOns("values.jaeger.storage.type=memory"), "jaeger", "config.yaml", "max_traces: 100000", "badger"},
		{"Jaeger may ask for a password", allAddOns("values.jaeger.auth.existingSecret=s", "values.jaeger.tls.existingSecret=t"), "jaeger", "config.yaml", "file: /etc/jaeger-auth/htpasswd|authenticator: basicauth/pages|cert_file: /etc/jaeger-tls/tls.crt", ""},
		{"Loki is what it is told", allAddOns("values.loki.retention=168h", "values.loki.config.limits_config.volume_enabled=false"), "loki", "loki.yaml", "retention_period: 168h|volume_enabled: false|allow_structured_metadata: true", ""},
		{"Prometheus asks itself", allAddOns("values.prometheus.web.existingSecret=s", "values.prometheus.web.user=mesh", "values.prometheus.web.https=true"), "prometheus", "prometheus.yml", "scheme: https|username: \"mesh\"|password_file: /etc/prometheus-web/password", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, o := range objectsOf(t, c.config) {
				if o.GetKind() != "ConfigMap" || o.GetName() != c.of {
					continue
				}
				got, _ := fieldAt(o.Object, "data."+strings.ReplaceAll(c.file, ".", "\\.")).(string)
				if err := yaml.Unmarshal([]byte(got), &map[string]any{}); err != nil {
					t.Error(err)
				}
				for line := range strings.SplitSeq(c.has, "|") {
					if !strings.Contains(got, line) {
						t.Errorf("no %q in:\n%s", line, got)
					}
				}
				if c.lacks != "" && strings.Contains(got, c.lacks) {
					t.Errorf("%q in:\n%s", c.lacks, got)
				}
				return
			}
			t.Errorf("there is no ConfigMap %s", c.of)
		})
	}
}

// TestAddOns_SettingsReachObjects has a row for each Secret and switch.
func TestAddOns_SettingsReachObjects(t *testing.T) {
	const pod, container = "spec.template.spec.", "spec.template.spec.containers.0."
	for _, c := range []struct {
		sets, object, path string
		want               any
	}{
		{"values.grafana.tls.existingSecret=s", "Deployment/grafana", container + "readinessProbe.httpGet.scheme", "HTTPS"},
		{"values.grafana.tls.existingSecret=s", "Service/grafana", "spec.ports.0.name", "https"},
		{"values.prometheus.web.existingSecret=s values.prometheus.web.https=true", "Deployment/prometheus", container + "readinessProbe.httpGet.scheme", "HTTPS"},
		{"values.prometheus.web.existingSecret=s values.prometheus.web.user=u", "Deployment/prometheus", container + "livenessProbe.tcpSocket.port", "http"},
		{"values.prometheus.web.existingSecret=s values.prometheus.web.https=true", "Service/prometheus", "spec.ports.0.name", "https"},
		{"values.jaeger.tls.existingSecret=s", "Service/tracing", "spec.ports.0.appProtocol", "https"},
		{"values.kiali.tls.existingSecret=s", "Deployment/kiali", container + "livenessProbe.httpGet.scheme", "HTTPS"},
		{"values.kiali.auth.signingKeySecret=s", "Deployment/kiali", container + "volumeMounts.1.mountPath", "/kiali-override-secrets/login-token-signing-key"},
		{"values.kiali.viewOnly=false", "ClusterRole/kiali-istio-system", "rules.3.verbs.3", "create"},
		{"values.kiali.podLogs=true", "ClusterRole/kiali-istio-system", "rules.1.resources.0", "pods/log"},
		{"values.jaeger.persistence.enabled=true", "Deployment/jaeger", pod + "volumes.1.persistentVolumeClaim.claimName", "jaeger"},
		{"values.loki.persistence.enabled=true", "PersistentVolumeClaim/loki", "spec.resources.requests.storage", "10Gi"},
		{"values.loki.persistence.enabled=true values.loki.persistence.existingClaim=c", "StatefulSet/loki", pod + "volumes.1.persistentVolumeClaim.claimName", "c"},
		{"values.zipkin.storage.maxSpans=5000", "Deployment/zipkin", container + "env.1.value", "5000"},
		{"values.global.networkPolicy.enabled=true", "NetworkPolicy/kiali", "spec.ingress.0.ports.0.port", int64(20001)},
		{"components.loki.k8s.strategy.type=OnDelete", "StatefulSet/loki", "spec.updateStrategy.type", "OnDelete"},
		{"components.jaeger.k8s.resources.limits.memory=1Gi", "Deployment/jaeger", container + "resources.limits.memory", "1Gi"},
		{"components.zipkin.tag=3", "Deployment/zipkin", container + "image", "docker.io/openzipkin/zipkin-slim:3"},
		{"components.zipkin.enabled=false", "Service/zipkin", "spec.selector.app", "jaeger"},
	} {
		t.Run(c.sets, func(t *testing.T) {
			kind, name, _ := strings.Cut(c.object, "/")
			if diff := cmp.Diff(c.want, fieldAt(objectNamed(t, objectsOf(t, allAddOns(strings.Fields(c.sets)...)), kind, name).Object, c.path)); diff != "" {
				t.Errorf("%s of %s (-want +got):\n%s", c.path, c.object, diff)
			}
		})
	}
}

// With an operator there is no server, and the rules are those that it would have had.
func TestPrometheus_Operated(t *testing.T) {
	config := profiles.Config{Profile: "empty", Sets: []string{"components.prometheus.enabled=true"}}
	served := map[string]any{}
	data, _ := fieldAt(objectNamed(t, objectsOf(t, config), "ConfigMap", "prometheus").Object, "data").(map[string]any)
	for _, file := range []string{"alerts.yml", "recording-rules.yml"} {
		var rules map[string]any
		if err := yaml.Unmarshal([]byte(data[file].(string)), &rules); err != nil {
			t.Fatal(err)
		}
		for _, group := range rules["groups"].([]any) {
			served[group.(map[string]any)["name"].(string)] = group
		}
	}
	config.Sets = append(config.Sets, "components.prometheus.mode=operator", "values.prometheus.operator.labels.release=stack")
	objects := objectsOf(t, config)
	operated := map[string]any{}
	for _, group := range fieldAt(objectNamed(t, objects, "PrometheusRule", "istio").Object, "spec.groups").([]any) {
		operated[group.(map[string]any)["name"].(string)] = group
	}
	if diff := cmp.Diff(text(served), text(operated)); diff != "" || len(served) < 2 {
		t.Errorf("rules of the server, and for the operator:\n%s", diff)
	}
	kinds := map[string]bool{}
	for _, o := range objects {
		kinds[o.GetKind()] = true
		if o.GetKind() != "Namespace" && o.GetLabels()["release"] != "stack" {
			t.Errorf("%s has the labels %v", o.Ref(), o.GetLabels())
		}
	}
	if got := slices.Sorted(maps.Keys(kinds)); !slices.Equal(got, []string{"Namespace", "PodMonitor", "PrometheusRule", "ServiceMonitor"}) {
		t.Errorf("it brings %v", got)
	}
	// The monitor of istiod finds its Service, by a label and a port that this has.
	istiod := objectNamed(t, objectsOf(t, profiles.Config{Profile: "minimal"}), "Service", "istiod")
	if istiod.GetLabels()["istio"] != "pilot" || !strings.Contains(text(fieldAt(istiod.Object, "spec.ports")), "name: http-monitoring") {
		t.Errorf("istiod's Service has the labels %v and other ports", istiod.GetLabels())
	}
}

func TestAddOns_RefuseWhatCannotBe(t *testing.T) {
	for sets, want := range map[string]string{
		"components.prometheus.mode=operator":                                                  "prometheus.operator.url does not say",
		"components.prometheus.mode=operator components.grafana.enabled=false":                 "prometheus.operator.url does not say",
		"components.prometheus.mode=operator values.prometheus.alerts.alertmanagers[0]=a:9093": "alertmanagers has no place",
		"components.prometheus.mode=operator values.prometheus.extraScrapeConfigs=[]":          "extraScrapeConfigs has no place",
		"values.kiali.auth.strategy=openid":                                                    "needs kiali.auth.signingKeySecret",
		"values.jaeger.storage.type=cassandra":                                                 "can be badger or memory",
	} {
		mesh, err := profiles.Resolve(allAddOns(strings.Fields(sets)...), manifests.FS())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Render(mesh, manifests.FS()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", sets, err, want)
		}
	}
}
