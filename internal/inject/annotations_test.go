package inject_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/meshctl/meshctl/internal/inject"
)

const plainPod = `
apiVersion: v1
kind: Pod
metadata:
  name: app
  namespace: shop
  labels: {app: app}
spec:
  containers:
  - name: app
    image: registry.example.com:5000/app:1.4
    ports: [{containerPort: 8080}]
    readinessProbe: {httpGet: {path: /ready, port: 8080}}
`

// TestPod_Annotations has every annotation that changes an injection, with a
// part of the pod that is there because of it and not otherwise.
func TestPod_Annotations(t *testing.T) {
	injector := standardInjector(t, inject.Settings{})
	plain := asText(t, annotated(t, injector, nil))
	const (
		sidecar = "sidecar.istio.io/"
		traffic = "traffic.sidecar.istio.io/"
		ready   = "readiness.status.sidecar.istio.io/"
	)
	for _, test := range []struct{ annotation, value, want string }{
		{sidecar + "interceptionMode", "TPROXY", `"-m","TPROXY"`},
		{sidecar + "interceptionMode", "NONE", `{"name":"ISTIO_META_INTERCEPTION_MODE","value":"NONE"}`},
		{sidecar + "nativeSidecar", "true", `"restartPolicy":"Always"`},
		{sidecar + "proxyImage", "example.com/proxy:1", `"image":"example.com/proxy:1"`},
		{sidecar + "proxyImageType", "distroless", `"image":"registry.istio.io/release/proxyv2:1.30.3-distroless"`},
		{sidecar + "proxyImageType", "debug", `"image":"registry.istio.io/release/proxyv2:1.30.3-debug"`},
		{sidecar + "logLevel", "debug", `"--proxyLogLevel=debug"`},
		{sidecar + "componentLogLevel", "http:debug", `"--proxyComponentLogLevel=http:debug"`},
		{sidecar + "agentLogLevel", "all:debug", `"--log_output_level=all:debug"`},
		{sidecar + "proxyCPU", "250m", `"requests":{"cpu":"250m"}`},
		{sidecar + "proxyMemory", "96Mi", `"requests":{"memory":"96Mi"}`},
		{sidecar + "proxyCPULimit", "1", `"limits":{"cpu":"1"}`},
		{sidecar + "proxyMemoryLimit", "1Gi", `"limits":{"memory":"1Gi"}`},
		{sidecar + "bootstrapOverride", "mine", `"configMap":{"name":"mine"}`},
		{sidecar + "userVolume", `{"extra":{"emptyDir":{}}}`, `{"name":"extra","emptyDir":{}}`},
		{sidecar + "userVolume", `[{"name":"listed","emptyDir":{}}]`, `{"name":"listed","emptyDir":{}}`},
		{sidecar + "userVolumeMount", `[{"name":"listed","mountPath":"/listed"}]`, `{"name":"listed","mountPath":"/listed"}`},
		{sidecar + "userVolumeMount", `{"extra":{"mountPath":"/extra"}}`, `{"name":"extra","mountPath":"/extra"}`},
		{sidecar + "capNetBindService", "true", `"add":["NET_BIND_SERVICE"]`},
		{sidecar + "rewriteAppHTTPProbers", "false", `"httpGet":{"path":"/ready","port":8080}`},
		{"status.sidecar.istio.io/port", "15999", `"15090,15021,15999"`},
		{"status.sidecar.istio.io/port", "0", `"15090,15021"`},
		{ready + "initialDelaySeconds", "7", `"initialDelaySeconds":7`},
		{ready + "periodSeconds", "8", `"periodSeconds":8`},
		{ready + "failureThreshold", "9", `"failureThreshold":9`},
		{traffic + "includeOutboundIPRanges", "10.0.0.0/8", `"-i","10.0.0.0/8"`},
		{traffic + "includeOutboundIPRanges", "", `"-i",""`},
		{traffic + "excludeOutboundIPRanges", "10.1.0.0/16", `"-x","10.1.0.0/16"`},
		{traffic + "includeInboundPorts", "80,81", `"-b","80,81"`},
		{traffic + "excludeInboundPorts", "9090", `"15090,15021,9090,15020"`},
		{traffic + "includeOutboundPorts", "443", `"-q","443"`},
		{traffic + "excludeOutboundPorts", "5432", `"-o","5432"`},
		{traffic + "excludeInterfaces", "eth1", `"-c","eth1"`},
		{traffic + "kubevirtInterfaces", "net1", `"-k","net1"`},
		{"istio.io/reroute-virtual-interfaces", "net2", `"-k","net2"`},
		{"proxy.istio.io/config", "concurrency: 3\nholdApplicationUntilProxyStarts: true", `["pilot-agent","wait"]`},
		{"proxy.istio.io/config", "proxyMetadata: {A_B: c}", `{"name":"A_B","value":"c"}`},
		{"proxy.istio.io/config", "image: {imageType: distroless}", `1.30.3-distroless"`},
		{"prometheus.istio.io/merge-metrics", "false", `"annotations":{"istio.io/rev":"default","kubectl.kubernetes.io/default-container":"app","kubectl.kubernetes.io/default-logs-container":"app","prometheus.istio.io/merge-metrics":"false","sidecar`},
		{"prometheus.io/port", "9102", `{"name":"ISTIO_PROMETHEUS_ANNOTATIONS","value":"{\"scrape\":\"\",\"path\":\"\",\"port\":\"9102\"}"}`},
		{"prometheus.io.scrape", "false", `"prometheus.io.scrape":"false","sidecar.istio.io/status"`},
		{"inject.istio.io/templates", "sidecar,gateway", `"args":["proxy","router"`},
		{"kubectl.kubernetes.io/default-container", "other", `"kubectl.kubernetes.io/default-container":"other"`},
	} {
		t.Run(test.annotation+"="+test.value, func(t *testing.T) {
			text := asText(t, annotated(t, injector, map[string]string{test.annotation: test.value}))
			if !strings.Contains(text, test.want) {
				t.Errorf("the pod has no %s:\n%s", test.want, text)
			}
			if strings.Contains(plain, test.want) {
				t.Errorf("%s is there without the annotation, too", test.want)
			}
		})
	}
}

