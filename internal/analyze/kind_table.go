package analyze

import (
	extensions "istio.io/api/extensions/v1alpha1"
	meshapi "istio.io/api/mesh/v1alpha1"
	networking "istio.io/api/networking/v1alpha3"
	networkingbeta "istio.io/api/networking/v1beta1"
	security "istio.io/api/security/v1beta1"
	telemetry "istio.io/api/telemetry/v1alpha1"
	admission "k8s.io/api/admissionregistration/v1"
	apps "k8s.io/api/apps/v1"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	ingress "k8s.io/api/networking/v1"
	gateway "sigs.k8s.io/gateway-api/apis/v1"
	gatewayalpha "sigs.k8s.io/gateway-api/apis/v1alpha2"
	gatewaybeta "sigs.k8s.io/gateway-api/apis/v1beta1"

	"github.com/meshctl/meshctl/internal/object"
)

// shape is what is known about a kind: the row of a table.
type shape struct {
	kind Kind
	// versions are those that a mesh of today serves, the preferred one first.
	versions []string
	// cluster is true for kinds without namespaces.
	cluster bool
	// body makes an empty value of the type that Of has for the kind.
	body func() any
	// whole is true where body is the whole object and not only its spec.
	whole bool
	// loose is true where body has only the fields that checks read.
	loose bool
	// nameless is true for files in the style of Kubernetes that need no name.
	nameless bool
	// status is true where checks read the status; of that of numerous kinds
	// only some fields are kept.
	status       bool
	statusFields []string
}

func spec[T any](kind Kind, versions ...string) shape {
	return shape{kind: kind, versions: versions, body: func() any { return new(T) }}
}

// shapes is the table of kinds.
func shapes() []shape {
	istio := []string{"v1", "v1beta1", "v1alpha3"}
	secure := []string{"v1", "v1beta1"}
	return []shape{
		spec[core.NamespaceSpec](Namespace, "v1").clusterWide(),
		spec[core.ServiceSpec](Service, "v1").withStatus(),
		spec[core.PodSpec](Pod, "v1").withStatus("phase", "conditions"),
		spec[core.NodeSpec](Node, "v1").clusterWide(),
		spec[core.Secret](Secret, "v1").wholeObject(),
		spec[core.ConfigMap](ConfigMap, "v1").wholeObject(),
		spec[core.ServiceAccount](ServiceAccount, "v1").wholeObject(),
		spec[discovery.EndpointSlice](EndpointSlice, "v1").wholeObject(),
		spec[ingress.IngressSpec](Ingress, "v1"),

		spec[apps.DeploymentSpec](Deployment, "v1").withStatus(),
		spec[apps.StatefulSetSpec](StatefulSet, "v1"),
		spec[apps.DaemonSetSpec](DaemonSet, "v1"),
		spec[apps.ReplicaSetSpec](ReplicaSet, "v1"),
		spec[batch.JobSpec](Job, "v1"),
		spec[batch.CronJobSpec](CronJob, "v1"),

		spec[admission.MutatingWebhookConfiguration](MutatingWebhook, "v1").wholeObject().clusterWide(),
		spec[admission.ValidatingWebhookConfiguration](ValidatingWebhook, "v1").wholeObject().clusterWide(),
		spec[Definition](CustomResourceDefinition, "v1").clusterWide().someFields(),

		spec[networking.VirtualService](VirtualService, istio...).withStatus(),
		spec[networking.DestinationRule](DestinationRule, istio...).withStatus(),
		spec[networking.Gateway](Gateway, istio...).withStatus(),
		spec[networking.ServiceEntry](ServiceEntry, istio...).withStatus(),
		spec[networking.Sidecar](Sidecar, istio...).withStatus(),
		spec[networking.EnvoyFilter](EnvoyFilter, "v1alpha3").withStatus(),
		spec[networking.WorkloadEntry](WorkloadEntry, istio...).withStatus(),
		spec[networking.WorkloadGroup](WorkloadGroup, istio...).withStatus(),
		spec[networkingbeta.ProxyConfig](ProxyConfig, "v1beta1").withStatus(),

		spec[security.AuthorizationPolicy](AuthorizationPolicy, secure...).withStatus(),
		spec[security.PeerAuthentication](PeerAuthentication, secure...).withStatus(),
		spec[security.RequestAuthentication](RequestAuthentication, secure...).withStatus(),
		spec[telemetry.Telemetry](Telemetry, "v1", "v1alpha1").withStatus(),
		spec[extensions.WasmPlugin](WasmPlugin, "v1alpha1").withStatus(),
		spec[extensions.TrafficExtension](TrafficExtension, "v1alpha1").withStatus(),

		spec[gateway.GatewaySpec](K8sGateway, "v1", "v1beta1").withStatus(),
		spec[gateway.GatewayClassSpec](GatewayClass, "v1", "v1beta1").withStatus().clusterWide(),
		spec[gateway.HTTPRouteSpec](HTTPRoute, "v1", "v1beta1").withStatus(),
		spec[gateway.GRPCRouteSpec](GRPCRoute, "v1").withStatus(),
		spec[gateway.TLSRouteSpec](TLSRoute, "v1", "v1alpha3", "v1alpha2").withStatus(),
		spec[gatewayalpha.TCPRouteSpec](TCPRoute, "v1alpha2").withStatus(),
		spec[gatewayalpha.UDPRouteSpec](UDPRoute, "v1alpha2").withStatus(),
		spec[gatewaybeta.ReferenceGrantSpec](ReferenceGrant, "v1", "v1beta1"),
		spec[gateway.BackendTLSPolicySpec](BackendTLSPolicy, "v1", "v1alpha3").withStatus(),
		spec[gateway.ListenerSetSpec](ListenerSet, "v1").withStatus(),

		spec[Operator](IstioOperator, "v1alpha1").someFields().withoutName(),
	}
}

