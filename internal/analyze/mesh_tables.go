package analyze

import (
	extensions "istio.io/api/extensions/v1alpha1"
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
)

// Namespaces are all there are.
func (m *Mesh) Namespaces() Table[core.NamespaceSpec] { return table[core.NamespaceSpec](m, Namespace) }

// Services are all there are.
func (m *Mesh) Services() Table[core.ServiceSpec] { return table[core.ServiceSpec](m, Service) }

// Pods are all there are.
func (m *Mesh) Pods() Table[core.PodSpec] { return table[core.PodSpec](m, Pod) }

// Nodes are all there are.
func (m *Mesh) Nodes() Table[core.NodeSpec] { return table[core.NodeSpec](m, Node) }

// Secrets are all there are.
func (m *Mesh) Secrets() Table[core.Secret] { return table[core.Secret](m, Secret) }

// ConfigMaps are all there are.
func (m *Mesh) ConfigMaps() Table[core.ConfigMap] { return table[core.ConfigMap](m, ConfigMap) }

// ServiceAccounts are all there are.
func (m *Mesh) ServiceAccounts() Table[core.ServiceAccount] {
	return table[core.ServiceAccount](m, ServiceAccount)
}

// EndpointSlices are all there are.
func (m *Mesh) EndpointSlices() Table[discovery.EndpointSlice] {
	return table[discovery.EndpointSlice](m, EndpointSlice)
}

// Ingresses are all there are.
func (m *Mesh) Ingresses() Table[ingress.IngressSpec] { return table[ingress.IngressSpec](m, Ingress) }

// Deployments are all there are.
func (m *Mesh) Deployments() Table[apps.DeploymentSpec] {
	return table[apps.DeploymentSpec](m, Deployment)
}

// StatefulSets are all there are.
func (m *Mesh) StatefulSets() Table[apps.StatefulSetSpec] {
	return table[apps.StatefulSetSpec](m, StatefulSet)
}

// DaemonSets are all there are.
func (m *Mesh) DaemonSets() Table[apps.DaemonSetSpec] { return table[apps.DaemonSetSpec](m, DaemonSet) }

// ReplicaSets are all there are.
func (m *Mesh) ReplicaSets() Table[apps.ReplicaSetSpec] {
	return table[apps.ReplicaSetSpec](m, ReplicaSet)
}

// Jobs are all there are.
func (m *Mesh) Jobs() Table[batch.JobSpec] { return table[batch.JobSpec](m, Job) }

// CronJobs are all there are.
func (m *Mesh) CronJobs() Table[batch.CronJobSpec] { return table[batch.CronJobSpec](m, CronJob) }

// MutatingWebhooks are the MutatingWebhookConfigurations.
func (m *Mesh) MutatingWebhooks() Table[admission.MutatingWebhookConfiguration] {
	return table[admission.MutatingWebhookConfiguration](m, MutatingWebhook)
}

// ValidatingWebhooks are the ValidatingWebhookConfigurations.
func (m *Mesh) ValidatingWebhooks() Table[admission.ValidatingWebhookConfiguration] {
	return table[admission.ValidatingWebhookConfiguration](m, ValidatingWebhook)
}

// Definitions are the custom resource definitions.
func (m *Mesh) Definitions() Table[Definition] { return table[Definition](m, CustomResourceDefinition) }

// VirtualServices are all there are.
func (m *Mesh) VirtualServices() Table[networking.VirtualService] {
	return table[networking.VirtualService](m, VirtualService)
}

// DestinationRules are all there are.
func (m *Mesh) DestinationRules() Table[networking.DestinationRule] {
	return table[networking.DestinationRule](m, DestinationRule)
}

// Gateways are all there are.
func (m *Mesh) Gateways() Table[networking.Gateway] { return table[networking.Gateway](m, Gateway) }

// ServiceEntries are all there are.
func (m *Mesh) ServiceEntries() Table[networking.ServiceEntry] {
	return table[networking.ServiceEntry](m, ServiceEntry)
}

// Sidecars are all there are.
func (m *Mesh) Sidecars() Table[networking.Sidecar] { return table[networking.Sidecar](m, Sidecar) }

