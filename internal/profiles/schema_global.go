package profiles

import corev1 "k8s.io/api/core/v1"

// globalTable is spec.values.global, which all charts share.
func globalTable() fieldTable {
	return globalImages().and(globalMesh()).and(globalPods()).and(fieldTable{
		"configValidation":             is(boolean).by("true").says("Have the API server send configuration to istiod for validation"),
		"logAsJson":                    is(boolean).by("false").says("Write logs as JSON"),
		"logging":                      objectOf(fieldTable{"level": is(text).by("default:info").says("Log level by scope: `default:info,ads:debug`")}),
		"nativeNftables":               is(boolean).by("false").says("Capture traffic by nftables rules instead of iptables"),
		"networkPolicy":                switchable("false", "Restrict traffic to the mesh's own pods with NetworkPolicies", nil),
		"omitSidecarInjectorConfigMap": is(boolean).by("false").says("Leave out the injection templates; an istiod elsewhere has them"),
		"operatorManageWebhooks":       is(boolean).by("false").says("Leave the injection webhook to somebody else"),
		"platform":                     is(text).says("Kind of cluster, which chooses settings that suit it: openshift, gke, k3s, k3d, microk8s, minikube"),
		"profile":                      is(text).says("Same as `profile` at the top of the values"),
		"proxy":                        lazy(proxyTable),
		"proxy_init": objectOf(fieldTable{
			"image":              is(text).by("proxyv2").says("Image of the init container that sets up traffic capture; with a slash it is a full reference"),
			"forceApplyIptables": is(boolean).by("false").says("Set up iptables even where the init container finds them in place"),
			"resources":          pointless(),
		}),
		"resourceScope": oneOf("all", "cluster", "namespace").by("all").says("Which objects to render: all, those without a namespace, or those in one"),
		"waypoint":      lazy(waypointTable),
	}).and(retiredGlobals()).and(helm2Globals())
}

// globalImages is about images.
func globalImages() fieldTable {
	return fieldTable{
		"agentgateway":       objectOf(fieldTable{"image": is(text).says("Image of gateways of the agentgateway class")}),
		"grpcBootstrapImage": is(text).says("Image of what prepares pods for gRPC without a sidecar (template grpc-simple); any with a shell, busybox if unset"),
		"hub":                textThat(isHub).by("registry.istio.io/release").says("Registry of the mesh's images, with its path"),
		"imagePullPolicy":    pullPolicy().by(`""`).says("When nodes pull images"),
		"imagePullSecrets":   listOf(is(text)).by("[]").says("Names of Secrets to pull images with, for service accounts and injected pods"),
		"tag":                textThat(isTag).by("1.30.3").says("Tag of the mesh's images"),
		"variant":            is(text).by(`""`).says("Kind of image: debug, distroless; goes behind the tag"),
	}
}

// globalMesh is about who is who in a mesh of one or more clusters.
func globalMesh() fieldTable {
	return fieldTable{
		"caAddress":          is(text).by(`""`).says("Where proxies have certificates signed; empty is istiod"),
		"caName":             is(text).by(`""`).says("Kind of that authority: GkeWorkloadCertificate, or empty"),
		"certSigners":        listOf(is(text)).by("[]").says("Signers of Kubernetes for which istiod may approve certificate requests"),
		"configCluster":      is(boolean).by("false").says("This remote cluster holds the mesh configuration"),
		"enableReaderRBAC":   is(boolean).says("Make the service account by which other clusters' istiods read this one; it is made unless this is false"),
		"externalIstiod":     is(boolean).by("false").says("This istiod serves other clusters"),
		"ipFamilies":         ipFamilies().says("IP families of the Service for a remote istiod"),
		"ipFamilyPolicy":     ipFamilyPolicy().says("IP family policy of the Service for a remote istiod"),
		"istioNamespace":     textThat(isDNSLabel).by("istio-system").says("Root namespace of the mesh, where istiod is"),
		"istiod":             objectOf(fieldTable{"enableAnalysis": is(boolean).by("false").says("Have istiod write what it finds wrong into the status of configuration objects")}),
		"meshID":             is(text).by(`""`).says("Identity of the mesh; empty is its trust domain"),
		"meshNetworks":       mapOf(is(anything)).by("{}").says("Networks of the mesh, and the gateways between them"),
		"mountMtlsCerts":     is(boolean).by("false").says("Mount certificates from the Secret istio.<account> into proxies"),
		"multiCluster":       objectOf(fieldTable{"clusterName": is(text).by(`""`).says("Name of this cluster; empty is Kubernetes"), "enabled": pointless(), "globalDomainSuffix": pointless(), "includeEnvoyFilter": pointless()}),
		"network":            is(text).by(`""`).says("Name of the network this cluster is in"),
		"pilotCertProvider":  textThat(isCertProvider).by("istiod").says("Who issues istiod's own certificate: istiod, custom, none or k8s.io/<signer>"),
		"remotePilotAddress": is(text).by(`""`).says("Host name or IP of an istiod in another cluster that serves this one"),
		"sds":                objectOf(fieldTable{"token": objectOf(fieldTable{"aud": is(text).by("istio-ca").says("Audience of the token that proxies show to istiod")}), "enabled": pointless(), "udsPath": pointless()}),
		"sts":                objectOf(fieldTable{"servicePort": (&schema{shape: integer, check: isPort}).by("0").says("Port of the token exchange in proxies; 0 is none")}),
		"trustBundleName":    is(text).says("ConfigMap, or ClusterTrustBundle, with the root certificate; istio-ca-root-cert if unset"),
	}
}

// globalPods is about where pods run.
func globalPods() fieldTable {
	return fieldTable{
		"arch":                       mapOf(is(integer)).by("{}").says("Processor architectures for gateways, each with a preference of 1 to 100; 0 excludes one"),
		"defaultNodeSelector":        mapOf(is(text)).by("{}").says("Node labels for gateways that ask for none themselves"),
		"defaultPodDisruptionBudget": switchable("true", "Make PodDisruptionBudgets for what has two replicas or more", nil),
		"defaultResources":           like[corev1.ResourceRequirements]().by("{requests: {cpu: 10m}}").says("Resources of containers that ask for none themselves"),
		"defaultTolerations":         like[[]corev1.Toleration]().by("[]").says("Tolerations of gateways that have none themselves"),
		"priorityClassName":          is(text).by(`""`).says("Priority class of istiod and the gateways"),
	}
}

// waypointTable is spec.values.global.waypoint.
func waypointTable() fieldTable {
	return fieldTable{
		"affinity":                  like[corev1.Affinity]().by("{}").says("Affinity of waypoints"),
		"nodeSelector":              mapOf(is(text)).by("{}").says("Node labels that waypoints ask for"),
		"resources":                 like[corev1.ResourceRequirements]().by(`{requests: {cpu: 100m, memory: 128Mi}, limits: {cpu: "2", memory: 1Gi}}`).says("Resources of waypoints"),
		"toleration":                moved("spec.values.global.waypoint.tolerations"),
		"tolerations":               like[[]corev1.Toleration]().by("[]").says("Tolerations of waypoints"),
		"topologySpreadConstraints": like[[]corev1.TopologySpreadConstraint]().by("[]").says("How waypoints spread over the cluster"),
	}
}

func ipFamilies() *schema { return listOf(oneOf("IPv4", "IPv6")) }

func ipFamilyPolicy() *schema {
	return oneOf("", "SingleStack", "PreferDualStack", "RequireDualStack")
}
