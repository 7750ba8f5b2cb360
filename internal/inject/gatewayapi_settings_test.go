package inject_test

import gateway "sigs.k8s.io/gateway-api/apis/v1"

// gatewaySetting is a setting of the mesh or of a Gateway, and what must be in
// the workloads of all the Gateways that are named, or must not.
type gatewaySetting struct {
	name       string
	sets       []string
	compliance string
	change     func(*gateway.Gateway)
	gateways   []string
	want, not  []string
}

func gatewaySettings() []gatewaySetting {
	all, envoys, doors := goldenGateways(), []string{"kube-gateway", "waypoint", "east-west"}, []string{"kube-gateway", "agentgateway"}
	annotate := func(key, value string) func(*gateway.Gateway) {
		return func(g *gateway.Gateway) {
			if g.Annotations == nil {
				g.Annotations = map[string]string{}
			}
			g.Annotations[key] = value
		}
	}
	return []gatewaySetting{
		{
			name: "revision", sets: []string{"revision=canary"}, gateways: all,
			want: []string{"istio.io/rev: canary\n", "istiod-canary.istio-system.svc:15012\n"}, not: []string{"istiod.istio-system"},
		},
		{name: "pull secrets", sets: []string{"values.global.imagePullSecrets[0]=pull"}, gateways: all, want: []string{"imagePullSecrets:\n      - name: pull\n"}},
		{name: "pull policy", sets: []string{"values.global.imagePullPolicy=Always"}, gateways: all, want: []string{"imagePullPolicy: Always\n"}},
		{name: "own image", sets: []string{"values.global.proxy.image=example.com/own:1"}, gateways: envoys, want: []string{"image: example.com/own:1\n"}},
		{name: "image type", change: annotate("sidecar.istio.io/proxyImageType", "debug"), gateways: envoys, want: []string{"image: example.com/mesh/proxyv2:1.2.3-debug\n"}},
		{
			name: "cluster", sets: []string{"values.global.multiCluster.clusterName=east", "values.global.meshID=all"}, gateways: envoys,
			want: []string{"name: ISTIO_META_CLUSTER_ID\n          value: east\n", "name: ISTIO_META_MESH_ID\n          value: all\n"},
		},
		{name: "network", sets: []string{"values.global.network=west"}, gateways: []string{"kube-gateway", "waypoint"}, want: []string{"name: ISTIO_META_NETWORK\n          value: west\n"}},
		{name: "network of its own", sets: []string{"values.global.network=west"}, gateways: []string{"east-west"}, want: []string{"name: ISTIO_META_NETWORK\n          value: east\n"}},
		{
			name: "openshift", sets: []string{"values.global.platform=openshift"}, gateways: []string{"waypoint", "east-west", "agentgateway"},
			want: []string{"runAsNonRoot: true\n"}, not: []string{"runAsUser", "runAsGroup"},
		},
		{name: "compliance", compliance: "fips-140-2", gateways: envoys, want: []string{"name: COMPLIANCE_POLICY\n          value: fips-140-2\n"}},
		{name: "service type", change: annotate("networking.istio.io/service-type", "NodePort"), gateways: all, want: []string{"  type: NodePort\n"}},
		{
			name: "address", gateways: doors, want: []string{"loadBalancerIP: 192.0.2.1\n"},
			change: func(g *gateway.Gateway) { g.Spec.Addresses = []gateway.GatewaySpecAddress{{Value: "192.0.2.1"}} },
		},
		{
			name: "address without load balancer", gateways: []string{"waypoint"}, not: []string{"192.0.2.1"},
			change: func(g *gateway.Gateway) { g.Spec.Addresses = []gateway.GatewaySpecAddress{{Value: "192.0.2.1"}} },
		},
		{name: "log level", change: annotate("sidecar.istio.io/logLevel", "debug"), gateways: envoys, want: []string{"- --proxyLogLevel\n        - debug\n"}},
		{name: "logs as JSON", sets: []string{"values.global.logAsJson=true"}, gateways: envoys, want: []string{"- --log_as_json\n"}},
		{
			name: "proxy config", change: annotate("proxy.istio.io/config", "{drainDuration: 9s, proxyMetadata: {A: b}}"), gateways: envoys,
			want: []string{`"drainDuration":"9s"`, "name: A\n          value: b\n"},
		},
		{
			name: "other authority", sets: []string{"values.global.pilotCertProvider=custom", "values.global.caAddress=ca.example.com:443"}, gateways: all,
			want: []string{"ca.example.com:443\n"}, not: []string{"istiod-ca-cert"},
		},
		{name: "certificates of GKE", sets: []string{"values.global.caName=GkeWorkloadCertificate"}, gateways: []string{"kube-gateway"}, want: []string{"name: gke-workload-certificate\n"}, not: []string{"name: workload-certs"}},
		{
			name: "trust bundle", sets: []string{"values.pilot.env.ENABLE_CLUSTER_TRUST_BUNDLE_API=true"}, gateways: all,
			want: []string{"clusterTrustBundle:\n"}, not: []string{"istio-ca-root-cert"},
		},
		{name: "name of the trust bundle", sets: []string{"values.global.trustBundleName=roots"}, gateways: all, want: []string{"configMap:\n          name: roots\n"}},
		{
			name: "seccomp", sets: []string{"values.gateways.seccompProfile.type=RuntimeDefault"}, gateways: all,
			want: []string{"seccompProfile:\n            type: RuntimeDefault\n"},
		},
		{
			name: "security context", sets: []string{"values.gateways.securityContext.fsGroup=7"}, gateways: doors,
			want: []string{"fsGroup: 7\n"}, not: []string{"sysctls"},
		},
		{
			name: "placement of waypoints", gateways: []string{"waypoint", "east-west"},
			sets: []string{
				"values.global.waypoint.nodeSelector.disk=fast", "values.global.waypoint.resources.limits.cpu=3",
				"values.global.waypoint.tolerations[0].key=edge", "values.global.waypoint.topologySpreadConstraints[0].topologyKey=zone",
				"values.global.waypoint.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight=7",
			},
			want: []string{"nodeSelector:\n        disk: fast\n", "cpu: \"3\"\n", "- key: edge\n", "topologyKey: zone\n", "weight: 7\n"},
		},
		{name: "tokens", sets: []string{"values.global.sts.servicePort=15463", "values.global.sds.token.aud=us"}, gateways: envoys, want: []string{"- --stsPort=15463\n", "audience: us\n"}},
		{name: "lifecycle", sets: []string{"values.global.proxy.lifecycle.preStop.sleep.seconds=3"}, gateways: envoys, want: []string{"preStop:\n            sleep:\n              seconds: 3\n"}},
		{
			name: "what agentgateway is told", sets: []string{"values.global.network=west", "meshConfig.trustDomain=td"}, gateways: []string{"agentgateway"},
			want: []string{
				"- args:\n        - --config\n        - '{}'\n",
				"name: XDS_ADDRESS\n          value: https://istiod.istio-system.svc:15012\n",
				"name: CA_ADDRESS\n          value: https://istiod.istio-system.svc:15012\n",
				"name: GATEWAY\n          value: agent\n", "name: NAMESPACE\n          value: town\n", "name: CLUSTER_ID\n          value: Kubernetes\n",
				"name: NETWORK\n          value: west\n", "name: TRUST_DOMAIN\n          value: td\n",
				"containerPort: 15020\n", "containerPort: 15021\n", "runAsUser: 10101\n",
			},
		},
		{name: "own image of agentgateway", sets: []string{"values.global.agentgateway.image=example.com/own:1"}, gateways: []string{"agentgateway"}, want: []string{"image: example.com/own:1\n"}},
	}
}
