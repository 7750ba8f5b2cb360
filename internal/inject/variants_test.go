package inject_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/meshctl/meshctl/internal/inject"
	"github.com/meshctl/meshctl/internal/object"
)

// with reads the standard values with some of them changed: "global.proxy.image: x".
func with(t *testing.T, changes ...string) map[string]any {
	t.Helper()
	values, err := inject.ReadValues([]byte(standardValues))
	check(t, err)
	for _, change := range changes {
		path, text, _ := strings.Cut(change, ": ")
		var value any
		check(t, json.Unmarshal([]byte(text), &value))
		at := values
		keys := strings.Split(path, ".")
		for _, key := range keys[:len(keys)-1] {
			if at[key] == nil {
				at[key] = map[string]any{}
			}
			at = at[key].(map[string]any)
		}
		at[keys[len(keys)-1]] = value
	}
	return values
}

// TestPod_Settings has settings of the control plane, with what they do to a pod.
func TestPod_Settings(t *testing.T) {
	mesh := func(text string) inject.Settings {
		read, err := inject.ReadMesh([]byte(text))
		check(t, err)
		return inject.Settings{Mesh: read}
	}
	values := func(changes ...string) inject.Settings { return inject.Settings{Values: with(t, changes...)} }
	cni := `pilot.cni.enabled: true`
	for _, test := range []struct {
		name        string
		settings    inject.Settings
		annotations map[string]string
		want        []string
		not         []string
	}{
		{name: "cni", settings: values(cni, `global.network: "network1"`), want: []string{
			`"name":"istio-validation"`, `"--run-validation","--skip-rule-apply"`, `"sidecar.istio.io/interceptionMode":"REDIRECT"`,
			`"traffic.sidecar.istio.io/excludeInboundPorts":"15020"`, `"topology.istio.io/network":"network1"`,
			`{"name":"ISTIO_META_NETWORK","value":"network1"}`,
		}, not: []string{`"name":"istio-init"`, "NET_ADMIN"}},
		{name: "multus", settings: values(cni, `pilot.cni.provider: "multus"`), want: []string{`"k8s.v1.cni.cncf.io/networks":"default/istio-cni"`}},
		{
			name: "multus, more networks", settings: values(cni, `pilot.cni.provider: "multus"`),
			annotations: map[string]string{"k8s.v1.cni.cncf.io/networks": "a/b"},
			want:        []string{`"k8s.v1.cni.cncf.io/networks":"a/b, default/istio-cni"`},
		},
		{name: "image", settings: values(`global.proxy.image: "other"`, `global.tag: 12`, `global.variant: "distroless"`), want: []string{`release/other:12-distroless"`}},
		{name: "suffix is not said twice", settings: values(`global.tag: "1-debug"`, `global.variant: "distroless"`), want: []string{`proxyv2:1-distroless"`}},
		{name: "default image type", settings: values(`global.tag: "1-debug"`, `global.variant: "default"`), want: []string{`proxyv2:1"`}},
		{name: "pull policy", settings: values(`global.imagePullPolicy: "Always"`), want: []string{`"imagePullPolicy":"Always"`}},
		{name: "pull secrets", settings: values(`global.imagePullSecrets: ["pull"]`), want: []string{`"imagePullSecrets":[{"name":"pull"}]`}},
		{name: "cluster", settings: values(`global.multiCluster.clusterName: "east"`), want: []string{`"value":"{\"/app`, `{"name":"ISTIO_META_CLUSTER_ID","value":"east"},{"name":"ISTIO_KUBE_APP_PROBERS"`}},
		{name: "hold", settings: values(`global.proxy.holdApplicationUntilProxyStarts: true`), want: []string{`"containers":[{"name":"istio-proxy"`, `["pilot-agent","wait"]`}},
		{name: "certificates", settings: values(`global.mountMtlsCerts: true`), want: []string{`"secretName":"istio.default"`}},
		{name: "status port", settings: values(`global.proxy.statusPort: 0`), want: []string{`"15090,15021"`}, not: []string{`/healthz/ready`}},
		{name: "nulls are dropped", settings: values(`global.proxy.resources.requests.cpu: null`), want: []string{`"requests":{"memory":"128Mi"}`}},
		{name: "tproxy", settings: mesh("defaultConfig: {interceptionMode: TPROXY}"), want: []string{`"-m","TPROXY"`, `"add":["NET_ADMIN"]`, `"runAsUser":0`, `{\"interceptionMode\":\"TPROXY\"}`}},
		{name: "drain", settings: mesh("defaultConfig: {drainDuration: 23s}"), want: []string{`{\"drainDuration\":\"23s\"}`}},
		{name: "no tracing", settings: mesh("defaultConfig: {tracing: {}}"), want: []string{`{\"tracing\":{}}`}},
		{name: "localhost", settings: mesh("inboundTrafficPolicy: {mode: LOCALHOST}"), want: []string{`{"name":"REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION","value":"true"}`}},
		{name: "no merge", settings: mesh("enablePrometheusMerge: false"), not: []string{"prometheus.io"}},
		{name: "other status port", settings: mesh("defaultConfig: {statusPort: 15999}"), want: []string{`"prometheus.io/port":"15999"`, `"port":15999`}},
		{name: "otel", settings: mesh("extensionProviders: [{name: o, opentelemetry: {service: s, port: 1, serviceAttributeEnrichment: OTEL_SEMANTIC_CONVENTIONS}}]"), want: []string{
			`{"name":"OTEL_RESOURCE_ATTRIBUTES","value":"service.namespace=shop,service.version=1.4,service.instance.id=shop.$(POD_NAME).app"}`,
		}},
		{name: "compliance", settings: inject.Settings{Compliance: "fips-140-2"}, want: []string{`{"name":"COMPLIANCE_POLICY","value":"fips-140-2"}`}},
		{name: "url", settings: inject.Settings{ProxyEnv: map[string]string{"ISTIO_META_CLUSTER_ID": "west", "ISTIO_META_NETWORK": "n2", "FOO": "bar"}}, want: []string{
			`{"name":"FOO","value":"bar"},{"name":"ISTIO_META_CLUSTER_ID","value":"west"},{"name":"ISTIO_META_NETWORK","value":"n2"}`, `"topology.istio.io/network":"n2"`,
		}},
		{name: "revision", settings: inject.Settings{Revision: "canary", Values: with(t, `revision: "canary"`)}, want: []string{`"istio.io/rev":"canary"`, `istiod-canary.istio-system.svc:15012`, `\"revision\":\"canary\"}`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := asText(t, annotated(t, standardInjector(t, test.settings), test.annotations))
			for _, want := range test.want {
				if !strings.Contains(text, want) {
					t.Errorf("the pod has no %s:\n%s", want, text)
				}
			}
			for _, not := range test.not {
				if strings.Contains(text, not) {
					t.Errorf("the pod has %s:\n%s", not, text)
				}
			}
		})
	}
}

