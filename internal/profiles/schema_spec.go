package profiles

import (
	"maps"
	"slices"
)

// specSchema is the schema of an IstioOperator's spec. What add-ons accept is
// what their charts have defaults for.
func specSchema(charts charts) *schema {
	values := valuesSchema(charts)
	spec := objectOf(fieldTable{
		"profile":              is(text),
		"installPackagePath":   is(text),
		"hub":                  textThat(isHub),
		"tag":                  textThat(isTag),
		"namespace":            is(text), // see request.ignored
		"revision":             textThat(isRevision),
		"compatibilityVersion": is(text),
		"meshConfig":           meshConfigSchema(),
		"components":           objectOf(componentTable()),
		"values":               values,
		"unvalidatedValues":    mapOf(is(anything)),
	})
	spec.elsewhere = func(key string) string {
		if values.fields()[key] != nil {
			return "did you mean values." + key + "?"
		}
		if slices.Contains(slices.Collect(maps.Keys(componentTable())), key) {
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
			"name":  textThat(isGatewayName),
			"label": mapOf(is(text)),
		})
	})
	table := fieldTable{
		"base":         lazy(baseFields),
		"istiodRemote": {pointless: true},
	}
	for _, row := range components() {
		switch {
		case row.role != "":
			table[row.key] = listOf(gateway)
		case row.root != nil:
			table[row.key] = one
		}
	}
	return table
}

func baseFields() fieldTable {
	return fieldTable{"enabled": is(boolean), "k8s": lazy(k8sFields)}
}

func componentFields() fieldTable {
	return baseFields().and(fieldTable{
		"namespace": textThat(isDNSLabel),
		"hub":       textThat(isHub),
		"tag":       textThat(isTag),
	})
}
