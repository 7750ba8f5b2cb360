package analyze

import (
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Kind names a kind of object with its group: "Service", and
// "Gateway.networking.istio.io".
type Kind string

// The kinds that checks can look at. Those of the Gateway API that share a name
// with others begin with K8s.
const (
	Namespace      Kind = "Namespace"
	Service        Kind = "Service"
	Pod            Kind = "Pod"
	Node           Kind = "Node"
	Secret         Kind = "Secret"
	ConfigMap      Kind = "ConfigMap"
	ServiceAccount Kind = "ServiceAccount"
	EndpointSlice  Kind = "EndpointSlice.discovery.k8s.io"
	Ingress        Kind = "Ingress.networking.k8s.io"

	Deployment  Kind = "Deployment.apps"
	StatefulSet Kind = "StatefulSet.apps"
	DaemonSet   Kind = "DaemonSet.apps"
	ReplicaSet  Kind = "ReplicaSet.apps"
	Job         Kind = "Job.batch"
	CronJob     Kind = "CronJob.batch"

	MutatingWebhook          Kind = "MutatingWebhookConfiguration.admissionregistration.k8s.io"
	ValidatingWebhook        Kind = "ValidatingWebhookConfiguration.admissionregistration.k8s.io"
	CustomResourceDefinition Kind = "CustomResourceDefinition.apiextensions.k8s.io"

	VirtualService  Kind = "VirtualService.networking.istio.io"
	DestinationRule Kind = "DestinationRule.networking.istio.io"
	Gateway         Kind = "Gateway.networking.istio.io"
	ServiceEntry    Kind = "ServiceEntry.networking.istio.io"
	Sidecar         Kind = "Sidecar.networking.istio.io"
	EnvoyFilter     Kind = "EnvoyFilter.networking.istio.io"
	WorkloadEntry   Kind = "WorkloadEntry.networking.istio.io"
	WorkloadGroup   Kind = "WorkloadGroup.networking.istio.io"
	ProxyConfig     Kind = "ProxyConfig.networking.istio.io"

	AuthorizationPolicy   Kind = "AuthorizationPolicy.security.istio.io"
	PeerAuthentication    Kind = "PeerAuthentication.security.istio.io"
	RequestAuthentication Kind = "RequestAuthentication.security.istio.io"
	Telemetry             Kind = "Telemetry.telemetry.istio.io"
	WasmPlugin            Kind = "WasmPlugin.extensions.istio.io"
	TrafficExtension      Kind = "TrafficExtension.extensions.istio.io"

	K8sGateway       Kind = "Gateway.gateway.networking.k8s.io"
	GatewayClass     Kind = "GatewayClass.gateway.networking.k8s.io"
	HTTPRoute        Kind = "HTTPRoute.gateway.networking.k8s.io"
	GRPCRoute        Kind = "GRPCRoute.gateway.networking.k8s.io"
	TLSRoute         Kind = "TLSRoute.gateway.networking.k8s.io"
	TCPRoute         Kind = "TCPRoute.gateway.networking.k8s.io"
	UDPRoute         Kind = "UDPRoute.gateway.networking.k8s.io"
	ReferenceGrant   Kind = "ReferenceGrant.gateway.networking.k8s.io"
	BackendTLSPolicy Kind = "BackendTLSPolicy.gateway.networking.k8s.io"
	ListenerSet      Kind = "ListenerSet.gateway.networking.k8s.io"

	// IstioOperator is the file that a mesh is installed with. Checks look at its
	// mesh configuration; clusters of today have none.
	IstioOperator Kind = "IstioOperator.install.istio.io"

	// MeshConfig and MeshNetworks are no kinds of a cluster: they are documents
	// in the ConfigMap istio, or files given by flags.
	MeshConfig   Kind = "MeshConfig"
	MeshNetworks Kind = "MeshNetworks"
)

// KindOf is the kind of a Kubernetes kind in its group.
func KindOf(kind schema.GroupKind) Kind {
	if kind.Group == "" {
		return Kind(kind.Kind)
	}
	return Kind(kind.Kind + "." + kind.Group)
}

// Name is the kind without its group.
func (k Kind) Name() string {
	name, _, _ := strings.Cut(string(k), ".")
	return name
}

// Group is the group of the kind, empty for the core group.
func (k Kind) Group() string {
	_, group, _ := strings.Cut(string(k), ".")
	return group
}

// GroupKind is the kind as the API machinery has it.
func (k Kind) GroupKind() schema.GroupKind {
	return schema.GroupKind{Group: k.Group(), Kind: k.Name()}
}
