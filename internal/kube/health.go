package kube

import (
	"strings"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/meshctl/meshctl/internal/object"
)

// noAddress is said of what works inside the cluster and waits for a load
// balancer, which kind and many clusters on premises never have.
const noAddress = "no external address yet"

// Health is how a live object is doing, by the rules of kstatus. Beyond those: a
// load balancer without an address is healthy, Istio's objects are healthy once
// they exist, and a Gateway is healthy when it is programmed.
func (c *Cluster) Health(live object.Object) object.Health {
	health := object.Health{Ref: live.Ref()}
	judged := &live.Unstructured
	if isIstio(live.GroupVersionKind().Group) {
		judged = withoutStatus(live)
	}
	result, err := status.Compute(judged)
	if err != nil {
		health.State, health.Message = object.Unknown, err.Error()
		return health
	}
	health.State, health.Message = stateOf(result.Status), result.Message
	if health.State != object.Healthy {
		return health
	}
	health.Message = ""
	switch live.GroupVersionKind().GroupKind().String() {
	case "Service":
		health.Message = balancer(live)
	case "Gateway.gateway.networking.k8s.io":
		health.State, health.Message = gateway(live)
	}
	return health
}

func stateOf(result status.Status) object.HealthState {
	switch result {
	case status.CurrentStatus:
		return object.Healthy
	case status.InProgressStatus:
		return object.InProgress
	case status.FailedStatus:
		return object.Failed
	case status.TerminatingStatus:
		return object.Terminating
	case status.NotFoundStatus:
		return object.NotFound
	}
	return object.Unknown
}

func isIstio(group string) bool { return strings.HasSuffix(group, ".istio.io") }

// withoutStatus leaves out what Istio writes there: its observed generation is
// a string, which kstatus cannot read, and its conditions are about analysis.
func withoutStatus(live object.Object) *unstructured.Unstructured {
	bare := make(map[string]any, len(live.Object))
	for key, value := range live.Object {
		if key != "status" {
			bare[key] = value
		}
	}
	return &unstructured.Unstructured{Object: bare}
}

func balancer(service object.Object) string {
	kind, _, _ := unstructured.NestedString(service.Object, "spec", "type")
	addresses, _, _ := unstructured.NestedSlice(service.Object, "status", "loadBalancer", "ingress")
	if kind == "LoadBalancer" && len(addresses) == 0 {
		return noAddress
	}
	return ""
}

func gateway(live object.Object) (object.HealthState, string) {
	conditions, _, _ := unstructured.NestedSlice(live.Object, "status", "conditions")
	for _, one := range conditions {
		condition, _ := one.(map[string]any)
		if condition["type"] != "Programmed" || condition["status"] == "True" {
			continue
		}
		if condition["reason"] == "AddressNotAssigned" {
			return object.Healthy, noAddress
		}
		message, _ := condition["message"].(string)
		return object.InProgress, "Programmed: " + message
	}
	return object.Healthy, ""
}