func TestPod_BadAnnotations(t *testing.T) {
	injector := standardInjector(t, inject.Settings{})
	const (
		traffic = "traffic.sidecar.istio.io/"
		ready   = "readiness.status.sidecar.istio.io/"
	)
	for annotation, values := range map[string][]string{
		"sidecar.istio.io/interceptionMode":   {"", "redirect", "tproxy"},
		"status.sidecar.istio.io/port":        {"", "-1", "65536", "http"},
		ready + "initialDelaySeconds":         {"", "1s", "-1", "4294967296"},
		ready + "periodSeconds":               {"often"},
		ready + "failureThreshold":            {"1.5"},
		traffic + "includeOutboundIPRanges":   {"10.0.0.0", "10.0.0.0/33", "*,10.0.0.0/8", ","},
		traffic + "excludeOutboundIPRanges":   {"*", "everything"},
		traffic + "includeInboundPorts":       {"http", "80,,81", "70000"},
		traffic + "excludeInboundPorts":       {"*", "80-90"},
		traffic + "excludeOutboundPorts":      {"*", "bad"},
		traffic + "excludeInterfaces":         {"eth 0", "an-interface-too-long"},
		traffic + "kubevirtInterfaces":        {"net1,,net2"},
		"istio.io/reroute-virtual-interfaces": {"an-interface-too-long"},
		"prometheus.istio.io/merge-metrics":   {"", "perhaps"},
		"proxy.istio.io/config":               {"[", "concurrency: many", "statusPort: -1", "proxyAdminPort: 70000", "concurrency: -1", "drainDuration: -1s", "discoveryAddress: istiod"},
		"sidecar.istio.io/proxyCPU":           {"", "much", "1\n  x: y"},
		"sidecar.istio.io/proxyMemory":        {"128 Mi"},
		"sidecar.istio.io/proxyCPULimit":      {"1}"},
		"sidecar.istio.io/proxyMemoryLimit":   {"\t1Gi"},
		"proxy.istio.io/overrides":            {"", "[]", "{", `{"containers":{}}`},
		"sidecar.istio.io/userVolume":         {"", "{", `{"a":1}`, `"a"`, "a: {emptyDir: {}}"},
		"sidecar.istio.io/userVolumeMount":    {"[1]", "true"},
	} {
		for _, value := range values {
			pod := readPod(t, []byte(plainPod))
			pod.Annotations = map[string]string{annotation: value}
			_, err := injector.Pod(pod)
			problems, ok := errors.AsType[*inject.AnnotationsError](err)
			if !ok {
				t.Errorf("%s=%q: %v, want it refused", annotation, value, err)
				continue
			}
			if got := problems.Problems[0]; got.Annotation != annotation || got.Value != value || got.Rule == "" {
				t.Errorf("%s=%q is refused by %+v", annotation, value, got)
			}
			if text := err.Error(); !strings.Contains(text, annotation) || !strings.Contains(text, "has to be") {
				t.Errorf("the message %q does not tell what is wrong", text)
			}
		}
	}
}

