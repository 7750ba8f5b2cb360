package inject

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/types/known/durationpb"
	meshconfig "istio.io/api/mesh/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestFunctions has what templates may call. Templates come from any control
// plane: what a function makes is istiod's, also where one would make it nicer.
func TestFunctions(t *testing.T) {
	data := map[string]any{
		"meta":  &metav1.ObjectMeta{Annotations: map[string]string{"here": "yes", "empty": ""}},
		"map":   map[string]string{"b": "2", "a": "1"},
		"other": map[string]string{"b": "3"},
		"none":  map[string]string(nil),
		"containers": []corev1.Container{
			{Name: "app", Ports: []corev1.ContainerPort{
				{ContainerPort: 80},
				{ContainerPort: 90, Protocol: corev1.ProtocolUDP},
				{ContainerPort: 95, Protocol: corev1.ProtocolSCTP},
				{ContainerPort: 100, Protocol: corev1.ProtocolTCP},
			}},
			{Name: "istio-proxy", Ports: []corev1.ContainerPort{{ContainerPort: 15090}}},
		},
		"duration":  durationpb.New(90_000_000_000),
		"proxy":     defaultProxy(),
		"resources": map[string]any{"limits": map[string]any{"cpu": nil, "list": []any{nil, map[string]any{"x": nil}}}, "requests": map[string]any{"cpu": "1", "memory": nil}},
	}
	drained := defaultProxy()
	drained.DrainDuration, drained.Tracing = durationpb.New(23_000_000_000), &meshconfig.Tracing{}
	data["drained"] = drained
	for template, want := range map[string]string{
		`{{ annotation .meta "here" "no" }}`:                                   "yes",
		`{{ annotation .meta "empty" "no" }}`:                                  "",
		`{{ annotation .meta "missing" 7 }}`:                                   "7",
		`{{ annotation .meta "missing" nil }}`:                                 "<nil>",
		`{{ isset .meta.Annotations "empty" }}`:                                "true",
		`{{ isset .meta.Annotations "missing" }}`:                              "false",
		`{{ valueOrDefault "" "d" }}{{ valueOrDefault "v" "d" }}`:              "dv",
		`{{ excludeInboundPort 15020 "" }}`:                                    "15020",
		`{{ excludeInboundPort 15020 "4, 5,,6" }}`:                             "4,5,6,15020",
		`{{ excludeInboundPort "15020" "4,15020" }}`:                           "4,15020",
		`{{ excludeInboundPort 0 "4" }}{{ excludeInboundPort "" ",5" }}`:       "4,5",
		`{{ includeInboundPorts .containers }}`:                                "80,100,15090",
		`{{ applicationPorts .containers }}`:                                   "80,100",
		`{{ kubevirtInterfaces "net1" }}{{ excludeInterfaces "eth0" }}`:        "net1eth0",
		`{{ toJSON .map }} {{ toJSON .none }}`:                                 `{"a":"1","b":"2"} {}`,
		`{{ structToJSON .map }} {{ structToJSON nil }}`:                       `{"a":"1","b":"2"} {}`,
		`{{ (fromJSON "{\"a\":[1]}").a }} {{ fromJSON "{" }}`:                  "[1] {}",
		`{{ toYaml .map }}`:                                                    "a: \"1\"\nb: \"2\"\n",
		`{{ protoToJSON .proxy }}`:                                             "{}",
		`{{ protoToJSON .drained }}`:                                           `{"drainDuration":"23s","tracing":{}}`,
		`{{ formatDuration .duration }} {{ directory "/a/b/c.pem" }}`:          "1m30s /a/b/",
		`{{ toLower "AbC" }} {{ contains "b" "abc" }}`:                         "abc true",
		`{{ indent 2 "a\nb\nc" }}`:                                             "a\n  b\n  c",
		`{{ appendMultusNetwork "" "default/istio-cni" }}`:                     "default/istio-cni",
		`{{ appendMultusNetwork "a/b" "default/istio-cni" }}`:                  "a/b, default/istio-cni",
		`{{ appendMultusNetwork "a, default/istio-cni" "default/istio-cni" }}`: "a, default/istio-cni",
		`{{ appendMultusNetwork "default/istio-cni2" "default/istio-cni" }}`:   "default/istio-cni2, default/istio-cni",
		`{{ appendMultusNetwork "[{\"name\":\"a\"}]" "default/istio-cni" }}`:   `[{"name":"a"}, {"name": "istio-cni", "namespace": "default"}]`,
		`{{ appendMultusNetwork "[]" "default/istio-cni" }}`:                   `[{"name": "istio-cni", "namespace": "default"}]`,
		`{{ appendMultusNetwork "[{" "default/istio-cni" }}`:                   "[{, default/istio-cni",
		`{{ appendMultusNetwork "[{]" "default/istio-cni" }}`:                  "[{]",
		`{{ $n := "default/istio-cni" }}{{ $j := appendMultusNetwork "[{\"name\":\"a\"}]" $n }}{{ eq $j (appendMultusNetwork $j $n) }}`: "true",
		`{{ env "KNOWN" "d" }} {{ env "UNKNOWN" "d" }} {{ expandenv "$KNOWN" }}`:                                                        "k d k",
		`{{ omit .map "a" "c" }} {{ strdict "k" "v" "l" }}`:                                                                             "map[b:2] map[k:v l:]",
		`{{ mergeMaps .map .other }} {{ toJsonMap .map .other }}`:                                                                       `map[a:1 b:3] {"a":"1","b":"3"}`,
		`{{ structToJSON (omitNil .resources) }}`:                                                                                       `{"requests":{"cpu":"1"}}`,
		`{{ with omitNil .nothing }}some{{ else }}none{{ end }}`:                                                                        "none",
		`{{ list "a" "b" | join "," }} {{ "abcd" | trunc 3 | trimSuffix "c" }}`:                                                         "a,b ab",
	} {
		parsed, err := parseTemplate("t", template, map[string]string{"KNOWN": "k"})
		if err != nil {
			t.Errorf("%s: %v", template, err)
			continue
		}
		var out strings.Builder
		if err := parsed.Execute(&out, data); err != nil || out.String() != want {
			t.Errorf("%s is %q (%v), want %q", template, out.String(), err, want)
		}
	}
}

