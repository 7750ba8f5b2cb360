package profiles

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// valuesSchema is the schema of spec.values.
func valuesSchema(charts charts) *schema {
	table := fieldTable{
		"base":                   objectOf(baseTable()),
		"cni":                    lazy(cniTable),
		"compatibilityVersion":   is(text),
		"defaultRevision":        textThat(isRevision),
		"experimental":           objectOf(fieldTable{"stableValidationPolicy": is(boolean)}),
		"gatewayClasses":         mapOf(mapOf(is(anything))),
		"gateways":               lazy(gatewaysTable),
		"global":                 lazy(globalTable),
		"istio_cni":              pointless(),
		"istiocoredns":           deprecated("the DNS proxy: spec.meshConfig.defaultConfig.proxyMetadata.ISTIO_META_DNS_CAPTURE"),
		"istiodRemote":           lazy(istiodRemoteTable),
		"meshConfig":             meshConfigSchema(),
		"ownerName":              is(text),
		"pilot":                  lazy(pilotTable),
		"platform":               is(text),
		"profile":                is(text),
		"revision":               textThat(isRevision),
		"revisionTags":           listOf(textThat(isDNSLabel)),
		"sidecarInjectorWebhook": lazy(injectorTable),
		"telemetry":              lazy(telemetryTable),
		"ztunnel":                mapOf(is(anything)),
	}
	for _, row := range components() {
		if row.addOn && charts[row.chart] != nil {
			table[row.root[0]] = schemaOfDefaults(row.root[0], charts[row.chart].at(row.root...))
		}
	}
	global := table["global"]
	values := objectOf(table)
	values.elsewhere = func(key string) string {
		switch {
		case key == "components" || key == "hub" || key == "tag":
			return "did you mean spec." + key + "?"
		case global.fields()[key] != nil:
			return "did you mean global." + key + "?"
		}
		return ""
	}
	return values
}

func baseTable() fieldTable {
	return fieldTable{
		"enableCRDTemplates":      is(boolean),
		"enableIstioConfigCRDs":   pointless(),
		"excludedCRDs":            listOf(is(text)),
		"gatewayAPI":              switchable(nil),
		"validationCABundle":      is(text),
		"validationFailurePolicy": oneOf("", "Fail", "Ignore"),
		"validationURL":           is(text),
	}
}

func istiodRemoteTable() fieldTable {
	return fieldTable{
		"enabled":                    is(boolean),
		"enabledLocalInjectorIstiod": is(boolean),
		"injectionCABundle":          is(text),
		"injectionPath":              is(text),
		"injectionURL":               is(text),
	}
}

func injectorTable() fieldTable {
	selectors := like[[]metav1.LabelSelector]()
	return fieldTable{
		"alwaysInjectSelector":      selectors,
		"defaultTemplates":          listOf(is(text)),
		"enableNamespacesByDefault": is(boolean),
		"injectedAnnotations":       mapOf(is(text)),
		"neverInjectSelector":       selectors,
		"reinvocationPolicy":        oneOf("Never", "IfNeeded"),
		"rewriteAppHTTPProbe":       is(boolean),
		"templates":                 mapOf(is(text)),
	}
}

func telemetryTable() fieldTable {
	gone := removed("use the Telemetry API, or an EnvoyFilter of your own")
	return switchable(fieldTable{
		"v2": switchable(fieldTable{
			"prometheus": switchable(fieldTable{"configOverride": gone}),
			"stackdriver": switchable(fieldTable{
				"configOverride":        gone,
				"disableOutbound":       gone,
				"outboundAccessLogging": gone,
			}),
		}),
	}).fields()
}

// schemaOfDefaults takes the defaults of a chart for its schema. A key may be
// set if it has a default; below an empty mapping anything goes, and what
// Kubernetes defines is what Kubernetes says it is.
func schemaOfDefaults(key string, defaults *node) *schema {
	switch key {
	case "affinity":
		return like[corev1.Affinity]()
	case "extraEnv":
		return like[[]corev1.EnvVar]()
	case "podSecurityContext":
		return like[corev1.PodSecurityContext]()
	case "pullPolicy":
		return pullPolicy()
	case "resources":
		return like[corev1.ResourceRequirements]()
	case "securityContext":
		return like[corev1.SecurityContext]()
	case "tolerations":
		return like[[]corev1.Toleration]()
	case "annotations", "nodeSelector", "podAnnotations", "podLabels":
		return mapOf(is(text))
	}
	switch {
	case defaults == nil || defaults.null():
		return is(anything)
	case defaults.kind == list:
		return listOf(is(anything))
	case defaults.kind == mapping && len(defaults.fields) == 0:
		return mapOf(is(anything))
	case defaults.kind == mapping:
		return lazy(func() fieldTable {
			table := fieldTable{}
			for name, child := range defaults.fields {
				table[name] = schemaOfDefaults(name, child)
			}
			return table
		})
	}
	switch value := defaults.value.(type) {
	case bool:
		return is(boolean)
	case int64:
		return is(integer)
	case float64:
		return is(decimal)
	case string:
		if value != "" {
			return is(text)
		}
	}
	return is(word)
}