// All that is wrong is told at once.
func TestPod_BadAnnotationsTogether(t *testing.T) {
	injector := standardInjector(t, inject.Settings{})
	pod := readPod(t, []byte(plainPod))
	pod.Annotations = map[string]string{"sidecar.istio.io/proxyCPU": "much", "sidecar.istio.io/interceptionMode": "maybe"}
	_, err := injector.Pod(pod)
	problems, ok := errors.AsType[*inject.AnnotationsError](err)
	if !ok || len(problems.Problems) != 2 {
		t.Fatalf("got %v, want two problems", err)
	}
}

func annotated(t *testing.T, injector *inject.Injector, annotations map[string]string) *corev1.Pod {
	t.Helper()
	pod := readPod(t, []byte(plainPod))
	pod.Annotations = annotations
	injected, err := injector.Pod(pod)
	check(t, err)
	return injected
}

func asText(t *testing.T, pod *corev1.Pod) string {
	t.Helper()
	text, err := json.Marshal(pod)
	check(t, err)
	return string(text)
}

// What the webhook takes and nobody can have meant is injected, with a warning.
func TestText_DoubtfulAnnotations(t *testing.T) {
	injector := standardInjector(t, inject.Settings{})
	for annotation, value := range map[string]string{
		"traffic.sidecar.istio.io/includeOutboundPorts": "http",
		"sidecar.istio.io/capNetBindService":            "yes",
		"sidecar.istio.io/nativeSidecar":                "on",
		"sidecar.istio.io/rewriteAppHTTPProbers":        "perhaps",
		"sidecar.istio.io/proxyImage":                   "proxyv2:1.2",
		"sidecar.istio.io/logLevel":                     "loud",
	} {
		text := "apiVersion: v1\nkind: Pod\nmetadata:\n  name: app\n  annotations: {" + annotation + ": \"" + value + "\"}\nspec:\n  containers: [{name: app, image: app}]\n"
		_, outcomes, err := injector.Text(inject.Request{File: "pod.yaml", Text: []byte(text), Kinds: inject.StandardKinds()})
		check(t, err)
		warnings := outcomes[0].Warnings
		if len(warnings) != 1 || !strings.Contains(warnings[0], annotation) || !strings.Contains(warnings[0], value) || !strings.Contains(warnings[0], "has to be") {
			t.Errorf("%s=%s: the warnings are %q", annotation, value, warnings)
		}
	}
}