// TestPod_ProxyConfigs has the layers of proxy configuration, the weakest first.
func TestPod_ProxyConfigs(t *testing.T) {
	resource := func(name, namespace, selector, created string) inject.ProxyConfig {
		objects, err := object.Decode("p.yaml", []byte("apiVersion: networking.istio.io/v1beta1\nkind: ProxyConfig\nmetadata: {name: "+name+
			", namespace: "+namespace+"}\nspec: {"+selector+"environmentVariables: {WHO: "+name+", "+strings.ToUpper(name)+": set}}"))
		check(t, err)
		config, err := inject.ReadProxyConfig(objects[0])
		check(t, err)
		config.Created, err = time.Parse(time.DateOnly, created)
		check(t, err)
		return config
	}
	layers := []inject.ProxyConfig{
		resource("root", "istio-system", "", "2020-01-02"),
		resource("namespace", "shop", "", "2020-01-02"),
		resource("selected", "shop", "selector: {matchLabels: {app: app}}, ", "2020-01-02"),
	}
	others := []inject.ProxyConfig{
		resource("younger", "shop", "", "2021-01-01"),
		resource("elsewhere", "other", "", "2010-01-01"),
		resource("unselected", "shop", "selector: {matchLabels: {app: other}}, ", "2010-01-01"),
	}
	for n, want := range []string{"", "root", "namespace", "selected"} {
		injector := standardInjector(t, inject.Settings{ProxyConfigs: slices.Concat(others, layers[:n])})
		if n < 2 {
			injector = standardInjector(t, inject.Settings{ProxyConfigs: slices.Concat(others[1:], layers[:n])})
		}
		env := envOf(annotated(t, injector, nil))
		if env["WHO"] != want {
			t.Errorf("with %d layers WHO is %q, want %q", n, env["WHO"], want)
		}
		for _, layer := range layers[:n] {
			if env[strings.ToUpper(layer.Name)] != "set" {
				t.Errorf("with %d layers the variable of %s is lost: %v", n, layer.Name, env)
			}
		}
	}
	own := map[string]string{"proxy.istio.io/config": "proxyMetadata: {WHO: annotation}"}
	for n, want := range []string{"annotation", "annotation", "annotation", "selected"} {
		if got := envOf(annotated(t, standardInjector(t, inject.Settings{ProxyConfigs: layers[:n]}), own))["WHO"]; got != want {
			t.Errorf("beside an annotation and %d layers WHO is %q, want %q", n, got, want)
		}
	}
}

