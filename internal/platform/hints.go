package platform

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Use is what matters to the hints of how the mesh is configured.
type Use struct {
	Profile  string
	Revision string
	Hub      string
	// CNI and Ambient are on; NativeNftables is set.
	CNI, Ambient, NativeNftables bool
	// LoadBalancer is set when a gateway asks for one; Shaped when it says for
	// OKE what it is to be like.
	LoadBalancer, Shaped bool
}

// agents says that the mesh has a DaemonSet on the nodes.
func (u Use) agents() bool { return u.CNI || u.Ambient }

// advice is a hint and when it is worth giving.
type advice struct {
	when bool
	text string
}

// Hints tells what the user of a mesh should know about the platform. They are
// for those who install: each names what to do.
func Hints(p Platform, facts Facts, use Use) []string {
	var hints []string
	for _, a := range slices.Concat(ownHints(p, facts, use), oracleHints(p, facts, use), generalHints(p, facts, use)) {
		if a.when {
			hints = append(hints, a.text)
		}
	}
	return hints
}

// ownHints are those of one platform.
func ownHints(p Platform, facts Facts, use Use) []advice {
	switch p.Name {
	case nameOpenShift:
		return []advice{
			{!strings.HasPrefix(use.Profile, "openshift"), "OpenShift's security constraints want more than these values: --profile openshift has the rest"},
			{slices.Contains(facts.Groups, sailGroup), "OpenShift Service Mesh is installed (its kinds " + sailGroup + " are there); two installers on one control plane undo each other's work"},
		}
	case nameGKE:
		return []advice{
			{true, "on a private cluster a firewall rule has to let the control plane reach the nodes on TCP 15017, or injection fails"},
			{use.agents(), "Autopilot clusters admit no istio-cni: there, install without the CNI"},
		}
	case nameEKS:
		return []advice{
			{true, "the nodes' security group has to let the control plane reach TCP 15017, or injection fails"},
			{use.Ambient, "with pods that have security groups of their own, set POD_SECURITY_GROUP_ENFORCING_MODE=standard on the DaemonSet aws-node"},
		}
	case nameAKS:
		return []advice{{slices.Contains(facts.Namespaces, azureNamespace), "Azure's Istio add-on owns a control plane here (namespace " + azureNamespace + "): install beside it with --revision, or turn it off first"}}
	case nameK3s, nameRancher:
		return []advice{{use.LoadBalancer, "Traefik, if it was not turned off, holds ports 80 and 443 of the nodes, and the ingress gateway stays without an address"}}
	case nameK3d:
		return []advice{{use.LoadBalancer, "a cluster made with --k3s-arg '--disable=traefik@server:*' leaves ports 80 and 443 to the ingress gateway"}}
	case nameMinikube:
		return []advice{{use.LoadBalancer, "'minikube tunnel' gives the ingress gateway an address"}}
	case nameKind:
		return []advice{{use.LoadBalancer, "kind has no load balancers: run cloud-provider-kind or MetalLB, or reach the ingress gateway by its node ports"}}
	case nameDocker:
		return []advice{{use.agents(), "install-cni needs shared mounts, which Docker Desktop's machine lacks: 'mount --make-rshared /' in it, or install without the CNI"}}
	case nameTalos:
		return []advice{
			{use.agents(), "Talos enforces pod security: label the namespace of the CNI with pod-security.kubernetes.io/enforce=privileged"},
			{!use.agents(), "Talos enforces pod security: label namespaces with sidecars pod-security.kubernetes.io/enforce=privileged, or install the CNI (--set components.cni.enabled=true)"},
		}
	}
	return nil
}

// oracleImages are built without the program nft.
const oracleImages = "container-registry.oracle.com/"

// oracleHints are those of Oracle's platforms and Oracle's Linux.
func oracleHints(p Platform, facts Facts, use Use) []advice {
	release := oracleLinux(facts)
	modules := "load iptable_nat, iptable_mangle, xt_REDIRECT, xt_owner and br_netfilter at boot"
	if strings.HasPrefix(use.Hub, oracleImages) {
		modules += ", or install the CNI (--set components.cni.enabled=true)"
	} else {
		modules += ", or --set values.global.nativeNftables=true"
	}
	onOKE, onOCNE := p.Name == nameOKE, p.Name == nameOCNE
	return []advice{
		{release != "" && !use.agents() && !use.NativeNftables, fmt.Sprintf("nodes with %s do not load by themselves what redirects traffic to sidecars: %s", release, modules)},
		{use.NativeNftables && strings.HasPrefix(use.Hub, oracleImages), "Oracle's proxy image has no nft: values.global.nativeNftables needs Istio's own images"},
		{onOKE && len(facts.Istiods) > 0 && use.Revision == "", fmt.Sprintf("%s was not installed by meshctl; if it is OKE's cluster add-on, disable that first, or install beside it with --revision", refs(facts))},
		{onOKE && use.agents() && virtual(facts), "virtual nodes run no DaemonSets: pods there are out of reach of the CNI and of ambient mode"},
		{onOKE && use.LoadBalancer && !use.Shaped, "the ingress gateway gets a load balancer of a fixed 100 Mbps: --oke-lb flexible:10-100, or nlb, asks for another"},
		{onOCNE && use.Profile != "ocne", "--profile ocne takes the mesh's images from Oracle's registry"},
		{onOCNE && use.LoadBalancer, "without MetalLB or the OCI cloud controller the ingress gateway has node ports only"},
	}
}

func generalHints(p Platform, facts Facts, use Use) []advice {
	cilium := slices.Contains(facts.Daemons, ciliumDaemon)
	return []advice{
		{cilium && use.agents(), "Cilium removes other CNI configuration unless it runs with cni.exclusive=false"},
		{cilium && use.Ambient, "Cilium has to run with bpf.masquerade off for ambient mode"},
		{p.Name != nameOKE && len(facts.Istiods) > 0 && use.Revision == "", refs(facts) + " was not installed by meshctl; --revision installs beside it"},
	}
}

// oracleLinux is the Oracle Linux of the nodes, if it is one on which the
// modules for iptables are not loaded on demand.
func oracleLinux(facts Facts) string {
	for _, node := range facts.Nodes {
		name := info(node, "osImage")
		for _, release := range []string{"Oracle Linux Server 8", "Oracle Linux Server 9"} {
			if strings.HasPrefix(name, release) {
				return name
			}
		}
	}
	return ""
}

func virtual(facts Facts) bool {
	for _, node := range facts.Nodes {
		id, _, _ := unstructured.NestedString(node.Object, "spec", "providerID")
		if strings.HasPrefix(id, "ocid1.virtualnode") || node.GetAnnotations()["oci.oraclecloud.com/virtual-node-pool-id"] != "" {
			return true
		}
	}
	return false
}

func refs(facts Facts) string {
	names := make([]string, len(facts.Istiods))
	for i, ref := range facts.Istiods {
		names[i] = ref.String()
	}
	return strings.Join(names, ", ")
}
