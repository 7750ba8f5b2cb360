package render

import (
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
)

// Wave is a group of objects that can be applied side by side once the wave
// before it is healthy.
type Wave int

// The waves, in the order in which they are applied.
const (
	// Definitions are what other objects are made of or live in: CRDs and namespaces.
	Definitions Wave = iota
	// Foundations are accounts, rights and configuration that workloads read when they start.
	Foundations
	// ControlPlane is istiod, the node agents and the add-ons.
	ControlPlane
	// Webhooks come once somebody answers them: until then they turn requests away.
	Webhooks
	// Gateways come last. They get their configuration from the control plane,
	// and some of them their very proxy through the injection webhook.
	Gateways
)

// String is the wave's name for people.
func (w Wave) String() string {
	switch w {
	case Definitions:
		return "definitions"
	case Foundations:
		return "foundations"
	case ControlPlane:
		return "control plane and add-ons"
	case Gateways:
		return "gateways"
	case Webhooks:
		return "webhooks"
	}
	return "unknown"
}

// WaveOf is the wave in which a component's object belongs.
func WaveOf(component profiles.ComponentKind, o object.Object) Wave {
	switch o.GetKind() {
	case "CustomResourceDefinition", "Namespace":
		return Definitions
	case "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration":
		return Webhooks
	case "ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding",
		"ConfigMap", "Secret", "PersistentVolumeClaim", "ResourceQuota", "NetworkPolicy",
		"ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding":
		return Foundations
	}
	if component == profiles.IngressGateways || component == profiles.EgressGateways {
		return Gateways
	}
	return ControlPlane
}

// compareInWave puts what is referred to before what refers to it, so that a
// plain kubectl apply of the list raises no passing errors; names break ties.
func compareInWave(a, b object.Object) int {
	if byKind := kindRank(a.GetKind()) - kindRank(b.GetKind()); byKind != 0 {
		return byKind
	}
	return a.Ref().Compare(b.Ref())
}

func kindRank(kind string) int {
	switch kind {
	case "Namespace":
		return 0
	case "CustomResourceDefinition":
		return 1
	case "ServiceAccount":
		return 2
	case "ClusterRole", "Role":
		return 3
	case "ClusterRoleBinding", "RoleBinding":
		return 4
	case "Service":
		return 6
	case "Deployment", "DaemonSet", "StatefulSet":
		return 7
	case "HorizontalPodAutoscaler", "PodDisruptionBudget":
		return 8
	}
	return 5
}
