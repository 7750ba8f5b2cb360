package profiles

import (
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
)

// pilotTable is spec.values.pilot.
func pilotTable() fieldTable {
	return pilotPod().and(pilotMetadata()).and(scalingTable("istiod", "1")).and(fieldTable{
		"autoscaleBehavior":               like[autoscalingv2.HorizontalPodAutoscalerBehavior]().by("{}").says("How fast the autoscaler changes the number of istiods"),
		"cni":                             lazy(pilotCNITable),
		"configMap":                       is(boolean).by("true").says("Write the mesh configuration to a ConfigMap"),
		"crlConfigMapName":                is(text).by(`""`).says("ConfigMap with revoked certificates"),
		"enabled":                         pointless(),
		"env":                             mapOf(is(word)).by("{}").says("Environment variables of istiod, which are its feature flags"),
		"envVarFrom":                      like[[]corev1.EnvVar]().by("[]").says("More environment variables, as a container lists them"),
		"extraContainerArgs":              listOf(is(text)).by("[]").says("More arguments for istiod"),
		"hub":                             textThat(isHub).by(`""`).says("Registry of istiod's image; empty is `global.hub`"),
		"image":                           is(text).by("pilot").says("Image of istiod; with a slash it is a full reference"),
		"ingress":                         deprecated("spec.meshConfig.ingressService, ingressClass and ingressControllerMode"),
		"ipFamilies":                      ipFamilies().by("[]").says("IP families of istiod's Service"),
		"ipFamilyPolicy":                  ipFamilyPolicy().by(`""`).says("IP family policy of istiod's Service"),
		"jwksResolverExtraRootCA":         is(text).by(`""`).says("PEM of an authority to trust when fetching keys for JWTs"),
		"keepaliveMaxServerConnectionAge": textThat(isDuration).by("30m").says("How long a proxy may stay connected before it has to connect anew"),
		"pdb":                             lazy(budgetTable),
		"policy":                          removed(noMixer),
		"sidecar":                         removed("leave it out: istiod has no proxy of its own"),
		"tag":                             textThat(isTag).by(`""`).says("Tag of istiod's image; empty is `global.tag`"),
		"taint":                           lazy(taintTable),
		"traceSampling":                   (&schema{shape: decimal, check: isPercentage}).by("1.0").says("Percentage of requests to trace, where the mesh configuration does not say"),
		"trafficDistribution":             is(text).says("Which istiod a proxy prefers: PreferClose, PreferSameZone, PreferSameNode"),
		"trustedZtunnelName":              is(text).by(`""`).says("Service account of ztunnel; empty is ztunnel"),
		"trustedZtunnelNamespace":         is(text).by(`""`).says("Namespace of ztunnel; empty is istiod's"),
		"useMCP":                          removed("spec.meshConfig.configSources names other sources of configuration"),
		"variant":                         is(text).by(`""`).says("Variant of istiod's image; empty is `global.variant`"),
	})
}

// pilotPod is about the pods of istiod.
func pilotPod() fieldTable {
	return fieldTable{
		"affinity":                  like[corev1.Affinity]().by("{}").says("Affinity of istiod"),
		"initContainers":            like[[]corev1.Container]().by("[]").says("Init containers of istiod"),
		"nodeSelector":              mapOf(is(text)).by("{}").says("Node labels that istiod asks for"),
		"resources":                 like[corev1.ResourceRequirements]().by("{requests: {cpu: 500m, memory: 2048Mi}}").says("Resources of istiod"),
		"seccompProfile":            like[corev1.SeccompProfile]().by("{}").says("Seccomp profile of istiod"),
		"tolerations":               like[[]corev1.Toleration]().by("[]").says("Tolerations of istiod, beside that of nodes the CNI agent is not ready on"),
		"topologySpreadConstraints": like[[]corev1.TopologySpreadConstraint]().by("[]").says("How istiods spread over the cluster"),
		"volumeMounts":              like[[]corev1.VolumeMount]().by("[]").says("More mounts in istiod's container"),
		"volumes":                   like[[]corev1.Volume]().by("[]").says("More volumes of istiod's pod"),
	}
}

// pilotMetadata is what is written on the objects of istiod.
func pilotMetadata() fieldTable {
	notes := func(what string) *schema { return mapOf(is(text)).by("{}").says(what) }
	return fieldTable{
		"deploymentAnnotations":             notes("Annotations of istiod's Deployment"),
		"deploymentLabels":                  notes("Labels of istiod's Deployment"),
		"podAnnotations":                    notes("Annotations of istiod's pods"),
		"podLabels":                         notes("Labels of istiod's pods"),
		"serviceAccountAnnotations":         notes("Annotations of istiod's service account"),
		"serviceAnnotations":                notes("Annotations of istiod's Service"),
		"sidecarInjectorWebhookAnnotations": notes("Annotations of the injection webhook"),
	}
}

// taintTable is spec.values.pilot.taint.
func taintTable() fieldTable {
	return switchable("false", "Have istiod remove a taint from nodes once the CNI agent is ready on them", fieldTable{
		"namespace": is(text).by(`""`).says("Namespace of the CNI agent; empty is istiod's"),
		"name":      is(text).by("cni.istio.io/not-ready").says("The taint"),
	}).fields()
}

// pilotCNITable is spec.values.pilot.cni: what istiod has to know of the agent.
// All of spec.values.cni is taken over, so all of it may be here.
func pilotCNITable() fieldTable {
	table := fieldTable{}
	for name, field := range cniTable() {
		same := *field
		same.hidden = true
		table[name] = &same
	}
	table["enabled"] = is(boolean).says("Whether pods rely on the CNI agent to capture traffic; follows `components.cni.enabled`")
	table["provider"] = cniProvider().says("How pods are attached to the CNI agent; taken from `cni.provider`")
	return table
}

// scalingTable is what istiod and the gateways share about their size.
func scalingTable(of, replicas string) fieldTable {
	count := &schema{shape: integer, check: isCount}
	utilization := func(fallback, what string) *schema {
		field := objectOf(fieldTable{"targetAverageUtilization": count.by(fallback).says("Percentage of the requested " + what + " that the autoscaler of " + of + " aims at")})
		if fallback == "" {
			field.fallback = "{}"
		}
		return field
	}
	return fieldTable{
		"autoscaleEnabled":      is(boolean).by("true").says("Let an autoscaler set the number of replicas of " + of),
		"autoscaleMax":          count.by("5").says("Most replicas of " + of),
		"autoscaleMin":          count.by("1").says("Fewest replicas of " + of),
		"cpu":                   utilization("80", "CPU"),
		"memory":                utilization("", "memory"),
		"replicaCount":          count.by(replicas).says("Replicas of " + of + " without an autoscaler"),
		"rollingMaxSurge":       is(word).by("100%").says("How many more replicas there may be during an update"),
		"rollingMaxUnavailable": is(word).by("25%").says("How many replicas may be missing during an update"),
	}
}

// budgetTable is spec.values.pilot.pdb.
func budgetTable() fieldTable {
	return fieldTable{
		"maxUnavailable":             is(word).says("How many istiods may be missing; replaces minAvailable"),
		"minAvailable":               is(word).by("1").says("How many istiods must be there"),
		"unhealthyPodEvictionPolicy": oneOf("", "IfHealthyBudget", "AlwaysAllow").by(`""`).says("Whether pods that are not ready may be evicted"),
	}
}
