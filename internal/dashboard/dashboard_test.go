package dashboard

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func TestAll_IsATableWithoutGapsAndDoubles(t *testing.T) {
	names, ports := map[string]bool{}, map[int]string{}
	for _, d := range All() {
		if d.Name == "" || d.Name != strings.ToLower(d.Name) || strings.ContainsAny(d.Name, " /") {
			t.Errorf("%q is no name to type", d.Name)
		}
		if names[d.Name] {
			t.Errorf("%s is there twice", d.Name)
		}
		names[d.Name] = true
		if d.Title == "" {
			t.Errorf("%s has no title", d.Name)
		}
		if d.Port < 1024 || d.Port > 65535 {
			t.Errorf("%s: port %d cannot be had without privileges", d.Name, d.Port)
		}
		// Two dashboards at once should both get their usual port.
		if other := ports[d.Port]; other != "" {
			t.Errorf("%s and %s both use port %d", d.Name, other, d.Port)
		}
		ports[d.Port] = d.Name
		if len(d.Selectors) == 0 && !d.NeedsPod {
			t.Errorf("%s cannot be found by labels", d.Name)
		}
		for _, text := range d.Selectors {
			if selector, err := labels.Parse(text); err != nil || selector.Empty() {
				t.Errorf("%s: selector %q: %v", d.Name, text, err)
			}
		}
		if d.Path != "" && !strings.HasPrefix(d.Path, "/") {
			t.Errorf("%s: path %q does not start with /", d.Name, d.Path)
		}
	}
}

