package profiles

// specSchema is the schema of an IstioOperator's spec. What add-ons accept is
// what their charts have defaults for.
func specSchema(charts charts) *schema {
	values := valuesSchema(charts)
	spec := objectOf(helm2Spec().and(fieldTable{
		"profile":              is(text).by("default").says("Profile to start from, or the path of a file with one"),
		"installPackagePath":   is(text).says("Directory with charts/ and profiles/ to use in place of the built-in ones; `--manifests` is the flag for it, and stronger"),
		"hub":                  textThat(isHub).says("Registry of the mesh's images; sets `values.global.hub`"),
		"tag":                  textThat(isTag).says("Tag of the mesh's images; sets `values.global.tag`"),
		"namespace":            is(text).says("Has no effect, as in Istio; `values.global.istioNamespace` is the namespace of the mesh"), // see request.ignored
		"revision":             textThat(isRevision).says("Name of this control plane where several run side by side; sets `values.revision`"),
		"compatibilityVersion": is(text).says("Behave as an older version did: 1.25 to 1.29"),
		"meshConfig":           meshConfigSchema().says("Mesh configuration: Istio's MeshConfig"),
		"components":           objectOf(componentTable()).says("What is installed, and how its objects differ from what the charts make"),
		"values":               values,
		"unvalidatedValues":    mapOf(is(anything)).says("Values that nobody checks, on top of `values`"),
	}))
	spec.elsewhere = func(key string) string {
		if field := values.fields()[key]; field != nil && !field.retired() {
			return "did you mean values." + key + "?"
		}
		if field := componentTable()[key]; field != nil && !field.retired() {
			return "did you mean components." + key + "?"
		}
		return ""
	}
	return spec
}

func componentTable() fieldTable {
	one := lazy(componentFields)
	gateway := lazy(func() fieldTable {
		return componentFields().and(fieldTable{
			"name":  textThat(isGatewayName).says("Name of the gateway's objects"),
			"label": mapOf(is(text)).says("Labels of the gateway, beside those its chart gives it"),
		})
	})
	table := helm2Components().and(fieldTable{
		"base":         lazy(baseFields),
		"istiodRemote": {pointless: true},
	})
	for _, row := range components() {
		switch {
		case row.role != "":
			table[row.key] = listOf(gateway)
		case row.modes != nil:
			table[row.key] = lazy(func() fieldTable { return componentFields().and(fieldTable{"mode": modeSchema(row.modes)}) })
		case row.root != nil:
			table[row.key] = one
		}
	}
	return table
}

func baseFields() fieldTable {
	return fieldTable{
		"enabled": is(boolean).says("Whether to install it; mentioning a component is enough"),
		"k8s":     lazy(k8sFields),
	}
}

func componentFields() fieldTable {
	return baseFields().and(fieldTable{
		"namespace": textThat(isDNSLabel).says("Namespace to install it in; unset is `values.global.istioNamespace`"),
		"hub":       textThat(isHub).says("Registry of its image"),
		"tag":       textThat(isTag).says("Tag of its image"),
	})
}
