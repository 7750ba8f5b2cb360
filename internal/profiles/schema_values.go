package profiles

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// valuesSchema is the schema of spec.values.
func valuesSchema(charts charts) *schema {
	table := helm2Values().and(fieldTable{
		"base":                   objectOf(baseTable()),
		"cni":                    lazy(cniTable),
		"compatibilityVersion":   is(text).says("Behave as an older version did: 1.25 to 1.29"),
		"defaultRevision":        textThat(isRevision).by(`""`).says("Revision that validates configuration without a revision label"),
		"experimental":           objectOf(fieldTable{"stableValidationPolicy": is(boolean).by("false").says("Refuse configuration that uses features outside the stable set")}),
		"gatewayClasses":         mapOf(mapOf(is(anything))).by("{}").says("Defaults for gateways of the Gateway API: class, then deployment, service, serviceAccount, horizontalPodAutoscaler or podDisruptionBudget, then a patch"),
		"gateways":               lazy(gatewaysTable),
		"global":                 lazy(globalTable),
		"istio_cni":              pointless(),
		"istiocoredns":           deprecated("the DNS proxy: spec.meshConfig.defaultConfig.proxyMetadata.ISTIO_META_DNS_CAPTURE"),
		"istiodRemote":           lazy(istiodRemoteTable),
		"meshConfig":             meshConfigSchema().by("{enablePrometheusMerge: true}").says("Mesh configuration, on top of what the other values lead to; the same as `spec.meshConfig`, and stronger"),
		"ownerName":              pointless(),
		"pilot":                  lazy(pilotTable),
		"platform":               is(text).says("Same as `global.platform`, and stronger"),
		"profile":                is(text).says("Settings to start from: ambient, demo, preview, remote, stable; profiles set it"),
		"revision":               textThat(isRevision).by(`""`).says("Name of this control plane where several run side by side; a suffix of most names"),
		"revisionTags":           listOf(textThat(isDNSLabel)).by("[]").says("More names under which workloads may ask for this revision"),
		"sidecarInjectorWebhook": lazy(injectorTable),
		"telemetry":              lazy(telemetryTable),
		"ztunnel":                lazy(ztunnelTable),
	})
	for _, row := range components() {
		if row.addOn && charts[row.chart] != nil {
			table[row.root[0]] = addOnSchema(row, charts[row.chart].at(row.root...))
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

// addOnSchema is the schema of an add-on's settings: those its chart has, and
// the switch that charts of old had among them.
func addOnSchema(row component, defaults *node) *schema {
	found := schemaOfDefaults(row.root[0], defaults)
	if found.shape != object || defaults.has("enabled") {
		return found
	}
	fields := found.fields
	found.fields = func() map[string]*schema {
		table := fieldTable(fields())
		table["enabled"] = moved("spec.components." + row.key + ".enabled")
		return table
	}
	return found
}

func baseTable() fieldTable {
	return fieldTable{
		"enableCRDTemplates":      is(boolean).by("true").says("Install the custom resource definitions"),
		"enableIstioConfigCRDs":   pointless(),
		"excludedCRDs":            listOf(is(text)).by("[]").says("Names of custom resource definitions to leave out: wasmplugins.extensions.istio.io"),
		"gatewayAPI":              switchable("false", "Install the custom resource definitions of the Gateway API too", nil),
		"validationCABundle":      is(text).by(`""`).says("CA certificate of validationURL, PEM in base64"),
		"validationFailurePolicy": oneOf("", "Fail", "Ignore").by(`""`).says("What to do with configuration that nobody can validate; unset, istiod turns Ignore into Fail when it is ready"),
		"validationURL":           is(text).by(`""`).says("Where configuration is validated, if not by istiod's Service"),
	}
}

func istiodRemoteTable() fieldTable {
	return fieldTable{
		"enabled":                    is(boolean).by("false").says("istiod is in another cluster"),
		"enabledLocalInjectorIstiod": is(boolean).by("false").says("Run an istiod here that only injects"),
		"injectionCABundle":          is(text).by(`""`).says("CA certificate of injectionURL, PEM in base64"),
		"injectionPath":              is(text).by("/inject").says("Path at which istiod injects"),
		"injectionURL":               is(text).by(`""`).says("Where pods are injected, if not by istiod's Service"),
	}
}

func injectorTable() fieldTable {
	selectors := like[[]metav1.LabelSelector]()
	return fieldTable{
		"alwaysInjectSelector":      selectors.by("[]").says("Labels of pods to inject though neither they nor their namespace ask for it"),
		"defaultTemplates":          listOf(is(text)).by("[]").says("Templates for pods that name none; empty is sidecar"),
		"enabled":                   removed("istiod always injects; spec.values.global.proxy.autoInject: disabled leaves it to pods to ask"),
		"enableNamespacesByDefault": is(boolean).by("false").says("Inject in all namespaces without a label about it"),
		"injectedAnnotations":       mapOf(is(text)).by("{}").says("Annotations for every injected pod"),
		"neverInjectSelector":       selectors.by("[]").says("Labels of pods not to inject, though their namespace asks for it"),
		"reinvocationPolicy":        oneOf("Never", "IfNeeded").by("Never").says("IfNeeded injects again after other webhooks have changed the pod"),
		"rewriteAppHTTPProbe":       is(boolean).by("true").says("Send probes through the agent, so that they get past mutual TLS"),
		"templates":                 mapOf(is(text)).by("{}").says("Injection templates by name, beside the built-in ones or in their place"),
	}
}

func telemetryTable() fieldTable {
	gone := removed("use the Telemetry API, or an EnvoyFilter of your own")
	return switchable("true", "Have proxies make metrics without a Telemetry object", fieldTable{
		"v1": removed(noMixer),
		"v2": switchable("true", "The same", fieldTable{
			"prometheus": switchable("true", "For Prometheus", fieldTable{"configOverride": gone}),
			"stackdriver": switchable("false", "For Google Cloud, with access logs", fieldTable{
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
	case "annotations", "labels", "nodeSelector", "podAnnotations", "podLabels":
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