func TestChoosePort_FindsThePages(t *testing.T) {
	pod := corev1.Pod{Spec: corev1.PodSpec{
		Containers: []corev1.Container{
			{Ports: []corev1.ContainerPort{{Name: "gossip", ContainerPort: 9094, Protocol: corev1.ProtocolUDP}}},
			{Ports: []corev1.ContainerPort{{Name: "web", ContainerPort: 3000}, {Name: "other", ContainerPort: 8080}}},
		},
		InitContainers: []corev1.Container{{Ports: []corev1.ContainerPort{{Name: "sidecar", ContainerPort: 15000}}}},
	}}
	port := func(name string, number int32, target intstr.IntOrString) corev1.ServicePort {
		return corev1.ServicePort{Name: name, Port: number, TargetPort: target}
	}
	none := intstr.IntOrString{}
	for name, test := range map[string]struct {
		ports []corev1.ServicePort
		want  int
	}{
		"target by number":            {[]corev1.ServicePort{port("", 80, intstr.FromInt32(3001))}, 3001},
		"target by name":              {[]corev1.ServicePort{port("", 80, intstr.FromString("web"))}, 3000},
		"target in an init container": {[]corev1.ServicePort{port("", 80, intstr.FromString("sidecar"))}, 15000},
		"no target":                   {[]corev1.ServicePort{port("", 3002, none)}, 3002},
		"usual port of the pod":       {[]corev1.ServicePort{port("http", 80, intstr.FromString("other")), port("x", 81, intstr.FromString("web"))}, 3000},
		"usual port of the Service":   {[]corev1.ServicePort{port("http", 80, intstr.FromInt32(1)), port("x", 3000, intstr.FromInt32(2))}, 2},
		"port for HTTP":               {[]corev1.ServicePort{port("grpc", 1, none), port("http-web", 2, none), port("http-admin", 3, none)}, 2},
		"first port":                  {[]corev1.ServicePort{port("grpc", 1, none), port("x", 2, none)}, 1},
		"UDP is no port for pages":    {[]corev1.ServicePort{{Port: 3000, Protocol: corev1.ProtocolUDP}, port("x", 2, none)}, 2},
		"name that no container has":  {[]corev1.ServicePort{port("", 80, intstr.FromString("gossip"))}, 3000},
		"no ports":                    {nil, 3000},
	} {
		t.Run(name, func(t *testing.T) {
			number := func(port corev1.ServicePort) (int, bool) { return portOf(port, pod) }
			if got, _ := choosePort(corev1.Service{Spec: corev1.ServiceSpec{Ports: test.ports}}, number, 3000); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

func TestTrouble_SaysWhyAPodCannotAnswer(t *testing.T) {
	ready := []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}}
	now := metav1.Now()
	for name, test := range map[string]struct {
		pod  corev1.Pod
		want string
	}{
		"ready":   {corev1.Pod{Status: corev1.PodStatus{Phase: corev1.PodRunning, Conditions: ready}}, ""},
		"deleted": {corev1.Pod{ObjectMeta: metav1.ObjectMeta{DeletionTimestamp: &now}, Status: corev1.PodStatus{Phase: corev1.PodRunning, Conditions: ready}}, "is being deleted"},
		"init container fails": {corev1.Pod{Status: corev1.PodStatus{
			Phase:                 corev1.PodPending,
			InitContainerStatuses: []corev1.ContainerStatus{{State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "CrashLoopBackOff"}}}},
			ContainerStatuses:     []corev1.ContainerStatus{{State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "PodInitializing"}}}},
		}}, "CrashLoopBackOff"},
		"unschedulable": {corev1.Pod{Status: corev1.PodStatus{
			Phase:      corev1.PodPending,
			Conditions: []corev1.PodCondition{{Type: corev1.PodScheduled, Status: corev1.ConditionFalse, Reason: "Unschedulable", Message: "0/3 nodes are available\nmore"}},
		}}, "Unschedulable: 0/3 nodes are available"},
		"ended": {corev1.Pod{Status: corev1.PodStatus{
			Phase:             corev1.PodFailed,
			ContainerStatuses: []corev1.ContainerStatus{{State: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{ExitCode: 1, Reason: "Error"}}}},
		}}, "Error"},
		"evicted": {corev1.Pod{Status: corev1.PodStatus{Phase: corev1.PodFailed, Reason: "Evicted", Message: "out of memory"}}, "Evicted: out of memory"},
		"new":     {corev1.Pod{}, "not started yet"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := trouble(test.pod); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestHostFor_IsWhatABrowserAsksFor(t *testing.T) {
	for address, want := range map[string]string{"localhost": "localhost", "127.0.0.1": "127.0.0.1", "::1": "::1", "0.0.0.0": "localhost", "::": "localhost"} {
		if got := hostFor(address); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
}

func TestLink_LeavesOutWhatIsNotNamed(t *testing.T) {
	grafana, _ := Find(All(), "grafana")
	prometheus, _ := Find(All(), "prometheus")
	page := func(d Dashboard, name string) Page {
		for _, one := range d.Pages {
			if one.Name == name {
				return one
			}
		}
		t.Fatalf("%s has no page %s", d.Name, name)
		return Page{}
	}
	for _, test := range []struct {
		page  Page
		about About
		want  string
	}{
		{page(grafana, "mesh"), About{}, "/d/1a9a8ea49444aae205c7737573e894f9/istio-mesh-dashboard"},
		{page(grafana, "service"), About{}, "/d/LJ_uJAvmk/istio-service-dashboard"},
		{page(grafana, "service"), About{Namespace: "shop", Name: "cart"}, "/d/LJ_uJAvmk/istio-service-dashboard?var-service=cart.shop.svc.cluster.local"},
		{page(grafana, "workload"), About{Namespace: "shop", Name: "cart-v1"}, "/d/UbsSZTDik/istio-workload-dashboard?var-namespace=shop&var-workload=cart-v1"},
		{page(prometheus, "query"), About{Query: `up{job="a b"} & 1`}, "/graph?g0.expr=up%7Bjob%3D%22a+b%22%7D+%26+1&g0.tab=0"},
		{Page{Path: "/console/namespaces/{namespace}/services/{name}"}, About{Namespace: "a", Name: "b/c"}, "/console/namespaces/a/services/b%2Fc"},
	} {
		if got := test.page.Link(test.about); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}
