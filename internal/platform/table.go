package platform

// The names of platforms that the code tells apart.
const (
	nameOpenShift = "openshift"
	nameGKE       = "gke"
	nameEKS       = "eks"
	nameAKS       = "aks"
	nameOKE       = "oke"
	nameOCNE      = "ocne"
	nameOCI       = "oci"
	nameK3d       = "k3d"
	nameK3s       = "k3s"
	nameRancher   = "rancher-desktop"
	nameMinikube  = "minikube"
	nameKind      = "kind"
	nameDocker    = "docker-desktop"
	nameTalos     = "talos"
)

func openShift() Platform {
	return Platform{Name: nameOpenShift, Title: "OpenShift", Overlay: "openshift", signs: []sign{
		group("config.openshift.io"), group("security.openshift.io"), group("project.openshift.io"), label("node.openshift.io/os_id"),
	}}
}

func gke() Platform {
	return Platform{Name: nameGKE, Title: "Google Kubernetes Engine", Overlay: "gke", signs: []sign{
		version("-gke."), label("cloud.google.com/gke-nodepool"),
	}}
}

func eks() Platform {
	return Platform{Name: nameEKS, Title: "Amazon EKS", signs: []sign{
		version("-eks-"), label("eks.amazonaws.com/nodegroup"), label("alpha.eksctl.io/*"),
	}}
}

func aks() Platform {
	return Platform{Name: nameAKS, Title: "Azure Kubernetes Service", signs: []sign{
		label("kubernetes.azure.com/cluster"), label("kubernetes.azure.com/agentpool"),
	}}
}

// oke needs a label and the provider: an instance of Oracle's cloud may also
// belong to a cluster that its users built themselves.
func oke() Platform {
	return Platform{Name: nameOKE, Title: "Oracle Kubernetes Engine (OKE)", needs: 2, signs: []sign{
		label("oke.oraclecloud.com/*", "node.info/*", "oci.oraclecloud.com/node.info.managed"),
		provider("ocid1.instance", "ocid1.virtualnode"),
	}}
}

func ocne() Platform {
	return Platform{Name: nameOCNE, Title: "Oracle Cloud Native Environment (OCNE)", signs: []sign{
		kubelet(".el8", ".el9"), namespace("ocne-system"), annotation("ocne.oracle.com/update-available"),
	}}
}

func oci() Platform {
	return Platform{Name: nameOCI, Title: "a self-managed cluster on Oracle Cloud Infrastructure", signs: []sign{
		provider("oci://", "ocid1.instance"),
	}}
}

func k3d() Platform {
	return Platform{Name: nameK3d, Title: "k3d", Overlay: "k3d", needs: 2, signs: []sign{
		nodeName("k3d-"), provider("k3s://k3d-"), version("+k3s"),
	}}
}

func rancherDesktop() Platform {
	return Platform{Name: nameRancher, Title: "Rancher Desktop", Overlay: "k3s", needs: 2, signs: []sign{
		nodeName("lima-rancher-desktop"), version("+k3s"),
	}}
}

func k3s() Platform {
	return Platform{Name: nameK3s, Title: "k3s", Overlay: "k3s", signs: []sign{
		version("+k3s"), label("node.kubernetes.io/instance-type=k3s"), provider("k3s://"),
	}}
}

func rke2() Platform {
	return Platform{Name: "rke2", Title: "RKE2", signs: []sign{version("+rke2")}}
}

func minikube() Platform {
	return Platform{Name: nameMinikube, Title: "minikube", Overlay: "minikube", signs: []sign{label("minikube.k8s.io/name", "minikube.k8s.io/version")}}
}

func microK8s() Platform {
	return Platform{Name: "microk8s", Title: "MicroK8s", Overlay: "microk8s", signs: []sign{label("microk8s.io/cluster=true")}}
}

// dockerDesktop stands above kind, which it can be made of.
func dockerDesktop() Platform {
	return Platform{Name: nameDocker, Title: "Docker Desktop", signs: []sign{nodeNamed("docker-desktop"), osImage("Docker Desktop")}}
}

func kind() Platform {
	return Platform{Name: nameKind, Title: "kind", signs: []sign{provider("kind://")}}
}

func talos() Platform {
	return Platform{Name: nameTalos, Title: "Talos Linux", signs: []sign{osImage("Talos")}}
}