func envOf(pod *corev1.Pod) map[string]string {
	env := map[string]string{}
	for _, c := range slices.Concat(pod.Spec.InitContainers, pod.Spec.Containers) {
		if c.Name == "istio-proxy" {
			for _, variable := range c.Env {
				env[variable.Name] = variable.Value
			}
		}
	}
	return env
}

func TestPod_OpenShift(t *testing.T) {
	namespace := inject.Namespace{Annotations: map[string]string{
		"openshift.io/sa.scc.uid-range":           "1000620000/10000",
		"openshift.io/sa.scc.supplemental-groups": "1000630000-1000630009,5/5",
	}}
	settings := inject.Settings{OpenShift: true, Namespaces: map[string]inject.Namespace{"shop": namespace}}
	proxy := func(settings inject.Settings, change func(*corev1.Pod)) corev1.SecurityContext {
		pod := readPod(t, []byte(plainPod))
		change(pod)
		injected, err := standardInjector(t, settings).Pod(pod)
		check(t, err)
		i := slices.IndexFunc(injected.Spec.Containers, func(c corev1.Container) bool { return c.Name == "istio-proxy" })
		return *injected.Spec.Containers[i].SecurityContext
	}
	got := proxy(settings, func(*corev1.Pod) {})
	if *got.RunAsUser != 1000629999 || *got.RunAsGroup != 1000630009 {
		t.Errorf("the proxy runs as %d:%d", *got.RunAsUser, *got.RunAsGroup)
	}
	// OpenShift gives the user of the namespace to all containers, the proxy too.
	got = proxy(settings, func(pod *corev1.Pod) {
		pod.Spec.Containers[0].SecurityContext = &corev1.SecurityContext{RunAsUser: new(int64(1000620000))}
		pod.Spec.Containers = append(pod.Spec.Containers, corev1.Container{
			Name: "istio-proxy", Image: "auto",
			SecurityContext: &corev1.SecurityContext{RunAsUser: new(int64(1000620000)), RunAsGroup: new(int64(1000620000))},
		})
	})
	if *got.RunAsUser != 1000629999 || *got.RunAsGroup != 1000630009 {
		t.Errorf("the proxy runs as the application's user, %d:%d", *got.RunAsUser, *got.RunAsGroup)
	}
	settings.OpenShift = false
	if got = proxy(settings, func(*corev1.Pod) {}); *got.RunAsUser != 1337 {
		t.Errorf("elsewhere the proxy runs as %d", *got.RunAsUser)
	}
	settings.OpenShift = true
	settings.Namespaces = map[string]inject.Namespace{"shop": {Annotations: map[string]string{"openshift.io/sa.scc.uid-range": "many"}}}
	if _, err := standardInjector(t, settings).Pod(readPod(t, []byte(plainPod))); err == nil || !strings.Contains(err.Error(), `"many" is neither first/count nor first-last`) {
		t.Errorf("a range that is none: %v", err)
	}
}