// EnvoyFilters are all there are.
func (m *Mesh) EnvoyFilters() Table[networking.EnvoyFilter] {
	return table[networking.EnvoyFilter](m, EnvoyFilter)
}

// WorkloadEntries are all there are.
func (m *Mesh) WorkloadEntries() Table[networking.WorkloadEntry] {
	return table[networking.WorkloadEntry](m, WorkloadEntry)
}

// WorkloadGroups are all there are.
func (m *Mesh) WorkloadGroups() Table[networking.WorkloadGroup] {
	return table[networking.WorkloadGroup](m, WorkloadGroup)
}

// ProxyConfigs are all there are.
func (m *Mesh) ProxyConfigs() Table[networkingbeta.ProxyConfig] {
	return table[networkingbeta.ProxyConfig](m, ProxyConfig)
}

// AuthorizationPolicies are all there are.
func (m *Mesh) AuthorizationPolicies() Table[security.AuthorizationPolicy] {
	return table[security.AuthorizationPolicy](m, AuthorizationPolicy)
}

// PeerAuthentications are all there are.
func (m *Mesh) PeerAuthentications() Table[security.PeerAuthentication] {
	return table[security.PeerAuthentication](m, PeerAuthentication)
}

// RequestAuthentications are all there are.
func (m *Mesh) RequestAuthentications() Table[security.RequestAuthentication] {
	return table[security.RequestAuthentication](m, RequestAuthentication)
}

// Telemetries are all there are.
func (m *Mesh) Telemetries() Table[telemetry.Telemetry] {
	return table[telemetry.Telemetry](m, Telemetry)
}

// WasmPlugins are all there are.
func (m *Mesh) WasmPlugins() Table[extensions.WasmPlugin] {
	return table[extensions.WasmPlugin](m, WasmPlugin)
}

// TrafficExtensions are all there are.
func (m *Mesh) TrafficExtensions() Table[extensions.TrafficExtension] {
	return table[extensions.TrafficExtension](m, TrafficExtension)
}

// K8sGateways are the Gateways of the Gateway API.
func (m *Mesh) K8sGateways() Table[gateway.GatewaySpec] {
	return table[gateway.GatewaySpec](m, K8sGateway)
}

// GatewayClasses are all there are.
func (m *Mesh) GatewayClasses() Table[gateway.GatewayClassSpec] {
	return table[gateway.GatewayClassSpec](m, GatewayClass)
}

// HTTPRoutes are all there are.
func (m *Mesh) HTTPRoutes() Table[gateway.HTTPRouteSpec] {
	return table[gateway.HTTPRouteSpec](m, HTTPRoute)
}

// GRPCRoutes are all there are.
func (m *Mesh) GRPCRoutes() Table[gateway.GRPCRouteSpec] {
	return table[gateway.GRPCRouteSpec](m, GRPCRoute)
}

// TLSRoutes are all there are.
func (m *Mesh) TLSRoutes() Table[gateway.TLSRouteSpec] {
	return table[gateway.TLSRouteSpec](m, TLSRoute)
}

// TCPRoutes are all there are.
func (m *Mesh) TCPRoutes() Table[gatewayalpha.TCPRouteSpec] {
	return table[gatewayalpha.TCPRouteSpec](m, TCPRoute)
}

// UDPRoutes are all there are.
func (m *Mesh) UDPRoutes() Table[gatewayalpha.UDPRouteSpec] {
	return table[gatewayalpha.UDPRouteSpec](m, UDPRoute)
}

// ReferenceGrants are all there are.
func (m *Mesh) ReferenceGrants() Table[gatewaybeta.ReferenceGrantSpec] {
	return table[gatewaybeta.ReferenceGrantSpec](m, ReferenceGrant)
}

// BackendTLSPolicies are all there are.
func (m *Mesh) BackendTLSPolicies() Table[gateway.BackendTLSPolicySpec] {
	return table[gateway.BackendTLSPolicySpec](m, BackendTLSPolicy)
}

// ListenerSets are all there are.
func (m *Mesh) ListenerSets() Table[gateway.ListenerSetSpec] {
	return table[gateway.ListenerSetSpec](m, ListenerSet)
}

// Operators are the IstioOperators.
func (m *Mesh) Operators() Table[Operator] { return table[Operator](m, IstioOperator) }
