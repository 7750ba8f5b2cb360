package profiles

import (
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
)

// ztunnelTable is spec.values.ztunnel. What is empty here is what `global` says.
func ztunnelTable() fieldTable {
	return ztunnelPod().and(fieldTable{
		"caAddress":        is(text).says("Where ztunnel has certificates signed; unset is `global.caAddress`"),
		"env":              mapOf(is(word)).by("{}").says("Environment variables of ztunnel"),
		"hub":              textThat(isHub).by(`""`).says("Registry of ztunnel's image; empty is `global.hub`"),
		"image":            is(text).by("ztunnel").says("Image of ztunnel; with a slash it is a full reference"),
		"imagePullPolicy":  pullPolicy().by(`""`).says("When nodes pull ztunnel's image; empty is `global.imagePullPolicy`"),
		"imagePullSecrets": listOf(is(text)).says("Names of Secrets to pull ztunnel's image with; unset are those of `global`"),
		"istioNamespace":   is(text).says("Namespace of istiod; unset is `global.istioNamespace`"),
		"logAsJson":        is(boolean).says("Write logs as JSON; unset is what `global` says"),
		"logLevel":         is(text).by("info").says("Log level of ztunnel by scope: `info,access=debug`"),
		"meshConfig":       meshConfigSchema().by("{defaultConfig: {proxyMetadata: {}}}").says("Mesh configuration of which ztunnel takes `defaultConfig.proxyMetadata`"),
		"multiCluster":     objectOf(fieldTable{"clusterName": is(text).by(`""`).says("Name of this cluster; empty is `global.multiCluster.clusterName`"), "enabled": pointless()}),
		"network":          is(text).by(`""`).says("Name of the network; empty is `global.network`"),
		"networkPolicy":    objectOf(fieldTable{"enabled": is(boolean).says("Restrict traffic to ztunnel with a NetworkPolicy; unset is what `global` says")}),
		"peerCaCrl":        switchable("false", "Check peers against the revoked certificates in the ConfigMap istio-ca-crl", nil),
		"resourceName":     is(text).by("ztunnel").says("Name of ztunnel's objects"),
		"resourceQuotas":   lazy(quotaTable),
		"resourceScope":    oneOf("", "all", "cluster", "namespace").says("Which of ztunnel's objects to render; unset is what `global` says"),
		"revision":         textThat(isRevision).says("Revision of the istiod that ztunnel talks to; unset is `revision`"),
		"tag":              textThat(isTag).by(`""`).says("Tag of ztunnel's image; empty is `global.tag`"),
		"trustBundleName":  is(text).says("ConfigMap, or ClusterTrustBundle, with the root certificate"),
		"variant":          is(text).by(`""`).says("Variant of ztunnel's image; empty is `global.variant`"),
		"xdsAddress":       is(text).by(`""`).says("Address of istiod, if not that of its Service"),
		"global":           {shape: dictionary, item: is(anything), hidden: true},
		"platform":         {shape: text, hidden: true},
		"profile":          {shape: text, hidden: true},
	})
}

// ztunnelPod is about ztunnel's pods.
func ztunnelPod() fieldTable {
	return fieldTable{
		"affinity":                      like[corev1.Affinity]().by("{}").says("Affinity of ztunnel"),
		"annotations":                   mapOf(is(text)).by("{}").says("Annotations of ztunnel's objects"),
		"dnsConfig":                     like[corev1.PodDNSConfig]().by("{}").says("DNS configuration of ztunnel's pods"),
		"dnsPolicy":                     oneOf("", "ClusterFirst", "ClusterFirstWithHostNet", "Default", "None").by(`""`).says("DNS policy of ztunnel's pods"),
		"labels":                        mapOf(is(text)).by("{}").says("Labels of ztunnel's objects"),
		"nodeSelector":                  mapOf(is(text)).by("{kubernetes.io/os: linux}").says("Node labels that ztunnel asks for"),
		"podAnnotations":                mapOf(is(text)).by(`{prometheus.io/port: "15020", prometheus.io/scrape: "true"}`).says("Annotations of ztunnel's pods"),
		"podLabels":                     mapOf(is(text)).by("{}").says("Labels of ztunnel's pods"),
		"resources":                     like[corev1.ResourceRequirements]().by("{requests: {cpu: 200m, memory: 512Mi}}").says("Resources of ztunnel"),
		"seLinuxOptions":                like[corev1.SELinuxOptions]().by("{}").says("SELinux options of ztunnel"),
		"terminationGracePeriodSeconds": is(integer).by("30").says("Seconds ztunnel has to let connections end"),
		"tolerations":                   like[[]corev1.Toleration]().by(tolerateAll).says("Tolerations of ztunnel"),
		"updateStrategy":                like[appsv1.DaemonSetUpdateStrategy]().by("{type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}").says("How ztunnel's pods are replaced"),
		"volumeMounts":                  like[[]corev1.VolumeMount]().by("[]").says("More mounts in ztunnel's container"),
		"volumes":                       like[[]corev1.Volume]().by("[]").says("More volumes of ztunnel's pods"),
	}
}
