package inject_test

import (
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/meshctl/meshctl/internal/inject"
	"github.com/meshctl/meshctl/internal/object"
)

// A template may switch off what happens to the pod after it.
func TestPod_TemplateSaysNoMerge(t *testing.T) {
	templates := map[string]string{"custom": `
metadata:
  annotations: {prometheus.istio.io/merge-metrics: "false", sidecar.istio.io/rewriteAppHTTPProbers: "false"}
spec:
  containers:
  {{- range .Spec.Containers }}
  - name: {{ .Name }}
    env: [{name: EXTRA, value: "yes"}]
  {{- end }}
`}
	injector := standardInjector(t, inject.Settings{Config: inject.Config{Templates: templates}})
	pod := annotated(t, injector, map[string]string{"inject.istio.io/templates": "custom"})
	if text := asText(t, pod); strings.Contains(text, "/stats/prometheus") || !strings.Contains(text, `"EXTRA"`) {
		t.Errorf("the metrics are merged, though the template forbids it: %s", text)
	}
}

// A group without a user changes nothing but the group, and TPROXY of the mesh
// counts even beside an annotation that says otherwise.
func TestPod_RunAsGroupOnly(t *testing.T) {
	mesh, err := inject.ReadMesh([]byte("defaultConfig: {interceptionMode: TPROXY}"))
	check(t, err)
	for _, test := range []struct {
		name             string
		settings         inject.Settings
		templates        string
		user             *int64
		setupUser, proxy int64
	}{
		{"cni", inject.Settings{Values: with(t, "pilot.cni.enabled: true")}, "sidecar", nil, 1337, 1337},
		{"tproxy of the mesh", inject.Settings{Mesh: mesh}, "sidecar", new(int64(1234)), 0, 0},
		{"tproxy without a capture", inject.Settings{Mesh: mesh}, "gateway", new(int64(1234)), -1, 1234},
	} {
		t.Run(test.name, func(t *testing.T) {
			pod := readPod(t, []byte(plainPod))
			pod.Annotations = map[string]string{"sidecar.istio.io/interceptionMode": "REDIRECT", "inject.istio.io/templates": test.templates}
			pod.Spec.Containers = append(pod.Spec.Containers, corev1.Container{
				Name: "istio-proxy", Image: "auto", SecurityContext: &corev1.SecurityContext{RunAsUser: test.user, RunAsGroup: new(int64(4321))},
			})
			injected, err := standardInjector(t, test.settings).Pod(pod)
			check(t, err)
			setup := int64(-1)
			for _, c := range injected.Spec.InitContainers {
				setup = *c.SecurityContext.RunAsUser
			}
			i := slices.IndexFunc(injected.Spec.Containers, func(c corev1.Container) bool { return c.Name == "istio-proxy" })
			if proxy := *injected.Spec.Containers[i].SecurityContext.RunAsUser; proxy != test.proxy || setup != test.setupUser {
				t.Errorf("the proxy runs as %d, its setup as %d; want %d and %d", proxy, setup, test.proxy, test.setupUser)
			}
		})
	}
}

// Only a number is taken for the agent's own port: a name is the application's.
func TestPod_ProbesOfTheAgent(t *testing.T) {
	pod := readPod(t, []byte(plainPod))
	c := &pod.Spec.Containers[0]
	c.Ports = append(c.Ports, corev1.ContainerPort{Name: "status", ContainerPort: 15020})
	get := func(port intstr.IntOrString) *corev1.Probe {
		return &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Port: port}}}
	}
	c.ReadinessProbe, c.LivenessProbe, c.StartupProbe = get(intstr.FromString("status")), get(intstr.FromInt32(15020)), get(intstr.FromInt32(15999))
	pod.Annotations = map[string]string{"status.sidecar.istio.io/port": "15999"}
	injector := standardInjector(t, inject.Settings{})
	injected, err := injector.Pod(pod)
	check(t, err)
	const want = `{"/app-health/app/readyz":{"httpGet":{"port":15020}},"/app-health/app/startupz":{"httpGet":{"port":15999}}}`
	if got := envOf(injected)["ISTIO_KUBE_APP_PROBERS"]; got != want {
		t.Errorf("the agent is told %s, want %s", got, want)
	}
	again, err := injector.Pod(injected)
	check(t, err)
	if got := envOf(again)["ISTIO_KUBE_APP_PROBERS"]; got != want {
		t.Errorf("after a second injection the agent is told %s, want %s", got, want)
	}
}

// A pod may say that it is in no network that has a name.
func TestPod_EmptyNetworkLabel(t *testing.T) {
	pod := readPod(t, []byte(plainPod))
	pod.Labels["topology.istio.io/network"] = ""
	injected, err := standardInjector(t, inject.Settings{Values: with(t, `global.network: "one"`)}).Pod(pod)
	check(t, err)
	if got := injected.Labels["topology.istio.io/network"]; got != "" {
		t.Errorf("the pod is in network %q", got)
	}
}

// A pod that was injected as the other kind of sidecar keeps its old proxy, as
// with istiod. That is said.
func TestText_WarnsOfMovedProxy(t *testing.T) {
	request := inject.Request{File: "pod.yaml", Text: []byte(plainPod), Kinds: inject.StandardKinds()}
	for _, native := range []bool{false, true} {
		first, second := standardInjector(t, inject.Settings{Native: native}), standardInjector(t, inject.Settings{Native: !native})
		once, outcomes, err := first.Text(request)
		check(t, err)
		if warnings := outcomes[0].Warnings; len(warnings) > 0 {
			t.Errorf("the first injection warns: %q", warnings)
		}
		again := request
		again.Text = once
		if _, outcomes, err = second.Text(again); err != nil || len(outcomes[0].Warnings) != 1 || !strings.Contains(outcomes[0].Warnings[0], "'meshctl uninject'") {
			t.Errorf("native %t, then %t: %v, warnings %q", native, !native, err, outcomes[0].Warnings)
		}
	}
}

// With a policy that istiod does not know, nothing else is looked at.
func TestExplain_UnknownPolicy(t *testing.T) {
	objects, err := object.Decode("webhooks.yaml", []byte(twoRevisions))
	check(t, err)
	webhooks, err := inject.ReadWebhooks(objects)
	check(t, err)
	cluster := inject.Cluster{Webhooks: webhooks, Configs: map[string]inject.Config{"default": {Policy: "off"}}}
	pod := readPod(t, []byte(plainPod))
	pod.Labels["sidecar.istio.io/inject"] = "true"
	got := cluster.Explain(pod, inject.Namespace{Labels: map[string]string{"istio-injection": "enabled"}})
	if got.Inject || len(got.Steps) != 1 || !got.Steps[0].Decides || !strings.Contains(got.Reason, `"off"`) {
		t.Errorf("got %+v", got)
	}
}