func (s shape) clusterWide() shape {
	s.cluster = true
	return s
}

func (s shape) wholeObject() shape {
	s.whole = true
	return s
}

func (s shape) withStatus(fields ...string) shape {
	s.status, s.statusFields = true, fields
	return s
}

func (s shape) withoutName() shape {
	s.cluster, s.nameless = true, true
	return s
}

func (s shape) someFields() shape {
	s.loose = true
	return s
}

// Operator is what checks read of an IstioOperator.
type Operator struct {
	MeshConfig *meshapi.MeshConfig `json:"meshConfig"`
}

// Definition is what checks read of a CustomResourceDefinition.
type Definition struct {
	Group string `json:"group"`
	Names struct {
		Kind   string `json:"kind"`
		Plural string `json:"plural"`
	} `json:"names"`
	Versions []struct {
		Name   string `json:"name"`
		Served bool   `json:"served"`
	} `json:"versions"`
}

// Known is every kind that can be analysed, in the order of the table, with the
// versions in which a mesh of today serves it.
func Known() map[Kind][]string {
	known := map[Kind][]string{}
	for _, shape := range shapes() {
		known[shape.kind] = shape.versions
	}
	return known
}

// readStatus is the part of a status that is kept.
func (s *shape) readStatus(node *object.Node) map[string]any {
	if len(s.statusFields) == 0 {
		status, _ := node.Value().(map[string]any)
		return status
	}
	status := make(map[string]any, len(s.statusFields))
	for _, name := range s.statusFields {
		if field, ok := node.Field(name); ok {
			status[name] = field.Value()
		}
	}
	return status
}

// shapesByKind indexes the table.
func shapesByKind() map[Kind]*shape {
	rows := shapes()
	byKind := make(map[Kind]*shape, len(rows))
	for i := range rows {
		byKind[rows[i].kind] = &rows[i]
	}
	return byKind
}
