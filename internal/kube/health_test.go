package kube_test

import (
	"testing"

	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/kube/kubetest"
	"github.com/meshctl/meshctl/internal/object"
)

func TestHealth(t *testing.T) {
	const gateway = "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: a, generation: 1}\n"
	for name, test := range map[string]struct {
		manifest string
		state    object.HealthState
		message  string
	}{
		"a config map is there": {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}", object.Healthy, ""},
		"a deployment rolls out": {
			"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, generation: 1}\nspec: {replicas: 1}\nstatus: {observedGeneration: 1, replicas: 1, updatedReplicas: 1}",
			object.InProgress, "Available: 0/1",
		},
		"an object is deleted": {
			"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, deletionTimestamp: \"2026-01-01T00:00:00Z\"}",
			object.Terminating, "Resource scheduled for deletion",
		},
		"a load balancer waits for its address": {
			"apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: LoadBalancer, clusterIP: 10.0.0.1}\nstatus: {loadBalancer: {}}",
			object.Healthy, "no external address yet",
		},
		"a load balancer has an address": {
			"apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: LoadBalancer, clusterIP: 10.0.0.1}\nstatus: {loadBalancer: {ingress: [{ip: 1.2.3.4}]}}",
			object.Healthy, "",
		},
		"Istio's status is not about readiness": {
			"apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: a, generation: 2}\nstatus: {observedGeneration: \"1\", conditions: [{type: Reconciled, status: \"False\"}]}",
			object.Healthy, "",
		},
		"an Istio object is deleted": {
			"apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: a, deletionTimestamp: \"2026-01-01T00:00:00Z\"}",
			object.Terminating, "Resource scheduled for deletion",
		},
		"a Gateway without conditions": {gateway, object.Healthy, ""},
		"a Gateway is programmed": {
			gateway + "status: {conditions: [{type: Programmed, status: \"True\"}]}", object.Healthy, "",
		},
		"a Gateway waits for its controller": {
			gateway + "status: {conditions: [{type: Programmed, status: Unknown, reason: Pending, message: Waiting for controller}]}",
			object.InProgress, "Programmed: Waiting for controller",
		},
		"a Gateway waits for its address": {
			gateway + "status: {conditions: [{type: Programmed, status: \"False\", reason: AddressNotAssigned}]}",
			object.Healthy, "no external address yet",
		},
	} {
		t.Run(name, func(t *testing.T) {
			live := kubetest.Object(t, test.manifest)
			got := new(kube.Cluster).Health(live)
			if want := (object.Health{Ref: live.Ref(), State: test.state, Message: test.message}); got != want {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}
