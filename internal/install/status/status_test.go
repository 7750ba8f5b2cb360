package status

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshctl/meshctl/internal/object"
)

func decode(t *testing.T, text string) object.Object {
	t.Helper()
	objects, err := object.Decode("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return objects[0]
}

func TestImageTag(t *testing.T) {
	cases := map[string]string{
		"registry.istio.io/release/pilot:1.30.3":           "1.30.3",
		"localhost:5000/pilot":                             "",
		"localhost:5000/pilot:1.30.3-distroless":           "1.30.3-distroless",
		"example.com/pilot:1.30.3@sha256:0123456789abcdef": "1.30.3",
		"pilot": "",
	}
	for image, want := range cases {
		workload := decode(t, "{apiVersion: apps/v1, kind: Deployment, metadata: {name: x}, spec: {template: {spec: {containers: [{image: '"+image+"'}]}}}}")
		if got := imageTag(workload); got != want {
			t.Errorf("tag of %s: got %q, want %q", image, got, want)
		}
	}
}

func TestServedBy_FollowsTheWebhooksSelectors(t *testing.T) {
	type server struct {
		labels, revision, want string
		ambient                bool
	}
	cases := []server{
		{labels: "istio-injection: enabled", revision: "default", want: "istio-injection=enabled"},
		{labels: "istio-injection: enabled", revision: "canary", want: ""},
		{labels: "{istio-injection: enabled, istio.io/rev: canary}", revision: "default", want: "istio-injection=enabled"},
		{labels: "{istio-injection: enabled, istio.io/rev: canary}", revision: "canary", want: ""},
		{labels: "istio-injection: disabled", revision: "default", want: ""},
		{labels: "{istio-injection: disabled, istio.io/rev: default}", revision: "default", want: ""},
		{labels: "istio.io/rev: canary", revision: "canary", want: "istio.io/rev=canary"},
		{labels: "istio.io/rev: canary", revision: "default", want: ""},
		{labels: "istio.io/rev: default", revision: "default", want: "istio.io/rev=default"},
		{labels: "{}", revision: "default", want: ""},
		{labels: "istio.io/dataplane-mode: ambient", revision: "default", want: "istio.io/dataplane-mode=ambient", ambient: true},
		{labels: "istio.io/dataplane-mode: ambient", revision: "default", want: ""},
		{labels: "{istio.io/dataplane-mode: ambient, istio-injection: enabled}", revision: "default", want: "istio-injection=enabled", ambient: true},
	}
	for _, c := range cases {
		namespace := decode(t, "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: x\n  labels:\n    "+c.labels)
		if got := servedBy(namespace, Server{Revision: c.revision, Ambient: c.ambient}); got != c.want {
			t.Errorf("labels %s, revision %s: got %q, want %q", c.labels, c.revision, got, c.want)
		}
	}
}

func TestSidecarRevision(t *testing.T) {
	cases := map[string]string{
		`'{"initContainers":["istio-init"],"revision":"canary"}'`: "canary",
		`'{"initContainers":["istio-init"]}'`:                     "default",
		`'not json'`:                                              "default",
		`""`:                                                      "",
	}
	for annotation, want := range cases {
		pod := decode(t, "apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n  annotations:\n    sidecar.istio.io/status: "+annotation)
		if got := sidecarRevision(pod); got != want {
			t.Errorf("annotation %s: got %q, want %q", annotation, got, want)
		}
	}
}

func TestEndpointsOf(t *testing.T) {
	const ports = "ports: [{name: http2, port: 80, nodePort: 30080}, {name: https, port: 443}]"
	cases := map[string]struct {
		service string
		want    []Endpoint
	}{
		"load balancer with an address": {
			"spec: {type: LoadBalancer, " + ports + "}\nstatus: {loadBalancer: {ingress: [{ip: 203.0.113.7}]}}",
			[]Endpoint{
				{Service: "x", Name: "http2", Port: 80, Type: "LoadBalancer", Address: "203.0.113.7:80", NodePort: 30080},
				{Service: "x", Name: "https", Port: 443, Type: "LoadBalancer", Address: "203.0.113.7:443"},
			},
		},
		"load balancer with a name": {
			"spec: {type: LoadBalancer, ports: [{port: 80}]}\nstatus: {loadBalancer: {ingress: [{hostname: lb.example.com}]}}",
			[]Endpoint{{Service: "x", Port: 80, Type: "LoadBalancer", Address: "lb.example.com:80"}},
		},
		"pending load balancer": {
			"spec: {type: LoadBalancer, ports: [{port: 80, nodePort: 30080}]}",
			[]Endpoint{{Service: "x", Port: 80, Type: "LoadBalancer", NodePort: 30080}},
		},
		"inside the cluster": {
			"spec: {type: ClusterIP, ports: [{port: 9090}]}",
			[]Endpoint{{Service: "x", Port: 9090, Type: "ClusterIP", Address: "x.istio-system.svc:9090"}},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			service := decode(t, "apiVersion: v1\nkind: Service\nmetadata: {name: x, namespace: istio-system}\n"+c.service)
			if diff := cmp.Diff(c.want, endpointsOf(service)); diff != "" {
				t.Errorf("endpoints (-want +got):\n%s", diff)
			}
		})
	}
}