// A user that the proxy runs as is known to the container that sets up the capture.
func TestPod_RunAs(t *testing.T) {
	own := func(pod *corev1.Pod) *corev1.Pod {
		pod.Spec.Containers = append(pod.Spec.Containers, corev1.Container{
			Name: "istio-proxy", Image: "auto",
			SecurityContext: &corev1.SecurityContext{RunAsUser: new(int64(1234)), RunAsGroup: new(int64(4321))},
		})
		return pod
	}
	for _, test := range []struct {
		name, annotation string
		settings         inject.Settings
		setup            string
		proxyUser        int64
		setupUser        int64
	}{
		{"plain", "REDIRECT", inject.Settings{}, "istio-init", 1234, 0},
		{"native", "REDIRECT", inject.Settings{Native: true}, "istio-init", 1234, 0},
		{"cni", "REDIRECT", inject.Settings{Values: with(t, "pilot.cni.enabled: true")}, "istio-validation", 1234, 1234},
		{"tproxy", "TPROXY", inject.Settings{}, "istio-init", 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			pod := own(readPod(t, []byte(plainPod)))
			pod.Annotations = map[string]string{"sidecar.istio.io/interceptionMode": test.annotation}
			injected, err := standardInjector(t, test.settings).Pod(pod)
			check(t, err)
			found := map[string]corev1.Container{}
			for _, c := range slices.Concat(injected.Spec.InitContainers, injected.Spec.Containers) {
				found[c.Name] = c
			}
			if got := *found["istio-proxy"].SecurityContext.RunAsUser; got != test.proxyUser {
				t.Errorf("the proxy runs as %d, want %d", got, test.proxyUser)
			}
			if got := *found[test.setup].SecurityContext.RunAsUser; got != test.setupUser {
				t.Errorf("%s runs as %d, want %d", test.setup, got, test.setupUser)
			}
			args := found[test.setup].Args
			if i := slices.Index(args, "-u"); i < 0 || args[i+1] != "1234" {
				t.Errorf("%s has the arguments %v", test.setup, args)
			}
		})
	}
}

// Probes of a pod that was injected before are added to those that the agent knows.
func TestPod_MergesProbers(t *testing.T) {
	injector := standardInjector(t, inject.Settings{})
	once, err := injector.Pod(readPod(t, []byte(plainPod)))
	check(t, err)
	once.Spec.Containers = append(once.Spec.Containers, corev1.Container{
		Name: "late", LivenessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{GRPC: &corev1.GRPCAction{Port: 9}}},
	})
	twice, err := injector.Pod(once)
	check(t, err)
	probers := map[string]any{}
	check(t, json.Unmarshal([]byte(envOf(twice)["ISTIO_KUBE_APP_PROBERS"]), &probers))
	if got := slices.Sorted(maps.Keys(probers)); !slices.Equal(got, []string{"/app-health/app/readyz", "/app-health/late/livez"}) {
		t.Errorf("the agent knows %v", got)
	}
}

// A pod that has its node already goes by that, others by all nodes together.
func TestPod_NativeByNode(t *testing.T) {
	injector := standardInjector(t, inject.Settings{NativeNodes: map[string]bool{"new": true, "old": false}})
	for node, want := range map[string]bool{"": false, "unknown": false, "old": false, "new": true} {
		pod := &corev1.Pod{Spec: corev1.PodSpec{NodeName: node, Containers: []corev1.Container{{Name: "app", Image: "app"}}}}
		injected, err := injector.Pod(pod)
		check(t, err)
		native := slices.ContainsFunc(injected.Spec.InitContainers, func(c corev1.Container) bool { return c.Name == "istio-proxy" })
		if native != want {
			t.Errorf("on node %q: native is %t, want %t", node, native, want)
		}
	}
}