func TestOtelAttributes(t *testing.T) {
	mesh, err := ReadMesh([]byte("extensionProviders: [{name: o, opentelemetry: {service: s, port: 1, serviceAttributeEnrichment: OTEL_SEMANTIC_CONVENTIONS}}]"))
	if err != nil {
		t.Fatal(err)
	}
	const prefix = "resource.opentelemetry.io/"
	for _, test := range []struct {
		name                string
		annotations, labels map[string]string
		images              []string
		want                string
	}{
		{name: "no containers", want: "service.namespace=ns"},
		{name: "tag", images: []string{"r.example.com:5000/a/app:1.4"}, want: "service.namespace=ns,service.version=1.4,service.instance.id=ns.$(POD_NAME).c0"},
		{name: "tag and digest", images: []string{"app:1@sha256:ab"}, want: "service.namespace=ns,service.version=1@sha256:ab,service.instance.id=ns.$(POD_NAME).c0"},
		{name: "digest", images: []string{"app@sha256:ab"}, want: "service.namespace=ns,service.version=sha256:ab,service.instance.id=ns.$(POD_NAME).c0"},
		{name: "neither", images: []string{"r.example.com:5000/app"}, want: "service.namespace=ns,service.instance.id=ns.$(POD_NAME).c0"},
		{name: "two containers", images: []string{"a:1", "b:2"}, want: "service.namespace=ns,service.instance.id=ns.$(POD_NAME).c0"},
		{name: "label", images: []string{"a:1"}, labels: map[string]string{"app.kubernetes.io/version": "v9"}, want: "service.namespace=ns,service.version=v9,service.instance.id=ns.$(POD_NAME).c0"},
		{
			name: "annotations", images: []string{"a:1"}, labels: map[string]string{"app.kubernetes.io/version": "v9"},
			annotations: map[string]string{prefix + "service.namespace": "n", prefix + "service.version": "v", prefix + "service.instance.id": "i"},
			want:        "service.namespace=n,service.version=v,service.instance.id=i",
		},
	} {
		var containers []corev1.Container
		for i, image := range test.images {
			containers = append(containers, corev1.Container{Name: "c" + string(rune('0'+i)), Image: image})
		}
		if got := otelAttributes(mesh, test.annotations, test.labels, "ns", containers); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
		if got := otelAttributes(defaultMesh(), test.annotations, test.labels, "ns", containers); got != "" {
			t.Errorf("%s: nobody asked, got %s", test.name, got)
		}
	}
}
